"""What the registers owe by their dates: worked out as of a day, and recorded only once somebody acts on it.

Each has an id that two stations give alike, so that what one did is not owed by the other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.core.calendar_dates import add_months, add_working_days, back_to_working_day, day
from opsterm.core.lookup import find
from opsterm.core.session import NOW, Attribution, Rejected, Session
from opsterm.core.valid_dates import is_day, sound
from opsterm.obligations.obligation import Due, end_of, notice_of, start_of, state_of
from opsterm.obligations.settle import last_done
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
from opsterm.records.record import columns, stated_columns
from opsterm.registers.documents.document import review_by
from opsterm.registers.documents.staleness import cadence_of
from opsterm.registers.teams.dependency import CHECK_DAYS, blocker_step, next_check, slack, sound_dependency
from opsterm.registers.teams.meeting import drift, next_on
from opsterm.registers.vendors.commitment import claim_until
from opsterm.registers.vendors.contract import sound_contract, stages_of, term_of
from opsterm.registers.vendors.vendor import AFTER_INCIDENT_WORKING_DAYS, REVIEW_ASKS, REVIEW_MONTHS

_NONE: frozenset[date] = frozenset()
#: Working days ahead from which each family is shown as coming up.
LEAD_WORKING_DAYS = {"vendor": 10, "document": 5, "ritual": 2, "dependency": 2, "decision": 5}
#: Working days to settle what was found: an incident to review, drift to decide on.
SETTLE_WORKING_DAYS = 10
#: For so many days after somebody settled it, drift is not brought up again. (opsterm)
DRIFT_QUIET_DAYS = 90
_SEVERE = ("sev1", "sev2")


def _owed(
    record: str,
    sort: str,
    what: str,
    by: date,
    owner: str,
    *,
    backup: str = "",
    reason: str = "",
    missed: str = "",
    hard: bool = False,
    origin: str = "",
    notice: date | None = None,
    holidays: Container[date] = _NONE,
) -> Obligation:
    begin = notice or add_working_days(by, -LEAD_WORKING_DAYS[sort], holidays)
    given: dict[str, Any] = {
        "id": record,
        "what": what,
        "sort": sort,
        "due_at": end_of(by),
        "notice_at": start_of(min(begin, by)),
        "owner": owner,
        "backup": backup,
        "reason": reason,
        "missed": missed,
        "origin": origin,
        "hard_at": end_of(by) if hard else "",
    }
    return Obligation(**given)


def obligations_of_vendors(board: Board, today: date, holidays: Container[date] = _NONE) -> list[Obligation]:
    """Stages before notice, notice itself, what renewed unseen, reviews by tier and after incidents, credits."""
    out: list[Obligation] = []
    vendors = {vendor.id: sound_contract(vendor) for vendor in board.all(Vendor)}
    done = last_done(board) if vendors else {}
    for vendor in vendors.values():
        if not vendor.ended:
            out += _of_contract(vendor, today, holidays)
            out += _of_reviews(vendor, today, done.get((vendor.id, "review")), holidays)
    if vendors:
        out += _after_incidents(board, vendors, holidays)
        out += _of_credits(board, vendors, holidays)
    return out


def _of_contract(vendor: Vendor, today: date, holidays: Container[date]) -> Iterator[Obligation]:
    term = term_of(vendor, today, holidays)
    if term.end is None or (not term.in_force and (today - term.end).days > 30):
        return
    name, owner = vendor.name, vendor.owner
    if term.missed and not (vendor.decision and vendor.decided_for == term.end.isoformat()):
        yield _owed(
            f"{vendor.id}/missed/{term.missed}",
            "vendor",
            f"{name} renews itself on {term.end}: notice was due {term.missed}; say that it may, or ask to be let out",
            term.missed,
            owner,
            backup=vendor.backup,
            reason=term.steps[-1] if term.steps else "",
            missed="it is paid for another term",
            hard=True,
            origin=vendor.id,
            holidays=holidays,
        )
    if term.notice is None or term.notice_for is None:
        return
    decided = vendor.decision if vendor.decided_for == term.notice_for.isoformat() else ""
    if not decided and term.notice >= today:
        passed = [(what, by) for what, by in stages_of(vendor, term.notice) if by < today]
        ahead = [(what, by) for what, by in stages_of(vendor, term.notice) if by >= today]
        late = [(", ".join(what for what, _ in passed), *passed[-1])] if passed else []
        for words, what, by in [*late, *((what, what, by) for what, by in ahead)]:
            yield _owed(
                f"{vendor.id}/{what.partition(' ')[0]}/{term.notice}",
                "vendor",
                f"{name}: {words}; notice by {term.notice}",
                back_to_working_day(by, holidays),
                owner,
                backup=vendor.backup,
                reason=f"the term ends {term.notice_for}, and {vendor.renewal} renewal follows its rule",
                missed="too late to compare or to bargain",
                origin=vendor.id,
                holidays=holidays,
            )
    if decided == "renew" and vendor.renewal != "express":
        return
    if not vendor.notice_sent and (vendor.renewal != "none" or decided):
        act_by = term.act_by(holidays)
        todo = "renew it expressly" if vendor.renewal == "express" and decided != "leave" else "give notice or renew"
        todo = "give notice, and keep the proof" if decided in ("leave", "renegotiate") else todo
        yield _owed(
            f"{vendor.id}/notice/{term.notice}",
            "vendor",
            f"{name}: {todo}; act by {act_by}, the last day is {term.notice}",
            term.notice,
            owner,
            backup=vendor.backup,
            reason="; ".join(term.steps),
            missed="it renews itself" if vendor.renewal == "tacit" else "service ends",
            hard=True,
            origin=vendor.id,
            notice=add_working_days(act_by, -LEAD_WORKING_DAYS["vendor"], holidays) if act_by else None,
            holidays=holidays,
        )
    if vendor.renewal == "none" and not decided:
        yield _owed(
            f"{vendor.id}/ends/{term.end}",
            "vendor",
            f"{name} ends on {term.end}: say what follows",
            term.notice,
            owner,
            backup=vendor.backup,
            missed="service ends",
            hard=True,
            origin=vendor.id,
            holidays=holidays,
        )


def _of_reviews(vendor: Vendor, today: date, done: date | None, holidays: Container[date]) -> Iterator[Obligation]:
    last = max(day(vendor.reviewed_at or vendor.at), done or date.min)
    if not term_of(vendor, today, holidays).in_force:
        return
    by = add_months(last, REVIEW_MONTHS.get(vendor.tier, 12))
    yield _owed(
        f"{vendor.id}/review/{by}",
        "vendor",
        f"Review {vendor.name}: {' '.join(REVIEW_ASKS)}",
        by,
        vendor.owner,
        backup=vendor.backup,
        reason=f"tier {vendor.tier} is reviewed every {REVIEW_MONTHS.get(vendor.tier, 12)} months",
        missed="what was promised and not kept is paid for",
        origin=vendor.id,
        holidays=holidays,
    )


def _after_incidents(board: Board, vendors: Mapping[str, Vendor], holidays: Container[date]) -> Iterator[Obligation]:
    for item in board.all(Involvement, where="part = 'caused'"):
        incident, vendor = board.get(Incident, item.incident), vendors.get(item.vendor)
        if incident is None or vendor is None or incident.severity not in _SEVERE or not incident.resolved_at:
            continue
        if vendor.reviewed_at >= incident.resolved_at[:10]:
            continue
        yield _owed(
            f"{vendor.id}/incident/{incident.id}",
            "vendor",
            f"Review {vendor.name} after {incident.mark}: explained? credit claimed?",
            add_working_days(day(incident.resolved_at), AFTER_INCIDENT_WORKING_DAYS, holidays),
            vendor.owner,
            backup=vendor.backup,
            reason=f"it caused {incident.mark} {incident.title}",
            missed="it happens again, and the credit lapses",
            origin=vendor.id,
            holidays=holidays,
        )


def _of_credits(board: Board, vendors: Mapping[str, Vendor], holidays: Container[date]) -> Iterator[Obligation]:
    for review in board.all(VendorReview, where="outcome = 'missed' AND commitment <> '' AND claimed = ''"):
        commitment, vendor = board.get(Commitment, review.commitment), vendors.get(review.vendor)
        if commitment is None or vendor is None or not commitment.bands:
            continue
        try:
            last = claim_until(commitment, review.month)
        except Rejected:
            continue
        yield _owed(
            f"{vendor.id}/credit/{commitment.id}/{review.month}",
            "vendor",
            f"Claim the credit of {vendor.name} for {review.month}: {commitment.text}",
            last,
            vendor.owner,
            backup=vendor.backup,
            reason=review.text,
            missed="the credit lapses",
            hard=True,
            origin=vendor.id,
            holidays=holidays,
        )


def obligations_of_documents(board: Board, today: date, holidays: Container[date] = _NONE) -> list[Obligation]:
    """Each document is followed by its cadence; one that a reader called wrong at once."""
    out = []
    documents = [sound(item, "verified_at") for item in board.all(Document, where="NOT retired")]
    done = last_done(board) if documents else {}
    for document in documents:
        by = review_by(document)
        if by and (seen := done.get((document.id, "review"))):
            by = max(by, seen + timedelta(days=cadence_of(document)))
        if document.wrong:
            by = min(by or today, today)
        if by is None:
            continue
        what = f"put right: {document.wrong}" if document.wrong else "follow it, and say what was checked"
        out.append(
            _owed(
                f"{document.id}/review/{by if not document.wrong else 'wrong'}",
                "document",
                f"{document.title}: {what}",
                by,
                document.owner,
                reason=f"verified {document.verified_at[:10]}" if document.verified_at else "nobody ever followed it",
                missed="somebody trusts it in an incident",
                origin=document.id,
                holidays=holidays,
            )
        )
    return out


def obligations_of_rituals(board: Board, today: date, holidays: Container[date] = _NONE) -> list[Obligation]:
    """Rituals whose agenda fills are held by their cadence; those that drift are decided on; an end is an end."""
    rituals = [sound(item, "anchor", "ends_on") for item in board.all(Ritual) if item.state != "ended"]
    times: dict[str, list[HeldMeeting]] = {}
    for occurrence in board.all(HeldMeeting) if rituals else ():
        if is_day(occurrence.on):
            times.setdefault(occurrence.ritual, []).append(occurrence)
    done = last_done(board) if rituals else {}
    out = []
    for ritual in rituals:
        known = sorted(times.get(ritual.id, []), key=lambda item: item.on)
        if ritual.agenda and ritual.anchor:
            last = day(known[-1].on) if known else day(ritual.anchor) - timedelta(days=1)
            following = next_on(ritual, max(last, done.get((ritual.id, "held"), last)))
            if following:
                what = f"Hold {ritual.name}, and note what came of it"
                out.append(_of_ritual(ritual, "held", what, following, holidays))
        if ritual.ends_on:
            what = f"{ritual.name} ends: let it, or say what it is for and until when"
            out.append(_of_ritual(ritual, "ends", what, day(ritual.ends_on), holidays))
        found = drift(ritual, known, today)
        settled = done.get((ritual.id, "drift"))
        quiet = settled is not None and (today - settled).days < DRIFT_QUIET_DAYS
        if found.proposals and ritual.state == "running" and not quiet:
            what = f"{ritual.name} drifts ({'; '.join(found.signals)}): {found.proposals[0].text}, or say why not"
            seen = day(known[-1].on) if known else today
            by = add_working_days(seen, SETTLE_WORKING_DAYS, holidays)
            out.append(_of_ritual(ritual, "drift", what, by, holidays))
    return out


def _of_ritual(ritual: Ritual, part: str, what: str, by: date, holidays: Container[date]) -> Obligation:
    return _owed(
        f"{ritual.id}/{part}/{by}", "ritual", what, by, ritual.owner, origin=ritual.id, holidays=holidays,
        missed="people come, and nothing comes of it",
    )  # fmt: skip


def obligations_of_dependencies(board: Board, today: date, holidays: Container[date] = _NONE) -> list[Obligation]:
    """A word each week on each dependency, at once where it is red; a blocker goes up; decisions that cross teams."""
    out = []
    items = [sound_dependency(item) for item in board.all(Dependency, where="state = 'open'")]
    done = last_done(board) if items else {}
    for item in items:
        found = slack(item, today, holidays)
        step = blocker_step(item, today, holidays)
        by = min(next_check(item, holidays), day(item.needed_by) if item.needed_by else date.max)
        if asked := done.get((item.id, "check")):
            by = max(by, asked + timedelta(days=CHECK_DAYS))
        what = f"Ask {item.giver} for a line on {item.what} ({found.colour})"
        out.append(_of_dependency(item, "check", what, by, found.why, holidays))
        if step and item.blocked_since:
            what = f"{item.what} is blocked by {item.giver}: {step}"
            begun = day(item.blocked_since)
            out.append(_of_dependency(item, "blocked", what, begun + timedelta(days=1), found.why, holidays))
        elif found.colour == "red":
            what = f"{item.what} from {item.giver} will be late for {item.needed_by}: {_way_out(item)}"
            out.append(_of_dependency(item, "late", what, day(item.needed_by), found.why, holidays, notice=today))
    for decision in board.all(BoundaryDecision, where="outcome = '' AND due_on <> ''"):
        if not is_day(decision.due_on):
            continue
        who = decision.decider[0] if decision.decider else decision.recommends
        record = f"{decision.id}/due/{decision.due_on}"
        what = f"Decide: {decision.question}"
        out.append(_owed(record, "decision", what, day(decision.due_on), who, origin=decision.id, holidays=holidays))
    return out


def _way_out(item: Dependency) -> str:
    return f"fall back on {item.fallback}" if item.fallback else "move the day, or say what is done without it"


def _of_dependency(
    item: Dependency,
    part: str,
    what: str,
    by: date,
    why: tuple[str, ...],
    holidays: Container[date],
    notice: date | None = None,
) -> Obligation:
    return _owed(
        f"{item.id}/{part}/{by}",
        "dependency",
        what,
        by,
        item.owner,
        reason="; ".join(why),
        missed=item.risk or f"{item.taker} waits",
        origin=item.id,
        notice=notice,
        holidays=holidays,
    )


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


def owed_by_registers(board: Board, today: date, holidays: Container[date] = _NONE) -> list[Obligation]:
    """All that the registers owe as of a day and that nobody acted on yet, soonest first. What somebody put off, did or
    dropped is a record, and the board's own list has it."""
    work = partial(_owed_by_registers, board, today, holidays)
    return list(as_of(board, "owed by registers", today, holidays, KINDS, work))


def _owed_by_registers(board: Board, today: date, holidays: Container[date]) -> list[Obligation]:
    acted_on = {record for (record,) in board.fields(Obligation, "id", where="id LIKE '%/%'")}
    found = {item.id: item for source in SOURCES for item in source(board, today, holidays)}
    return sorted((o for o in found.values() if o.id not in acted_on), key=lambda o: (o.due_at, o.id))


def next_due(board: Board, at: Instant, holidays: Container[date] = _NONE) -> dict[str, Due]:
    """Record of a register → what is due of it first."""
    taken = board.all(Obligation, where="id LIKE '%/%' AND state IN ('open', 'snoozed')")
    items = [*taken, *owed_by_registers(board, day(at), holidays)]
    out: dict[str, Due] = {}
    for item in sorted(items, key=lambda o: (o.due_at or "9999", o.id)):
        out.setdefault(item.origin, Due(item, state_of(item, at, holidays), notice_of(item, holidays), item.due_at))
    return out


def adopt(session: Session, item: Obligation, said: Attribution = NOW) -> Obligation:
    """Records an obligation of a register, so that it can be done, put off or given away; one that is recorded stays as
    it is."""
    known = session.board.get(Obligation, item.id)
    if known is not None:
        return known
    defaults = {column.name: column.default for column in columns(Obligation)}
    fields = {
        name: value
        for name in stated_columns(Obligation)
        if name != "number" and (value := getattr(item, name)) != defaults[name]
    }
    session.create(Obligation, "", fields, record=item.id, said=said)
    made = session.board.get(Obligation, item.id)
    assert made is not None
    return made


def find_obligation(session: Session, name: str, today: date, holidays: Container[date] = _NONE) -> Obligation:
    """The obligation of a mark or an id; one of a register's is recorded with it. Raises Rejected."""
    registers = owed_by_registers(session.board, today, holidays)
    for matching in (
        [item for item in registers if item.id == name.strip()],
        [item for item in registers if name.strip() and item.id.startswith(name.strip())],
    ):
        if len(matching) == 1:
            return adopt(session, matching[0])
    return find(session.board, Obligation, name, "obligation")
