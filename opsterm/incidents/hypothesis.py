"""Hypotheses: proposed, tested, and ruled out with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.records import Evidence, Hypothesis, Incident
from opsterm.records.hypothesis import STATE_WORDS, STATES, State

#: Whether the reason given with a state speaks for the hypothesis or against it.
_SPEAKS: dict[State, bool] = {"supported": True, "confirmed": True, "eliminated": False}
#: Where a finding comes from, as people write it after it: `pool at 40 % [dashboard of db-2]`.
_IN_BRACKETS = re.compile(r"[\[【]([^\[\]【】]{1,200})[\]】]\s*$")


def propose(
    session: Session,
    incident: Incident,
    text: str,
    *,
    confidence: float | None = None,
    owner: str = "",
    parent: Hypothesis | None = None,
    said: Attribution = NOW,
) -> Outcome:
    """Puts a hypothesis on the board: what could explain this; `parent` is the one that it refines."""
    said_of = some(text, "what could explain this")
    fields = filled(text=said_of, state="proposed", owner=owner, parent=parent.id if parent else "")
    if confidence is not None:
        fields["confidence"] = confidence
    record = session.create(Hypothesis, incident.id, fields, said=said)
    return Outcome(f"{session.read(Hypothesis, record).mark} is on the board", record)


def add_evidence(
    session: Session,
    hypotheses: Iterable[tuple[Hypothesis, bool]],
    text: str,
    *,
    strong: bool = False,
    said: Attribution = NOW,
) -> Outcome:
    """Notes one finding for or against one hypothesis or several; a `strong` one would rule it out alone, or all but
    prove it [Heuer ch. 8]. Where it was found stands in brackets at the end of the text."""
    found = some(text, "what was found")
    told = _IN_BRACKETS.search(found)
    more = filled(source=told[1].strip() if told else "", weight=2 if strong else 0)
    signs = []
    record = ""
    with session.board.transaction():
        for hypothesis, supports in hypotheses:
            fields = {"hypothesis": hypothesis.id, "text": found, "supports": supports}
            record = session.create(Evidence, hypothesis.incident, {**fields, **more}, said=said)
            signs.append(f"{'strongly ' if strong else ''}{'for' if supports else 'against'} {hypothesis.mark}")
    return Outcome(f"evidence {' and '.join(signs)}", record)


def lacks_reason(state: str, why: str, found: Iterable[Evidence]) -> bool:
    """Whether a hypothesis can't move to a state yet: ruling it out takes a reason, or evidence against it."""
    return state == "eliminated" and not why and all(item.supports for item in found)


def move(
    session: Session,
    hypothesis: Hypothesis,
    state: str = "",
    why: str = "",
    *,
    confidence: float | None = None,
    owner: str = "",
    said: Attribution = NOW,
) -> Outcome:
    """Moves a hypothesis to a state, and says how likely it is and who tests it.

    Eliminating needs a reason, which becomes its evidence, or evidence against it that is there already. Confirming in
    spite of evidence against it warns. Reopening keeps all that was found.
    """
    if state and state not in STATES:
        raise Rejected(f"There is no state {state!r} of a hypothesis: say one of {', '.join(STATES)}.")
    if confidence is not None and not 0 <= confidence <= 1:
        raise Rejected("Confidence is a share from 0 % to 100 %.")
    evidence = [e for e in session.board.all(Evidence, hypothesis.incident) if e.hypothesis == hypothesis.id]
    against = [e for e in evidence if not e.supports]
    if lacks_reason(state, why, evidence):
        raise Rejected(f"Say why: {hypothesis.mark} eliminated, and what rules it out.")
    fields = filled(state=state, owner=person_name(owner))
    if confidence is not None:
        fields["confidence"] = confidence
    stands = session.outlived(hypothesis, "state", state, said) if state else ""
    with session.board.transaction():
        session.set(hypothesis, fields, why=why, said=said)
        if why and state in _SPEAKS:
            finding = {"hypothesis": hypothesis.id, "text": why, "supports": _SPEAKS[state], "closing": True}
            ref = f"{said.ref}+" if said.ref else ""
            record = f"{hypothesis.id}/{said.ref}" if said.ref else ""
            session.create(Evidence, hypothesis.incident, finding, record=record, said=said, ref=ref)
    parts = [
        *([STATE_WORDS.get(state, state)] if state else []),
        *([f"{confidence:.0%}"] if confidence is not None else []),
        *([f"with {person_name(owner)}"] if owner else []),
    ]
    warning = f"{len(against)} finding(s) speak against {hypothesis.mark}" if state == "confirmed" and against else ""
    then = f" then; {stands}" if stands else ""
    return Outcome(f"{hypothesis.mark} {', '.join(parts)}{then}", hypothesis.id, warning)
