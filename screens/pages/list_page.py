"""A page over all incidents with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import LISTS
from screens.pages.page import PageLines
from screens.widgets.cells import Cell
from screens.widgets.lines import Lines, Row, with_words
from screens.widgets.prompt import WARNING_S, Prompt, Question


class OperationPage(Screen[None]):
    """A list of records, the selected one in full. Subclasses say its place in the table, what it reads and shows."""

    AUTO_FOCUS = None
    place: ClassVar[str] = ""

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__()
        self.context = context
        self.version = context.board.version
        self.lines = PageLines("")
        self.prompt = Prompt()
        #: Only what has these words is shown, where there are any.
        self.wanted = ""
        self._painted_columns = 0

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.prompt

    # --- what subclasses say

    def read(self, now: Instant) -> None:
        """Reads its records."""
        raise NotImplementedError

    def heading(self, now: Instant) -> str:
        """What the title rule says."""
        raise NotImplementedError

    def rows(self, columns: int, now: Instant) -> list[Row]:
        """The lines, for a width and a time."""
        raise NotImplementedError

    def hint(self) -> tuple[Cell, ...]:
        """What the line above the keys says while nothing else is said."""
        return (Cell("esc back; nothing is lost", "muted"),)

    # --- what it reacts to

    def on_mount(self) -> None:
        self.prompt.places = (self.place, LISTS)
        self.set_focus(self.lines)
        self.repaint()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Paints anew where a line has another width now."""
        if self._columns != self._painted_columns:
            self.paint()

    def on_screen_resume(self) -> None:
        if self.context.board.version != self.version:
            self.repaint()

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Reads all anew."""
        self.version = self.context.board.version
        self.read(self.context.board.now)
        self.paint()
        self.lines.mark_fresh(item.record for item in touched)

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)

    @property
    def _columns(self) -> int:
        return max((self.lines.size.width or self.app.size.width) - 3, 20)

    def paint(self) -> None:
        """Paints what was read."""
        now = self.context.board.now
        wanted = f" / {self.wanted}" if self.wanted else ""
        self.lines.heading = f"{self.heading(now)}{wanted}"
        columns = self._painted_columns = self._columns
        rows = self.rows(columns, now)
        self.lines.show(with_words(rows, self.wanted, now) if self.wanted else rows, now)
        self.lines.refresh()
        self.prompt.hint = self.hint()
        self.prompt.rest()

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.context.session(self.version)

    def do(self, command: Callable[[Session], Outcome]) -> Outcome | None:
        """Runs a command of the field, and says what came of it; nothing where it was refused."""
        try:
            told = command(self.session)
        except (Rejected, BoardError) as refused:
            self.prompt.flash(str(refused), tone="warn", seconds=WARNING_S)
            return None
        self.repaint()
        self.prompt.told(told)
        return told

    def ask(
        self, prompt: str, empty: str, command: Callable[[Session, str], Outcome], *, words: Callable[[str], str] = str
    ) -> None:
        """Asks for words, kept while they are half typed; a refusal leaves them in the line. `empty` stands there
        before anything is typed."""
        key, board = f"{self.place}:{prompt}:{self.lines.selected}", self.context.board

        def finish(typed: str) -> bool:
            if typed.strip():
                told = command(self.session, typed.strip())
                self.repaint()
                if told.record:
                    self.lines.select(told.record)
                self.prompt.told(told)
            return True

        self.prompt.ask(
            Question(
                prompt=prompt,
                words=lambda typed: words(typed) if typed.strip() else empty,
                done=finish,
                keep=lambda typed: board.keep_draft(key, typed),
            ),
            board.draft(key),
        )

    @property
    def text(self) -> str:
        """All that it says."""
        now = self.context.board.now
        drawn = [row.draw(100, now) for row in self.rows(100, now)]
        told = ["".join(cell.text for cell in (*line.left, *line.right)).rstrip() for line in drawn]
        return "\n".join([self.heading(now), *told])

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

    def _want(self, words: str) -> None:
        if words != self.wanted:
            self.wanted = words
            self.paint()

    def action_copy(self) -> None:
        self.prompt.flash(self.context.copy(self.text), tone="good")

    def action_undo(self) -> None:
        undone = self.context.undo.undo(self.context.person)
        self.repaint()
        left = f"; {'; '.join(undone.left)}" if undone.left else ""
        self.prompt.flash(f"{undone.sentence}{left}", tone="warn" if undone.left else "")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.context, self.place, LISTS))

    def action_step_back(self) -> None:
        if self.wanted:
            self._want("")
        else:
            self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
