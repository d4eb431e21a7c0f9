"""A line under the row of each record of which something was said apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from opsterm.board.store import Conflict
from opsterm.core.conflicts import conflicts_of, told
from opsterm.records.instant import Instant
from opsterm.settings import zone_name
from screens.console import Viewpoint
from screens.pages.rows import fixed
from screens.widgets.cells import Cell
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


def all_disputes(view: Viewpoint) -> Mapping[str, str]:
    """Record → what was said apart of it, in a sentence; how much more was, where that is not all."""
    board = view.board
    given = (board.version, zone_name(view.zone), board.now[:10])
    return board.worked_out("disputes", given, (), lambda: _by_record(view, conflicts_of(board)))


def _by_record(view: Viewpoint, conflicts: Iterable[Conflict]) -> Mapping[str, str]:
    of_record: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        of_record.setdefault(conflict.record, []).append(conflict)
    return {record: told_all(view, found) for record, found in of_record.items()}


def told_all(view: Viewpoint, conflicts: Sequence[Conflict]) -> str:
    """The first of several conflicts in a sentence, and how many more there are."""
    more = f", +{len(conflicts) - 1} more" if len(conflicts) > 1 else ""
    return f"{told(view.board, conflicts[0], partial(_clock, view))}{more}"


def _clock(view: Viewpoint, at: Instant) -> str:
    return clock(at, view.zone, today=view.board.now)


def under(rows: Sequence[Row], disputes: Mapping[str, str]) -> Sequence[Row]:
    """The rows, below each record's own what was said apart of it."""
    if not disputes:
        return rows
    found: list[Row] = []
    for place, row in enumerate(rows):
        found.append(row)
        if row.key in disputes and (place + 1 == len(rows) or rows[place + 1].key != row.key):
            found.append(dispute_row(row.key, disputes[row.key]))
    return found


def dispute_row(key: str, words: str) -> Row:
    """The line that tells of a conflict."""
    return fixed((Cell(f"  {SIGNS.apart} disputed: ", "warn"), Cell(words)), key=key)
