"""A few fixed lines: the head and the foot of a screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.cells import BLANK, Line, paint
from screens.widgets.tones import tones_of


class Bar(Widget):
    """Lines that do not scroll; as high as it has lines, and painted again only where they changed."""

    def __init__(self, *, id: str | None = None, lines: Sequence[Line] = ()) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = tuple(lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Takes other lines."""
        before, self.lines = self.lines, tuple(lines)
        if len(before) != len(self.lines):
            self.styles.height = len(self.lines)
            self.refresh(layout=True)
            return
        for y, (old, new) in enumerate(zip(before, self.lines, strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def on_mount(self) -> None:
        self.styles.height = max(len(self.lines), 1)

    def render_line(self, y: int) -> Strip:
        line = self.lines[y] if y < len(self.lines) else BLANK
        return paint(line, self.size.width, self.rich_style, tones_of(self.app))

    @property
    def text(self) -> str:
        """What stands on it, for people who can't see it and for tests."""
        return "\n".join("".join(cell.text for cell in (*line.left, *line.right)) for line in self.lines)
