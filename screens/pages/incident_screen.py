"""What a screen of one incident is: it has read all records of it at one version of the board."""

from __future__ import annotations

from typing import Self

from opsterm.board.news import News
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.pages.console_screen import ConsoleScreen


class IncidentScreen(ConsoleScreen):
    """One incident as it was read last."""

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context)
        self.incident = incident
        self.snapshot = read_snapshot(context.board, incident)

    @classmethod
    def opened_from(cls, screen: ConsoleScreen) -> Self:
        """This screen of the incident of another one."""
        assert isinstance(screen, IncidentScreen)
        return cls(screen.context, screen.incident)

    def draft_key(self, prompt: str) -> str:
        return f"{self.place}:{prompt}:{self.incident}"

    @property
    def version(self) -> int:
        return self.snapshot.version

    def read(self, now: Instant, news: News | None = None) -> None:
        """Reads the incident anew. Raises Rejected where it is not on the board any more."""
        self.snapshot = read_snapshot(self.context.board, self.incident, self.snapshot, news)
