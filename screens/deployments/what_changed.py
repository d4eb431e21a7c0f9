"""What changed before an incident: first what touches its systems, nearest in time, each with its way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from opsterm.board.store import Board
from opsterm.operations.deployments.started import any_started
from opsterm.records import Incident
from opsterm.records.instant import Instant
from screens.console import ConsoleContext, Viewpoint
from screens.pages.page import Page
from screens.pages.rows import fixed, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import clock, seconds_between, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.operations.deployments.deployment import RecordedChange

_WITHIN = {2: "2 hours", 24: "a day", 168: "7 days"}


def changed_page(context: ConsoleContext, incident: str) -> Page:
    """The page of what changed before an incident."""
    return Page(context, "What changed?", partial(_rows, context, incident))


def nearest_change(context: Viewpoint, incident: Incident) -> str:
    """The change that an incident's room shows while nobody said one: on its systems, the nearest before it."""
    board = context.board
    if not incident.services or not any_started(board):
        return ""
    item = _nearest(board, incident.id, board.version)
    if item is None:
        return ""
    at = clock(item.at, context.zone, today=context.board.now)
    return f"{at} {item.mark} {item.what} {item.version}".rstrip() + f", {item.state} {SIGNS.dot} C shows all"


@lru_cache(maxsize=8)
def _nearest(board: Board, incident: str, version: int) -> RecordedChange | None:
    """The same as a record; worked out once for each version of the board."""
    from opsterm.operations.deployments.deployment import what_changed

    found = board.get(Incident, incident)
    changes = what_changed(board, found, board.now) if found else []
    return next((item for item in changes if item.shared and item.within_h <= 24), None)


def _rows(context: ConsoleContext, incident: str, columns: int, now: Instant) -> Sequence[Row]:
    from opsterm.operations.deployments.deployment import what_changed

    found = context.board.get(Incident, incident)
    if found is None:
        return [fixed((Cell("That incident is not on this board any more: esc goes back.", "warn"),))]
    changes = what_changed(context.board, found, now)
    rows: list[Row] = []
    title = ""
    for item in changes:
        said = _title(item)
        if said != title:
            title = said
            rows += heading(said)
        rows += _lines(context, found, item, now)
    if found.changed:
        rows += [*heading("As it was said"), fixed((Cell(found.changed),))]
    if not changes:
        teach = "No deployment or change of the last 7 days is on record.  home: d  records one"
        return [*rows, fixed(()), fixed((Cell(teach, "muted"),))]
    return [*rows, fixed(()), fixed((Cell("b", "accent"), Cell("  in the war room goes back", "muted")))]


def _title(item: RecordedChange) -> str:
    where = "On its systems" if item.shared else "Elsewhere"
    return f"{where}, within {_WITHIN.get(item.within_h, f'{item.within_h} h')}"


def _lines(context: ConsoleContext, incident: Incident, item: RecordedChange, now: Instant) -> list[Row]:
    version = f" {item.version}" if item.version else ""
    begun = incident.started_at or incident.declared_at or incident.at
    apart = seconds_between(item.at, begun)
    when = f"{span(apart)} before" if apart >= 0 else f"{span(-apart)} after it began"
    systems = ", ".join(item.systems)
    return [
        fixed(
            (Cell(f"{item.mark:<8}", "accent"), Cell(f"{item.what}{version}", "strong"), Cell(f"  {systems}")),
            (Cell(f"  {when}"), Cell(f"  {clock(item.at, context.zone, today=now)}", "muted")),
            key=item.record,
        ),
        fixed(
            (
                Cell(" " * 8),
                Cell(f"{item.sort} {SIGNS.dot} {item.state} {SIGNS.dot} {item.owner or 'nobody named'}", "muted"),
            ),
            (Cell(f"  goes back by: {item.way_back or 'nothing written'}", "" if item.way_back else "warn"),),
            key=item.record,
        ),
    ]
