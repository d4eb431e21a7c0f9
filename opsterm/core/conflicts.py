"""What two people said apart of one field: which of it is people's, how it reads, and how one of the two is kept.

A conflict belongs to a field of a record of any kind. Two folds that cross are one as well, though each was said of a
record of its own: see `folds`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.change import Write, canonical
from opsterm.board.fold import DELETED
from opsterm.board.store import Board, Conflict
from opsterm.core.field_words import called, field_words, utc_clock, value_words
from opsterm.core.folds import RUNS_ON, crossing
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Incident
from opsterm.records.instant import Instant
from opsterm.records.timeline_entry import WHY

#: Fields in which the machine notes what it saw, counted or made: nobody said them, so nobody has to settle them.
MACHINES_OWN: Mapping[str, frozenset[str]] = {
    "action": frozenset({"heard_at", "heard_of", "extended"}),
    "alert": frozenset({"title", "severity", "because", "services", "dedupe", "times"}),
    "checklist": frozenset({"version", "lesson", "lesson_item", "lesson_runs", "lesson_of"}),
    "document": frozenset({"commits", "dead_links", "scanned_at"}),
    "decision": frozenset({"objections"}),
    "incident": frozenset(
        {
            "severity_ruled",
            "severity_knowing",
            "severity_rule",
            "severity_rule_refused",
            "triaged_at",
            "reopened",
            "taken_from",
        }
    ),
    "kept_text": frozenset({"text", "copied_at", "cut"}),
    "obligation": frozenset({"counted", "occurrence", "snoozes", "anchor"}),
    "planned_change": frozenset({"score", "level", "unmet"}),
    "problem": frozenset({"came_back"}),
    "role": frozenset({"known"}),
    "run": frozenset({"repeat", "repeat_of", "source", "version", "left", "failed", "killers_open"}),
    "spell": frozenset({"line", "past", "end_line"}),
    "step": frozenset({"sensed", "position", "label", "item"}),
    "text_approval": frozenset({"digest"}),
    "text_begun": frozenset({"audience", "state"}),
    "update": frozenset({"knew"}),
    "verification": frozenset({"commit"}),
}
#: The number in a mark is given by the board, of whatever kind the record is.
_OF_EVERY_KIND = frozenset({"number"})


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that stand against each other."""

    value: Any
    by: str
    at: Instant
    #: The change that says it.
    digest: str


def conflicts_of(board: Board, incident: str | None = None) -> list[Conflict]:
    """What people said apart and nobody settled, of one incident or of the whole board."""
    found = [conflict for conflict in board.conflicts(incident) if is_of_people(conflict.kind, conflict.field)]
    if incident is None:
        folded = board.all(Incident, where="folded_into <> ''")
    else:
        of = board.get(Incident, incident)
        folded = [of] if of is not None else []
    return [*found, *crossing(board, folded)]


def is_of_people(kind: str, field: str) -> bool:
    """Whether people say a field, and not the machine."""
    return field not in _OF_EVERY_KIND and field not in MACHINES_OWN.get(kind, ())


def sides_of(conflict: Conflict) -> list[Side]:
    """The different values of a conflict, each as it was said last; the one that stands is the last."""
    found: dict[str, Side] = {}
    for head in conflict.heads:
        value = canonical(head["value"])
        found.pop(value, None)
        found[value] = Side(head["value"], str(head["by"]), str(head["at"]), str(head["digest"]))
    return list(found.values())


def pair_of(conflict: Conflict) -> list[Side]:
    """The two that one key each keeps: the latest two, where there are more."""
    return sides_of(conflict)[-2:]


def settle(session: Session, conflict: Conflict, side: Side) -> Outcome:
    """Ends a conflict: one side stands, and those that were seen are named as seen. What was said since, unseen, stays
    in conflict with it. Raises Rejected where somebody settled it meanwhile."""
    now = [c for c in conflicts_of(session.board, conflict.incident) if _same(c, conflict)]
    if not now or not {head["digest"] for head in now[0].heads} & _seen(conflict):
        raise Rejected("That was settled meanwhile.")
    _keep(session, conflict, side)
    about = called(session.board, conflict.kind, conflict.record)
    if conflict.field == DELETED:
        return Outcome(f"{about} is {'removed' if side.value is True else 'kept'}, settled", conflict.record)
    words = side_words(session.board, conflict, side)
    if conflict.field == RUNS_ON:
        return Outcome(f"{words}, settled", conflict.record)
    return Outcome(f"{about}: {field_words(conflict.kind, conflict.field)} is {words}, settled", conflict.record)


def _same(one: Conflict, other: Conflict) -> bool:
    return (one.record, one.kind, one.field) == (other.record, other.kind, other.field)


def _seen(conflict: Conflict) -> set[str]:
    return {str(head["digest"]) for head in conflict.heads}


def _keep(session: Session, conflict: Conflict, side: Side) -> None:
    """Says what makes a side stand."""
    board = session.board
    if conflict.field == RUNS_ON:
        # Whichever is to run on is not folded any more; the others stay folded into it, one after the other.
        fold = next(str(head["digest"]) for head in conflict.heads if head["value"] == side.value)
        write = Write("incident", str(side.value), "", {"folded_into": ""}, {"folded_into": [fold]})
        board.record(session.person, [write])
        return
    # An incident's own changes name no incident.
    belongs = "" if conflict.record == conflict.incident else conflict.incident
    seen = sorted(_seen(conflict))
    basis = {conflict.field: seen}
    if conflict.field == DELETED:
        folded = board.folded(conflict.record, conflict.kind)
        heads = folded.basis_of_all() if folded is not None else {}
        removing = side.value is True
        basis = {
            field: named
            for field, digests in heads.items()
            if (removing or field == DELETED) and (named := [d for d in digests if d in seen])
        }
    fields = {conflict.field: side.value}
    why = values_of_side(board, side).get(WHY)
    if conflict.field != DELETED and isinstance(why, str) and why:
        # What it rests on was said with it, and stands as long as it does.
        fields[WHY] = why
    board.record(session.person, [Write(conflict.kind, conflict.record, belongs, fields, basis)])


# --- in words


def conflict_words(conflict: Conflict) -> str:
    """What a conflict is about: `impact`, `state`; `removed or kept`."""
    if conflict.field == DELETED:
        return "removed or kept"
    if conflict.field == RUNS_ON:
        return "which runs on"
    return field_words(conflict.kind, conflict.field)


def side_words(board: Board, conflict: Conflict, side: Side, clock: Callable[[Instant], str] = utc_clock) -> str:
    """One side's value, as people say it; `clock` puts times into words."""
    if conflict.field == DELETED:
        return "removed" if side.value is True else "changed, so kept"
    if conflict.field == RUNS_ON:
        return f"{called(board, 'incident', str(side.value))} runs on"
    return value_words(board, conflict.kind, conflict.field, side.value, clock)


def told(board: Board, conflict: Conflict, clock: Callable[[Instant], str] = utc_clock) -> str:
    """A conflict in one sentence: what, each value with who said it; a removal that did not see a change says so."""
    sides = sides_of(conflict)
    if conflict.field == DELETED:
        removed = _names(s.by for s in _heads(conflict) if s.value is True)
        changed = _names(s.by for s in _heads(conflict) if s.value is not True)
        return f"removed by {removed}, while {changed} changed it"
    words = " or ".join(f"{side_words(board, conflict, side, clock)} ({side.by or 'nobody named'})" for side in sides)
    return f"{conflict_words(conflict)}: {words}"


def _heads(conflict: Conflict) -> Sequence[Side]:
    return [Side(h["value"], str(h["by"]), str(h["at"]), str(h["digest"])) for h in conflict.heads]


def _names(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(name or "nobody named" for name in names))


def values_of_side(board: Board, side: Side) -> Mapping[str, Any]:
    """All that the change says by which a side stands: its reason too."""
    change = board.change(side.digest)
    said: Mapping[str, Any] = json.loads(change.fields) if change is not None else {}
    return said
