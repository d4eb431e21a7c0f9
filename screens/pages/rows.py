"""Lines of a page as they stand: a text in as many as it needs, a heading with air above it, labels and what they
say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from opsterm.records.instant import Instant
from screens.widgets.cells import Cell, Line, width, wrap
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

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
    told: Iterable[tuple[str, str | Sequence[str]]],
    columns: int,
    *,
    indent: int = 4,
    label_width: int = 13,
    key: str = "",
) -> list[Row]:
    """Labels and what they say, folded: each text of several under the first; those that say nothing are left out."""
    rows: list[Row] = []
    for label, said in told:
        texts = (said,) if isinstance(said, str) else said
        for place, text in enumerate(texts if said else ()):
            start = f"{'':<{indent}}{label if place == 0 else '':<{label_width}}"
            rows += folded(key, Cell(start, "muted"), text, columns)
    return rows


def warned(texts: Iterable[str], columns: int, *, indent: int = 0, tone: str = "warn", key: str = "") -> list[Row]:
    """Each text under the sign of a warning."""
    start = Cell(f"{'':<{indent}}{SIGNS.alarm} ", "warn")
    return [row for text in texts for row in folded(key, start, text, columns, tone=tone)]


def flowing(parts: Iterable[Sequence[Cell]], columns: int, *, start: tuple[Cell, ...] = (), key: str = "") -> list[Row]:
    """Parts one after the other, in as many lines as they need, each line after its `start`."""
    rows: list[Row] = []
    line = [*start]
    for part in parts:
        if len(line) > len(start) and width([*line, *part]) > columns:
            rows.append(row(key, *line))
            line = [*start]
        line += part
    return [*rows, row(key, *line)]


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
