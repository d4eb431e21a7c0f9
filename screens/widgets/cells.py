"""Lines of cells: text in tones, cut and wrapped by the width that it takes on a terminal.

Text that people wrote is never markup here: a line becomes segments directly.
"""

from __future__ import annotations

import re
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


#: No more characters than so many times the columns are looked at for a line: marks above and below take no column.
_SIGNS_A_COLUMN = 8


def _head(text: str, columns: int) -> str:
    """As much of a text as a line of so many columns can show; where that is not all, more than fits."""
    most = columns * _SIGNS_A_COLUMN
    return text if len(text) <= most else f"{text[:most]}{SIGNS.cut}"


@lru_cache(maxsize=4096)
def cut(text: str, columns: int) -> str:
    """The text within so many columns; `…` says that there is more."""
    if columns <= 0:
        return ""
    text = _head(text, columns)
    if cell_len(text) <= columns:
        return text
    return f"{set_cell_size(text, columns - 1).rstrip()}{SIGNS.cut}"


def fit(text: str, columns: int) -> str:
    """The text cut or padded to exactly so many columns."""
    short = cut(text, columns)
    return short + " " * (columns - cell_len(short))


#: A page lays out so many characters and lines of one text, and says how much more there is.
PAGE_CHARS_MAX, PAGE_LINES_MAX = 100_000, 2000
#: A text in which more is cut off than this says how much.
_MUCH = 10_000


@lru_cache(maxsize=2048)
def wrap(text: str, columns: int, lines_max: int = 0, *, first: int = 0) -> tuple[str, ...]:
    """The text in lines of so many columns at most, the first one of `first` where that is another number; beyond
    `lines_max` it is cut (0: only what no page shows). What can't be shown is not laid out."""
    columns = max(columns, 1)
    out: list[str] = []
    laid_out = text[: min((lines_max + 1) * columns * _SIGNS_A_COLUMN, PAGE_CHARS_MAX) if lines_max else PAGE_CHARS_MAX]
    for paragraph in laid_out.splitlines() or [""]:
        out.extend(_wrapped(safe(paragraph), columns, columns if out else first or columns))
    if lines_max and (len(out) > lines_max or len(laid_out) < len(text)):
        room = columns if lines_max > 1 else first or columns
        more = _more(text, out[: lines_max - 1], "enter")
        rest = " ".join(out[lines_max - 1 :])
        if more and len(more) < room // 2:
            return (*out[: lines_max - 1], f"{set_cell_size(_head(rest, room), room - len(more) - 1).rstrip()} {more}")
        return (*out[: lines_max - 1], cut(rest if len(out) > lines_max else f"{rest}{SIGNS.cut}", room))
    if len(laid_out) < len(text) or len(out) > PAGE_LINES_MAX:
        del out[PAGE_LINES_MAX:]
        out.append(cut(_more(text, out, "opsterm dump has all of it") or SIGNS.cut, columns))
    return tuple(out)


def _more(text: str, lines: Iterable[str], where: str) -> str:
    """How much of a long text is not in these lines, and where it is; nothing where that is little."""
    shown = sum(len(line) + 1 for line in lines)
    if len(text) - shown < _MUCH:
        return ""
    return f"{SIGNS.cut} {len(text[shown:].encode('utf-8', 'replace')) // 1000:,} kB more: {where}"


def _wrapped(text: str, rest: int, first: int) -> list[str]:
    out: list[str] = []
    line, taken = "", 0
    columns = first
    for word in _words(text):
        wide = cell_len(word)
        if taken + wide <= columns or taken + cell_len(word.rstrip()) <= columns:
            line, taken = line + word, taken + wide
            continue
        if line.strip():
            out.append(line.rstrip())
            columns = rest
        *full, line = _pieces(word, columns, rest)
        out += full
        columns, taken = rest if full else columns, cell_len(line)
    return [*out, line.rstrip()]


def _pieces(word: str, first: int, rest: int) -> list[str]:
    """A word in pieces of so many columns; the last one is what is left of it."""
    out: list[str] = []
    start, columns = 0, first
    while True:
        window = word[start : start + 2 * columns]
        ends = start + len(window) == len(word)
        if ends and (len(window) <= 1 or cell_len(window.rstrip()) <= columns):
            return [*out, window]
        head = set_cell_size(window, columns).rstrip() if cell_len(window) > columns else window
        out.append(head or window[0])
        start, columns = start + len(out[-1]), rest


#: Wide signs that no line begins with.
_CLOSING = frozenset("，。；：！？、）」』】》〉”’")
_ASCII_WORD = re.compile(r"[^ ]+ *| +")


def _words(text: str) -> list[str]:
    """Where a line may break: after blanks, and beside wide characters, which Chinese and Japanese break between."""
    if text.isascii():
        return _ASCII_WORD.findall(text) or [""]
    words, begun = [], 0
    for place, character in enumerate(text[1:], 1):
        wide = get_character_cell_size(character) == 2 and character not in _CLOSING and text[place - 1] != _JOINER
        if wide or (text[place - 1] == " " and character != " "):
            words.append(text[begun:place])
            begun = place
    return [*words, text[begun:]]


#: Makes one emoji of two.
_JOINER = "\u200d"


def paint(line: Line, columns: int, base: Style, tones: Mapping[str, Style]) -> Strip:
    """The line as a strip of exactly so many columns."""
    right = [Cell(_shown(_head(cell.text, columns)), cell.tone) for cell in line.right]
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
        text = _shown(_head(cell.text, max(columns, 1)))
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
