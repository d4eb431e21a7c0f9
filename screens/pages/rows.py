"""Lines of a page as they stand: a text in as many as it needs, a heading with air above it, labels and what they
say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from opsterm.records.instant import Instant
from screens.widgets.cells import Cell, Line, wrap
from screens.widgets.lines import Row

T = TypeVar("T")


def fixed(left: tuple[Cell, ...], right: tuple[Cell, ...] = (), *, key: str = "") -> Row:
    """A line that stays as it is."""
    line = Line(left, right)
    return Row(key, lambda columns, now: line)


def row(key: str, *cells: Cell, right: tuple[Cell, ...] = ()) -> Row:
    """A line that can be selected."""
    return fixed(cells, right, key=key)


def words(text: str, columns: int, tone: str = "", *, indent: int = 0, key: str = "") -> list[Row]:
    """A text in as many lines as it needs."""
    return [fixed((Cell(" " * indent), Cell(line, tone)), key=key) for line in wrap(text, columns - indent)]


def folded(
    key: str, start: Cell, text: str, columns: int, *, tone: str = "", right: tuple[Cell, ...] = ()
) -> list[Row]:
    """A text under its start, in as many lines as it needs; what stands at the right is on the first."""
    indent = len(start.text)
    taken = sum(len(cell.text) for cell in right)
    lines = wrap(text, columns - indent, first=max(columns - indent - taken - 2, 12))
    first = fixed((start, Cell(lines[0], tone)), right, key=key)
    return [first, *(fixed((Cell(" " * indent), Cell(line, tone)), key=key) for line in lines[1:])]


def heading(text: str) -> list[Row]:
    """A heading with air above it."""
    return [fixed(()), fixed((Cell(text, "strong"),))]


def facts(
    told: Iterable[tuple[str, str]], columns: int, *, indent: int = 4, label_width: int = 13, key: str = ""
) -> list[Row]:
    """Labels and what they say, folded; those that say nothing are left out."""
    rows: list[Row] = []
    for label, text in told:
        if text:
            rows += folded(key, Cell(f"{'':<{indent}}{label:<{label_width}}", "muted"), text, columns)
    return rows


def listing(
    groups: Iterable[tuple[str, Sequence[T]]],
    selected: str,
    columns: int,
    key: Callable[[T], str],
    first: Callable[[T, int, Instant], Line],
    rest: Callable[[T, int], Sequence[Row]],
) -> list[Row]:
    """Each thing in a line of its own, under the heading of its group where that has one; the one that is selected, or
    else the first, in full."""
    rows: list[Row] = []
    for title, things in groups:
        rows += heading(title) if things and title else []
        for thing in things:
            selected = selected or key(thing)
            rows.append(Row(key(thing), partial(first, thing)))
            rows += rest(thing, columns) if key(thing) == selected else []
    return rows
