"""All that people said apart and nobody settled, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.core.conflicts import conflicts_of
from opsterm.records.instant import Instant
from screens.pages.console_screen import ConsoleScreen
from screens.pages.disputed import Disputes
from screens.pages.incident_screen import IncidentScreen
from screens.pages.page import Page
from screens.pages.rows import fixed
from screens.widgets.cells import Cell
from screens.widgets.lines import Row


def all_disputed(screen: ConsoleScreen) -> Page:
    """What was said apart in the incident of a screen, else on the whole board."""
    here = screen if isinstance(screen, IncidentScreen) else None
    heading = f"Disputed in {here.snapshot.incident.mark}" if here else "Disputed"
    find = partial(conflicts_of, screen.context.board, here.incident if here else None)

    def rows(columns: int, now: Instant) -> Sequence[Row]:
        nothing = Cell("Nothing is disputed: nobody said two things apart.", "muted")
        return () if find() else [fixed(()), fixed((nothing,))]

    return Page(screen.context, heading, rows, disputes=Disputes(find, named=True))
