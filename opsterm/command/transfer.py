"""Handing over command: offered, briefed, accepted, announced; until the firm yes the outgoing commander stays in
command [Google SRE book ch. 14]. Offering, accepting and withdrawing themselves are in `incident`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsterm.board.timeline import Moment
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, is_late
from opsterm.incidents.spells import hurt_words
from opsterm.records.action import OPEN
from opsterm.records.hypothesis import ALIVE
from opsterm.records.hypothesis_test import OPEN as TESTS_OPEN
from opsterm.records.incident import Incident
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from opsterm.records.spell import hurt_seconds, hurting
from opsterm.updates.next_update import next_words


@dataclass(frozen=True, slots=True)
class Offer:
    """Command, offered and not yet accepted."""

    to: str
    by: str
    since: Instant
    #: Seconds until it expires; none left once it has.
    left: float

    @property
    def expired(self) -> bool:
        return self.left <= 0


def offer_of(incident: Incident, now: Instant, limits: Thresholds = DEFAULTS) -> Offer | None:
    """The offer of command that stands, or has expired unanswered."""
    if not incident.offered_to:
        return None
    since = incident.offered_since or now
    left = limits.offer_minutes * 60 - between(since, now)
    return Offer(incident.offered_to, incident.offered_by, since, left)


def transfer_notices(snapshot: Snapshot, now: Instant, limits: Thresholds = DEFAULTS) -> list[Notice]:
    """The open offer, to the one who has to say yes and to who made it; and one that nobody answered."""
    if snapshot.over:
        return []
    taken = _taken(snapshot, now)
    offer = offer_of(snapshot.incident, now, limits)
    if offer is None:
        return taken
    sender = snapshot.incident.commander or offer.by
    if offer.expired:
        text = f"{offer.to} did not answer the offer of command: ask again, or another"
        return [*taken, Notice("offer expired", text, "warning", (sender,), "transfer", snapshot.incident.id)]
    asked = f"{sender} offers you command: read the brief, then say yes ({age(offer.left)} left)"
    waits = f"{offer.to} has not accepted command: {age(offer.left)} left"
    return [
        *taken,
        Notice("offer", asked, "alarm", (offer.to,), "accept", snapshot.incident.id),
        Notice("offer waits", waits, "offer", (sender,), "transfer", snapshot.incident.id),
    ]


def _taken(snapshot: Snapshot, now: Instant) -> list[Notice]:
    """Whoever lost command unasked is alarmed until they say that they know."""
    of = snapshot.incident
    if not of.taken_from or same_person(of.taken_from, of.commander):
        return []
    text = f"{of.commander} took command from you {age(between(of.taken_from_since, now))} ago"
    return [Notice(f"taken:{of.commander}", text, "alarm", (of.taken_from,), "know_taken", of.id)]


@dataclass(frozen=True, slots=True)
class BriefSection:
    """One part of the brief."""

    title: str
    lines: tuple[str, ...]


def brief(snapshot: Snapshot, moments: Sequence[Moment], now: Instant) -> list[BriefSection]:
    """What the successor has to know, in the order of ICS 201 with hypotheses added, the eliminated ones with why.
    Parts with nothing in them say so: silence is no news."""
    incident = snapshot.incident
    parts = (
        ("Now", _situation(snapshot, now)),
        ("Read back before you say yes", _read_back(snapshot, now)),
        ("So far", _history(moments)),
        ("Open hypotheses", _alive(snapshot)),
        ("Ruled out, and why", _eliminated(snapshot)),
        ("Orders out", _orders(snapshot, now)),
        ("In force for a time only", _temporary(snapshot)),
        ("Waiting for", _open_ends(snapshot)),
        ("Last word", _words(snapshot, now)),
        ("Objectives", [part.strip() for part in incident.objectives.split(";") if part.strip()]),
        ("Constraints", _constraints(incident)),
        ("Plan B", [incident.plan_b] if incident.plan_b else []),
        ("Over when", [f"{incident.exit} ({'holds' if incident.exit_met else 'not met'})"] if incident.exit else []),
        ("People", _people(snapshot)),
    )
    return [BriefSection(title, tuple(lines) or (_nothing(title),)) for title, lines in parts]


#: Decisions that somebody who comes late reads; the others are on the page of decisions.
DECISIONS_SHOWN = 5


def what_holds(snapshot: Snapshot, now: Instant) -> list[BriefSection]:
    """What holds now, for somebody who comes to it late: the situation, who does what, what was decided and what is
    ruled out. News say little to whoever does not know this."""
    parts = (
        ("Now", _situation(snapshot, now)),
        ("Who does what", [_commander(snapshot.incident), *_people(snapshot)]),
        ("Decided", _decided(snapshot)),
        ("Ruled out, and why", _eliminated(snapshot)),
    )
    return [BriefSection(title, tuple(lines) or (_nothing(title),)) for title, lines in parts]


def _commander(of: Incident) -> str:
    if not of.commander:
        return "nobody is in command"
    since = f" since {_clock(of.commander_since)}" if of.commander_since else ""
    offered = f", offered to {of.offered_to}" if of.offered_to else ""
    return f"{of.commander}: commander{since}{offered}"


def _decided(snapshot: Snapshot) -> list[str]:
    left = len(snapshot.decisions) - DECISIONS_SHOWN
    told = [
        f"{item.mark} {item.text}{f': {item.text_why}' if item.text_why else ''} ({item.by})"
        for item in snapshot.decisions[-DECISIONS_SHOWN:]
    ]
    return [_left_out(left, "decision"), *told] if left > 0 else told


def _nothing(title: str) -> str:
    return "not written yet" if title in ("Over when", "Plan B") else "none"


def _clock(at: Instant) -> str:
    return f"{at[11:16]} UTC" if at else "?"


def _situation(snapshot: Snapshot, now: Instant) -> list[str]:
    of = snapshot.incident
    begun = of.started_at or of.declared_at or of.at
    drill = "DRILL · " if of.drill else ""
    lines = [
        f"{drill}{of.mark} {of.title}",
        f"{of.severity or 'no severity'} · {of.status} · {_hurt(snapshot, now)} since {_clock(begun)}",
        *([f"command is disputed: {snapshot.in_command}"] if snapshot.in_command != of.commander else []),
        f"impact: {of.impact or 'unknown'}",
    ]
    if of.severity_why:
        lines.append(f"why {of.severity}: {of.severity_why}")
    if of.workaround:
        lines.append(f"workaround: {of.workaround}")
    return lines


def _hurt(snapshot: Snapshot, now: Instant) -> str:
    """How long people were hurt: `1h20m in two spells (1h00m, then 20m)`."""
    told = snapshot.hurt
    if len(told) > 1:
        return f"hurt for {hurt_words(told, now)},"
    return f"{'' if hurting(told) else 'hurt for '}{age(hurt_seconds(told, now))}"


def _read_back(snapshot: Snapshot, now: Instant) -> list[str]:
    """Situation, top risk, next due: structured hand-over with a read-back [I-PASS: Starmer, NEJM 2014]."""
    due = next_words(snapshot)
    late = snapshot.late_actions(now)
    risk = f"{late[0].mark} is late: {late[0].text}" if late else (snapshot.incident.plan_b and "plan B is ready") or ""
    if not risk:
        alive = [h for h in snapshot.ranked_hypotheses() if h.state in ALIVE]
        disputed = snapshot.disputed_causes
        rests = f"it rests on {alive[0].mark}: {alive[0].text}" if alive else "nobody knows the cause yet"
        apart = next((h for h in snapshot.hypotheses if h.id in disputed), None)
        risk = f"the cause is disputed, {apart.mark} {apart.text}: {disputed[apart.id]}" if apart else rests
    following = f"word to {due[0][0]} at {_clock(due[0][1])}" if due else "no word is due"
    return [
        f"situation: {snapshot.incident.impact or snapshot.incident.title}",
        f"top risk: {risk}",
        f"next due: {following}",
    ]


#: What a successor reads of the timeline: turns, not every line.
_TURNS = ("declared", "status", "severity", "role_change", "decision", "milestone", "action_done", "hypothesis_result")
HISTORY_LINES = 12


def _history(moments: Sequence[Moment]) -> list[str]:
    turns = [line for line in moments if line.kind in _TURNS and line.counts]
    left = len(turns) - HISTORY_LINES
    shown = [
        f"{line.at[11:16]} {' '.join(line.told.split())}{f' ({line.by})' if line.by else ''}"
        for line in turns[-HISTORY_LINES:]
    ]
    return [_left_out(left, "turn"), *shown] if left > 0 else shown


def _left_out(left: int, what: str) -> str:
    """How many more of them there are, and where."""
    return f"1 earlier {what} is on the timeline" if left == 1 else f"{left} earlier {what}s are on the timeline"


def _alive(snapshot: Snapshot) -> list[str]:
    out = []
    disputed = snapshot.disputed_causes
    for item in snapshot.ranked_hypotheses():
        if item.id in disputed:
            out.append(f"{item.mark} disputed: {item.text} ({disputed[item.id]})")
            continue
        if item.state not in ALIVE:
            continue
        share = "" if item.confidence is None else f" {item.confidence:.0%}"
        who = f", {item.owner} tests it" if item.owner else ""
        evidence = snapshot.evidence.get(item.id, ())
        counts = f"{sum(e.supports for e in evidence)} for, {sum(not e.supports for e in evidence)} against"
        out.append(f"{item.mark} {item.state}{share}: {item.text} ({counts}{who})")
    return out


def _eliminated(snapshot: Snapshot) -> list[str]:
    out = []
    disputed = snapshot.disputed_causes
    for item in snapshot.hypotheses:
        if item.state == "eliminated" and item.id not in disputed:
            against = [e.text for e in snapshot.evidence.get(item.id, ()) if not e.supports]
            out.append(f"{item.mark} {item.text}: {item.state_why or (against[-1] if against else 'no reason given')}")
    return out


def _orders(snapshot: Snapshot, now: Instant) -> list[str]:
    out = []
    for action in snapshot.ordered_actions(now):
        if action.state not in OPEN:
            continue
        due = f", late {age(between(action.due_at, now))}" if is_late(action, now) else ""
        if not due and action.due_at:
            due = f", due {_clock(action.due_at)}"
        heard = "" if action.state == "acknowledged" else ", not acknowledged"
        undo = f"; undo: {action.undo}" if action.undo else ""
        out.append(f"{action.mark} {action.owner or 'unassigned'}: {action.text}{due}{heard}{undo}")
    return out


def _temporary(snapshot: Snapshot) -> list[str]:
    return [
        f"{action.mark} {action.text}: {f'until {_clock(action.until)}' if action.until else 'no end named'}"
        for action in snapshot.actions
        if action.temporary and action.state == "done"
    ]


def _open_ends(snapshot: Snapshot) -> list[str]:
    tests = [f"{t.mark} {t.owner or 'nobody'} tests: {t.text}" for t in snapshot.probes if t.state in TESTS_OPEN]
    return tests + [f"{p.mark} proposed: {p.text}" for p in snapshot.proposals if p.state == "open"]


def _words(snapshot: Snapshot, now: Instant) -> list[str]:
    last = snapshot.last_update("customers")
    lines = [f"customers, {age(between(last.at, now))} ago: {' '.join(last.text.split())}"] if last else []
    if not last:
        lines.append("customers were told nothing")
    return lines + [f"next to {audience} at {_clock(at)}" for audience, at in next_words(snapshot)]


def _constraints(of: Incident) -> list[str]:
    lines = [f"weighs: {', '.join(of.stakes)}"] if of.stakes else []
    if of.exposure and of.exposure != "none":
        lines.append(f"customers' data: {of.exposure}")
    if of.redundancy and of.redundancy != "full":
        lines.append(f"redundancy: {of.redundancy}")
    if of.silences and of.silences != "none":
        lines.append(f"silenced: {of.silences}")
    if of.backlog and of.backlog != "none":
        lines.append(f"backlog: {of.backlog}")
    return lines


def _people(snapshot: Snapshot) -> list[str]:
    return [
        f"{role.name}: {role.role}{f', in the team of {role.leader}' if role.leader else ''}" for role in snapshot.roles
    ]


def announcement(incident: Incident) -> str:
    """What is said to everybody when command has changed hands: who, which title, from when."""
    return (
        f"{incident.commander} is the incident commander of {incident.mark} since {_clock(incident.commander_since)}."
    )
