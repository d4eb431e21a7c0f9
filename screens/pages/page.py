"""One thing in full, over the screen it was opened from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from opsterm.board.news import News
from opsterm.board.store import Conflict
from opsterm.core.conflicts import pair_of, settle
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import ALARM, DISPUTED, PAGE, bindings, of
from screens.pages.disputed import Disputes, dispute_rows
from screens.pages.lines_screen import LinesScreen
from screens.widgets.cells import Cell
from screens.widgets.lines import Lines, Row

#: Makes the lines of a page for a width and a time.
Rows = Callable[[int, Instant], Sequence[Row]]


class Page(LinesScreen):
    """Lines to read, scroll and copy; where a line can be taken, `enter` takes it. What was said apart of what it shows
    stands above them, and one key keeps one value."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PAGE, DISPUTED)
    place = PAGE
    #: What the line above the keys says while nothing else is said.
    said: ClassVar[str] = "esc back"

    def __init__(
        self,
        context: ConsoleContext,
        heading: str,
        rows: Rows,
        *,
        take: Callable[[str], None] | None = None,
        disputes: Disputes | None = None,
    ) -> None:
        #: The conflicts as they are painted.
        self._disputed: Sequence[Conflict] = ()
        self._disputes = disputes
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
        if self._disputes is None:
            return self._rows_of(columns, now)
        drawn = dispute_rows(self.context, self._disputed, self._disputes.named, columns, now)
        return [*drawn, *self._rows_of(columns, now)]

    @property
    def places(self) -> tuple[str, ...]:
        return (DISPUTED, *super().places) if self._disputed else super().places

    def paint(self) -> None:
        if self._disputes is not None:
            self._disputed = self._disputes.find()
            self.prompt.places = self.places
        super().paint()

    def hint(self) -> tuple[Cell, ...]:
        if self._disputed:
            return (Cell("A B", "accent"), Cell(" keep one of the two: it is settled;  esc back", "muted"))
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

    def action_keep_first(self) -> None:
        self._keep(0)

    def action_keep_second(self) -> None:
        self._keep(1)

    def _keep(self, which: int) -> None:
        """Keeps one side of the conflict under the cursor, else of the first one, as it is painted."""
        if not self._disputed:
            self.prompt.flash("nothing is disputed here")
            return
        conflict = self._under_cursor
        sides = pair_of(conflict)
        self.do(lambda session: settle(session, conflict, sides[which]))

    @property
    def _under_cursor(self) -> Conflict:
        key = self.lines.selected
        return self._disputed[int(key) if key.isdecimal() and int(key) < len(self._disputed) else 0]

    def under_keys(self) -> Mapping[str, object]:
        heads = [head["digest"] for head in self._under_cursor.heads] if self._disputed else []
        return {**super().under_keys(), ALARM: heads}
