"""A text in full, to read, scroll and copy to the character."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.pages.page import Page
from screens.pages.rows import fixed, words
from screens.widgets.lines import Row


class TextPage(Page):
    """Markdown or plain text; copying gives the text itself, not the lines as they are folded here."""

    said = "y copies it as Markdown; esc back"

    def __init__(self, context: ConsoleContext, heading: str, source: str) -> None:
        self.source = source
        super().__init__(context, heading, self._rows)

    def _rows(self, columns: int, now: Instant) -> Sequence[Row]:
        return [fixed(()), *text_rows(self.source, columns)]

    @property
    def text(self) -> str:
        return self.source


def text_rows(source: str, columns: int) -> list[Row]:
    """The lines of a text, headings strong."""
    rows: list[Row] = []
    for line in source.splitlines():
        hanging = len(line) - len(line.lstrip(" "))
        tone = "strong" if line.startswith("#") else ""
        rows += words(line.strip(), columns, tone, indent=hanging) if line.strip() else [fixed(())]
    return rows


def tree_rows(nodes: Sequence[tuple[str, int]], columns: int) -> list[Row]:
    """(text, depth) as a tree."""
    return [row for text, depth in nodes for row in words(text, columns, indent=2 + 2 * depth)]


def nothing_rows(text: str, columns: int) -> list[Row]:
    """What a part of a page says while it is empty."""
    return words(text, columns, "muted", indent=2)
