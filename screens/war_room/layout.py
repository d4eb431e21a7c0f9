"""Where the panes of the war room stand, for any size of terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from screens.keys.actions import ACTIONS, CHECKLISTS, HYPOTHESES, STATUS, TIMELINE, UPDATES

#: Below so many columns or rows of terminal the panes become tabs.
COLUMNS_MIN, ROWS_MIN = 100, 30
#: From so many columns on the timeline has a column of its own.
COLUMNS_WIDE = 180
#: Columns between two columns of panes.
GAP = 2

_LEFT = (STATUS, ACTIONS, UPDATES, CHECKLISTS)
#: Rows that a pane of the left column has at least, its title among them.
_ROWS_MIN = {STATUS: 4, ACTIONS: 4, UPDATES: 3, CHECKLISTS: 2}
#: Rows that it takes at the most while others want more.
_ROWS_MAX = {STATUS: 12, ACTIONS: 12, UPDATES: 7, CHECKLISTS: 4}
_TIMELINE_ROWS_MIN = 9


def is_small(columns: int, rows: int) -> bool:
    """Whether a terminal of that size shows the panes as tabs."""
    return columns < COLUMNS_MIN or rows < ROWS_MIN


def is_wide(columns: int, rows: int) -> bool:
    """Whether the timeline has a column of its own."""
    return columns >= COLUMNS_WIDE and not is_small(columns, rows)


def columns_of(columns: int) -> tuple[int, int, int]:
    """(left, middle, right) columns of panes; 0 for the right one where there is none."""
    if columns >= COLUMNS_WIDE:
        left = columns * 30 // 100
        right = columns * 33 // 100
        return left, columns - left - right - 2 * GAP, right
    left = columns * 47 // 100
    return left, columns - left - GAP, 0


def share_rows(rows: int, wanted: Sequence[int], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Rows for panes above each other: first what each needs at least, then what each wants up to its most, then what
    is left to those that have more to show, the last one taking the rest."""
    given = [min(low, want) for low, want in zip(least, wanted, strict=True)]
    for limits in (most, wanted):
        for place, (want, limit) in enumerate(zip(wanted, limits, strict=True)):
            free = rows - sum(given)
            given[place] += max(min(free, min(want, limit) - given[place]), 0)
    free = rows - sum(given)
    given[-1] += free
    return [max(height, 0) for height in given]


def places(size: Size, wanted: Mapping[str, int], alone: str = "") -> dict[str, Region]:
    """Where each pane stands in `size`. `wanted` says how many rows each would fill; `alone` names the only one that
    is shown, on small terminals or when zoomed."""
    if alone:
        return {alone: Region(0, 0, size.width, size.height)}
    left, middle, right = columns_of(size.width)
    found: dict[str, Region] = {}
    heights = share_rows(
        size.height,
        [max(wanted[place], 2) for place in _LEFT],
        [_ROWS_MIN[place] for place in _LEFT],
        [_ROWS_MAX[place] for place in _LEFT],
    )
    y = 0
    for place, height in zip(_LEFT, heights, strict=True):
        found[place] = Region(0, y, left, height)
        y += height
    x = left + GAP
    if right:
        found[HYPOTHESES] = Region(x, 0, middle, size.height)
        found[TIMELINE] = Region(x + middle + GAP, 0, right, size.height)
        return found
    top = min(max(wanted[HYPOTHESES] + 1, 5), max(size.height - _TIMELINE_ROWS_MIN, size.height // 2))
    found[HYPOTHESES] = Region(x, 0, middle, top)
    found[TIMELINE] = Region(x, top, middle, size.height - top)
    return found


class Arrangement(Layout):
    """Puts each pane where `regions` says that it stands in a size."""

    name = "arrangement"

    def __init__(self, regions: Callable[[Size], Mapping[str, Region]]) -> None:
        super().__init__()
        self._regions = regions

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        found = self._regions(size)
        return [
            WidgetPlacement(found[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id is not None and child.id in found
        ]
