"""What a draft asks for, answered on one line: into the record where it has a field, so that every text says it."""

from __future__ import annotations

from datetime import UTC, tzinfo

from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.times import lies_ahead, time_first
from opsterm.drafting.data_state import data_said
from opsterm.incidents.incident import give_role, set_severity
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.action import OPEN
from opsterm.records.hypothesis import ALIVE
from opsterm.records.record import Record

#: What a draft asks for → the incident's field that holds it.
FIELDS = {
    "impact": "impact",
    "what": "impact_what",
    "extent": "impact_extent",
    "unaffected": "impact_unaffected",
    "workaround": "workaround",
    "retry": "retry",
    "data_detail": "data_detail",
    "review": "review_on",
    "business": "business",
    "decision": "decision_wanted",
    "risk": "risk",
    "help": "help_needed",
    "channel": "channel",
    "watch": "exit",
}


def fill(session: Session, snapshot: Snapshot, name: str, answer: str, zone: tzinfo = UTC) -> Outcome | None:
    """Records the answer to what a draft asks for under `name`; nothing where only the text can hold it. Raises
    Rejected where the answer can't be that."""
    said = some(answer, "the answer")
    of = snapshot.incident
    if name in FIELDS:
        session.set(of, {FIELDS[name]: said})
    elif name == "extent_of":
        session.set(of, {"impact_extent": f"{of.impact_extent} {said}"})
    elif name == "severity":
        return set_severity(session, of, said)
    elif name == "commander":
        return give_role(session, of, said, "commander")
    elif name == "since":
        at, _ = time_first(said, session.board.now, zone)
        if not at or lies_ahead(at, session.board.now):
            raise Rejected("Say a time up to now: 13:05, or -20m for twenty minutes ago.")
        session.set(of, {"started_at": at})
    elif name == "data":
        state, detail = data_said(said)
        if state == "unknown":
            raise Rejected("Say none alone, or begin with delayed, lost or exposed; then which data, of whom.")
        session.set(of, {"data": state, "data_detail": detail})
    else:
        item = _spoken_of(snapshot, name)
        if item is None:
            return None
        session.set(item, {"plain": said})
    return Outcome(f"{name.replace('_', ' ')} noted, in the record and in the text", of.id)


def _spoken_of(snapshot: Snapshot, name: str) -> Record | None:
    """The hypothesis or order whose plain words are asked for."""
    if name == "cause":
        held = [h for h in snapshot.ranked_hypotheses() if h.state in ALIVE]
        confirmed = [h for h in held if h.state == "confirmed"]
        return next(iter(confirmed or held), None)
    if name == "tried":
        return next((h for h in snapshot.hypotheses if h.state == "eliminated" and not h.plain), None)
    if name == "doing":
        running = [a for a in snapshot.actions if a.state in OPEN]
        return running[-1] if running else None
    return None
