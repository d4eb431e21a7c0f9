"""A page of one incident with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.core.session import Refused, Session, Told
from opsterm.incidents.snapshot import read_room
from opsterm.records.instant import Instant
from screens.console import Desk
from screens.keys.actions import LISTS
from screens.pages.page import PageLines, fixed
from screens.widgets.cells import Cell, wrap
from screens.widgets.lines import Lines, Spot
from screens.widgets.prompt import Foot, Question


class RoomPage(Screen[None]):
    """The pane turned into a form. Subclasses say its place in the table of actions, its heading and its lines."""

    AUTO_FOCUS = None
    place: ClassVar[str] = ""

    def __init__(self, desk: Desk, incident: str) -> None:
        super().__init__()
        self.desk = desk
        self.incident = incident
        self.room = read_room(desk.board, incident)
        self.lines = PageLines("")
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.foot

    # --- what subclasses say

    def heading(self, now: Instant) -> str:
        """What the title rule says."""
        raise NotImplementedError

    def spots(self, columns: int, now: Instant) -> list[Spot]:
        """The lines, for a width and a time."""
        raise NotImplementedError

    def hint(self, now: Instant) -> tuple[Cell, ...]:
        """What the line above the keys says while nothing else is said."""
        return (Cell("esc back; nothing is lost", "muted"),)

    # --- what it reacts to

    def on_mount(self) -> None:
        self.foot.places = (self.place, LISTS)
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
            self.room = read_room(self.desk.board, self.incident)
        except Refused as refused:
            self.foot.flash(str(refused), tone="warn")
            return
        self.paint_page()
        self.lines.mark_fresh(item.record for item in touched)

    def tick(self, now: Instant) -> None:
        """A second has passed."""
        self.paint_page()

    def paint_page(self) -> None:
        """Paints what was read."""
        now = self.desk.board.now
        self.lines.heading = self.heading(now)
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        self.lines.show(self.spots(columns, now), now)
        self.lines.refresh()
        self.foot.hint = self.hint(now)
        self.foot.rest()

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.desk.session(self.room.version)

    def do(self, command: Callable[[Session], Told]) -> Told | None:
        """Runs a command of the field, and says what came of it; nothing where it was refused."""
        try:
            told = command(self.session)
        except (Refused, BoardError) as refused:
            self.foot.flash(str(refused), tone="warn")
            return None
        self.repaint()
        self.foot.told(told)
        return told

    def ask(self, prompt: str, words: Callable[[str], str], done: Callable[[str], Told], text: str = "") -> None:
        """Asks for words, kept while they are half typed; a refusal leaves them in the line."""
        key = f"{self.place}:{prompt}:{self.incident}"
        board = self.desk.board

        def finish(typed: str) -> bool:
            if not typed.strip():
                return True
            told = done(typed)
            self.repaint()
            self.foot.told(told)
            return True

        question = Question(prompt=prompt, words=words, done=finish, keep=lambda typed: board.keep_draft(key, typed))
        self.foot.ask(question, board.draft(key) or text)

    def back_with(self, told: Told) -> None:
        """Goes back to the screen below, and lets it say what was done."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self.dismiss()
        done = getattr(below, "done", None)
        if done is not None:
            done(told)

    @property
    def text(self) -> str:
        """All that it says."""
        now = self.desk.board.now
        drawn = [spot.draw(100, now) for spot in self.spots(100, now)]
        told = ["".join(cell.text for cell in (*line.left, *line.right)).rstrip() for line in drawn]
        return "\n".join([self.heading(now), *told])

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()

    def action_undo(self) -> None:
        undone = self.desk.undo.undo(self.desk.person)
        self.repaint()
        left = f"; {'; '.join(undone.left)}" if undone.left else ""
        self.foot.flash(f"{undone.sentence}{left}", tone="warn" if undone.left else "")

    def action_copy(self) -> None:
        self.foot.flash(self.desk.copy(self.text), tone="good")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.desk, self.place, LISTS))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


def row(key: str, *cells: Cell, right: tuple[Cell, ...] = ()) -> Spot:
    """A line that can be selected."""
    return fixed(cells, right, key=key)


def folded(
    key: str, start: Cell, text: str, columns: int, *, tone: str = "", right: tuple[Cell, ...] = ()
) -> list[Spot]:
    """A text under its start, in as many lines as it needs; what stands at the right is on the first."""
    indent = len(start.text)
    taken = sum(len(cell.text) for cell in right)
    lines = wrap(text, columns - indent, first=max(columns - indent - taken - 2, 12))
    first = fixed((start, Cell(lines[0], tone)), right, key=key)
    return [first, *(fixed((Cell(" " * indent), Cell(line, tone)), key=key) for line in lines[1:])]
