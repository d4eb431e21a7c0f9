"""What was said apart of a thing, above the thing itself: each value with who said it and when, and the key that keeps
it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from opsterm.board.fold import DELETED
from opsterm.board.store import Board, Conflict
from opsterm.core.conflicts import Side, conflict_words, conflicts_of, pair_of, side_words, sides_of, told
from opsterm.core.field_words import called
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.pages.rows import fixed, words
from screens.widgets.cells import Cell, wrap
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


@dataclass(frozen=True, slots=True)
class Disputes:
    """Which conflicts a page shows."""

    find: Callable[[], Sequence[Conflict]]
    #: Whether each says of which record it is.
    named: bool = False


def of_records(board: Board, records: Iterable[str]) -> list[Conflict]:
    """What was said apart of some records."""
    wanted = frozenset(records)
    return [conflict for conflict in conflicts_of(board) if conflict.record in wanted]


def dispute_rows(
    context: ConsoleContext, conflicts: Sequence[Conflict], named: bool, columns: int, now: Instant
) -> list[Row]:
    """Each conflict in full; its lines have its place among them for a key."""
    return [row for n, one in enumerate(conflicts) for row in _drawn(context, str(n), one, named, columns, now)]


def _drawn(context: ConsoleContext, key: str, conflict: Conflict, named: bool, columns: int, now: Instant) -> list[Row]:
    board = context.board
    about = f"{called(board, conflict.kind, conflict.record)}: " if named else ""
    what = told(board, conflict) if conflict.field == DELETED else conflict_words(conflict)
    sign = Cell(f"{SIGNS.apart} disputed  ", "warn")
    rows = [fixed(()), fixed((sign, Cell(f"{about}{what}", "strong")), key=key)]
    pair = pair_of(conflict)
    for side in sides_of(conflict):
        name = "AB"[pair.index(side)] if side in pair else " "
        rows += _side(context, conflict, side, name, key, columns, now)
    return rows


def _side(
    context: ConsoleContext, conflict: Conflict, side: Side, name: str, key: str, columns: int, now: Instant
) -> list[Row]:
    value = side_words(context.board, conflict, side, lambda at: clock(at, context.zone, today=now))
    by = f"said by {side.by or 'nobody named'} {clock(side.at, context.zone, today=now)}"
    lines = wrap(value, max(columns - 5, 12))
    return [
        fixed((Cell(f"  {name}  ", "accent"), Cell(lines[0])), key=key),
        *(fixed((Cell("     "), Cell(line)), key=key) for line in lines[1:]),
        *words(by, columns, "muted", indent=5, key=key),
    ]
