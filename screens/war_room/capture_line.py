"""The capture line of a war room: what is typed, what enter will do, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Action, Hypothesis
from opsterm.records.plain import filled_lines
from screens.keys.actions import ACTIONS, HYPOTHESES, ROOM, of, say_key
from screens.pages.incident_screen import IncidentScreen
from screens.widgets.cells import Cell
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.command.capture import Captured, Verdict
    from opsterm.command.pasted_timeline import Pasted

#: How the words are set for each verdict on a line.
_TONES: Mapping[Verdict, str] = {"does": "", "text": "muted", "begun": "muted", "mistyped": "warn", "again": "warn"}


class Kept(NamedTuple):
    """A line that was half typed, and waits to be gone on with."""

    text: str
    #: What goes on with it: a key, and on which record.
    goes_on: str


class CaptureLine:
    """The capture line of one screen. What was half typed is on the board, and is back after a kill: each key that
    opens the line has its own, and so has each record that it was pressed on.

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
        #: What the line was opened with last: its beginning, and of which record.
        self._opened = ""
        #: The line about which it was asked whether it is meant, though the same was said just before.
        self._asked = ""
        self.history: list[str] = []
        #: Half-typed text by what its line was opened with, the latest last.
        self._drafts: dict[str, str] = {}
        self._read_drafts()
        #: What was half typed in the room of an incident that was folded into this one.
        self.carried = ""

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What waits for its line to be opened again, the latest last."""
        return tuple(Kept(text, self._goes_on(opened)) for opened, text in self._drafts.items())

    def open(self, beginning: str = "", *, about: Hypothesis | Action | None = None, pasted: str = "") -> None:
        """Opens the line with a beginning, or with what was half typed behind the same one. `about`: the record whose
        key opened it, whose mark stands for `{}` and then means it. What stands behind `|` is offered: typing replaces
        it."""
        self._about = about
        self._opened = f"{beginning}:{about.id}" if about is not None else beginning
        if about is not None:
            self._rename(beginning, about)
        self.history += [text for text in self._drafts.values() if text not in self.history]
        begun, _, offered = beginning.format(about.mark if about is not None else "").partition("|")
        question = Question(
            prompt=SIGNS.prompt,
            words=self.words,
            done=self._done,
            key=self._kept_under(self._opened),
            paste=self.offer_block,
            left=self._leave,
            history=self.history,
        )
        self._screen.prompt.ask(question, begun + offered, offered=len(offered), pasted=pasted)

    def _kept_under(self, opened: str) -> str:
        return f"{self._key}:{opened}" if opened else self._key

    def _rename(self, beginning: str, about: Hypothesis | Action) -> None:
        """Marks change under people: a kept line that begins with the one its record had takes the one that it has."""
        key, sign = self._kept_under(self._opened), beginning.partition("{}")[0]
        text = self._context.board.draft(key)
        found = re.match(rf"{re.escape(sign)}([ha]\d+[a-z]*)(?!\w)", text, re.IGNORECASE)
        snapshot = self._screen.snapshot
        if found and found[1].lower() not in {item.mark for item in (*snapshot.hypotheses, *snapshot.actions)}:
            self._context.board.keep_draft(key, f"{sign}{about.mark}{text[found.end() :]}")

    def _read_drafts(self) -> None:
        """Reads what is kept; what changed since it was read last is the latest."""
        board, length = self._context.board, len(self._key) + 1
        found = {key[length:]: text for key, text in board.drafts(f"{self._key}:").items()}
        if plain := board.draft(self._key):
            found[""] = plain
        before = {opened: text for opened, text in self._drafts.items() if found.get(opened) == text}
        self._drafts = {**before, **{opened: text for opened, text in found.items() if opened not in before}}

    def _forget(self, entered: str) -> None:
        """What was entered waits for nobody, wherever it was kept."""
        for opened, text in self._drafts.items():
            if text.strip() == entered.strip() or (opened == self._opened and not self._screen.prompt.is_recalled):
                self._context.board.keep_draft(self._kept_under(opened), "")
        self._read_drafts()

    def _goes_on(self, opened: str) -> str:
        """The key that goes on with a line, and on which record; where there is none, the one for lines typed
        before."""
        beginning, _, record = opened.partition(":")
        keys = {action.given: action.sign for action in of(ROOM, HYPOTHESES, ACTIONS) if action.method == "begin"}
        item = self._screen.snapshot.item(record) if record else None
        if beginning not in keys or (record and item is None):
            return f"{keys['']} {say_key('up')}"
        return f"{keys[beginning]} on {item.mark}" if item is not None else keys[beginning]

    def taken_along(self) -> str:
        """What is half typed here, for the room that one goes along to; here it is forgotten."""
        prompt = self._screen.prompt
        key = prompt.question.key if prompt.question is not None else ""
        opened, text = next(reversed(self._drafts.items()), ("", ""))
        if key == self._kept_under(self._opened):
            opened, text = self._opened, prompt.typed
        prompt.close()
        self._context.board.keep_draft(self._kept_under(opened), "")
        self._read_drafts()
        return text

    def go_on(self) -> None:
        """Opens with what was carried here, where there is something."""
        if self.carried:
            text, self.carried = self.carried, ""
            self.open(pasted=text)

    def _leave(self) -> None:
        self._read_drafts()
        self._left()

    def paste(self, text: str) -> None:
        """Takes what was pasted while nobody typed."""
        lines = filled_lines(text)
        if len(lines) > 1:
            self.offer_block(text)
        elif lines:
            self.open(pasted=lines[0].strip())

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

        if not text.strip():
            self._forget(text)
            return True
        captured = capture.typed(self._parse(text))
        if captured.verdict == "again" and text != self._asked:
            self._asked = text
            raise Rejected(f"{captured.words} enter says yes")
        self._asked = ""
        told = capture.perform(self._screen.session, self._screen.snapshot.incident, captured)
        self._forget(text)
        self._screen.done(told)
        self._captured(captured, told)
        return True
