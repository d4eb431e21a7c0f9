"""What is due when: all that is owed, by the registers too, worked out as of a day."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import partial

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, day
from opsterm.core.lookup import find, only
from opsterm.core.session import Session
from opsterm.obligations.obligation import DONE_DAYS, DueItem, notice_of, state_of
from opsterm.records import (
    BoundaryDecision,
    Commitment,
    Dependency,
    Document,
    HeldMeeting,
    Incident,
    Involvement,
    Obligation,
    Ritual,
    Vendor,
    VendorReview,
)
from opsterm.records.instant import Instant
from opsterm.records.record import as_fields, stated_columns
from opsterm.registers.documents.document_obligations import obligations_of_documents
from opsterm.registers.teams.dependency_obligations import obligations_of_dependencies
from opsterm.registers.teams.meeting_obligations import obligations_of_rituals
from opsterm.registers.vendors.vendor_obligations import obligations_of_vendors

SOURCES: tuple[Callable[[Board, date, Container[date]], list[Obligation]], ...] = (
    obligations_of_vendors,
    obligations_of_documents,
    obligations_of_rituals,
    obligations_of_dependencies,
)


#: All that what is owed is worked out from.
KINDS = (
    Vendor,
    Commitment,
    VendorReview,
    Involvement,
    Incident,
    Document,
    Ritual,
    HeldMeeting,
    Dependency,
    BoundaryDecision,
    Obligation,
)


def due(
    board: Board, at: Instant, *, done_days: int = DONE_DAYS, holidays: Container[date] = NO_HOLIDAYS
) -> list[DueItem]:
    """All that is owed, by the registers too, soonest first; what was done within the last `done_days` days besides,
    dropped things not."""
    since = f"{(day(at) - timedelta(days=done_days)).isoformat()}T00:00:00Z"
    out = []
    for item in [*board.all(Obligation), *owed_by_registers(board, day(at), holidays)]:
        state = state_of(item, at, holidays)
        if item.state == "dropped" or (state == "done" and (done_days <= 0 or item.state_since < since)):
            continue
        out.append(DueItem(item, state, notice_of(item, holidays), item.due_at))
    return sorted(out, key=lambda line: (line.due_at or "9999", line.obligation.born, line.obligation.id))


def owed_by_registers(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Obligation]:
    """All that the registers owe as of a day and that nobody acted on yet, soonest first. What somebody put off, did or
    dropped is a record, and the board's own list has it."""
    work = partial(_owed_by_registers, board, today, holidays)
    return list(as_of(board, "owed by registers", today, holidays, KINDS, work))


def _owed_by_registers(board: Board, today: date, holidays: Container[date]) -> list[Obligation]:
    acted_on = {record for (record,) in board.fields(Obligation, "id", where="id LIKE '%/%'")}
    found = {item.id: item for source in SOURCES for item in source(board, today, holidays)}
    return sorted((o for o in found.values() if o.id not in acted_on), key=lambda o: (o.due_at, o.id))


def next_due(board: Board, at: Instant, holidays: Container[date] = NO_HOLIDAYS) -> dict[str, DueItem]:
    """Record of a register → what is due of it first."""
    taken = board.all(Obligation, where="id LIKE '%/%' AND state IN ('open', 'snoozed')")
    items = [*taken, *owed_by_registers(board, day(at), holidays)]
    out: dict[str, DueItem] = {}
    for item in sorted(items, key=lambda o: (o.due_at or "9999", o.id)):
        out.setdefault(item.origin, DueItem(item, state_of(item, at, holidays), notice_of(item, holidays), item.due_at))
    return out


def adopt(session: Session, item: Obligation) -> Obligation:
    """Records an obligation of a register, so that it can be done, put off or given away; one that is recorded stays as
    it is."""
    known = session.board.get(Obligation, item.id)
    if known is not None:
        return known
    stated, without = stated_columns(Obligation).keys() - {"number"}, dict(Obligation.defaults)
    fields = {name: value for name, value in as_fields(item).items() if name in stated and value != without[name]}
    session.create(Obligation, "", fields, record=item.id)
    return session.read(Obligation, item.id)


def find_obligation(session: Session, name: str, today: date, holidays: Container[date] = NO_HOLIDAYS) -> Obligation:
    """The obligation of a mark or an id; one of a register's is recorded with it. Raises Rejected."""
    wanted, registers = name.strip(), owed_by_registers(session.board, today, holidays)
    found = only(
        [item for item in registers if item.id == wanted],
        [item for item in registers if wanted and item.id.startswith(wanted)],
    )
    return adopt(session, found) if found else find(session.board, Obligation, name, "obligation")
