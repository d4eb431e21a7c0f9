"""What home says to one person by name: steps that were asked aloud of them, and roles that they were given."""

from __future__ import annotations

from collections.abc import Iterable

from opsterm.command.asked_aloud import asked_aloud
from opsterm.incidents.roles import given, named_commander
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.person_name import same_person
from screens.checklists.open_run import open_step
from screens.console import ConsoleContext
from screens.pages.console_screen import ConsoleScreen
from screens.pages.rows import row
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_STEP, _ROOM = "asked:", "given:"
#: So many of an incident's last lines say whether one wrote since.
_LINES = 400


def asked(context: ConsoleContext, rooms: Iterable[Snapshot]) -> list[Row]:
    """The lines, under their heading; none where nothing is asked."""
    me = context.person
    rows = [_row(f"{_STEP}{notice.record}", notice.text) for notice in asked_aloud(context.board, me)]
    for room in rooms:
        mine = [notice for notice in given(room) if notice.concerns(me)]
        if same_person(room.incident.commander, me):
            named = named_commander(room, context.board.moments(room.incident.id, last=_LINES))
            mine += [named] if named else []
        rows += [_row(f"{_ROOM}{room.incident.id}", f"{room.incident.mark} {notice.text}") for notice in mine]
    return [row("", Cell("For you", "strong")), *rows] if rows else []


def _row(key: str, text: str) -> Row:
    return row(key, Cell(f"{SIGNS.alarm} ", "warn"), Cell(text), right=(Cell("  enter", "accent"),))


def opens(screen: ConsoleScreen, key: str) -> bool:
    """Opens what a line is about; says whether it is one of these."""
    if key.startswith(_STEP):
        open_step(screen, screen.context, key.removeprefix(_STEP))
    elif key.startswith(_ROOM):
        screen.context.console.open_incident(key.removeprefix(_ROOM))
    return key.startswith((_STEP, _ROOM))
