"""The capture line of a war room: what is typed, what enter will do, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Action, Hypothesis
from opsterm.records.plain import filled_lines
from screens.pages.incident_screen import IncidentScreen
from screens.widgets.cells import Cell
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.command.capture import Captured, Verdict
    from opsterm.command.pasted_timeline import Pasted

#: How the words are set for each verdict on a line.
_TONES: Mapping[Verdict, str] = {"does": "", "text": "muted", "begun": "muted", "mistyped": "warn", "again": "warn"}


class CaptureLine:
    """The capture line of one screen. What was half typed is on the board, and is back after a kill.

    `captured` is told of each line that was recorded; `left` is called where the line was left with esc.
    """

    def __init__(
        self, screen: IncidentScreen, captured: Callable[[Captured, Outcome], None], left: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._context = screen.context
        self._captured = captured
        self._left = left
        self._key = f"capture:{screen.incident}"
        self._block_key = f"paste:{screen.incident}"
        self._about: Hypothesis | Action | None = None
        #: The line about which it was asked whether it is meant, though the same was said just before.
        self._asked = ""
        self.history: list[str] = []
        #: Half-typed text that waits for its line to be opened again.
        self.kept = self._context.board.draft(self._key)

    def open(self, beginning: str = "", *, about: Hypothesis | Action | None = None, cursor: int | None = None) -> None:
        """Opens the line with a beginning, or with what was half typed where that fits. `about`: the record whose key
        opened it, which its mark then means."""
        self._about = about
        text = beginning
        if self.kept and (not beginning or self.kept.startswith(beginning.rstrip())):
            text, cursor = self.kept, None
        elif self.kept:
            self.history.append(self.kept)
        question = Question(
            prompt=SIGNS.prompt,
            words=self.words,
            done=self._done,
            key=self._key,
            paste=self.offer_block,
            left=self._leave,
            history=self.history,
        )
        self._screen.prompt.ask(question, text, cursor=cursor, anew=True)

    def _leave(self) -> None:
        self.kept = self._context.board.draft(self._key)
        self._left()

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

    def words(self, text: str) -> Cell:
        """What enter will do, in words: amber where something is mistyped, grey where it does nothing but stand
        there."""
        if not text.strip():
            return Cell(
                "type what you see;  ? hypothesis  ! order  = decision  # status  @ role  > update  + - evidence"
            )
        from opsterm.command.late import with_what_stands

        captured = with_what_stands(self._screen.session, self._screen.snapshot, self._parse(text))
        return Cell(captured.words, _TONES[captured.verdict])

    def _parse(self, text: str) -> Captured:
        from opsterm.command import capture

        board, context = self._context.board, self._context
        return capture.parse(
            text, self._screen.snapshot, now=board.now, zone=context.zone, person=context.person, about=self._about
        )

    def _done(self, text: str) -> bool:
        from opsterm.command import capture

        self.kept = ""
        if not text.strip():
            return True
        captured = capture.typed(self._parse(text))
        if captured.verdict == "again" and text != self._asked:
            self._asked = text
            raise Rejected(f"{captured.words} enter says yes")
        self._asked = ""
        told = capture.perform(self._screen.session, self._screen.snapshot.incident, captured)
        self._screen.done(told)
        self._captured(captured, told)
        return True
