"""Everything recorded of an incident, gathered for its postmortem. What only people know is added beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opsterm.board.fold import said_at
from opsterm.board.store import Board, Conflict
from opsterm.board.timeline import Moment
from opsterm.core.conflicts import conflict_words, side_words, sides_of
from opsterm.core.field_words import called
from opsterm.core.times import age, between
from opsterm.incidents.incident import follow_up, milestones
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.incidents.spells import in_spells
from opsterm.incidents.timeline import marks_of
from opsterm.learn.taxonomy import suggest
from opsterm.learn.update_lateness import HeardByAudience, SentText, StatusSince, heard_by
from opsterm.records import (
    Action,
    Answer,
    Decision,
    Evidence,
    Factor,
    Improvement,
    Incident,
    Obligation,
    Postmortem,
    Spell,
    Step,
    Update,
)
from opsterm.records.checklist import RunState
from opsterm.records.hypothesis import State as HypothesisState
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once, same_person
from opsterm.records.record import Other
from opsterm.records.spell import Stretch, hurt
from opsterm.records.update import AUDIENCES
from opsterm.updates.approval import sent_anyway
from opsterm.updates.told_twice import told_once

#: From which milestone to which a duration is told, and what it is called.
SPANS = (
    ("to detect", "started", "detected"),
    ("to declare", "detected", "declared"),
    ("to mitigate", "detected", "mitigated"),
    ("to resolve", "detected", "resolved"),
    ("hurt", "started", "mitigated"),
    ("in all", "started", "resolved"),
)


@dataclass(frozen=True, slots=True)
class MilestoneSpan:
    """The time from one milestone to another, in all spells of hurt; no seconds where one of them is not recorded."""

    name: str
    begins: str
    ends: str
    seconds: float | None
    #: Seconds in each spell, where there was more than one.
    parts: tuple[float, ...] = ()
    #: Whether people are hurt again, and nobody knows for how long.
    reopened: bool = False

    @property
    def words(self) -> str:
        if self.seconds is None:
            return "not known since it was opened again" if self.reopened else "not recorded"
        whole = f"{'−' if self.seconds < 0 else ''}{age(self.seconds)}"
        return f"{whole} {in_spells(self.parts)}" if self.parts else whole


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One hypothesis: what became of it, and what it cost to follow it."""

    mark: str
    text: str
    state: HypothesisState | Other
    why: str
    owner: str
    raised_at: Instant
    settled_at: Instant
    #: Seconds from its being raised until it was settled; nothing while it is open.
    seconds: float | None
    #: Findings for and against, and the tests that were run on it with their minutes.
    evidence: tuple[Evidence, ...]
    tests: tuple[str, ...]
    test_minutes: int
    #: Who said what of it, where one confirmed it and another, apart, did not.
    disputed: str = ""

    @property
    def stands(self) -> str:
        """What became of it, in words."""
        return f"disputed ({self.disputed})" if self.disputed else self.state

    @property
    def cost(self) -> str:
        """In words: how long it was followed, by how many findings and tests."""
        parts = [f"followed for {age(self.seconds)}"] if self.seconds else []
        findings = len(self.evidence)
        parts += [f"{findings} finding{'s' if findings > 1 else ''}"] if findings else []
        tests = len(self.tests)
        parts += [f"{tests} test{'s' if tests > 1 else ''} of {self.test_minutes} minutes"] if tests else []
        return ", ".join(parts) or "nothing recorded"


@dataclass(frozen=True, slots=True)
class ChecklistRun:
    """One run of a checklist."""

    name: str
    state: RunState | Other
    settled: int
    steps: tuple[Step, ...]

    @property
    def left(self) -> tuple[Step, ...]:
        """Steps that were not simply done: open, failed, skipped, overridden …"""
        return tuple(step for step in self.steps if step.state != "done")


@dataclass(frozen=True, slots=True)
class Cause:
    """One contributing factor: as recorded with the incident, or as a person put it into the postmortem."""

    text: str
    #: Its kind in the taxonomy, or the likeliest while no person chose; empty where nothing suggests one.
    kind: str
    chosen: bool
    evidence: str = ""
    behind: str = ""
    mark: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class TrackedImprovement:
    """One improvement with what its obligation says."""

    text: str
    sort: str
    owner: str = ""
    due_at: Instant = ""
    state: str = ""
    done_when: str = ""
    wanted: str = ""
    evidence: str = ""
    factor: str = ""
    chosen: bool = True
    mark: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An incident as its postmortem tells it. Pure data: what a screen shows and the exports render."""

    incident: Incident
    postmortem: Postmortem | None
    summary: str
    #: The impact in numbers, a line each.
    numbers: tuple[str, ...]
    spans: tuple[MilestoneSpan, ...]
    #: (role, name), command first.
    people: tuple[tuple[str, str], ...]
    inquiries: tuple[Inquiry, ...]
    actions: tuple[Action, ...]
    decisions: tuple[Decision, ...]
    words: tuple[HeardByAudience, ...]
    walked: tuple[ChecklistRun, ...]
    conflicts: tuple[Conflict, ...]
    #: The same in words: (what it is about, each value with who said it and when).
    disputes: tuple[tuple[str, tuple[str, ...]], ...]
    causes: tuple[Cause, ...]
    improvements: tuple[TrackedImprovement, ...]
    answers: tuple[Answer, ...]
    timeline: tuple[Moment, ...]
    #: Id of a record → the mark that its lines are told with.
    marks: Mapping[str, str]
    #: Records of its spells, where it was opened again.
    spells: tuple[Spell, ...] = ()

    @property
    def hurt(self) -> tuple[Stretch, ...]:
        """The times in which people were hurt."""
        return hurt(self.incident, self.spells)

    @property
    def eliminated(self) -> tuple[Inquiry, ...]:
        return tuple(one for one in self.inquiries if one.state == "eliminated" and not one.disputed)

    def answers_to(self, question: str) -> tuple[str, ...]:
        """What people answered to one question of the walk."""
        return tuple(answer.text for answer in self.answers if answer.question == question and answer.text)


def gather(board: Board, incident: str) -> Account:
    """The account of an incident. Raises Rejected where there is no such incident."""
    snapshot = read_snapshot(board, incident)
    of = snapshot.incident
    postmortems = board.all(Postmortem, incident)
    postmortem = postmortems[0] if postmortems else None
    spans = spans_of(of, snapshot.spells)
    return Account(
        incident=of,
        postmortem=postmortem,
        summary=(postmortem.summary if postmortem else "") or " ".join(_summary(snapshot, spans)),
        numbers=tuple(_numbers(of, spans, postmortem)),
        spans=spans,
        people=tuple(_people(snapshot)),
        inquiries=tuple(_inquiries(snapshot)),
        actions=tuple(snapshot.actions),
        decisions=tuple(snapshot.decisions),
        words=tuple(heard_by_audiences(board, of)),
        walked=tuple(_walked(snapshot)),
        conflicts=tuple(snapshot.conflicts),
        disputes=tuple(_disputes(board, snapshot)),
        causes=tuple(_causes(of, board.all(Factor, incident))),
        improvements=improvements_of(board, of),
        answers=tuple(board.all(Answer, incident)),
        timeline=tuple(line for line in board.moments(incident) if line.counts),
        marks=marks_of(snapshot),
        spells=tuple(snapshot.spells),
    )


def spans_of(of: Incident, spells: Sequence[Spell] = ()) -> tuple[MilestoneSpan, ...]:
    """How long it took from milestone to milestone: what ends with people no longer being hurt, or with the end of all,
    is the sum over its spells, each of the later ones from its beginning."""
    told = hurt(of, spells)
    return tuple(
        _in_spells(of, told, *span) if span[2] in _END_SPELLS and len(told) > 1 else _once(of, told, *span)
        for span in SPANS
    )


_END_SPELLS = ("mitigated", "resolved")


def _once(of: Incident, told: Sequence[Stretch], name: str, begins: str, ends: str) -> MilestoneSpan:
    at = milestones(of)
    ended = at[ends] or (at["resolved"] if name == "hurt" else "")
    return MilestoneSpan(name, begins, ends, between(at[begins], ended) if at[begins] and ended else None)


def _in_spells(of: Incident, told: Sequence[Stretch], name: str, begins: str, ends: str) -> MilestoneSpan:
    begun = [milestones(of)[begins], *(one.begun for one in told[1:])]
    ended = [(one.resolved if ends == "resolved" else "") or one.ended for one in told]
    if not ended[-1]:
        return MilestoneSpan(name, begins, ends, None, reopened=True)
    if not begun[0]:
        return MilestoneSpan(name, begins, ends, None)
    parts = tuple(max(0.0, between(*pair)) for pair in zip(begun, ended, strict=True))
    return MilestoneSpan(name, begins, ends, sum(parts), parts)


def _summary(snapshot: Snapshot, spans: Iterable[MilestoneSpan]) -> Iterator[str]:
    of = snapshot.incident
    yield _sentence(of.title)
    told = of.impact or " ".join(part for part in (of.impact_who, of.impact_what, of.impact_extent) if part)
    if told:
        yield _sentence(told)
    if of.severity:
        yield _sentence(f"It was {of.severity}{f': {of.severity_why}' if of.severity_why else ''}")
    known = [(name, at) for name, at in milestones(of, snapshot.spells).items() if at]
    if known:
        yield _sentence("Times: " + ", ".join(f"{name} {at}" for name, at in known))
    lasted = [f"{span.words} {span.name}" for span in spans if span.seconds is not None and span.seconds > 0]
    if lasted:
        yield _sentence(f"It took {', '.join(lasted)}")
    if of.changed:
        yield _sentence(f"It followed a change: {of.changed}")
    disputed = snapshot.disputed_causes
    for hypothesis in snapshot.hypotheses:
        if hypothesis.id in disputed:
            yield _sentence(f"Disputed: {hypothesis.text} ({disputed[hypothesis.id]})")
        elif hypothesis.state == "confirmed":
            yield _sentence(f"Confirmed: {hypothesis.text}")
    out = sum(h.state == "eliminated" and h.id not in disputed for h in snapshot.hypotheses)
    if out:
        yield _sentence(f"{out} other explanation{'s were' if out > 1 else ' was'} ruled out on the way")


def _sentence(text: str) -> str:
    kept = text.strip()
    return kept if kept.endswith((".", "!", "?", "…")) else f"{kept}."


_CLAUSE = re.compile(r"(?<=[.;!?])\s+")


def _numbers(of: Incident, spans: Iterable[MilestoneSpan], postmortem: Postmortem | None) -> Iterator[str]:
    for span in spans:
        if span.name == "hurt" and span.seconds is not None:
            yield f"{span.words} from the first impact until people were no longer hurt"
    if of.impact_extent:
        yield of.impact_extent
    yield from (clause for clause in _CLAUSE.split(of.impact) if re.search(r"\d", clause))
    if of.data:
        yield f"customers' data: {of.data}"
    if postmortem:
        yield from postmortem.numbers


def _people(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    if snapshot.in_command != snapshot.incident.commander:
        yield "commander", snapshot.in_command
    commander = snapshot.incident.commander
    for name in each_once((commander, *snapshot.listed_commanders)):
        yield "commander" if same_person(name, commander) or not commander else "earlier commander", name
    yield from ((role.role, role.name) for role in snapshot.roles)


_SETTLED: tuple[HypothesisState, ...] = ("supported", "confirmed", "eliminated", "inconclusive", "parked")


def _inquiries(snapshot: Snapshot) -> Iterator[Inquiry]:
    for item in sorted(snapshot.hypotheses, key=lambda h: (h.at, h.born)):
        settled = item.state_since if item.state in _SETTLED else ""
        tests = [
            probe for probe in snapshot.probes if item.id in probe.hypotheses and probe.state in ("running", "done")
        ]
        yield Inquiry(
            item.mark,
            item.text,
            item.state,
            item.state_why,
            item.owner,
            item.at,
            settled,
            max(0.0, between(item.at, settled)) if settled and item.at else None,
            tuple(snapshot.evidence.get(item.id, ())),
            tuple(f"{probe.text}: {probe.outcome or probe.state}" for probe in tests),
            sum(probe.minutes for probe in tests),
            snapshot.disputed_causes.get(item.id, ""),
        )


def _disputes(board: Board, snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...]]]:
    for conflict in snapshot.conflicts:
        about = f"{called(board, conflict.kind, conflict.record)}: {conflict_words(conflict)}"
        yield (
            about,
            tuple(
                f"{side_words(board, conflict, side)} ({side.by or 'nobody named'}, {side.at})"
                for side in sides_of(conflict)
            ),
        )


def _walked(snapshot: Snapshot) -> Iterator[ChecklistRun]:
    for run in snapshot.runs:
        settled, _ = snapshot.progress(run)
        yield ChecklistRun(run.name, run.state, settled, tuple(snapshot.steps.get(run.id, ())))


def heard_by_audiences(board: Board, of: Incident) -> Iterator[HeardByAudience]:
    """What each audience heard of an incident, and how late; customers too where they were owed a word and heard
    none."""
    standing = _status_over_time(board, of.id)
    updates = told_once(board.all(Update, of.id))
    for audience in AUDIENCES:
        sent = [
            SentText(
                update.at, update.stage, update.text, update.by, update.next_at, sent_anyway(update), update.refused_by
            )
            for update in updates
            if update.audience == audience
        ]
        owed = audience == "customers" and of.customer_visible is not False
        if sent or owed:
            yield heard_by(audience, of, sent, standing)


def _status_over_time(board: Board, incident: str) -> list[StatusSince]:
    """Status and severity over time, by when they were so."""
    folded = board.folded(incident, Incident.kind)
    if folded is None:
        return []
    told = [(said_at(one.change, one.values), one) for one in folded.readings if one.struck is None]
    out: list[StatusSince] = []
    status = severity = ""
    for at, one in sorted(told, key=lambda pair: pair[0]):
        if "status" in one.values or "severity" in one.values:
            status = str(one.values.get("status", status))
            severity = str(one.values.get("severity", severity))
            out.append(StatusSince(at, status, severity))
    return out


def _causes(of: Incident, factors: Sequence[Factor]) -> Iterator[Cause]:
    said = {factor.text for factor in factors}
    for text in of.causes:
        if text not in said:
            kinds = suggest(text)
            yield Cause(text, kinds[0].name if kinds else "", False)
    for factor in factors:
        yield Cause(factor.text, factor.name, bool(factor.name), factor.evidence, factor.behind, factor.mark, factor.id)


def improvements_of(board: Board, of: Incident) -> tuple[TrackedImprovement, ...]:
    """An incident's improvements, with what their obligations say."""
    owed = {item.id: item for item in board.all(Obligation, of.id)}
    return tuple(_improvements(of, board.all(Improvement, of.id), owed))


def _improvements(
    of: Incident, made: Sequence[Improvement], owed: dict[str, Obligation]
) -> Iterator[TrackedImprovement]:
    said = {item.text for item in made}
    for line in of.follow_ups:
        kind, text = follow_up(line)
        if text not in said:
            yield TrackedImprovement(text, kind, state="recorded with the incident")
    for item in made:
        due = owed.get(item.obligation)
        yield TrackedImprovement(
            item.text,
            item.sort,
            due.owner if due else "",
            due.due_at if due else "",
            due.state if due else "idea",
            item.done_when,
            item.wanted,
            due.evidence if due else "",
            item.factor,
            item.chosen,
            item.mark,
            item.id,
        )
