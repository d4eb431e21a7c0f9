"""What was seen, and what was decided."""

from __future__ import annotations

from opsterm.core.session import NOW, Attribution, Outcome, Session, some
from opsterm.records import Decision, Incident, Observation


def observe(session: Session, incident: Incident, text: str, said: Attribution = NOW) -> Outcome:
    """Puts something seen on the timeline."""
    record = session.create(Observation, incident.id, {"text": some(text, "what you see")}, said=said)
    return Outcome("on the timeline", record)


def correct(session: Session, observation: Observation, text: str, said: Attribution = NOW) -> Outcome:
    """Says an observation better; what was said before stays in its history."""
    kept = Attribution(at=said.at or observation.text_at, by=said.by)
    session.set(observation, {"text": some(text, "what you see")}, said=kept)
    return Outcome("corrected; the earlier words are kept", observation.id)


def decide(
    session: Session, incident: Incident, text: str, *, why: str = "", instead_of: str = "", said: Attribution = NOW
) -> Outcome:
    """Puts a decision on the record; `instead_of` is what was decided against."""
    fields = {"text": some(text, "what was decided"), **({"instead_of": instead_of} if instead_of else {})}
    record = session.create(Decision, incident.id, fields, why=why, said=said)
    made = session.board.get(Decision, record)
    return Outcome(f"{made.mark if made else 'decision'} decided", record)
