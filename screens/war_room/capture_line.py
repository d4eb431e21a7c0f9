"""The capture line of a war room: what is typed, what enter will do, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records.plain import filled_lines
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.command.capture import Captured
    from opsterm.command.pasted_timeline import Pasted
    from screens.war_room.war_room import WarRoom


class Capturing:
    """The capture line of one war room. What was half typed is on the board, and is back after a kill."""

    def __init__(self, screen: WarRoom) -> None:
        self._screen = screen
        self._context = screen.context
        self._key = f"capture:{screen.incident}"
        self._block_key = f"paste:{screen.incident}"
        self.history: list[str] = []
        #: Half-typed text that waits for its line to be opened again.
        self.kept = self._context.board.draft(self._key)

    def open(self, beginning: str = "", *, cursor: int | None = None) -> None:
        """Opens the line with a beginning, or with what was half typed where that fits."""
        text = beginning
        if self.kept and (not beginning or self.kept.startswith(beginning.rstrip())):
            text, cursor = self.kept, None
        elif self.kept:
            self.history.append(self.kept)
        question = Question(
            prompt=SIGNS.prompt,
            words=self.words,
            done=self._done,
            keep=self._keep,
            paste=self.offer_block,
            left=self._screen.paint_edges,
            history=self.history,
        )
        self._screen.prompt.ask(question, text, cursor=cursor)

    def paste(self, text: str) -> None:
        """Takes what was pasted while nobody typed."""
        lines = filled_lines(text)
        if len(lines) > 1:
            self.offer_block(text)
        elif lines:
            self.open(lines[0].strip())

    def offer_block(self, text: str) -> None:
        """Asks what becomes of a paste of several lines; until then it is kept."""
        from opsterm.command.pasted_timeline import read_paste

        self._context.board.keep_draft(self._block_key, text)
        lines = filled_lines(text)
        self._screen.prompt.leave()
        first = lines[0].strip()[:40]
        timeline = read_paste(text, self._context.board.now, self._context.zone)
        choices = [Choice("enter", "keep as one observation", lambda: self._take_block(text))]
        if timeline is not None:
            took = f"take {len(timeline.lines)} lines as a timeline"
            choices.insert(0, Choice("t", took, lambda: self._take_timeline(timeline)))
        self._screen.prompt.choose(f"{len(lines)} lines pasted: {first}{SIGNS.cut}", choices)

    def _take_block(self, text: str) -> None:
        from opsterm.command import capture

        def keep(session: Session) -> Outcome:
            told = capture.observe_paste(session, self._screen.snapshot.incident, text)
            self._context.board.keep_draft(self._block_key, "")
            return told

        self._screen.do(keep)

    def _take_timeline(self, pasted: Pasted) -> None:
        from opsterm.command.pasted_timeline import take_paste

        def take(session: Session) -> Outcome:
            told = take_paste(session, self._screen.snapshot.incident, pasted)
            self._context.board.keep_draft(self._block_key, "")
            return told

        self._screen.do(take)

    def words(self, text: str) -> str:
        """What enter will do, in words."""
        if not text.strip():
            return "type what you see;  ? hypothesis  ! order  = decision  # status  @ role  > update  + - evidence"
        captured = self._parse(text)
        return captured.words

    def _parse(self, text: str) -> Captured:
        from opsterm.command import capture

        board = self._context.board
        return capture.parse(
            text, self._screen.snapshot, now=board.now, zone=self._context.zone, person=self._context.person
        )

    def _done(self, text: str) -> bool:
        from opsterm.command import capture

        if not text.strip():
            return True
        session = self._context.session(self._screen.snapshot.version)
        captured = self._parse(text)
        if captured.verb == "observe" and _is_only_a_sign(text):
            raise Rejected("Nothing to record yet: go on typing, or esc.")
        told = capture.perform(session, self._screen.snapshot.incident, captured)
        self._screen.done(told)
        if captured.word == "resolved" and captured.verb == "status" and told.warning:
            self._screen.call_after_refresh(self._screen.action_ending)
        return True

    def _keep(self, text: str) -> None:
        self.kept = text
        self._context.board.keep_draft(self._key, text)


def _is_only_a_sign(text: str) -> bool:
    return len(text.strip()) == 1 and text.strip() in "?!=#@>+-"
