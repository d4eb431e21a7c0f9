"""How incidents read while something about them was said apart, on every screen, list and draft alike: of two
severities the worse, of two commanders both, and of folds that cross the oldest runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from opsterm.board.store import Board, Conflict
from opsterm.core.conflicts import Side, conflicts_of, sides_of, values_of_side
from opsterm.core.folds import is_folded
from opsterm.records import Hypothesis, Incident, Step
from opsterm.records.incident import OVER, SEVERITIES
from opsterm.records.record import stated_columns
from opsterm.records.timeline_entry import WHY


def all_incidents(board: Board, *, where: str = "") -> list[Incident]:
    """All incidents as they read, oldest first; `where` narrows them, in SQL."""
    found = board.all(Incident, where=where)
    disputed: dict[str, list[Conflict]] = {}
    for conflict in board.conflicts():
        if conflict.kind == Incident.kind:
            disputed.setdefault(conflict.record, []).append(conflict)
    return [as_read(board, item, disputed.get(item.id, ())) for item in found]


def running_incidents(board: Board) -> list[Incident]:
    """Incidents that are neither over nor folded into another, oldest first."""
    named = ", ".join(f"'{status}'" for status in OVER)
    return [item for item in all_incidents(board, where=f"status NOT IN ({named})") if not item.folded_into]


def read_incident(board: Board, record: str) -> Incident | None:
    """One incident as it reads."""
    found = board.get(Incident, record)
    return as_read(board, found, board.conflicts(record)) if found is not None else None


def as_read(board: Board, incident: Incident, conflicts: Iterable[Conflict]) -> Incident:
    """An incident as people go by it until they settle what was said apart."""
    if incident.folded_into and not is_folded(board, incident):
        incident = replace(incident, folded_into="")
    severity = _of_field(conflicts, incident.id, "severity")
    worst = worse_of(severity) if severity is not None else None
    if worst is None or worst.value == incident.severity:
        return incident
    why = values_of_side(board, worst).get(WHY, "")
    return replace(
        incident,
        severity=worst.value,
        severity_by=worst.by,
        severity_since=worst.at,
        severity_why=why if isinstance(why, str) else "",
    )


def worse_of(conflict: Conflict) -> Side | None:
    """The worse of the severities that stand: in doubt the worse level [PagerDuty; GitLab]."""
    known = [side for side in sides_of(conflict) if side.value in SEVERITIES]
    return min(known, key=lambda side: SEVERITIES.index(side.value), default=None)


def in_command(incident: Incident, conflicts: Iterable[Conflict]) -> str:
    """Who commands, in words: `li`; `li / tom?` while two are said to; empty while nobody is."""
    return in_command_words(incident.commander, said_to_command(incident, conflicts))


def in_command_words(commander: str, said: Sequence[str]) -> str:
    """The commander in words, where these are `said` to command."""
    return f"{' / '.join(name or 'nobody' for name in said)}?" if len(said) > 1 else commander


def said_to_command(incident: Incident, conflicts: Iterable[Conflict]) -> list[str]:
    """Everybody who is said to command; nobody for none. The one that stands is the last."""
    disputed = _of_field(conflicts, incident.id, "commander")
    return [str(side.value or "") for side in sides_of(disputed)] if disputed is not None else [incident.commander]


def commanders(board: Board, incidents: Iterable[Incident]) -> Mapping[str, str]:
    """Incident → who commands it, in words."""
    conflicts = conflicts_of(board)
    return {item.id: in_command(item, conflicts) for item in incidents}


def disputed_causes(hypotheses: Iterable[Hypothesis], conflicts: Iterable[Conflict]) -> Mapping[str, str]:
    """Hypotheses that one confirmed while another, apart, said something else of them: they are neither confirmed nor
    ruled out until that is settled. Each with who said what."""
    known = {item.id for item in hypotheses}
    found: dict[str, str] = {}
    for conflict in conflicts:
        if (conflict.kind, conflict.field) != (Hypothesis.kind, "state") or conflict.record not in known:
            continue
        sides = sides_of(conflict)
        if any(side.value == "confirmed" for side in sides):
            found[conflict.record] = ", ".join(f"{_state(side)} by {side.by or 'nobody named'}" for side in sides)
    return found


def _state(side: Side) -> str:
    return stated_columns(Hypothesis)["state"].in_words(side.value)


def _of_field(conflicts: Iterable[Conflict], record: str, field: str) -> Conflict | None:
    return next((c for c in conflicts if (c.record, c.kind, c.field) == (record, Incident.kind, field)), None)


def undisputed(hypotheses: Sequence[Hypothesis], disputed: Mapping[str, str]) -> tuple[Hypothesis, ...]:
    """The hypotheses as they may be spoken of: a disputed cause is one that is held likely, and no more."""
    return tuple(
        replace(item, state="supported", confidence=None, state_why="") if item.id in disputed else item
        for item in hypotheses
    )


def with_disputed_open(steps: Iterable[Step], conflicts: Iterable[Conflict]) -> list[Step]:
    """Steps as they count: a killer item that two people answered apart is open, and nobody has asked it yet."""
    disputed = {c.record for c in conflicts if c.kind == Step.kind and c.field == "state"}
    return [replace(step, state="open", asked_by="") if step.killer and step.id in disputed else step for step in steps]
