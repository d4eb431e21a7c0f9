"""A page over all incidents with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from opsterm.board.news import News
from screens.console import ConsoleContext
from screens.pages.lines_screen import LinesScreen
from screens.widgets.lines import Lines


class ListPage(LinesScreen):
    """A list of records, the selected one in full. Subclasses say its place in the table, what it reads and shows."""

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self._read_version = context.board.version

    @property
    def version(self) -> int:
        return self._read_version

    def repaint(self, news: News | None = None) -> None:
        self._read_version = self.context.board.version
        super().repaint(news)

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint()

    def draft_key(self, prompt: str) -> str:
        return f"{self.place}:{prompt}:{self.lines.selected}"
