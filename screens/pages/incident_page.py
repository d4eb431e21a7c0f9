"""A page of one incident with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import LISTS
from screens.pages.page import PageLines, fixed
from screens.widgets.cells import Cell, wrap
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Prompt, Question


class IncidentPage(Screen[None]):
    """The pane turned into a form. Subclasses say its place in the table of actions, its heading and its lines."""

    AUTO_FOCUS = None
    place: ClassVar[str] = ""

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__()
        self.context = context
        self.incident = incident
        self.snapshot = read_snapshot(context.board, incident)
        self.lines = PageLines("")
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.prompt

    # --- what subclasses say

    def heading(self, now: Instant) -> str:
        """What the title rule says."""
        raise NotImplementedError

    def rows(self, columns: int, now: Instant) -> list[Row]:
        """The lines, for a width and a time."""
        raise NotImplementedError

    def hint(self, now: Instant) -> tuple[Cell, ...]:
        """What the line above the keys says while nothing else is said."""
        return (Cell("esc back; nothing is lost", "muted"),)

    # --- what it reacts to

    def on_mount(self) -> None:
        self.prompt.places = (self.place, LISTS)
        self.set_focus(self.lines)
        self.paint_page()

    def on_resize(self) -> None:
        self.call_after_refresh(self.paint_page)

    def on_screen_resume(self) -> None:
        self.repaint()

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint_page()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Reads the incident anew."""
        try:
            self.snapshot = read_snapshot(self.context.board, self.incident)
        except Rejected as refused:
            self.prompt.flash(str(refused), tone="warn")
            return
        self.paint_page()
        self.lines.mark_fresh(item.record for item in touched)

    def tick(self, now: Instant) -> None:
        """A second has passed."""
        self.paint_page()

    def paint_page(self) -> None:
        """Paints what was read."""
        now = self.context.board.now
        self.lines.heading = self.heading(now)
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        self.lines.show(self.rows(columns, now), now)
        self.lines.refresh()
        self.prompt.hint = self.hint(now)
        self.prompt.rest()

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.context.session(self.snapshot.version)

    def do(self, command: Callable[[Session], Outcome]) -> Outcome | None:
        """Runs a command of the field, and says what came of it; nothing where it was refused."""
        try:
            told = command(self.session)
        except (Rejected, BoardError) as refused:
            self.prompt.flash(str(refused), tone="warn")
            return None
        self.repaint()
        self.prompt.told(told)
        return told

    def ask(self, prompt: str, words: Callable[[str], str], done: Callable[[str], Outcome], text: str = "") -> None:
        """Asks for words, kept while they are half typed; a refusal leaves them in the line."""
        key = f"{self.place}:{prompt}:{self.incident}"
        board = self.context.board

        def finish(typed: str) -> bool:
            if not typed.strip():
                return True
            told = done(typed)
            self.repaint()
            self.prompt.told(told)
            return True

        question = Question(prompt=prompt, words=words, done=finish, keep=lambda typed: board.keep_draft(key, typed))
        self.prompt.ask(question, board.draft(key) or text)

    def back_with(self, told: Outcome) -> None:
        """Goes back to the screen below, and lets it say what was done."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self.dismiss()
        done = getattr(below, "done", None)
        if done is not None:
            done(told)

    @property
    def text(self) -> str:
        """All that it says."""
        now = self.context.board.now
        drawn = [row.draw(100, now) for row in self.rows(100, now)]
        told = ["".join(cell.text for cell in (*line.left, *line.right)).rstrip() for line in drawn]
        return "\n".join([self.heading(now), *told])

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()

    def action_undo(self) -> None:
        undone = self.context.undo.undo(self.context.person)
        self.repaint()
        left = f"; {'; '.join(undone.left)}" if undone.left else ""
        self.prompt.flash(f"{undone.sentence}{left}", tone="warn" if undone.left else "")

    def action_copy(self) -> None:
        self.prompt.flash(self.context.copy(self.text), tone="good")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.context, self.place, LISTS))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


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
