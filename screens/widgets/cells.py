"""Lines of cells: text in tones, cut and wrapped by the width that it takes on a terminal.

Text that people wrote is never markup here: a line becomes segments directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from opsterm.records.plain import one_line
from screens.widgets.symbols import SIGNS


class Cell(NamedTuple):
    """A piece of text in one tone."""

    text: str
    tone: str = ""


class Line(NamedTuple):
    """One line: what begins at the left is cut before what is set at the right."""

    left: tuple[Cell, ...] = ()
    right: tuple[Cell, ...] = ()
    #: Fills the space between the two; a thin rule for titles.
    fill: Cell = Cell(" ")


BLANK = Line()


def width(cells: Iterable[Cell]) -> int:
    """How many columns the cells take."""
    return sum(cell_len(cell.text) for cell in cells)


@lru_cache(maxsize=4096)
def safe(text: str) -> str:
    """The text on one line, with nothing in it that a terminal obeys."""
    return text if text.isascii() and text.isprintable() else one_line(text)


@lru_cache(maxsize=4096)
def cut(text: str, columns: int) -> str:
    """The text within so many columns; `…` says that there is more."""
    if columns <= 0:
        return ""
    if cell_len(text) <= columns:
        return text
    return f"{set_cell_size(text, columns - 1).rstrip()}{SIGNS.cut}"


def fit(text: str, columns: int) -> str:
    """The text cut or padded to exactly so many columns."""
    short = cut(text, columns)
    return short + " " * (columns - cell_len(short))


@lru_cache(maxsize=2048)
def wrap(text: str, columns: int, lines_max: int = 0, *, first: int = 0) -> tuple[str, ...]:
    """The text in lines of so many columns at most, the first one of `first` where that is another number; beyond
    `lines_max` (0: no limit) it is cut."""
    columns = max(columns, 1)
    out: list[str] = []
    for paragraph in text.splitlines() or [""]:
        out.extend(_wrapped(safe(paragraph), columns, columns if out else first or columns))
    if lines_max and len(out) > lines_max:
        rest = " ".join(out[lines_max - 1 :])
        return (*out[: lines_max - 1], cut(rest, columns if lines_max > 1 else first or columns))
    return tuple(out)


def _wrapped(text: str, rest: int, first: int) -> list[str]:
    out: list[str] = []
    line = ""
    columns = first
    for word in _words(text):
        if cell_len(line + word.rstrip()) <= columns:
            line += word
            continue
        if line.strip():
            out.append(line.rstrip())
            columns = rest
        line = word
        while cell_len(line.rstrip()) > columns:
            head = set_cell_size(line, columns).rstrip()
            out.append(head)
            line = line[len(head) :]
            columns = rest
    return [*out, line.rstrip()]


#: Wide signs that no line begins with.
_CLOSING = frozenset("，。；：！？、）」』】》〉”’")


def _words(text: str) -> list[str]:
    """Where a line may break: after blanks, and beside wide characters, which Chinese and Japanese break between."""
    words = [""]
    for character in text:
        wide = get_character_cell_size(character) == 2 and character not in _CLOSING
        if (wide and words[-1]) or (words[-1][-1:] == " " and character != " "):
            words.append("")
        words[-1] += character
    return words


def paint(line: Line, columns: int, base: Style, tones: Mapping[str, Style]) -> Strip:
    """The line as a strip of exactly so many columns."""
    right = [Cell(_shown(cell.text), cell.tone) for cell in line.right]
    room = columns - width(right)
    if room < 0:
        right, room = _cut_cells(right, columns), 0
    left = _cut_cells(line.left, room - (1 if right and room else 0))
    gap = columns - width(left) - width(right)
    fill = line.fill
    filled = [Cell(fill.text * gap, fill.tone)] if gap > 0 else []
    cells = [*left, *filled, *right]
    return Strip([Segment(cell.text, base + tones[cell.tone] if cell.tone else base) for cell in cells], columns)


def _cut_cells(cells: Sequence[Cell], columns: int) -> list[Cell]:
    out: list[Cell] = []
    for index, cell in enumerate(cells):
        text = _shown(cell.text)
        taken = cell_len(text)
        if taken > columns:
            short = cut(text, columns)
            if short:
                out.append(Cell(short, cell.tone))
            elif out and index:
                out[-1] = _ended(out[-1])
            return out
        out.append(Cell(text, cell.tone))
        columns -= taken
    return out


def _ended(cell: Cell) -> Cell:
    """The cell with its last column given to the sign that says there is more."""
    return Cell(cut(cell.text + "  ", cell_len(cell.text)), cell.tone) if cell.text.strip() else cell


def _shown(text: str) -> str:
    """Blanks at the ends are layout here, and stay; what stands between them is shown safely."""
    if text.isascii() and text.isprintable():
        return text
    core = text.strip(" ")
    start = text[: len(text) - len(text.lstrip(" "))]
    return f"{start}{one_line(core)}{text[len(start) + len(core) :]}"
