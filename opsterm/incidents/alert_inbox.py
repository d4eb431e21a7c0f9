"""The inbox on home: alert payloads that wait for a person, folded by their group's key."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.incidents.alerts import Payload, Proposed
from opsterm.incidents.incident import declare
from opsterm.incidents.triage import log_anomaly
from opsterm.records import Alert


def receive(session: Session, payload: Payload) -> Outcome:
    """Puts what a payload proposes into the inbox. The same group again is counted, not listed twice; a group that has
    come to an end leaves it."""
    new = repeats = over = 0
    with session.board.transaction():
        waiting = {alert.dedupe: alert for alert in inbox(session.board)}
        for proposed in payload.proposals:
            known = waiting.get(proposed.dedupe)
            if known is None:
                session.create(Alert, "", _fields(proposed))
                new += 1
            else:
                worse = {"severity": proposed.severity} if proposed.severity < known.severity else {}
                session.set(known, {"times": known.times + 1, **worse})
                repeats += 1
        for dedupe in payload.resolved:
            if dedupe in waiting:
                session.set(waiting[dedupe], {"state": "over"})
                over += 1
    parts = [f"{count} {word}" for count, word in ((new, "new"), (repeats, "again"), (over, "over")) if count]
    return Outcome(f"inbox: {', '.join(parts) or 'nothing new'}")


def _fields(proposed: Proposed) -> dict[str, object]:
    return {
        "title": proposed.title,
        "severity": proposed.severity,
        "because": proposed.because,
        "services": list(proposed.services),
        "dedupe": proposed.dedupe,
        "state": "waiting",
    }


def inbox(board: Board) -> Sequence[Alert]:
    """What waits, worst first, then oldest."""
    waiting = board.all(Alert, where="state = 'waiting'")
    return sorted(waiting, key=lambda alert: (alert.severity or "sev9", alert.born))


def declare_alert(session: Session, alert: Alert) -> Outcome:
    """Declares an incident from an alert, with what it proposes."""
    _must_wait(alert)
    with session.board.transaction():
        told = declare(session, alert.title, severity=alert.severity, services=alert.services)
        session.set(alert, {"state": "declared", "became": told.record})
    return told


def log_alert(session: Session, alert: Alert) -> Outcome:
    """Logs an alert as a minor anomaly and closes it: nobody is paged."""
    _must_wait(alert)
    with session.board.transaction():
        told = log_anomaly(session, alert.title, services=alert.services)
        session.set(alert, {"state": "logged", "became": told.record})
    return told


def _must_wait(alert: Alert) -> None:
    if alert.state != "waiting":
        raise Rejected(f"That alert waits no more: {alert.state}.")
