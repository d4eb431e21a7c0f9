"""What people put into a postmortem is put right: answers, factors, improvements, each by its own words."""

from __future__ import annotations

from opsterm.board.fold import DELETED
from opsterm.core.session import Outcome, Rejected, Session, person_name, some
from opsterm.learn.postmortem import factor_fields, improvement_fields, postmortem_of
from opsterm.obligations import obligation as obligations
from opsterm.operations.deployments.entry_line import day_and_why
from opsterm.records import Answer, Factor, Improvement, Obligation
from opsterm.records.instant import Instant
from opsterm.records.obligation import OVER


def whose_and_when(line: str, now: Instant) -> tuple[str, str]:
    """(owner, day) of a line that names both in any order: `@noor 4w`, `2026-12-15 noor`. Raises Rejected."""
    names, days = [], []
    for word in line.split():
        try:
            days.append(day_and_why(word, now)[0])
        except Rejected:
            names.append(word)
    owner = person_name(" ".join(names))
    if not owner or len(days) != 1:
        raise Rejected("Say one owner and one day: noor 4w, or noor 2026-12-15.")
    return owner, days[0]


def reword_answer(session: Session, item: Answer, text: str) -> Outcome:
    """Puts other words in the place of an answer."""
    session.set(item, {"text": some(text, "an answer")})
    return Outcome("answer noted", item.id)


def revise_factor(
    session: Session, item: Factor, *, text: str = "", kind: str = "", evidence: str = "", behind: str = ""
) -> Outcome:
    """Says more of a factor, or says it in other words; what is not given stays. Raises Rejected for a kind that is not
    in the taxonomy."""
    given = factor_fields(text, kind, evidence, behind)
    if not given:
        raise Rejected("Nothing to record: say what is so.")
    session.set(item, given)
    return Outcome(f"{item.mark} noted", item.id)


def revise_improvement(
    session: Session,
    item: Improvement,
    *,
    text: str = "",
    sort: str = "",
    done_when: str = "",
    wanted: str = "",
    factor: str = "",
) -> Outcome:
    """Says more of an improvement, or says it in other words, which its obligation takes too. Raises Rejected for a
    type that is not there."""
    given = improvement_fields(text, sort, done_when, wanted, factor)
    if not given:
        raise Rejected("Nothing to record: say what is done.")
    with session.board.transaction():
        session.set(item, given)
        owed = session.board.get(Obligation, item.obligation)
        if owed is not None and "text" in given:
            session.set(owed, {"what": given["text"]})
    return Outcome(f"{item.mark} noted", item.id)


def choose(session: Session, item: Improvement) -> Outcome:
    """Takes an idea among the few that will be done; it is owed once it has an owner and a date."""
    if item.chosen:
        raise Rejected(f"{item.mark} is among the few already: x keeps it as an idea.")
    # The obligation that ended with it stays ended: a new owner and date make a new one.
    session.set(item, {"chosen": True, "obligation": ""})
    return Outcome(f"{item.mark} is among the few: say whose it is, and by when", item.id)


def take_away(session: Session, item: Answer | Factor) -> Outcome:
    """Takes an answer or a factor out of the postmortem; it can be undone."""
    session.set(item, {DELETED: True})
    return Outcome(f"{item.mark if isinstance(item, Factor) else 'answer'} taken out", item.id)


def give_postmortem(session: Session, incident: str, owner: str) -> Outcome:
    """Gives a postmortem to another, with the obligation that reminds of it. Raises Rejected where there is none."""
    item = postmortem_of(session.board, incident)
    if item is None:
        raise Rejected("No postmortem is open here.")
    who = some(person_name(owner), "who drafts it")
    owed = session.board.get(Obligation, item.obligation)
    with session.board.transaction():
        session.set(item, {"owner": who})
        if owed is not None and owed.state not in OVER:
            obligations.give(session, owed, who)
    return Outcome(f"the postmortem is {who}'s", item.id)
