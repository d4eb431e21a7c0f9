"""An incident, who does what in it, and what was seen and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName, same_person
from opsterm.records.record import Other, Record, Unsaid, holding, record, since, stated, whose, why
from opsterm.records.severity_words import answer_words
from opsterm.records.timeline_entry import (
    REF,
    Entry,
    EntryOf,
    LineKind,
    Said,
    changed,
    clock_of,
    edit_entry,
    incident_named,
    incident_words,
    line_kind,
    said,
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
STATUS = line_kind("status", "status", "command", news="status ", runs_on=True)
SEVERITY = line_kind("severity", "severity", "command", news="severity ", runs_on=True)
TRIAGE = line_kind("triage", "triage", "command")
ROLE = line_kind("role_change", "role", "command", exported="role")
MILESTONE = line_kind("milestone", "milestone", "what was seen")
IMPACT = line_kind("impact", "impact", "what was seen")
PLAN = line_kind("plan", group="command")
EXIT = line_kind("exit", "exit", "command")
LINK = line_kind("link", "linked")
OBSERVATION = line_kind("observation", group="what was seen", counted=("line logged", "lines logged"))
DECISION = line_kind("decision", "decision", "command", news="decided: ")
PROPOSAL = line_kind("proposal", "proposed", "command", news="proposed: ")
OBJECTION = line_kind("objection", "objection", "command")


def _commander(told: Said) -> Entry:
    """Who took command, from whom, or accepted it."""
    who, before = told.now("commander"), told.was("commander")
    offered = told.was("offered_to") if "offered_to" in told else ""
    heard = f", as {told.by} heard" if told.by and not same_person(told.by, who) else ""
    apart = [said(value) or "nobody" for value in told.apart("commander")]
    origin = f" from {before}" if before and not same_person(before, who) else ""
    if len(apart) > 1:
        what = f"{who or 'nobody'} is in command (settled: {' / '.join(apart)})"
    elif not who:
        what = "nobody is in command"
    elif same_person(offered, who):
        what = f"{who} accepted command{origin}{heard}"
    else:
        what = f"{who} took command{origin}{heard}"
    return told.line(ROLE, what, was=before, now=who)


def _offer(told: Said) -> Entry:
    to, before = told.now("offered_to"), told.was("offered_to")
    if to:
        what = f"command offered to {to}"
    elif same_person(told.by, before):
        what = f"{before} declined command"
    else:
        what = f"the offer of command to {before} was withdrawn" if before else "the offer of command ended"
    return told.line(ROLE, what, was=before, now=to)


def _refused(told: Said) -> Entry:
    rule = told.now("severity_rule_refused")
    stands = told.was("severity") or "without a severity"
    return told.line(SEVERITY, f"stays {stands}, {told.now('severity_refused')} refused{f' ({rule})' if rule else ''}")


def _status(told: Said) -> Entry:
    entry, until = changed(told, "status", STATUS), told.now("watch_until")
    return entry._replace(what=f"{entry.what}, watched until {clock_of(until)} on {until[:10]}") if until else entry


def _severity(told: Said) -> Entry:
    entry = changed(told, "severity", SEVERITY, none="taken back")
    rule = told.now("severity_rule")
    return entry._replace(what=f"{entry.what}, by the rule: {rule}") if rule else entry


def _triage(told: Said) -> Entry:
    entry = edit_entry(told, TRIAGE, besides=("triaged_at",), marked=False)
    return entry if entry is not None and entry.what else told.line(TRIAGE, "triage answers taken back")


def _milestone(name: str) -> EntryOf:
    return lambda told: milestone_entry(told, f"{name}_at", name)


def milestone_entry(told: Said, field: str, name: str) -> Entry:
    """The line of a change that says when a milestone was."""
    now, was = told.now(field), told.was(field)
    if not now:
        return told.line(MILESTONE, f"{name}: not any more", was=was)
    earlier = f" (before: {clock_of(was)})" if was and was != now else ""
    return told.line(MILESTONE, f"{name} at {clock_of(now)}{earlier}", was=was, now=now)


def _holds(told: Said) -> Entry:
    yes = told.values["exit_met"] is True
    return told.line(EXIT, f"the exit criteria {'hold' if yes else 'do not hold'}")


def _ended(field: str, some: str, none: str) -> EntryOf:
    """A field in which an empty text, or none, says that it is over."""

    def entry(told: Said) -> Entry:
        if told.now(field) in ("", "none"):
            return told.line(EXIT, none, was=told.was(field))
        return changed(told, field, EXIT, begin=f"{some}: ")

    return entry


def _watched(told: Said) -> Entry:
    until = told.now("watch_until")
    return told.line(STATUS, f"watched until {clock_of(until)} on {until[:10]}" if until else "watched no more")


def _folded(told: Said) -> Entry:
    into = told.now("folded_into")
    if into:
        return told.line(LINK, f"folded into {incident_named(into)}")
    return told.line(LINK, "runs on its own again")


def _named(field: str, some: str, none: str) -> EntryOf:
    def entry(told: Said) -> Entry:
        other = told.now(field)
        return told.line(LINK, some.format(incident_named(other)) if other else none)

    return entry


def _as_changed(field: str, kind: LineKind, begin: str = "", none: str = "none") -> EntryOf:
    return lambda told: changed(told, field, kind, begin=begin, none=none)


#: Field → what makes its line. The first of these that a change sets is its line.
_SENTENCES: Mapping[str, EntryOf] = {
    "status": _status,
    "severity": _severity,
    "severity_refused": _refused,
    "triaged_at": _triage,
    "no_incident": _as_changed("no_incident", TRIAGE, "no incident, by the rule: "),
    "commander": _commander,
    "offered_to": _offer,
    "started_again_at": lambda told: told.line(MILESTONE, f"started again at {clock_of(told.now('started_again_at'))}"),
    **{f"{name}_at": _milestone(name) for name in MILESTONES},
    "impact": _as_changed("impact", IMPACT),
    "impact_who": _as_changed("impact_who", IMPACT, "who is hurt: "),
    "impact_what": _as_changed("impact_what", IMPACT, "what they can't do: "),
    "impact_extent": _as_changed("impact_extent", IMPACT, "how much: "),
    "impact_unaffected": _as_changed("impact_unaffected", IMPACT, "not hurt: "),
    "workaround": _as_changed("workaround", IMPACT, "workaround: "),
    "data": _as_changed("data", IMPACT, "customers' data: "),
    "objectives": _as_changed("objectives", PLAN, "objectives: "),
    "exit": _as_changed("exit", EXIT),
    "exit_met": _holds,
    "silences": _ended("silences", "silenced", "alarms are armed again"),
    "backlog": _ended("backlog", "backlog", "the backlog is worked off"),
    "review_owner": _as_changed("review_owner", EXIT, "the review is with ", none="nobody"),
    "plan_b": _as_changed("plan_b", PLAN, "plan B: "),
    "watch_until": _watched,
    "folded_into": _folded,
    "recurrence_of": _named("recurrence_of", "repeats {}", "repeats none"),
    "parent": _named("parent", "part of {}", "part of none"),
}
#: What is told afterwards, of the whole, or is the console's own: it has no line.
_UNTOLD = ("causes", "follow_ups", "taken_from", "reopened", "severity_ruled")


def _entry(told: Said) -> Entry | None:
    if "number" in told:
        begun = told.values.get("declared_at") or told.values.get("anomaly")
        return told.line(DECLARED, told.now("title")) if begun else None
    for field, entry in _SENTENCES.items():
        if field in told:
            return entry(told)
    return edit_entry(told, besides=_UNTOLD, marked=False)


@record("incident", letter="INC-", entry=_entry)
class Incident(Record):
    """Something is broken for somebody. Who commands is a field of it, so that two who both believe to are in
    conflict, and seen to be."""

    title: str = stated("", "What fails, for whom: effect first.")
    severity: Severity | Unsaid | Other = holding("", "sev1 (worst) to sev5; empty until somebody said.")
    severity_why: str = why("severity")
    severity_since: Instant = since("severity")
    severity_by: str = whose("severity")
    severity_ruled: Severity | Unsaid | Other = stated(
        "",
        "What the rules gave when a person last said the severity; empty if nobody asked.",
        called="",
    )
    severity_refused: Severity | Unsaid | Other = stated(
        "", "The severity that was proposed last and refused.", called="refused"
    )
    severity_knowing: Instant = stated(
        "",
        "When triage had been answered as its author knew it, where that lies ahead of the severity by the clocks.",
        called="",
    )
    severity_refused_since: Instant = since("severity_refused")
    severity_rule: str = stated(
        "", "The rule that gave the severity, where what was proposed was taken.", called="by the rule:"
    )
    severity_rule_refused: str = stated(
        "", "The rule that gave the severity that was refused.", called="refused by the rule:"
    )
    second_team: bool | None = stated(
        None, "Whether a second team has to help; nothing while unknown.", called="second team:"
    )
    unsolved_hour: bool | None = stated(
        None, "Whether an hour's concentrated work has not solved it.", called="unsolved after an hour:"
    )
    breadth: str = stated(
        "",
        "How many are hurt, by the severity rules' names; empty while unknown.",
        called="breadth:",
        words=answer_words("breadth"),
    )
    depth: str = stated(
        "",
        "How badly, by the severity rules' names; empty while unknown.",
        called="depth:",
        words=answer_words("depth"),
    )
    trend: Trend | Unsaid | Other = stated("", "growing, steady or shrinking; empty while unknown.", called="trend:")
    redundancy: Redundancy | Unsaid | Other = stated(
        "", "What is left: full, reduced, none, or none and failing; empty while unknown.", called="redundancy:"
    )
    exposure: Exposure | Unsaid | Other = stated(
        "",
        "Customers' data: none, in doubt, exposed, lost or corrupted; empty while unknown.",
        called="customers' data:",
    )
    blind: Blind | Unsaid | Other = stated(
        "", "What no longer sees or rings: no, monitoring, paging or both; empty while unknown.", called="blind:"
    )
    stakes: tuple[str, ...] = stated(
        (), "What else weighs: people at risk, regulator, payments, contract.", called="stakes:"
    )
    easy_way: bool | None = stated(
        None, "Whether the workaround is easy and published; nothing while unknown.", called="easy workaround:"
    )
    triaged_at: Instant = stated("", "When the triage questions were last answered.", called="")
    status: Status | Other = holding("investigating", "One of STATUSES.")
    status_since: Instant = since("status")
    status_why: str = why("status")
    commander: PersonName = holding("", "Who is in command; empty when nobody is.")
    commander_since: Instant = since("commander")
    commander_by: str = whose("commander")
    taken_from: PersonName = holding(
        "", "Who had command when another took it unasked; empty once they know.", called=""
    )
    taken_from_since: Instant = since("taken_from")
    offered_to: PersonName = holding("", "To whom command is offered, not accepted yet.", called="command offered to")
    offered_since: Instant = since("offered_to")
    offered_by: str = whose("offered_to")
    services: tuple[str, ...] = holding((), "Services hurt, by the team's own names.", called="services:")
    impact: str = holding("", "What people can't do, in plain words.")
    impact_since: Instant = since("impact")
    impact_who: str = holding("", "Who is hurt, in plain words.", called="who is hurt:")
    impact_what: str = holding("", "What they can't do, in plain words.", called="what they can't do:")
    impact_extent: str = holding("", "How much or how many, with its basis.", called="how much:")
    impact_unaffected: str = holding("", "Who or what is not hurt.", called="not hurt:")
    retry: str = stated("", "What people must still do once it works again.", called="people still have to")
    workaround: str = holding("", "What people can do meanwhile.", called="workaround:")
    data: str = holding(
        "",
        "What became of customers' data: none, delayed, lost, exposed; empty while unknown.",
        called="what became of customers' data:",
    )
    data_detail: str = holding("", "Which data, of whom, from when to when.", called="which data:")
    estimate: str = stated("", "A time of repair that somebody committed to, as a range.", called="repair estimated:")
    estimate_if: str = stated("", "What the estimate depends on.", called="the estimate holds if")
    estimate_by: PersonName = stated("", "Who committed to the estimate.", called="estimated by")
    business: str = stated("", "Money, contracts, law: what executives must know.", called="business:")
    decision_wanted: str = stated("", "What is wanted of executives.", called="decision wanted:")
    risk: str = stated("", "What happens if it goes on.", called="if it goes on:")
    channel: str = stated("", "Where the responders talk.", called="channel:")
    help_needed: str = stated("", "What help is needed, of whom.", called="help needed:")
    review_on: str = stated("", "When the report on the incident comes, in words.", called="the report comes")
    objectives: str = stated(
        "", "What is to be reached first, three at the most, parted by semicolons.", called="objectives:"
    )
    exit: str = holding("", "When it is over: a number, its source, for how long.", called="over when")
    exit_met: bool = holding(False, "Whether the exit criteria were seen to hold.", called="exit criteria hold:")
    exit_met_since: Instant = since("exit_met")
    silences: str = holding(
        "", "Alarms that were silenced; empty or none once they are armed again.", called="silenced:"
    )
    backlog: str = holding("", "What still has to be worked off; empty or none once it is.", called="backlog:")
    plan_b: str = stated("", "What is done if what runs now does not help.", called="plan B:")
    review_owner: PersonName = stated("", "Who sees to the review.", called="review by")
    watch_until: Instant = stated("", "Until when it is only watched: the next check.", called="watched until")
    reopened: int = stated(0, "How often it was opened again after it was over.", called="")
    changed: str = stated("", "The change that may have triggered it.", called="what changed:")
    started_at: Instant = stated("", "When people began to be hurt.")
    started_again_at: Instant = stated("", "When a start was said last after people were no longer hurt.")
    detected_at: Instant = stated("", "When somebody or something noticed.")
    declared_at: Instant = stated("", "When it was declared.")
    mitigated_at: Instant = stated("", "When people were no longer hurt.")
    resolved_at: Instant = stated("", "When all works as usual again.")
    source: str = stated("", "Where it was told: addresses parted by spaces.", called="told at")
    org: str = stated("", "Whose incident it was.", called="organisation:")
    customer_visible: bool | None = stated(
        None, "Whether customers could see it; nothing while unknown.", called="customers see it:"
    )
    causes: tuple[str, ...] = stated((), "Contributing causes, as told afterwards.", called="")
    follow_ups: tuple[str, ...] = stated((), "What was done so that it does not come back: type and text.", called="")
    recurrence_of: str = stated("", "Id of the incident that this one repeats.", called="repeats", words=incident_words)
    folded_into: str = stated("", "Id of the incident that this one was folded into.", words=incident_words)
    parent: str = stated("", "Id of the incident that this one is a part of.", called="part of", words=incident_words)
    drill: bool = stated(False, "Whether it is an exercise.", called="drill:")
    no_incident: str = stated(
        "",
        "The rule of triage by which it is no incident; empty where none says so.",
        called="no incident by the rule:",
    )
    anomaly: bool = stated(
        False, "Whether it is a minor anomaly, logged and closed: alert load, not an incident.", called="minor anomaly:"
    )


def _role_entry(told: Said) -> Entry | None:
    if str(told.values.get(REF, "")).startswith("p"):
        return None  # a file lists its people, p0, p1 …, without times
    if "known" in told:
        return None
    if "leader" in told:
        leader = told.now("leader")
        team = f"is in {leader}'s team" if leader else "reports to the commander again"
        return told.line(ROLE, f"{told.of('name')} {team}", was=told.was("leader"), now=leader)
    if "name" not in told:
        return edit_entry(told, ROLE)
    name, before, role = told.now("name"), told.was("name"), told.of("role")
    if not name:
        what = f"{before} is no longer {role}" if before else f"nobody is {role}"
    else:
        what = f"{name} is {role}{f' (before: {before})' if before and not same_person(before, name) else ''}"
    return told.line(ROLE, what, was=before, now=name)


@record("role", entry=_role_entry)
class Role(Record):
    """One person's part in an incident, other than command."""

    role: str = stated("", "One of ROLES, or a role in the words of an imported file.", called="role:")
    name: PersonName = holding("", "Who holds it.", called="held by")
    name_since: Instant = since("name")
    name_by: str = whose("name")
    known: Instant = stated("", "The `name_since` that whoever holds it said to know of; empty for none.", called="")
    leader: PersonName = stated(
        "", "Whose sub-team this person is in; empty for who reports to the commander.", called="in the team of"
    )


def _observation_entry(told: Said) -> Entry | None:
    if "text" not in told:
        return edit_entry(told)
    return told.line(ROLE if told.values.get("topic") == ROLE.name else OBSERVATION, told.now("text"))


@record("observation", entry=_observation_entry)
class Observation(Record):
    """Something seen, at a time."""

    text: str = stated("", "What was seen.", called="reads")
    topic: str = stated("observation", "The kind of line it is on the timeline: observation or role_change.", called="")


def _decision_entry(told: Said) -> Entry | None:
    if "text" not in told:
        return edit_entry(told)
    against = told.values.get("objections")
    heard = "no strong objection" if against == 0 else f"over {against} objection(s)" if against is not None else ""
    return told.line(DECISION, f"{told.now('text')}{f' ({heard})' if heard else ''}")


@record("decision", letter="d", entry=_decision_entry)
class Decision(Record):
    """What was decided, and why."""

    text: str = stated("", "What is to be done or left.", called="reads")
    text_why: str = why("text")
    instead_of: str = stated("", "What was decided against.", called="instead of")
    objections: int | None = stated(
        None,
        "How many strong objections it was taken over, where it was put to the room; nothing where it was not.",
        called="strong objections:",
    )
    check_at: Instant = stated("", "When to look whether it was right.", called="to be checked at")


def _proposal_entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(PROPOSAL, told.now("text"))
    state, was = told.now("state"), told.was("state")
    if state == "decided":
        return None  # it stands there as its decision
    if state:
        how = "put to the room again" if state == "open" else state
        return told.line(PROPOSAL, f"{how}, {told.of('text')}", was=was, now=state, marked=True)
    return edit_entry(told, PROPOSAL)


@record("proposal", letter="p", entry=_proposal_entry)
class Proposal(Record):
    """A decision that is put to the room: strong objections are heard before it is taken."""

    text: str = stated("", "What is proposed.", called="reads")
    text_why: str = why("text")
    state: ProposalState | Other = stated("open", "open, decided or dropped.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    decision: str = stated("", "Id of the decision that it became.", called="")


def _objection_entry(told: Said) -> Entry | None:
    if "text" in told:
        return told.line(OBJECTION, told.now("text"))
    if "answer" in told:
        return told.line(OBJECTION, f"answered: {told.now('answer')}")
    return edit_entry(told)


@record("objection", entry=_objection_entry)
class Objection(Record):
    """One strong objection to a proposal."""

    proposal: str = stated("", "Id of the proposal.", called="")
    text: str = stated("", "What speaks strongly against it.", called="reads")
    answer: str = stated("", "What was said to it.", called="answered:")


#: How a line says what one incident is to another.
_BEARINGS: Mapping[str, str] = {"related": "related to {}", "collides": "collides with {}"}


def _link_entry(told: Said) -> Entry | None:
    if "other" not in told:
        return edit_entry(told, LINK)
    how = told.now("how") or "related"
    return told.line(LINK, _BEARINGS.get(how, f"{how} {{}}").format(incident_named(told.now("other"))))


@record("link", entry=_link_entry)
class Link(Record):
    """How one incident bears on another."""

    other: str = stated("", "Id of the other incident.", called="other incident:", words=incident_words)
    how: Bearing | Other = stated("related", "related, caused by, split from or collides.", called="link:")


def in_order(incidents: Sequence[Incident]) -> list[Incident]:
    """Those that run, the worst first, then the oldest; parts stand after what they are a part of, drills last."""
    known = {item.id: item for item in incidents}

    def place(item: Incident) -> tuple[bool, str, str, str, bool, int]:
        head = known.get(item.parent, item)
        return head.drill, head.severity or "sev9", head.started_at or head.at, head.id, item is not head, item.born

    return sorted(incidents, key=place)
