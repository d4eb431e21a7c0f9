"""What was seen, and what was decided."""

from __future__ import annotations

from opsterm.core.session import NOW, Said, Session, Told, some
from opsterm.records import Decision, Incident, Observation


def observe(session: Session, incident: Incident, text: str, said: Said = NOW) -> Told:
    """Puts something seen on the timeline."""
    record = session.create(Observation, incident.id, {"text": some(text, "what you see")}, said=said)
    return Told("on the timeline", record)


def correct(session: Session, observation: Observation, text: str, said: Said = NOW) -> Told:
    """Says an observation better; what was said before stays in its history."""
    kept = Said(at=said.at or observation.text_at, by=said.by)
    session.set(observation, {"text": some(text, "what you see")}, said=kept)
    return Told("corrected; the earlier words are kept", observation.id)


def decide(
    session: Session, incident: Incident, text: str, *, why: str = "", instead_of: str = "", said: Said = NOW
) -> Told:
    """Puts a decision on the record; `instead_of` is what was decided against."""
    fields = {"text": some(text, "what was decided"), **({"instead_of": instead_of} if instead_of else {})}
    record = session.create(Decision, incident.id, fields, why=why, said=said)
    made = session.board.get(Decision, record)
    return Told(f"{made.mark if made else 'decision'} decided", record)
