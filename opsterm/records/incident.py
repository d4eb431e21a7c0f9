"""An incident, who does what in it, and what was seen and decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import (
    REF,
    Entry,
    LineKind,
    Values,
    edit_entry,
    field_said,
    line_kind,
    reason,
    said,
    text_entry,
)

Status = Literal["triage", "investigating", "identified", "monitoring", "resolved", "closed", "cancelled"]
STATUSES: tuple[Status, ...] = get_args(Status)
#: Statuses in which nobody has to do anything any more.
OVER: tuple[Status, ...] = ("resolved", "closed", "cancelled")
Severity = Literal["sev1", "sev2", "sev3", "sev4", "sev5"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
Trend = Literal["growing", "steady", "shrinking"]
TRENDS: tuple[Trend, ...] = get_args(Trend)
Redundancy = Literal["full", "reduced", "none", "none and failing"]
REDUNDANCIES: tuple[Redundancy, ...] = get_args(Redundancy)
Exposure = Literal["none", "in doubt", "exposed", "lost", "corrupted"]
EXPOSURES: tuple[Exposure, ...] = get_args(Exposure)
#: What no longer sees or rings.
Blind = Literal["no", "monitoring", "paging", "both"]
BLIND: tuple[Blind, ...] = get_args(Blind)
ProposalState = Literal["open", "decided", "dropped"]
#: How one incident bears on another, beside being folded into it, being a part of it or repeating it.
Bearing = Literal["related", "caused by", "split from", "collides"]
LINKS: tuple[Bearing, ...] = get_args(Bearing)
ROLES = ("commander", "deputy", "operations", "scribe", "customer liaison", "internal liaison", "expert")
Milestone = Literal["started", "detected", "declared", "mitigated", "resolved"]
MILESTONES: tuple[Milestone, ...] = get_args(Milestone)

DECLARED = line_kind("declared", "declared", "what was seen")
STATUS = line_kind("status", "status", "command", news="status: ")
SEVERITY = line_kind("severity", "severity", "command", news="severity: ")
TRIAGE = line_kind("triage", "triage", "command")
ROLE = line_kind("role_change", "role", "command", exported="role")
MILESTONE = line_kind("milestone", "milestone", "what was seen")
IMPACT = line_kind("impact", "impact", "what was seen")
PLAN = line_kind("plan", group="command")
EXIT = line_kind("exit", "exit", "command")
LINK = line_kind("link", "linked")
OBSERVATION = line_kind("observation", group="what was seen", counted=("line logged", "lines logged"))
STRUCK = line_kind("struck", "struck out")
UNSTRUCK = line_kind("unstruck", "counts again")
DECISION = line_kind("decision", "decision", "command", news="decided: ")
PROPOSAL = line_kind("proposal", "proposed", "command", news="proposed: ")
OBJECTION = line_kind("objection", "objection", "command")


def _sentence(some: str, none: str | None = None, unset: tuple[str, ...] = ("",)) -> Callable[[Any], str]:
    """Puts a field's value into words; other words where it says that there is none."""

    def sentence(value: Any) -> str:
        text = said(value)
        return some.format(text) if none is None or text not in unset else none

    return sentence


def _whether(yes: str, no: str) -> Callable[[Any], str]:
    return lambda value: yes if value is True else no


#: Field → the kind of its line, and its value in words. The first of these that a change sets is its line.
_SENTENCES: tuple[tuple[str, LineKind, Callable[[Any], str]], ...] = (
    ("status", STATUS, said),
    ("severity", SEVERITY, said),
    ("severity_refused", SEVERITY, said),
    ("triaged_at", TRIAGE, said),
    ("commander", ROLE, _sentence("{} is in command", "nobody is in command")),
    ("offered_to", ROLE, _sentence("command offered to {}", "the offer of command ended")),
    *((f"{name}_at", MILESTONE, _sentence(name)) for name in MILESTONES),
    ("impact", IMPACT, said),
    ("impact_who", IMPACT, said),
    ("impact_what", IMPACT, said),
    ("impact_extent", IMPACT, said),
    ("impact_unaffected", IMPACT, said),
    ("workaround", IMPACT, said),
    ("data", IMPACT, said),
    ("objectives", PLAN, _sentence("objectives: {}")),
    ("exit", EXIT, said),
    ("exit_met", EXIT, _whether("the exit criteria hold", "the exit criteria do not hold")),
    ("silences", EXIT, _sentence("silenced: {}", "alarms are armed again", ("", "none"))),
    ("backlog", EXIT, _sentence("backlog: {}", "the backlog is worked off", ("", "none"))),
    ("review_owner", EXIT, _sentence("the review is {}'s")),
    ("plan_b", PLAN, _sentence("plan B: {}")),
    ("watch_until", STATUS, _sentence("watched until {}", "watched no more")),
    ("folded_into", LINK, said),
    ("recurrence_of", LINK, said),
    ("parent", LINK, said),
)
#: Kinds of line in which a reason stands after the value; in the others it stands in its place.
_WITH_REASON = (IMPACT, EXIT, LINK)
#: What is told afterwards, of the whole: it has no time of its own.
_AFTERWARDS = ("causes", "follow_ups")


def _entry(values: Values) -> Entry | None:
    if "number" in values:
        begun = values.get("declared_at") or values.get("anomaly")
        return (DECLARED, field_said(values, "title")) if begun else None
    for field, kind, in_words in _SENTENCES:
        if field in values:
            text, why_said = in_words(values[field]), reason(values)
            return kind, f"{text}: {why_said}" if why_said and kind in _WITH_REASON else why_said or text
    return edit_entry(values, besides=_AFTERWARDS)


@record("incident", letter="INC-", entry=_entry)
class Incident(Record):
    """Something is broken for somebody. Who commands is a field of it, so that two who both believe to are in
    conflict, and seen to be."""

    title: str = stated("", "What fails, for whom: effect first.")
    severity: Severity | Unsaid | Other = stated("", "sev1 (worst) to sev5; empty until somebody said.")
    severity_why: str = why("severity")
    severity_since: Instant = since("severity")
    severity_by: str = whose("severity")
    severity_ruled: Severity | Unsaid | Other = stated(
        "", "What the rules gave when a person last said the severity; empty if nobody asked."
    )
    severity_knowing: Instant = stated(
        "", "When triage had been answered as its author knew it, where that lies ahead of the severity by the clocks."
    )
    severity_refused: Severity | Unsaid | Other = stated("", "The severity that was proposed last and refused.")
    severity_refused_since: Instant = since("severity_refused")
    second_team: bool | None = stated(None, "Whether a second team has to help; nothing while unknown.")
    unsolved_hour: bool | None = stated(None, "Whether an hour's concentrated work has not solved it.")
    breadth: str = stated("", "How many are hurt, by the severity rules' names; empty while unknown.")
    depth: str = stated("", "How badly, by the severity rules' names; empty while unknown.")
    trend: Trend | Unsaid | Other = stated("", "growing, steady or shrinking; empty while unknown.")
    redundancy: Redundancy | Unsaid | Other = stated(
        "", "What is left: full, reduced, none, or none and failing; empty while unknown."
    )
    exposure: Exposure | Unsaid | Other = stated(
        "", "Customers' data: none, in doubt, exposed, lost or corrupted; empty while unknown."
    )
    blind: Blind | Unsaid | Other = stated(
        "", "What no longer sees or rings: no, monitoring, paging or both; empty while unknown."
    )
    stakes: tuple[str, ...] = stated((), "What else weighs: people at risk, regulator, payments, contract.")
    easy_way: bool | None = stated(None, "Whether the workaround is easy and published; nothing while unknown.")
    triaged_at: Instant = stated("", "When the triage questions were last answered.")
    status: Status | Other = stated("investigating", "One of STATUSES.")
    status_since: Instant = since("status")
    status_why: str = why("status")
    commander: str = stated("", "Who is in command; empty when nobody is.")
    commander_since: Instant = since("commander")
    commander_by: str = whose("commander")
    taken_from: str = stated("", "Who had command when another took it unasked; empty once they know.")
    taken_from_since: Instant = since("taken_from")
    offered_to: str = stated("", "To whom command is offered, not accepted yet.")
    offered_since: Instant = since("offered_to")
    offered_by: str = whose("offered_to")
    services: tuple[str, ...] = stated((), "Services hurt, by the team's own names.")
    impact: str = stated("", "What people can't do, in plain words.")
    impact_since: Instant = since("impact")
    impact_who: str = stated("", "Who is hurt, in plain words.")
    impact_what: str = stated("", "What they can't do, in plain words.")
    impact_extent: str = stated("", "How much or how many, with its basis.")
    impact_unaffected: str = stated("", "Who or what is not hurt.")
    retry: str = stated("", "What people must still do once it works again.")
    workaround: str = stated("", "What people can do meanwhile.")
    data: str = stated("", "What became of customers' data: none, delayed, lost, exposed; empty while unknown.")
    data_detail: str = stated("", "Which data, of whom, from when to when.")
    estimate: str = stated("", "A time of repair that somebody committed to, as a range.")
    estimate_if: str = stated("", "What the estimate depends on.")
    estimate_by: str = stated("", "Who committed to the estimate.")
    business: str = stated("", "Money, contracts, law: what executives must know.")
    decision_wanted: str = stated("", "What is wanted of executives.")
    risk: str = stated("", "What happens if it goes on.")
    channel: str = stated("", "Where the responders talk.")
    help_needed: str = stated("", "What help is needed, of whom.")
    review_on: str = stated("", "When the report on the incident comes, in words.")
    objectives: str = stated("", "What is to be reached first, three at the most, parted by semicolons.")
    exit: str = stated("", "When it is over: a number, its source, for how long.")
    exit_met: bool = stated(False, "Whether the exit criteria were seen to hold.")
    exit_met_since: Instant = since("exit_met")
    silences: str = stated("", "Alarms that were silenced; empty or none once they are armed again.")
    backlog: str = stated("", "What still has to be worked off; empty or none once it is.")
    plan_b: str = stated("", "What is done if what runs now does not help.")
    review_owner: str = stated("", "Who sees to the review.")
    watch_until: Instant = stated("", "Until when it is only watched: the next check.")
    reopened: int = stated(0, "How often it was opened again after it was over.")
    changed: str = stated("", "The change that may have triggered it.")
    started_at: Instant = stated("", "When people began to be hurt.")
    detected_at: Instant = stated("", "When somebody or something noticed.")
    declared_at: Instant = stated("", "When it was declared.")
    mitigated_at: Instant = stated("", "When people were no longer hurt.")
    resolved_at: Instant = stated("", "When all works as usual again.")
    source: str = stated("", "Where it was told: addresses parted by spaces.")
    org: str = stated("", "Whose incident it was.")
    customer_visible: bool | None = stated(None, "Whether customers could see it; nothing while unknown.")
    causes: tuple[str, ...] = stated((), "Contributing causes, as told afterwards.")
    follow_ups: tuple[str, ...] = stated((), "What was done so that it does not come back: type and text.")
    recurrence_of: str = stated("", "Id of the incident that this one repeats.")
    folded_into: str = stated("", "Id of the incident that this one was folded into.")
    parent: str = stated("", "Id of the incident that this one is a part of.")
    drill: bool = stated(False, "Whether it is an exercise.")
    anomaly: bool = stated(False, "Whether it is a minor anomaly, logged and closed: alert load, not an incident.")


def _role_entry(values: Values) -> Entry | None:
    if str(values.get(REF, "")).startswith("p"):
        return None  # a file lists its people, p0, p1 …, without times
    if "leader" in values and reason(values):
        return ROLE, reason(values)
    if "name" not in values:
        return edit_entry(values)
    name, role = said(values["name"]), field_said(values, "role")
    return ROLE, reason(values) or (f"{name} is {role}" if name else f"nobody is {role}")


@record("role", entry=_role_entry)
class Role(Record):
    """One person's part in an incident, other than command."""

    role: str = stated("", "One of ROLES, or a role in the words of an imported file.")
    name: str = stated("", "Who holds it.")
    name_since: Instant = since("name")
    leader: str = stated("", "Whose sub-team this person is in; empty for who reports to the commander.")


def _observation_entry(values: Values) -> Entry | None:
    if "struck" in values:
        return STRUCK if values["struck"] is True else UNSTRUCK, reason(values)
    if "text" not in values:
        return edit_entry(values)
    return ROLE if values.get("topic") == ROLE.name else OBSERVATION, said(values["text"])


@record("observation", entry=_observation_entry)
class Observation(Record):
    """Something seen, at a time."""

    text: str = stated("", "What was seen.")
    text_at: Instant = since("text")
    topic: str = stated("observation", "The kind of line it is on the timeline: observation or role_change.")
    struck: bool = stated(False, "Whether it was struck out: it stays readable, and no longer counts.")
    struck_by: str = whose("struck")
    struck_why: str = why("struck")


@record("decision", letter="d", entry=text_entry(DECISION))
class Decision(Record):
    """What was decided, and why."""

    text: str = stated("", "What is to be done or left.")
    text_why: str = why("text")
    instead_of: str = stated("", "What was decided against.")
    check_at: Instant = stated("", "When to look whether it was right.")


def _proposal_entry(values: Values) -> Entry | None:
    if "number" in values:
        return PROPOSAL, field_said(values, "text")
    # One that was decided stands there as its decision.
    return (PROPOSAL, f"dropped: {reason(values)}") if values.get("state") == "dropped" else None


@record("proposal", letter="p", entry=_proposal_entry)
class Proposal(Record):
    """A decision that is put to the room: strong objections are heard before it is taken."""

    text: str = stated("", "What is proposed.")
    text_why: str = why("text")
    state: ProposalState | Other = stated("open", "open, decided or dropped.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    decision: str = stated("", "Id of the decision that it became.")


def _objection_entry(values: Values) -> Entry | None:
    if "text" in values:
        return OBJECTION, said(values["text"])
    return (OBJECTION, f"answered: {said(values['answer'])}") if "answer" in values else edit_entry(values)


@record("objection", entry=_objection_entry)
class Objection(Record):
    """One strong objection to a proposal."""

    proposal: str = stated("", "Id of the proposal.")
    text: str = stated("", "What speaks strongly against it.")
    answer: str = stated("", "What was said to it.")


def _link_entry(values: Values) -> Entry | None:
    return (LINK, reason(values) or said(values.get("how", "related"))) if "other" in values else edit_entry(values)


@record("link", entry=_link_entry)
class Link(Record):
    """How one incident bears on another."""

    other: str = stated("", "Id of the other incident.")
    how: Bearing | Other = stated("related", "related, caused by, split from or collides.")


def in_order(incidents: Sequence[Incident]) -> list[Incident]:
    """Those that run, the worst first, then the oldest; parts stand after what they are a part of, drills last."""
    known = {item.id: item for item in incidents}

    def place(item: Incident) -> tuple[bool, str, str, str, bool, int]:
        head = known.get(item.parent, item)
        return head.drill, head.severity or "sev9", head.started_at or head.at, head.id, item is not head, item.born

    return sorted(incidents, key=place)
