"""What was done on a register settles what was owed for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from opsterm.board.store import Board
from opsterm.command.calendar_dates import day
from opsterm.command.obligation import complete
from opsterm.command.session import NOW, Said, Session
from opsterm.records import Obligation


def part_of(item: Obligation) -> str:
    """Which of a record's obligations it is: `review` in `document:x/review/2026-11-24`."""
    return item.id.removeprefix(f"{item.origin}/").partition("/")[0] if item.origin else ""


def settle(session: Session, origin: str, parts: Collection[str], evidence: str, said: Said = NOW) -> None:
    """Completes what somebody took on of a record and has not done yet."""
    for item in session.board.all(Obligation, where="origin = ? AND state IN ('open', 'snoozed')", args=(origin,)):
        if part_of(item) in parts:
            complete(session, item, evidence, said)


def last_done(board: Board) -> Mapping[tuple[str, str], date]:
    """(record, which of its obligations) → the day on which one was last done or dropped."""
    out: dict[tuple[str, str], date] = {}
    for item in board.all(Obligation, where="origin <> '' AND state IN ('done', 'dropped')"):
        key, when = (item.origin, part_of(item)), day(item.state_since)
        out[key] = max(when, out.get(key, when))
    return out
