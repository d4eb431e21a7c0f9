"""A page of one incident with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from opsterm.board.news import News
from opsterm.core.session import Outcome
from opsterm.records.instant import Instant
from screens.pages.incident_screen import IncidentScreen
from screens.pages.lines_screen import LinesScreen
from screens.pages.page import fixed
from screens.widgets.cells import Cell, wrap
from screens.widgets.lines import Lines, Row


class IncidentPage(IncidentScreen, LinesScreen):
    """The pane turned into a form. Subclasses say its place in the table of keys, its heading and its lines."""

    def on_resize(self) -> None:
        """What it says of the selected line is known once there is one: it is painted again in any case."""
        self.call_after_refresh(self.paint)

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint()

    def read_after(self, now: Instant, news: News | None) -> None:
        self.read(now, news)

    def tick(self, now: Instant) -> None:
        self.paint()

    def draft_key(self, prompt: str) -> str:
        return f"{self.place}:{prompt}:{self.incident}"

    def back_with(self, outcome: Outcome) -> None:
        """Goes back to the screen below, and lets it say what was done."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self.dismiss()
        if isinstance(below, IncidentScreen):
            below.done(outcome)


def row(key: str, *cells: Cell, right: tuple[Cell, ...] = ()) -> Row:
    """A line that can be selected."""
    return fixed(cells, right, key=key)


def folded(
    key: str, start: Cell, text: str, columns: int, *, tone: str = "", right: tuple[Cell, ...] = ()
) -> list[Row]:
    """A text under its start, in as many lines as it needs; what stands at the right is on the first."""
    indent = len(start.text)
    taken = sum(len(cell.text) for cell in right)
    lines = wrap(text, columns - indent, first=max(columns - indent - taken - 2, 12))
    first = fixed((start, Cell(lines[0], tone)), right, key=key)
    return [first, *(fixed((Cell(" " * indent), Cell(line, tone)), key=key) for line in lines[1:])]
