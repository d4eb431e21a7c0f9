"""What is owed of vendors by their dates: notice, what renewed unseen, reviews, credits."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import date
from functools import partial

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_months, add_working_days, back_to_working_day, day
from opsterm.core.session import Rejected
from opsterm.incidents.reading import read_incident
from opsterm.obligations.owed_by_date import LEAD_WORKING_DAYS, owed_by_date
from opsterm.obligations.settle import last_done
from opsterm.records import Commitment, Involvement, Obligation, Vendor, VendorReview
from opsterm.records.incident import Severity
from opsterm.registers.vendors.commitment import claim_until
from opsterm.registers.vendors.contract import sound_contract, stages_of, term_of
from opsterm.registers.vendors.vendor import AFTER_INCIDENT_WORKING_DAYS, REVIEW_ASKS, REVIEW_MONTHS

_SEVERE: tuple[Severity, ...] = ("sev1", "sev2")


def obligations_of_vendors(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Obligation]:
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


def _owed_of(vendor: Vendor, holidays: Container[date]) -> partial[Obligation]:
    """`owed_by_date` for a vendor: what is left to say is the part, what, by when, and how it hurts."""
    return partial(owed_by_date, vendor.id, sort="vendor", owner=vendor.owner, backup=vendor.backup, holidays=holidays)


def _of_contract(vendor: Vendor, today: date, holidays: Container[date]) -> Iterator[Obligation]:
    term = term_of(vendor, today, holidays)
    if term.end is None or (not term.in_force and (today - term.end).days > 30):
        return
    name = vendor.name
    owed = _owed_of(vendor, holidays)
    if term.missed and not (vendor.decision and vendor.decided_for == term.end.isoformat()):
        yield owed(
            f"missed/{term.missed}",
            f"{name} renews itself on {term.end}: notice was due {term.missed}; say that it may, or ask to be let out",
            term.missed,
            reason=term.steps[-1] if term.steps else "",
            missed="it is paid for another term",
            hard=True,
        )
    if term.notice is None or term.notice_for is None:
        return
    decided = vendor.decision if vendor.decided_for == term.notice_for.isoformat() else ""
    if not decided and term.notice >= today:
        passed = [(what, by) for what, by in stages_of(vendor, term.notice) if by < today]
        ahead = [(what, by) for what, by in stages_of(vendor, term.notice) if by >= today]
        late = [(", ".join(what for what, _ in passed), *passed[-1])] if passed else []
        for words, what, by in [*late, *((what, what, by) for what, by in ahead)]:
            yield owed(
                f"{what.partition(' ')[0]}/{term.notice}",
                f"{name}: {words}; notice by {term.notice}",
                back_to_working_day(by, holidays),
                reason=f"the term ends {term.notice_for}, and {vendor.renewal} renewal follows its rule",
                missed="too late to compare or to bargain",
            )
    if decided == "renew" and vendor.renewal != "express":
        return
    if not vendor.notice_sent and (vendor.renewal != "none" or decided):
        act_by = term.act_by(holidays)
        todo = "renew it expressly" if vendor.renewal == "express" and decided != "leave" else "give notice or renew"
        todo = "give notice, and keep the proof" if decided in ("leave", "renegotiate") else todo
        yield owed(
            f"notice/{term.notice}",
            f"{name}: {todo}; act by {act_by}, the last day is {term.notice}",
            term.notice,
            reason="; ".join(term.steps),
            missed="it renews itself" if vendor.renewal == "tacit" else "service ends",
            hard=True,
            notice=add_working_days(act_by, -LEAD_WORKING_DAYS["vendor"], holidays) if act_by else None,
        )
    if vendor.renewal == "none" and not decided:
        yield owed(
            f"ends/{term.end}",
            f"{name} ends on {term.end}: say what follows",
            term.notice,
            missed="service ends",
            hard=True,
        )


def _of_reviews(vendor: Vendor, today: date, done: date | None, holidays: Container[date]) -> Iterator[Obligation]:
    last = max(day(vendor.reviewed_at or vendor.at), done or date.min)
    if not term_of(vendor, today, holidays).in_force:
        return
    owed = _owed_of(vendor, holidays)
    by = add_months(last, REVIEW_MONTHS.get(vendor.tier, 12))
    yield owed(
        f"review/{by}",
        f"Review {vendor.name}: {' '.join(REVIEW_ASKS)}",
        by,
        reason=f"tier {vendor.tier} is reviewed every {REVIEW_MONTHS.get(vendor.tier, 12)} months",
        missed="what was promised and not kept is paid for",
    )


def _after_incidents(board: Board, vendors: Mapping[str, Vendor], holidays: Container[date]) -> Iterator[Obligation]:
    for item in board.all(Involvement, where="part = 'caused'"):
        incident, vendor = read_incident(board, item.incident), vendors.get(item.vendor)
        if incident is None or vendor is None or incident.severity not in _SEVERE or not incident.resolved_at:
            continue
        if vendor.reviewed_at >= incident.resolved_at[:10]:
            continue
        owed = _owed_of(vendor, holidays)
        yield owed(
            f"incident/{incident.id}",
            f"Review {vendor.name} after {incident.mark}: explained? credit claimed?",
            add_working_days(day(incident.resolved_at), AFTER_INCIDENT_WORKING_DAYS, holidays),
            reason=f"it caused {incident.mark} {incident.title}",
            missed="it happens again, and the credit lapses",
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
        owed = _owed_of(vendor, holidays)
        yield owed(
            f"credit/{commitment.id}/{review.month}",
            f"Claim the credit of {vendor.name} for {review.month}: {commitment.text}",
            last,
            reason=review.text,
            missed="the credit lapses",
            hard=True,
        )
