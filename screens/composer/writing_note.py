"""What others see of a composer: that somebody writes to an audience, until it is left or sent."""

from __future__ import annotations

from contextlib import suppress

from opsterm.board.failure import BoardError
from opsterm.core.session import Session
from opsterm.records.update import BegunState
from opsterm.updates import writing
from screens.composer.message import ComposedUpdate
from screens.console import ConsoleContext


class WritingNote:
    """Is written once a person has changed a text, and ended once. It follows what that person does alone: what others
    do never makes it write."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._me = Session(context.board, context.person)
        self._record = ""
        self._audience = ""

    def follow(self, message: ComposedUpdate) -> None:
        """Goes along with the message: begins with the first word of one's own, ends where there is none any more."""
        audience = message.audience if message.edited else ""
        if audience == self._audience:
            return
        self.end("left")
        self._audience = audience
        if audience:
            with suppress(BoardError), self._context.undo.aside():  # for others to know; no act of the person's
                self._record = writing.begin(self._me, message.snapshot.incident, audience)

    def end(self, state: BegunState) -> None:
        """The text was left, or sent."""
        record, self._record, self._audience = self._record, "", ""
        if record:
            with suppress(BoardError), self._context.undo.aside():
                writing.end(self._me, record, state)
