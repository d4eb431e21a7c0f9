"""What was done on a register settles what was owed for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from opsterm.board.store import Board
from opsterm.core.calendar_dates import day
from opsterm.core.session import Session
from opsterm.obligations.obligation import complete
from opsterm.records import Obligation


def part_of(item: Obligation) -> str:
    """Which of a record's obligations it is: `review` in `document:x/review/2026-11-24`."""
    return _part(item.id, item.origin)


def _part(record: str, origin: str) -> str:
    return record.removeprefix(f"{origin}/").partition("/")[0] if origin else ""


def settle(session: Session, origin: str, parts: Collection[str], evidence: str) -> None:
    """Completes what somebody took on of a record and has not done yet."""
    for item in session.board.all(Obligation, where="origin = ? AND state IN ('open', 'snoozed')", args=(origin,)):
        if part_of(item) in parts:
            complete(session, item, evidence)


def last_done(board: Board) -> Mapping[tuple[str, str], date]:
    """(record, which of its obligations) → the day on which one was last done or dropped."""
    return board.worked_out("last done", "", (Obligation,), lambda: _last_done(board))


def _last_done(board: Board) -> Mapping[tuple[str, str], date]:
    last: dict[tuple[str, str], str] = {}
    over = "origin <> '' AND state IN ('done', 'dropped')"
    for record, origin, since in board.fields(Obligation, "id", "origin", "state_since", where=over):
        key = (origin, _part(record, origin))
        last[key] = max(since, last.get(key, since))
    return {key: day(since) for key, since in last.items()}
