"""When the next word is due: what was promised, else what the severity asks for."""

from __future__ import annotations

from datetime import timedelta

from opsterm.command.action import later
from opsterm.command.room import Room
from opsterm.records import Update
from opsterm.records.instant import Instant

#: Minutes to the next word to customers by severity: first word, then while investigating or identified, then while
#: monitoring [field notes on incident command, update cadence]. Nothing is due for severities that are not here.
CUSTOMERS_MINUTES = {"sev1": (5, 20, 60), "sev2": (15, 30, 60), "sev3": (60, 120, 120)}
#: The same to executives; they are owed nothing before the first word that somebody sent them.
EXECUTIVES_MINUTES = {"sev1": 30, "sev2": 60, "sev3": 1440}


def next_words(room: Room) -> list[tuple[str, Instant]]:
    """(audience, when the next word to it is due), soonest first; nothing once the incident is over."""
    if room.over:
        return []
    due = [(audience, next_word(room, audience)) for audience in ("customers", "executives")]
    return sorted(((audience, at) for audience, at in due if at), key=lambda pair: pair[1])


def next_word(room: Room, audience: str) -> Instant:
    """When the next word to an audience is due; empty where none is."""
    last = room.last_update(audience)
    if last is not None and last.next_at:
        return last.next_at
    due = _by_table(room, audience, last)
    return max(due, _watched(room)) if due else ""


def _watched(room: Room) -> Instant:
    """A night watch moves the next word to its end; a time that was promised stands."""
    return room.incident.watch_until if room.incident.status == "monitoring" else ""


def _by_table(room: Room, audience: str, last: Update | None) -> Instant:
    severity = room.incident.severity
    if audience == "customers" and severity in CUSTOMERS_MINUTES:
        first, working, watching = CUSTOMERS_MINUTES[severity]
        if last is None:
            return later(room.incident.declared_at or room.incident.at, timedelta(minutes=first))
        minutes = watching if room.incident.status == "monitoring" else working
        return later(last.at, timedelta(minutes=minutes))
    if audience == "executives" and last is not None and severity in EXECUTIVES_MINUTES:
        return later(last.at, timedelta(minutes=EXECUTIVES_MINUTES[severity]))
    return ""
