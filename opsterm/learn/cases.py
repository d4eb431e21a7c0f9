"""What a problem's cases are, in words, and what was to prevent them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opsterm.board.store import Board
from opsterm.learn.account import TrackedImprovement, improvements_of
from opsterm.records import KINDS, Alert, Improvement, Incident, Obligation, PlannedChange, Run, Step
from opsterm.records.record import Record

_KINDS = {
    "incident": "incident",
    "update": "incident",
    "obligation": "obligation",
    "checklist item": "step",
    "change": "planned_change",
    "alert": "alert",
}


def told_cases(board: Board, sort: str, cases: Iterable[str]) -> list[tuple[str, str]]:
    """(id, what it was and when) of each case that is still on the board, oldest first."""
    cls = KINDS[_KINDS[sort]]
    found = [item for case in cases if (item := board.get(cls, case)) is not None]
    return [(item.id, _told(board, item)) for item in sorted(found, key=_when)]


def _when(item: Record) -> str:
    return item.started_at or item.at if isinstance(item, Incident) else item.at


def _told(board: Board, item: Record) -> str:
    day = _when(item)[:10]
    if isinstance(item, Incident):
        return f"{item.mark} {item.title}, {day}"
    if isinstance(item, Obligation):
        ended = f"done {item.state_since[:10]}" if item.state == "done" else item.state
        return f"{item.mark} {item.what}: due {item.due_at[:10]}, {ended}"
    if isinstance(item, Step):
        run = board.get(Run, item.run)
        why = f": {item.state_why}" if item.state_why else ""
        return f"{run.name if run else item.text}, {day}: {item.state}{why}"
    title = item.title if isinstance(item, Alert | PlannedChange) else ""
    return f"{title or item.mark}, {day}"


def prevention(board: Board, cases: Iterable[str]) -> Sequence[tuple[Incident, TrackedImprovement, bool]]:
    """The improvements of the incidents among the cases, what was to keep it from coming back; and whether it came back
    after one was closed, so that it is a question whether it worked."""
    incidents = [of for case in cases if (of := board.get(Incident, case)) is not None]
    ended = {item.id: item.state_since for of in incidents for item in board.all(Obligation, of.id)}
    closed = {item.id: ended.get(item.obligation, "") for of in incidents for item in board.all(Improvement, of.id)}
    last = max((_when(of) for of in incidents), default="")
    return [
        (of, item, item.state == "done" and closed.get(item.record, "~") < last)
        for of in incidents
        for item in improvements_of(board, of)
    ]
