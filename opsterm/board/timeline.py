"""The timeline: the line that each change puts there, by when it happened."""

from __future__ import annotations

from typing import NamedTuple

from opsterm.board.change import Change
from opsterm.board.fold import DELETED, said_at, said_by
from opsterm.records.plain import whole
from opsterm.records.record import KINDS
from opsterm.records.timeline_entry import REF, REMOVED, RESTORED, Entry, reason


class Moment(NamedTuple):
    """One line of an incident's timeline."""

    #: The same for the same line of a file imported twice, on whichever station.
    key: str
    incident: str
    at: str
    hlc: int
    #: When it was recorded, by its author's own clock, in milliseconds since 1970.
    wall: int
    station: str
    digest: str
    #: Name of the kind of line that it is.
    kind: str
    record_kind: str
    record: str
    by: str
    text: str


COLUMNS = Moment._fields
#: The same as SQL asks for them.
NAMES = ", ".join(COLUMNS)


def moment_of(change: Change) -> Moment | None:
    """The line that a change puts on its incident's timeline, or none."""
    incident = change.incident or (change.record if change.kind == "incident" else "")
    entry = _entry(change) if incident else None
    if entry is None:
        return None
    kind, text = entry
    values = change.values
    ref = values.get(REF)
    key = f"{change.record}\n{whole(ref)}" if isinstance(ref, str) else change.digest
    return Moment(
        key,
        incident,
        said_at(change, values),
        change.hlc,
        change.wall,
        change.station,
        change.digest,
        kind.name,
        change.kind,
        change.record,
        said_by(change, values),
        text,
    )


def _entry(change: Change) -> Entry | None:
    cls, values = KINDS.get(change.kind), change.values
    if cls is None or cls.entry is None:
        return None
    if DELETED in values:
        return REMOVED if values[DELETED] is True else RESTORED, reason(values)
    return cls.entry(values)
