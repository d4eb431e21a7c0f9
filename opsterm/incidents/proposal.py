"""Decisions put to the room: "The proposal is … any strong objections?", a pause, "Hearing none, we proceed."

Never "does everyone agree?": silence is consent, objections are noted, and a wrong decision beats none. [PagerDuty]
"""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, some
from opsterm.incidents.snapshot import Snapshot
from opsterm.incidents.timeline import decide
from opsterm.records import Incident, Objection, Proposal


def put_to_room(session: Session, incident: Incident, text: str, *, why: str = "") -> Outcome:
    """Proposes a decision; the answer is what to say aloud."""
    fields = {"text": some(text, "what is proposed"), "state": "open"}
    record = session.create(Proposal, incident.id, fields, why=why)
    mark = session.read(Proposal, record).mark
    return Outcome(f"{mark} The proposal is: {text.strip()}. Any strong objections?", record)


def object_to(session: Session, proposal: Proposal, text: str, said: Attribution = NOW) -> Outcome:
    """Notes a strong objection, and whose."""
    _must_be_open(proposal)
    fields = {"proposal": proposal.id, "text": some(text, "what speaks strongly against it")}
    record = session.create(Objection, proposal.incident, fields, said=said)
    return Outcome(f"objection to {proposal.mark} by {session.speaker(said)} noted", record)


def answer_objection(session: Session, objection: Objection, answer: str) -> Outcome:
    """Notes what was said to an objection."""
    session.set(objection, {"answer": some(answer, "what was said to it")})
    return Outcome("answer noted", objection.id)


def carry(session: Session, proposal: Proposal, *, why: str = "", instead_of: str = "") -> Outcome:
    """Takes the decision. Objections never block it; one that nobody answered warns."""
    _must_be_open(proposal)
    objections = objections_to(session, proposal)
    unanswered = [item for item in objections if not item.answer]
    heard = f"over {len(objections)} objection(s)" if objections else "no strong objection"
    with session.board.transaction():
        incident = session.board.get(Incident, proposal.incident)
        if incident is None:
            raise Rejected("That incident is not on this board any more.")
        told = decide(
            session,
            incident,
            proposal.text,
            why=why or proposal.text_why,
            instead_of=instead_of,
            objections=len(objections),
        )
        session.set(proposal, {"state": "decided", "decision": told.record})
    warning = f"unanswered: {'; '.join(f'{item.by}: {item.text}' for item in unanswered)}" if unanswered else ""
    return Outcome(f"{told.sentence}, {heard}: {proposal.text}", told.record, warning)


def drop(session: Session, proposal: Proposal, why: str) -> Outcome:
    """Gives a proposal up, with the reason."""
    _must_be_open(proposal)
    session.set(proposal, {"state": "dropped"}, why=some(why, f"why {proposal.mark} is dropped"))
    return Outcome(f"{proposal.mark} dropped", proposal.id)


def objections_to(session: Session, proposal: Proposal) -> list[Objection]:
    """The objections to a proposal, oldest first."""
    return session.board.all(Objection, proposal.incident, where="proposal = ?", args=(proposal.id,))


def open_proposals(snapshot: Snapshot) -> Sequence[tuple[Proposal, Sequence[Objection]]]:
    """What waits for a decision, each with its objections, oldest first."""
    return [
        (item, [o for o in snapshot.objections if o.proposal == item.id])
        for item in snapshot.proposals
        if item.state == "open"
    ]


def _must_be_open(proposal: Proposal) -> None:
    if proposal.state != "open":
        raise Rejected(f"{proposal.mark} is {proposal.state} already.")
