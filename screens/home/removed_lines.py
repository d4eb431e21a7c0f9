"""What home says of incidents that were taken off the board a short while ago: who did it, and that enter brings one
back."""

from __future__ import annotations

from opsterm.core.times import between
from opsterm.incidents.removed import bring_back, removed_incidents
from screens.console import ConsoleContext
from screens.pages.console_screen import ConsoleScreen
from screens.pages.rows import row
from screens.widgets.cells import Cell
from screens.widgets.durations import age
from screens.widgets.lines import Row

_REMOVED = "removed:"
#: So long home tells of a removal, and of so many; `opsterm list --removed` shows all.
TOLD_S = 24 * 3600
SHOWN_MAX = 3


def removed(context: ConsoleContext) -> list[Row]:
    """The lines, under their heading; none where nothing was removed lately."""
    now = context.board.now
    late = [item for item in removed_incidents(context.board) if between(item.at, now) < TOLD_S]
    rows = [
        row(
            f"{_REMOVED}{item.incident.id}",
            Cell(f"{item.incident.mark:<8}", "muted"),
            Cell(item.incident.title),
            right=(Cell(f"  by {item.by or 'nobody named'} {age(item.at, now)} ago", "muted"),),
        )
        for item in late[:SHOWN_MAX]
    ]
    more = len(late) - SHOWN_MAX
    rows += [row("", Cell(f"and {more} more: opsterm list --removed shows all", "muted"))] if more > 0 else []
    head = row("", Cell("Removed", "strong"), Cell("  enter", "accent"), Cell(" brings one back", "muted"))
    return [head, *rows] if rows else []


def opens(screen: ConsoleScreen, key: str) -> bool:
    """Asks whether the incident of a line is to come back; says whether it is one of these."""
    if not key.startswith(_REMOVED):
        return False
    record = key.removeprefix(_REMOVED)
    screen.ask(
        "bring it back?",
        lambda typed: "enter brings it back whole; esc leaves it",
        lambda session, typed: bring_back(session, record),
        may_be_empty=True,
    )
    return True
