"""A text in full, to read, scroll and copy to the character."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.records.instant import Instant
from screens.console import Desk
from screens.pages.page import Page, fixed, words
from screens.widgets.lines import Spot


class TextPage(Page):
    """Markdown or plain text; copying gives the text itself, not the lines as they are folded here."""

    said = "y copies it as Markdown; esc back"

    def __init__(self, desk: Desk, heading: str, source: str) -> None:
        self.source = source
        super().__init__(desk, heading, self._rows)

    def _rows(self, columns: int, now: Instant) -> Sequence[Spot]:
        return [fixed(()), *text_spots(self.source, columns)]

    @property
    def text(self) -> str:
        return self.source


def text_spots(source: str, columns: int) -> list[Spot]:
    """The lines of a text, headings strong."""
    spots: list[Spot] = []
    for line in source.splitlines():
        hanging = len(line) - len(line.lstrip(" "))
        tone = "strong" if line.startswith("#") else ""
        spots += words(line.strip(), columns, tone, indent=hanging) if line.strip() else [fixed(())]
    return spots


def tree_spots(nodes: Sequence[tuple[str, int]], columns: int) -> list[Spot]:
    """(text, depth) as a tree."""
    return [spot for text, depth in nodes for spot in words(text, columns, indent=2 + 2 * depth)]


def nothing_spots(text: str, columns: int) -> list[Spot]:
    """What a part of a page says while it is empty."""
    return words(text, columns, "muted", indent=2)
