"""Who is about to tell an audience: seen by everybody else who is about to tell the same."""

from __future__ import annotations

from collections.abc import Iterator

from opsterm.core.session import Session
from opsterm.core.times import age, between
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Incident, TextBegun
from opsterm.records.instant import Instant
from opsterm.records.update import BegunState

#: A text that was begun so long ago, and neither left nor sent, was forgotten: its console is gone. (opsterm)
FORGOTTEN_MINUTES = 15


def begin(session: Session, incident: Incident, audience: str) -> str:
    """Says that this person writes to an audience. Returns the record."""
    return session.create(TextBegun, incident.id, {"audience": audience})


def end(session: Session, record: str, state: BegunState) -> None:
    """Says that the text was left, or sent."""
    found = session.board.get(TextBegun, record)
    if found is not None and found.state == "open":
        session.set(found, {"state": state})


def others_at(snapshot: Snapshot, audience: str, person: str, since: Instant, now: Instant) -> str:
    """Who else told an audience since a text to it was begun, or is about to, in words; empty where nobody is."""
    told = [u for u in snapshot.updates if u.audience == audience and u.by != person and since and u.at >= since]
    if told:
        last = max(told, key=lambda update: (update.at, update.born))
        return f"{last.by} told them {age(max(between(last.at, now), 0))} ago"
    names = dict.fromkeys(name for name in _writing(snapshot, audience, now) if name != person)
    return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} writing to them too" if names else ""


def _writing(snapshot: Snapshot, audience: str, now: Instant) -> Iterator[str]:
    """Those who have a text to an audience open, or wait for the yes to one."""
    for begun in snapshot.texts_begun:
        recent = between(begun.at, now) <= FORGOTTEN_MINUTES * 60
        if begun.state == "open" and begun.audience == audience and recent:
            yield begun.by
    for asked in snapshot.text_approvals:
        recent = between(asked.at, now) <= FORGOTTEN_MINUTES * 60
        if asked.state == "asked" and asked.audience == audience and recent:
            yield asked.by
