"""The board's file is not in its place any more: said at once, over whatever is on the screen, until it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from opsterm.board.failure import BoardError
from opsterm.incidents.notice import Notice
from opsterm.records.instant import Instant
from opsterm.records.plain import one_line
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, GONE, PAGE, bindings
from screens.keys.key_hold import KeyHold
from screens.pages.console_screen import ConsoleScreen
from screens.pages.page import Page
from screens.pages.rows import fixed, words
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_STANDS = (
    "Nothing more is recorded until it is written back. What was recorded is not lost: this console has the file open"
    " for as long as it runs, so do not quit before."
)
_KEY = "w writes it back into its place from what is open here; what took its place is set aside beside it, unaltered."


class BoardGone(Page):
    """What became of the file, and the one key that writes it back; then what was done."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PAGE, GONE)

    def __init__(self, context: ConsoleContext) -> None:
        #: What became of the file, which the key answers; empty before it is painted and once it is mended.
        self.fault = ""
        #: How it was mended.
        self._done = ""
        super().__init__(context, "The board's file", self._rows)

    @property
    def places(self) -> tuple[str, ...]:
        return super().places if self._done else (GONE, *super().places)

    def under_keys(self) -> Mapping[str, object]:
        return {**super().under_keys(), ASKED: self.fault}

    def tell(self, fault: str, done: str = "") -> None:
        """Says what became of the file, or how it was mended."""
        self.fault, self._done = fault, done
        self.prompt.places = self.places
        if self.is_mounted:
            self.paint()

    def _rows(self, columns: int, now: Instant) -> Sequence[Row]:
        path = words(one_line(str(self.context.board.path)), columns, "muted")
        if not self.fault:
            return [fixed(()), *words(f"{SIGNS.done} {self._done}", columns, "good"), *path]
        became = f"{SIGNS.alarm} {self.fault[:1].upper()}{self.fault[1:]}."
        return [
            *(fixed(()), *words(became, columns, "alarm"), *path),
            *(fixed(()), *words(_STANDS, columns)),
            *(fixed(()), *words(_KEY, columns)),
        ]

    def action_write_back(self) -> None:
        sharing = self.context.sharing
        sharing.stop()
        try:
            done = self.context.board.write_back()
        except BoardError as refused:
            self.refuse(refused)
            return
        sharing.start()
        self.tell("", done)


class BoardWatch:
    """Looks whether the file that is open is still the board. The page is opened once for each thing that became of it;
    whoever leaves that page has it said at the foot for as long as it is so."""

    def __init__(self, context: ConsoleContext, hold: KeyHold) -> None:
        self._context = context
        self._hold = hold
        self._said = ""

    def look(self, screen: ConsoleScreen) -> bool:
        """Says what became of the file, where something did; whether it is in its place."""
        fault = self._context.board.out_of_place
        if fault != self._said:
            self._said = fault
            self._context.ringing.hear(screen.app, "board", [Notice("board", fault, "alarm")] if fault else [])
            if fault:
                self.open(screen)
            elif isinstance(screen, BoardGone) and screen.fault:
                screen.tell("", "The board's file is in its place again.")
        elif fault and not isinstance(screen, BoardGone) and screen.prompt.free:
            screen.prompt.flash("the board's file is gone, nothing is recorded: ctrl+p, write back", tone="warn")
        return not fault

    def open(self, screen: ConsoleScreen) -> None:
        """Says it on its page. Who types on without having seen that does not answer it."""
        page = screen if isinstance(screen, BoardGone) else BoardGone(self._context)
        self._hold.look(page)
        if page is not screen:
            screen.app.push_screen(page)
        with self._hold.elsewhere(page):
            page.tell(self._said)
