"""A page of one incident with keys of its own: read anew when the board changes, and counting as time goes."""

from __future__ import annotations

from opsterm.board.news import News
from opsterm.core.session import Outcome
from opsterm.records.instant import Instant
from screens.pages.incident_screen import IncidentScreen
from screens.pages.lines_screen import LinesScreen
from screens.widgets.lines import Lines


class IncidentPage(IncidentScreen, LinesScreen):
    """The pane turned into a form. Subclasses say its place in the table of keys, its heading and its lines."""

    def on_resize(self) -> None:
        """What it says of the selected line is known once there is one: it is painted again in any case."""
        self.call_after_refresh(self.paint)

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint()

    def read_after(self, now: Instant, news: News | None) -> None:
        self.read(now, news)

    def tick(self, now: Instant) -> None:
        self.paint()

    def back_with(self, outcome: Outcome) -> None:
        """Goes back to the screen below, and lets it say what was done."""
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self.dismiss()
        if isinstance(below, IncidentScreen):
            below.done(outcome)
