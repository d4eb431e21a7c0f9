"""A screen of lines under a title, with the line to type in and the keys at its foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from opsterm.board.news import News
from opsterm.core.session import Outcome, Rejected
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import RECORD
from screens.pages.console_screen import ConsoleScreen
from screens.pages.dispute_lines import all_disputes, under
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Lines, Row, with_words
from screens.widgets.prompt import Question
from screens.widgets.symbols import SIGNS


class PageLines(Lines):
    """The lines of a page under its title."""

    def __init__(self, heading: str = "") -> None:
        super().__init__(id="page")
        self.heading = heading

    def title(self) -> Line:
        rule = Cell(SIGNS.rule, "accent")
        return Line((Cell(f"{SIGNS.rule} ", "accent"), Cell(self.heading, "accent"), Cell(" ")), fill=rule)


class LinesScreen(ConsoleScreen):
    """One list. Subclasses say what it reads, its heading, its lines, and what its foot says at rest."""

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self.lines = PageLines()
        #: Only what has these words is shown, where there are any.
        self.wanted = ""
        self._painted_columns = 0

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.prompt

    # --- what subclasses say

    def read(self, now: Instant) -> None:
        """Reads its records. Raises Rejected."""

    def heading(self, now: Instant) -> str:
        """What the title rule says."""
        raise NotImplementedError

    def rows(self, columns: int, now: Instant) -> Sequence[Row]:
        """The lines, for a width and a time."""
        raise NotImplementedError

    def hint(self) -> tuple[Cell, ...]:
        """What the line above the keys says while nothing else is said."""
        return (Cell("esc back; nothing is lost", "muted"),)

    # --- what it reacts to

    def on_mount(self) -> None:
        if self.focused is None:
            self.set_focus(self.lines)
        self.repaint()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Paints anew where a line has another width now."""
        if self._columns != self._painted_columns:
            self.paint()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()

    def repaint(self, news: News | None = None) -> None:
        try:
            self.read_after(self.context.board.now, news)
        except Rejected as refused:
            self.refuse(refused)
            return
        self.paint()
        self.lines.mark_fresh(item.record for item in (news.touched if news else ()))

    def read_after(self, now: Instant, news: News | None) -> None:
        """Reads its records after `news`. Raises Rejected."""
        self.read(now)

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)

    def under_keys(self) -> Mapping[str, object]:
        return {RECORD: self.lines.selected} if self.lines.rows else {}

    def by_hand(self, what: str) -> bool:
        return what != RECORD or not self.lines.lost

    def pin(self) -> None:
        self.lines.pin()

    def answered(self, outcome: Outcome) -> None:
        """The cursor goes to the record that was made or changed."""
        self.done(outcome)
        if outcome.record:
            self.lines.select(outcome.record)

    # --- painting

    @property
    def _columns(self) -> int:
        return max((self.lines.size.width or self.app.size.width) - 3, 20)

    def paint(self) -> None:
        """Paints what was read."""
        now = self.context.board.now
        wanted = f" / {self.wanted}" if self.wanted else ""
        self.lines.heading = f"{self.heading(now)}{wanted}"
        columns = self._painted_columns = self._columns
        rows = self.marked(self.rows(columns, now))
        self.lines.show(with_words(rows, self.wanted, now) if self.wanted else rows, now)
        self.lines.refresh()
        self.prompt.hint = self.hint()
        self.prompt.rest()

    def marked(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The lines, below each record's own what was said apart of it."""
        return under(rows, all_disputes(self.context))

    @property
    def text(self) -> str:
        """All that it says."""
        now = self.context.board.now
        drawn = [row.draw(100, now) for row in self.rows(100, now)]
        told = ["".join(cell.text for cell in (*line.left, *line.right)).rstrip() for line in drawn]
        return "\n".join([self.heading(now), *told])

    # --- finding

    def action_find(self) -> None:
        self.prompt.ask(
            Question(
                prompt="/",
                words=lambda text: f"only what has {text!r}" if text else "all",
                done=lambda text: True,
                follow=self._want,
                left=lambda: self._want(""),
            ),
            self.wanted,
        )

    def show_all(self) -> bool:
        """Shows all again where only some was shown; says whether it was so."""
        narrowed = bool(self.wanted)
        self._want("")
        return narrowed

    def _want(self, words: str) -> None:
        if words != self.wanted:
            self.wanted = words
            self.paint()

    def action_step_back(self) -> None:
        if not self.show_all():
            self.dismiss()
