"""The parts of a document as lines: what the postmortem says, beside the questions that it answers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from opsterm.learn.report_parts import Block, Items, Paragraph, Quote, Report, ReportTable
from screens.pages.rows import fixed, folded, words
from screens.widgets.cells import Cell, fit, wrap
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: No column of a table is narrower while there is room.
_COLUMN_MIN = 8


def section_rows(document: Report, keys: Sequence[str], columns: int) -> list[Row]:
    """The sections of these keys, in this order, each under its title; those that the document lacks are left out."""
    known = {section.key: section for section in document.sections}
    drawn: list[Row] = []
    for key in keys:
        if key in known:
            drawn += [fixed(()), fixed((Cell(known[key].title, "strong"),))]
            drawn += [row for block in known[key].blocks for row in _block(block, columns)]
    return drawn


def _block(block: Block, columns: int) -> list[Row]:
    match block:
        case Paragraph(text):
            return words(text, columns)
        case Items(items):
            drawn = []
            for text, below in items:
                drawn += folded("", Cell(f"{SIGNS.dot} ", "muted"), text, columns)
                for item in below:
                    drawn += folded("", Cell("    "), item, columns, tone="muted")
            return drawn
        case ReportTable(_, rows):
            return table_rows(rows, columns)
        case Quote(about, text):
            return [*words(about, columns, "muted"), *words(text.strip(), columns, indent=2)]


def table_rows(rows: Sequence[Sequence[str]], columns: int, head: Sequence[str] = ()) -> list[Row]:
    """Rows under one another; the widest column takes what is left, in as many lines as it needs."""
    every = [*([head] if head else []), *rows]
    if not every:
        return []
    widths = [max(cell_len(row[place]) for row in every) for place in range(len(every[0]))]
    room = columns - 2 * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda place: widths[place])
        rest = room - (sum(widths) - widths[widest])
        second = max([width for place, width in enumerate(widths) if place != widest], default=0)
        widths[widest] = max(rest, min(second, widths[widest] - 1), _COLUMN_MIN)
        if all(width <= _COLUMN_MIN for width in widths):
            break
    drawn = []
    for place, row in enumerate(every):
        tone = "muted" if head and place == 0 else ""
        cells = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            told = (lines[line] if line < len(lines) else "" for lines in cells)
            text = "  ".join(fit(part, width) for part, width in zip(told, widths, strict=True))
            drawn.append(fixed((Cell(text.rstrip(), tone),)))
    return drawn
