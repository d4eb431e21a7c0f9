"""One thing in full, over the screen it was opened from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from opsterm.board.news import News
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import PAGE, bindings, of
from screens.pages.lines_screen import LinesScreen
from screens.widgets.cells import Cell
from screens.widgets.lines import Lines, Row

#: Makes the lines of a page for a width and a time.
Rows = Callable[[int, Instant], Sequence[Row]]


class Page(LinesScreen):
    """Lines to read, scroll and copy; where a line can be taken, `enter` takes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PAGE)
    place = PAGE
    #: What the line above the keys says while nothing else is said.
    said: ClassVar[str] = "esc back"

    def __init__(
        self, context: ConsoleContext, heading: str, rows: Rows, *, take: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(context)
        self._heading = heading
        self._rows_of = rows
        self.take = take
        if take is None:
            # There is nothing to open: the keys at the foot do not say that enter does.
            self.prompt.hinted = frozenset(action.keys[0] for action in of(self.place) if action.name == "open")

    @property
    def where(self) -> str:
        return self._heading

    def heading(self, now: Instant) -> str:
        return self._heading

    def rows(self, columns: int, now: Instant) -> Sequence[Row]:
        return self._rows_of(columns, now)

    def hint(self) -> tuple[Cell, ...]:
        return (Cell(self.said, "muted"),)

    def repaint(self, news: News | None = None) -> None:
        self.paint()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        self.action_open()

    def action_open(self) -> None:
        if self.take is not None and self.lines.selected:
            take, key = self.take, self.lines.selected
            self.dismiss()
            take(key)
        else:
            self.lines.action_page_down()
            self.prompt.flash("nothing to open here: esc goes back")
