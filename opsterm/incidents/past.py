"""An incident as it was recorded up to a moment: what was known then, by when things happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from opsterm.board.change import Change
from opsterm.board.fold import fold, project, said_at
from opsterm.board.store import Board
from opsterm.core.session import Rejected
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Action, Decision, Evidence, Hypothesis, Incident, Role, Run, Step, Update
from opsterm.records.instant import Instant
from opsterm.records.record import Record

R = TypeVar("R", bound=Record)


def timed(board: Board, incident: str) -> list[tuple[Instant, Change]]:
    """All that was said of an incident, each with when it happened; the incident itself was always there."""
    changes = board.changes_of_incident(incident)
    begun = next((c for c in changes if c.record == incident and "number" in c.values), None)
    return [("" if change is begun else said_at(change, change.values), change) for change in changes]


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
    return Snapshot(
        version=now.version,
        incident=found[0],
        roles=[r for r in _records(Role, by_kind.get(Role.kind, ()), marks) if r.name],
        hypotheses=_records(Hypothesis, by_kind.get(Hypothesis.kind, ()), marks),
        evidence=evidence,
        actions=_records(Action, by_kind.get(Action.kind, ()), marks),
        decisions=_records(Decision, by_kind.get(Decision.kind, ()), marks),
        updates=_records(Update, by_kind.get(Update.kind, ()), marks),
        runs=_records(Run, by_kind.get(Run.kind, ()), marks),
        steps=steps,
        conflicts=(),
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
