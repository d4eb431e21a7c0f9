"""The postmortem's commands: it opens itself on resolve, people add what only people know, improvements are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from opsterm.board.store import Board
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.times import between
from opsterm.incidents.reading import all_incidents, read_incident
from opsterm.learn.account import TrackedImprovement, improvements_of
from opsterm.learn.postmortem_walk import questions
from opsterm.learn.taxonomy import data, kinds
from opsterm.learn.team_rules import postmortem_rules
from opsterm.obligations import obligation as obligations
from opsterm.records import Answer, Factor, Improvement, Incident, Obligation, Postmortem
from opsterm.records import incident as incidents
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.obligation import OVER
from opsterm.records.person_name import same_person
from opsterm.records.plain import one_line
from opsterm.records.postmortem import STATES, TYPES

#: Incidents that ended so many days ago are still offered a postmortem.
OFFERED_DAYS = 30
Level = Literal["required", "offered", "line", "none"]


@dataclass(frozen=True, slots=True)
class PostmortemWanted:
    """Whether a postmortem is wanted, and why."""

    level: Level
    why: str


def wanted(incident: Incident) -> PostmortemWanted:
    """Required at sev1 and sev2 and where customers' data was lost or exposed, offered at sev3, one line below that;
    none for drills, for cancelled ones and for those that were folded into another [PagerDuty; Atlassian; Google]. A
    team's settings may name other severities."""
    rules, own = postmortem_rules(), data("postmortem")
    if incident.drill:
        return PostmortemWanted("none", "a drill has its own review")
    if incident.status == "cancelled" or incident.anomaly:
        return PostmortemWanted("none", "it was no incident")
    if incident.folded_into:
        return PostmortemWanted("none", "it is told with the incident that it was folded into")
    if incident.severity in rules.required:
        return PostmortemWanted("required", rules.required[incident.severity])
    told = f"{incident.data} {incident.exposure}".lower()
    if any(word in told for word in ("lost", "exposed", "corrupted")):
        return PostmortemWanted("required", own["required"]["data"])
    if incident.severity in rules.offered:
        return PostmortemWanted("offered", rules.offered[incident.severity])
    return PostmortemWanted("line", own["line"]["else"])


def is_offered(incident: Incident, now: Instant) -> bool:
    """Whether an incident that has no postmortem is offered one: it wants one, and ended OFFERED_DAYS ago at most."""
    ended = incident.resolved_at or incident.status_since
    recent = bool(ended) and between(ended, now) <= OFFERED_DAYS * 86400
    return recent and incident.status in incidents.OVER and wanted(incident).level in ("required", "offered")


@dataclass(frozen=True, slots=True)
class Dates:
    """By when the draft is there, people meet, and it is published."""

    draft: Instant
    meeting: Instant
    publishing: Instant


def due_dates(severity: str, since: Instant) -> Dates:
    """The dates by severity, counted from resolving."""
    days = postmortem_rules().days(severity)
    return Dates(*(instant(moment(since) + timedelta(days=count)) for count in days))


def postmortem_of(board: Board, incident: str) -> Postmortem | None:
    """The postmortem of an incident, if it has one."""
    return next(iter(board.all(Postmortem, incident)), None)


def open_on_resolve(session: Session, incident: str, said: Attribution = NOW) -> Outcome | None:
    """Opens the postmortem where the rules require one and there is none; nothing else. Part of resolving."""
    of = read_incident(session.board, incident)
    if of is None or wanted(of).level != "required" or postmortem_of(session.board, incident):
        return None
    return open_postmortem(session, of, said=said)


def open_postmortem(session: Session, incident: Incident, owner: str = "", said: Attribution = NOW) -> Outcome:
    """Opens a postmortem with an owner, dates by severity, and an obligation that reminds of it. Its owner is whoever
    was named for the review, else the commander. Raises Rejected where there is one already."""
    board = session.board
    found = postmortem_of(board, incident.id)
    if found is not None:
        raise Rejected(f"{incident.mark} has a postmortem already: it is {found.state}, {found.owner or 'nobody'}'s.")
    asked = wanted(incident)
    who = person_name(owner) or incident.review_owner or incident.commander
    since = incident.resolved_at or session.when(said)
    dates = due_dates(incident.severity, since)
    record = f"postmortem:{incident.id}"
    with board.transaction():
        told = obligations.owe(
            session,
            f"draft the postmortem of {incident.mark}",
            dates.draft,
            reason=asked.why,
            sort="review",
            owner=who,
            lead=incident.commander,
            origin=record,
            incident=incident.id,
            record=f"{record}:due",
            said=said,
        )
        fields = {
            "owner": who,
            "reason": asked.why,
            "required": asked.level == "required",
            "draft_at": dates.draft,
            "meet_at": dates.meeting,
            "publish_at": dates.publishing,
            "obligation": told.record,
        }
        session.create(Postmortem, incident.id, fields, record=record, said=said)
    by = dates.draft[:10]
    return Outcome(f"postmortem of {incident.mark} opened: {who or 'nobody yet'} drafts it by {by}", record)


def set_state(session: Session, item: Postmortem, state: str, why: str = "") -> Outcome:
    """Moves a postmortem on. Once it is in review it is due by its publishing; publishing ends its obligation, and
    dropping, which needs a reason, does too. Raises Rejected."""
    if state not in STATES:
        raise Rejected(f"There is no state {state!r}: say one of {', '.join(STATES)}.")
    if state == "dropped":
        some(why, "why it is dropped")
    owed = session.board.get(Obligation, item.obligation)
    with session.board.transaction():
        session.set(item, {"state": state}, why=why)
        if owed is not None and owed.state not in OVER:
            if state == "review" and item.publish_at:
                obligations.date_by_rule(session, owed, item.publish_at)
            elif state == "published":
                obligations.complete(session, owed, why or "published")
            elif state == "dropped":
                obligations.drop(session, owed, why)
    return Outcome(f"postmortem is {state}", item.id)


def summarise(session: Session, item: Postmortem, text: str) -> Outcome:
    """Puts a summary in the place of the one that was gathered; empty text brings that one back."""
    session.set(item, {"summary": text.strip()})
    return Outcome("summary noted", item.id)


def answer(session: Session, incident: str, question: str, text: str, said: Attribution = NOW) -> Outcome:
    """Adds one answer to one question of the walk. Raises Rejected for a question that is not there."""
    if question not in questions():
        raise Rejected(f"There is no question {question!r} in the walk.")
    item = postmortem_of(session.board, incident)
    fields = {"postmortem": item.id if item else "", "question": question, "text": some(text, "an answer")}
    return Outcome("answer noted", session.create(Answer, incident, fields, said=said))


def factor_fields(text: str, kind: str, evidence: str, behind: str) -> dict[str, Any]:
    """What is recorded of a factor, as far as it is said. Raises Rejected for a kind that is not in the taxonomy."""
    if kind and kind not in kinds():
        raise Rejected(f"There is no factor {kind!r}: say one of {', '.join(kinds())}.")
    return filled(text=text.strip(), name=kind, evidence=evidence.strip(), behind=behind.strip())


def add_factor(
    session: Session, incident: str, text: str, *, kind: str = "", evidence: str = "", behind: str = ""
) -> Outcome:
    """Adds a contributing factor; `kind` is a name of the taxonomy. Raises Rejected for a kind that is not there."""
    fields = factor_fields(text, kind, evidence, behind) | {"text": some(text, "what was so")}
    record = session.create(Factor, incident, fields)
    return Outcome(f"factor {session.read(Factor, record).mark} noted", record)


def improvement_fields(text: str, sort: str, done_when: str, wanted: str, factor: str) -> dict[str, Any]:
    """What is recorded of an improvement, as far as it is said. Raises Rejected for a type that is not there."""
    if sort and sort not in TYPES:
        raise Rejected(f"There is no type {sort!r}: say one of {', '.join(TYPES)}, the stronger first.")
    return filled(text=one_line(text), sort=sort, done_when=done_when.strip(), wanted=wanted.strip(), factor=factor)


def add_improvement(
    session: Session,
    incident: str,
    text: str,
    *,
    sort: str = "",
    owner: str = "",
    due_at: str = "",
    done_when: str = "",
    wanted_evidence: str = "",
    factor: str = "",
    backup: str = "",
    lead: str = "",
) -> Outcome:
    """Adds an improvement. With a date it is owed from now on; without one it is an idea that the walk points to.
    `due_at` is a day or a moment. Raises Rejected for a type that is not there."""
    fields = improvement_fields(text, sort, done_when, wanted_evidence, factor)
    some(one_line(text), "what is done, verb first")
    of = read_incident(session.board, incident)
    with session.board.transaction():
        record = session.create(Improvement, incident, fields)
        made = session.read(Improvement, record)
        if due_at:
            reason = f"improvement after {of.mark if of else incident}"
            owed = _owe(session, made, due_at, (owner, backup, lead), reason)
            session.set(made, {"obligation": owed.record})
    return Outcome(f"improvement {made.mark} noted{'' if due_at else ' as an idea: it has no date'}", record)


def _owe(session: Session, item: Improvement, due_at: str, people: tuple[str, str, str], reason: str) -> Outcome:
    """Owes an improvement from now on; `people` are its owner, its backup and its lead."""
    owner, backup, lead = people
    return obligations.owe(
        session,
        item.text,
        due_at,
        reason=reason,
        sort="improvement",
        owner=owner,
        backup=backup,
        lead=lead,
        origin=item.id,
        incident=item.incident,
    )


def promise(
    session: Session, item: Improvement, due_at: str, owner: str, *, backup: str = "", lead: str = ""
) -> Outcome:
    """Gives an idea an owner and a date: it is owed from now on; or gives it others, where it is owed already."""
    owed = session.board.get(Obligation, item.obligation)
    with session.board.transaction():
        if owed is not None:
            if person_name(owner) and not same_person(person_name(owner), owed.owner):
                obligations.give(session, owed, owner)
            return obligations.date_by_rule(session, owed, due_at)
        told = _owe(session, item, due_at, (owner, backup, lead), "improvement")
        session.set(item, {"obligation": told.record, "chosen": True})
    return told


def keep_as_idea(session: Session, item: Improvement, why: str) -> Outcome:
    """Takes an improvement from those that will be done; it stays readable as an idea."""
    owed = session.board.get(Obligation, item.obligation)
    with session.board.transaction():
        session.set(item, {"chosen": False}, why=some(why, "why it is not among the few"))
        if owed is not None and owed.state not in OVER:
            obligations.drop(session, owed, why)
    return Outcome(f"{item.mark} is kept as an idea", item.id)


def what_shows_it(item: Improvement, otherwise: str = "a link, a graph, a run") -> str:
    """What is to show that an improvement is done, as far as somebody said so."""
    return item.wanted or item.done_when or otherwise


def close(session: Session, item: Improvement, evidence: str) -> Outcome:
    """Closes an improvement with what shows that it is done. Raises Rejected without it, naming what was wanted."""
    if not evidence.strip():
        raise Rejected(f"Nothing shows that it is done: {what_shows_it(item, 'say what does')}.")
    owed = session.board.get(Obligation, item.obligation)
    if owed is None:
        raise Rejected(f"{item.mark} is an idea: give it an owner and a date first.")
    return obligations.complete(session, owed, evidence)


def suggested_due(severity: str, now: Instant) -> Instant:
    """The date that an improvement has where nobody said one."""
    return instant(moment(now) + timedelta(weeks=postmortem_rules().weeks(severity)))


#: So many earlier incidents are looked at before a new postmortem begins.
EARLIER_MAX = 5


def earlier_improvements(board: Board, incident: str) -> list[tuple[Incident, tuple[TrackedImprovement, ...]]]:
    """(an earlier incident of the same services, its improvements), latest first, EARLIER_MAX of those that have any:
    looked at before a new postmortem begins."""
    of = read_incident(board, incident)
    if of is None:
        return []
    wanted_services = {service.lower() for service in of.services}
    begun = of.started_at or of.at
    out = []
    for other in sorted(all_incidents(board), key=lambda item: item.started_at, reverse=True):
        same = wanted_services & {service.lower() for service in other.services}
        if other.id == of.id or other.drill or not same or (other.started_at or other.at) >= begun:
            continue
        made = improvements_of(board, other)
        if made:
            out.append((other, made))
        if len(out) == EARLIER_MAX:
            break
    return out
