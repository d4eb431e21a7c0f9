"""One thing in full, over the screen it was opened from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.store import Touched
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import LISTS, PAGE, bindings
from screens.widgets.cells import Cell, Line, wrap
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Prompt
from screens.widgets.symbols import SIGNS

#: Makes the lines of a page for a width and a time.
Rows = Callable[[int, Instant], Sequence[Row]]


class PageLines(Lines):
    """The lines of a page under its title."""

    def __init__(self, heading: str) -> None:
        super().__init__(id="page")
        self.heading = heading

    def title(self) -> Line:
        rule = Cell(SIGNS.rule, "accent")
        return Line((Cell(f"{SIGNS.rule} ", "accent"), Cell(self.heading, "accent"), Cell(" ")), fill=rule)


class Page(Screen[None]):
    """Lines to read, scroll and copy; where a line can be taken, `enter` takes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PAGE)
    #: Its places in the table of actions, its own first.
    places: ClassVar[tuple[str, ...]] = (PAGE, LISTS)
    #: What the line above the keys says while nothing else is said.
    said: ClassVar[str] = "esc back"

    def __init__(
        self, context: ConsoleContext, heading: str, rows: Rows, *, take: Callable[[str], None] | None = None
    ) -> None:
        super().__init__()
        self.context = context
        self.rows = rows
        self.take = take
        self.lines = PageLines(heading)
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.prompt

    def on_mount(self) -> None:
        self.prompt.places = self.places
        self.prompt.hint = (Cell(self.said, "muted"),)
        self.lines.focus()
        self.repaint()

    def on_resize(self) -> None:
        self.call_after_refresh(self.repaint)

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Makes its lines anew."""
        now = self.context.board.now
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        self.lines.show(self.rows(columns, now), now)
        self.prompt.rest()

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)

    def on_lines_opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if self.take is not None and self.lines.selected:
            take, key = self.take, self.lines.selected
            self.dismiss()
            take(key)
        else:
            self.lines.action_page_down()
            self.prompt.flash("nothing to open here: esc goes back")

    def action_copy(self) -> None:
        self.prompt.flash(self.context.copy(self.text), tone="good")

    @property
    def text(self) -> str:
        """All that it says."""
        now = self.context.board.now
        lines = [row.draw(100, now) for row in self.rows(100, now)]
        told = ["".join(cell.text for cell in (*line.left, *line.right)).rstrip() for line in lines]
        return "\n".join([self.lines.heading, *told])

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.context, *self.places))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


def words(text: str, columns: int, tone: str = "", *, indent: int = 0, key: str = "") -> list[Row]:
    """A text in as many lines as it needs."""
    return [fixed((Cell(" " * indent), Cell(line, tone)), key=key) for line in wrap(text, columns - indent)]


def fixed(left: tuple[Cell, ...], right: tuple[Cell, ...] = (), *, key: str = "") -> Row:
    """A line that stays as it is."""
    line = Line(left, right)
    return Row(key, lambda columns, now: line)


def heading(text: str) -> list[Row]:
    """A heading with air above it."""
    return [fixed(()), fixed((Cell(text, "strong"),))]
