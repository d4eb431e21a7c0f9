"""Actions: who does what by when. What is overdue comes first, then what its owner has not acknowledged."""

from __future__ import annotations

from functools import partial

from rich.cells import cell_len

from opsterm.incidents.snapshot import Snapshot, given_by, is_late
from opsterm.records import Action
from opsterm.records.action import OPEN
from opsterm.records.instant import Instant
from screens.console import Viewpoint
from screens.keys.actions import ACTIONS, bindings
from screens.pages.rows import row
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, Line, fit, wrap
from screens.widgets.durations import age, countdown
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Columns that a name gets at the most where the whole order stands in one line.
_OWNER_MAX = 10
#: Lines that a longer task gets below its owner.
_LINES_MAX = 2
#: Columns for where an order stands. They stay as time passes: no line breaks anew, and no pane moves, because it does.
_UNHEARD_COLUMNS, _TIME_COLUMNS = len("not acknowledged, in 59m"), len("nobody named")
_ENDED = {"done": SIGNS.done, "failed": SIGNS.out, "cancelled": SIGNS.out}


class ActionsPane(Pane):
    """The orders that are out, and what came of those that ended."""

    place, number, label = ACTIONS, 3, "Actions"
    BINDINGS = bindings(ACTIONS)

    def __init__(self, context: Viewpoint) -> None:
        super().__init__(context)
        self._blocks: dict[str, tuple[Action, tuple[int, ...], list[Row]]] = {}
        #: How many are late, not acknowledged, open.
        self._counts = (0, 0, 0)

    @property
    def chosen(self) -> Action | None:
        """The selected order."""
        return next((a for a in self.snapshot.actions if a.id == self.selected), None) if self.snapshot else None

    def made_of(self, snapshot: Snapshot) -> tuple[object, ...]:
        late = frozenset(action.id for action in snapshot.late_actions(self.now))
        self._counts = (
            len(late),
            len(snapshot.unheard_actions()),
            sum(action.state in OPEN for action in snapshot.actions),
        )
        return snapshot.actions, late

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        if not snapshot.actions:
            return teaching("Nothing ordered yet.", "o  order a task: @name what, in 10m")
        owner = min(max(cell_len(action.owner) for action in snapshot.actions), _OWNER_MAX) + 1
        mark = max(len(action.mark) for action in snapshot.actions) + 1
        blocks: dict[str, tuple[Action, tuple[int, ...], list[Row]]] = {}
        for action in snapshot.ordered_actions(self.now):
            shape = (columns, mark, owner)
            known = self._blocks.get(action.id)
            if known is not None and known[0] is action and known[1] == shape:
                blocks[action.id] = known
            else:
                blocks[action.id] = (action, shape, self._block(action, columns, mark, max(owner, 2)))
        self._blocks = blocks
        return [row for _, _, rows in blocks.values() for row in rows]

    def _block(self, action: Action, columns: int, mark: int, owner: int) -> list[Row]:
        told = _UNHEARD_COLUMNS if action.state == "ordered" and action.owner else _TIME_COLUMNS
        needed = 2 + mark + owner + cell_len(action.text[: 2 * columns]) + 2 + told
        if action.state not in OPEN or needed <= columns:
            return [Row(action.id, partial(_in_one_line, action, mark, owner))]
        lines = wrap(action.text, columns - 2 - mark, _LINES_MAX)
        return [
            Row(action.id, partial(_who, action, mark)),
            *(row(action.id, Cell(" " * (2 + mark)), Cell(line)) for line in lines),
        ]

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        late, unheard, open_orders = self._counts
        cells: list[Cell] = []
        if late:
            cells.append(Cell(f"{SIGNS.alarm} {late} late", "alarm"))
        if unheard:
            cells.append(Cell(f"{', ' if cells else ''}{unheard} not acknowledged", "warn"))
        if not cells and snapshot.actions:
            cells.append(Cell(f"{open_orders} open", "muted"))
        return tuple(cells)

    def badge(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        late, _, open_orders = self._counts
        if late:
            return (Cell(f" {SIGNS.alarm}{late}", "alarm"),)
        return (Cell(f" {open_orders}"),) if open_orders else ()

    def text_of(self, key: str) -> str:
        found = next((a for a in self.snapshot.actions if a.id == key), None) if self.snapshot else None
        if found is None:
            return ""
        left = f", {countdown(found.due_at, self.now)}" if found.due_at and found.state in OPEN else ""
        by = f" by {given_by(found)}" if given_by(found) else ""
        why = f": {found.state_why}" if found.state_why else ""
        return f"{found.mark} {found.owner or 'nobody'}: {found.text} ({found.state}{by}{left}{why})"


def time_left(action: Action, now: Instant) -> Cell:
    """Where an order stands, in its most pressing words."""
    if action.state not in OPEN:
        by = f" by {given_by(action)}" if given_by(action) else ""
        return Cell(f"{_ENDED[action.state]} {action.state}{by} {age(action.state_since, now)}", "muted")
    if is_late(action, now):
        return Cell(countdown(action.due_at, now), "alarm")
    if not action.owner:
        return Cell("nobody named", "warn")
    due = countdown(action.due_at, now) if action.due_at else ""
    if action.state == "ordered":
        return Cell(
            f"not acknowledged{f', {due}' if due else f', {age(action.owner_since or action.at, now)}'}", "warn"
        )
    return Cell(due or f"for {age(action.state_since, now)}")


def _in_one_line(action: Action, mark: int, owner: int, columns: int, now: Instant) -> Line:
    ended = action.state not in OPEN
    tone = "muted" if ended else ""
    left = time_left(action, now)
    return Line(
        (
            _sign(left),
            Cell(fit(action.mark, mark), "muted" if ended else "strong"),
            Cell(f"{fit(action.owner or '-', owner - 1)} ", tone or "name"),
            Cell(action.text, "struck" if action.state == "cancelled" else tone),
        ),
        (Cell("  "), left),
    )


def _who(action: Action, mark: int, columns: int, now: Instant) -> Line:
    """Who and how late; what it is stands below."""
    left = time_left(action, now)
    return Line(
        (_sign(left), Cell(fit(action.mark, mark), "strong"), Cell(action.owner or "-", "name")), (Cell("  "), left)
    )


def _sign(left: Cell) -> Cell:
    pressing = left.tone in ("alarm", "warn")
    return Cell(f"{SIGNS.alarm} " if pressing else "  ", left.tone if pressing else "")
