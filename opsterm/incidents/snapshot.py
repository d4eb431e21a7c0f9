"""An incident as a room full of people needs it: all its records at one version of the board, or as they were recorded
up to a moment, and what follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from opsterm.board.change import Change
from opsterm.board.fold import fold, note_at, project, said_at
from opsterm.board.news import News, touched_since
from opsterm.board.notes import is_note
from opsterm.board.store import Board, Conflict
from opsterm.core.conflicts import conflicts_of
from opsterm.core.folds import RUNS_ON
from opsterm.core.session import Rejected
from opsterm.incidents.reading import as_read, disputed_causes, in_command, running_incidents, with_disputed_open
from opsterm.incidents.same_mark import several
from opsterm.records import (
    Action,
    Decision,
    Evidence,
    Hypothesis,
    HypothesisTest,
    Incident,
    Objection,
    Obligation,
    OutsideQuestion,
    PageOut,
    Proposal,
    Role,
    Run,
    Spell,
    Step,
    TextApproval,
    TextBegun,
    Update,
    WordPlan,
)
from opsterm.records.action import OPEN
from opsterm.records.hypothesis import ALIVE
from opsterm.records.hypothesis_test import OPEN as TESTS_OPEN
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once, same_person
from opsterm.records.record import Record
from opsterm.records.spell import Stretch, hurt

R = TypeVar("R", bound=Record)

#: Conflicts about these are alarms: people act on them at once.
ALARMING = ("commander", "severity", "status", RUNS_ON)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records of one incident at one version of the board."""

    version: int
    incident: Incident
    roles: Sequence[Role]
    hypotheses: Sequence[Hypothesis]
    evidence: Mapping[str, Sequence[Evidence]]
    actions: Sequence[Action]
    decisions: Sequence[Decision]
    updates: Sequence[Update]
    runs: Sequence[Run]
    steps: Mapping[str, Sequence[Step]]
    conflicts: Sequence[Conflict]
    probes: Sequence[HypothesisTest] = ()
    proposals: Sequence[Proposal] = ()
    objections: Sequence[Objection] = ()
    obligations: Sequence[Obligation] = ()
    summons: Sequence[PageOut] = ()
    questions: Sequence[OutsideQuestion] = ()
    text_approvals: Sequence[TextApproval] = ()
    word_plans: Sequence[WordPlan] = ()
    spells: Sequence[Spell] = ()
    #: Whom an imported list of people has as commanders, whoever commands by now: their names stay inside.
    listed_commanders: Sequence[str] = ()
    texts_begun: Sequence[TextBegun] = ()

    @property
    def over(self) -> bool:
        return self.incident.status in OVER

    @property
    def hurt(self) -> Sequence[Stretch]:
        """The times in which people were hurt."""
        return hurt(self.incident, self.spells)

    def ranked_hypotheses(self) -> list[Hypothesis]:
        """Alive ones first, those least contradicted before others [Heuer: rank by least inconsistency], then the
        likelier; the ruled out last, latest first."""
        disputed = self.disputed_causes
        alive = [h for h in self.hypotheses if h.state in ALIVE or h.id in disputed]
        out = [h for h in self.hypotheses if h.state not in ALIVE and h.id not in disputed]
        alive.sort(
            key=lambda h: (
                h.state != "confirmed" or h.id in disputed,
                self.against(h),
                -(h.confidence or 0.0),
                h.born,
            )
        )
        return alive + sorted(out, key=lambda h: h.state_since, reverse=True)

    def stands(self, hypothesis: Hypothesis) -> str:
        """Where a hypothesis stands, in a word: its state; disputed, where one confirmed it and another did not."""
        return "disputed" if hypothesis.id in self.disputed_causes else hypothesis.state

    def against(self, hypothesis: Hypothesis) -> int:
        """How many findings contradict it; one that would rule it out alone counts twice."""
        found = self.evidence.get(hypothesis.id, ())
        return sum((2 if item.weight >= 2 else 1) for item in found if not item.supports)

    def ordered_actions(self, now: Instant) -> list[Action]:
        """Overdue first, then unheard, then by what is left of the time box; those that ended last, latest first."""
        running = [a for a in self.actions if a.state in OPEN]
        ended = [a for a in self.actions if a.state not in OPEN]
        running.sort(key=lambda a: (not is_late(a, now), a.state != "ordered", a.due_at or "~", a.born))
        return running + sorted(ended, key=lambda a: (a.state_since, a.born), reverse=True)

    def late_actions(self, now: Instant) -> list[Action]:
        return [a for a in self.actions if is_late(a, now)]

    def unheard_actions(self) -> list[Action]:
        return [a for a in self.actions if a.state == "ordered" and a.owner]

    def last_update(self, audience: str = "") -> Update | None:
        """The last word that was sent, to one audience or to any."""
        sent = [u for u in self.updates if not audience or u.audience == audience]
        return max(sent, key=lambda u: (u.at, u.born), default=None)

    def progress(self, run: Run) -> tuple[int, int]:
        """(steps settled, steps in all) of a run."""
        steps = self.steps.get(run.id, ())
        return sum(step.state not in ("open", "deferred") for step in steps), len(steps)

    def alarms(self) -> list[Conflict]:
        return [c for c in self.conflicts if c.kind == "incident" and c.field in ALARMING]

    @property
    def in_command(self) -> str:
        """Who commands, in words: both, while two are said to."""
        return in_command(self.incident, self.conflicts)

    @property
    def disputed_causes(self) -> Mapping[str, str]:
        """Hypotheses that one confirmed and another did not, each with who said what."""
        return disputed_causes(self.hypotheses, self.conflicts)

    def item(self, record: str) -> Hypothesis | Action | None:
        """The hypothesis or action of that id."""
        items: list[Hypothesis | Action] = [*self.hypotheses, *self.actions]
        return next((item for item in items if item.id == record), None)

    def said_aloud(self) -> Iterator[Record]:
        """Everything in the room that people call by a mark."""
        yield from (*self.hypotheses, *self.actions, *self.decisions, *self.probes, *self.proposals)
        yield from (*self.questions, *self.obligations, *self.runs)

    def marked(self, mark: str) -> Hypothesis | Action | None:
        """The hypothesis or action of that mark. Raises Rejected where two stations gave the same mark."""
        wanted = mark.lower()
        items: list[Hypothesis | Action] = [*self.hypotheses, *self.actions]
        found = [item for item in items if item.mark == wanted]
        if found:
            return found[0]
        lettered = [item for item in items if f"{item.letter}{item.number}" == wanted]
        if len(lettered) > 1:
            raise Rejected(several(lettered))
        return lettered[0] if lettered else None


def is_late(action: Action, now: Instant) -> bool:
    """Whether its time box has run out without a result."""
    return action.state in OPEN and bool(action.due_at) and action.due_at < now


def given_by(item: Action | HypothesisTest) -> str:
    """Who gave the result of what has ended, where that is not whose it was; empty where it is, or nobody is named."""
    ended = item.state not in OPEN and item.state not in TESTS_OPEN
    return "" if not ended or same_person(item.state_by, item.owner) else item.state_by


def read_snapshot(board: Board, incident: str, before: Snapshot | None = None, news: News | None = None) -> Snapshot:
    """The room of an incident; from the room as it was `before` only what was touched since is read anew: of that the
    `news` may tell. Raises Rejected where there is no such incident."""
    version = board.version
    found = board.get(Incident, incident)
    if found is None:
        raise Rejected("That incident is not on this board any more: press u where it was removed, or open another.")
    touched: dict[str, set[str]] = {}
    for item in touched_since(board, before.version, news) if before else ():
        touched.setdefault(item.kind, set()).add(item.record)

    def still(kind: type[Record]) -> bool:
        return before is not None and kind.kind not in touched

    def read(kind: type[R], kept: Sequence[R]) -> Sequence[R]:
        if before is None:
            return board.all(kind, incident)
        return _read_touched(board, kind, incident, kept, touched.get(kind.kind, ()))

    roles = () if still(Role) else board.all(Role, incident)
    was = before or Snapshot(version, found, (), (), {}, (), (), (), (), {}, ())
    conflicts = conflicts_of(board, incident)
    return Snapshot(
        version=version,
        incident=as_read(board, found, conflicts),
        roles=was.roles if still(Role) else _held(roles),
        hypotheses=read(Hypothesis, was.hypotheses),
        evidence=was.evidence if still(Evidence) else _evidence(read(Evidence, _flat(was.evidence)), was.evidence),
        actions=read(Action, was.actions),
        decisions=read(Decision, was.decisions),
        updates=read(Update, was.updates),
        runs=read(Run, was.runs),
        steps=was.steps if still(Step) else _steps(board, incident, conflicts),
        conflicts=conflicts,
        probes=read(HypothesisTest, was.probes),
        proposals=read(Proposal, was.proposals),
        objections=read(Objection, was.objections),
        obligations=read(Obligation, was.obligations),
        summons=read(PageOut, was.summons),
        questions=read(OutsideQuestion, was.questions),
        text_approvals=read(TextApproval, was.text_approvals),
        word_plans=read(WordPlan, was.word_plans),
        spells=read(Spell, was.spells),
        listed_commanders=was.listed_commanders if still(Role) else _commanders(roles),
        texts_begun=read(TextBegun, was.texts_begun),
    )


#: Beyond so many touched records of a kind all are read anew.
_FEW = 50


def _read_touched(
    board: Board, kind: type[R], incident: str, kept: Sequence[R], touched: Collection[str]
) -> Sequence[R]:
    """Records of a kind as they are now: those that nobody touched are the very ones that were read before. Where two
    stations gave the same mark, others change with one, and all are read."""
    if not touched:
        return kept
    read = {name: item for name in touched if (item := board.get(kind, name))} if len(touched) <= _FEW else {}
    now = {name: item for name, item in read.items() if item.incident == incident}
    if len(touched) > _FEW or any(_lettered(item) for item in (*kept, *now.values())):
        return board.all(kind, incident)
    standing = [item for item in kept if item.id not in touched]
    return sorted([*standing, *now.values()], key=lambda item: (item.born, item.id))


def _held(roles: Iterable[Role]) -> list[Role]:
    """The roles that somebody holds. Command is none of them, though an imported list of people has it: who commands is
    a field of the incident."""
    return [role for role in roles if role.name and role.role != "commander"]


def _commanders(roles: Iterable[Role]) -> list[str]:
    return each_once(role.name for role in roles if role.role == "commander")


def _lettered(item: Record) -> bool:
    return bool(item.letter) and item.mark != f"{item.letter}{item.number}"


def _flat(evidence: Mapping[str, Sequence[Evidence]]) -> Sequence[Evidence]:
    return [item for found in evidence.values() for item in found]


def _evidence(items: Sequence[Evidence], before: Mapping[str, Sequence[Evidence]]) -> Mapping[str, Sequence[Evidence]]:
    """Findings by their hypothesis; the very list that was there before where it has the same ones."""
    found: dict[str, list[Evidence]] = {}
    for item in sorted(items, key=lambda item: (item.born, item.id)):
        found.setdefault(item.hypothesis, []).append(item)
    kept: dict[str, Sequence[Evidence]] = {}
    for name, now in found.items():
        was = before.get(name, ())
        same = len(was) == len(now) and all(one is other for one, other in zip(was, now, strict=True))
        kept[name] = was if same else now
    return kept


def _steps(board: Board, incident: str, conflicts: Iterable[Conflict]) -> Mapping[str, Sequence[Step]]:
    found: dict[str, list[Step]] = {}
    for step in with_disputed_open(board.all(Step, incident), conflicts):
        found.setdefault(step.run, []).append(step)
    for of_run in found.values():
        of_run.sort(key=lambda step: step.position)
    return found


def find_incident(board: Board, name: str) -> Incident:
    """The incident of a short id, of an unambiguous beginning of its id, or the running one for `-`."""
    if name == "-":
        running = running_incidents(board)
        if len(running) == 1:
            return running[0]
        marks = ", ".join(i.mark for i in running)
        raise Rejected(
            f"Which incident? These run: {marks}." if running else "No incident is running: opsterm declare."
        )
    wanted = name.strip().lower()
    letter, number = Incident.letter.lower(), ""
    if wanted.startswith(letter) and (said := re.match("[0-9]{1,9}", wanted.removeprefix(letter))):
        number = said[0]
    numbered = board.all(Incident, "", where='"number" = ?', args=(int(number),)) if number else []
    named = board.get(Incident, name)
    exact = [i for i in numbered if i.mark.lower() == wanted] or ([named] if named else [])
    if len(exact) == 1:
        return exact[0]
    lettered = numbered if f"{letter}{number}" == wanted else []
    begins = "? IN (substr(id, 1, ?), lower(substr(id, 1, ?)))"
    begun = lettered or (board.all(Incident, where=begins, args=(wanted, len(wanted), len(wanted))) if wanted else [])
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise Rejected(f"{name} could be {', '.join(i.mark for i in begun[:6])}: say more of it.")
    raise Rejected(f"There is no incident {name} on this board: opsterm list --all shows them.")


def timed(board: Board, incident: str) -> list[tuple[Instant, Change]]:
    """All that was said of an incident, each with when it happened; the incident itself was always there."""
    changes = board.changes_of_incident(incident)
    begun = next((c for c in changes if c.record == incident and "number" in c.values), None)
    return [("" if change is begun else _said(change), change) for change in changes]


def _said(change: Change) -> Instant:
    """When a change was said; what a note says of another change is known once it is written."""
    return note_at(change) if is_note(change) else said_at(change, change.values)


def snapshot_at(history: Sequence[tuple[Instant, Change]], incident: str, at: Instant, now: Snapshot) -> Snapshot:
    """The room as it was recorded up to `at`. Marks are those that people say today; conflicts are left out."""
    groups: dict[str, list[Change]] = {}
    for when, change in history:
        if when <= at:
            groups.setdefault(change.record, []).append(change)
    marks = {item.id: item.mark for item in (now.incident, *now.hypotheses, *now.actions, *now.decisions, *now.runs)}
    found = _records(Incident, groups.get(incident, ()), marks)
    if not found:
        raise Rejected("Nothing was recorded of that incident by then.")
    evidence: dict[str, list[Evidence]] = {}
    steps: dict[str, list[Step]] = {}
    by_kind: dict[str, list[Change]] = {}
    for changes in groups.values():
        by_kind.setdefault(changes[0].kind, []).extend(changes)
    for item in _records(Evidence, by_kind.get(Evidence.kind, ()), marks):
        evidence.setdefault(item.hypothesis, []).append(item)
    for step in _records(Step, by_kind.get(Step.kind, ()), marks):
        steps.setdefault(step.run, []).append(step)
    roles = _records(Role, by_kind.get(Role.kind, ()), marks)
    return Snapshot(
        version=now.version,
        incident=found[0],
        roles=_held(roles),
        hypotheses=_records(Hypothesis, by_kind.get(Hypothesis.kind, ()), marks),
        evidence=evidence,
        actions=_records(Action, by_kind.get(Action.kind, ()), marks),
        decisions=_records(Decision, by_kind.get(Decision.kind, ()), marks),
        updates=_records(Update, by_kind.get(Update.kind, ()), marks),
        runs=_records(Run, by_kind.get(Run.kind, ()), marks),
        steps=steps,
        conflicts=(),
        spells=_records(Spell, by_kind.get(Spell.kind, ()), marks),
        listed_commanders=_commanders(roles),
    )


def _records(cls: type[R], changes: Iterable[Change], marks: dict[str, str]) -> list[R]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.record, []).append(change)
    out = []
    for record, said in groups.items():
        folded = fold(said)
        if not folded.deleted:
            out.append(cls(**{**project(cls, folded), "mark": marks.get(record, "")}))
    return sorted(out, key=lambda item: (item.born, item.id))
