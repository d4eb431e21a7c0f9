"""Vendors: what is known of each contract on a day, and what people do about it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Any

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days, day
from opsterm.core.lookup import find, first_of, folded, named_id
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.obligations.obligation import owe
from opsterm.obligations.settle import settle
from opsterm.operations.checklists.run import begin
from opsterm.records import Commitment, Incident, Involvement, Run, System, Vendor, VendorCost, VendorReview
from opsterm.records.plain import one_line
from opsterm.records.vendor import DECISIONS, OUTCOMES, PARTS
from opsterm.registers.systems.catalog import critical_systems
from opsterm.registers.vendors.concentration import Concentration, Money, concentration, money
from opsterm.registers.vendors.contract import STAGES, Term, period, price_of_silence, stages_of, term_of

#: Months between reviews of a vendor, by tier [field notes: vendors].
REVIEW_MONTHS = {1: 3, 2: 6, 3: 12}
#: What a review asks.
REVIEW_ASKS = (
    "commitments met?",
    "credits claimed?",
    "incidents explained?",
    "price as planned?",
    "exit tested?",
    "would we buy again?",
)
#: Working days after an incident that a vendor caused in which it is reviewed.
AFTER_INCIDENT_WORKING_DAYS = 5
DILIGENCE_CHECKLIST = "New vendor"
DILIGENCE_WORKING_DAYS = 10
#: The obligations of the stages before notice, by what follows the contract's id in theirs.
_STAGE_PARTS = (*{what.partition(" ")[0]: "" for stages in STAGES.values() for what, _ in stages}, "ends")


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract on one day."""

    vendor: Vendor
    term: Term
    #: The last day to act, ahead of the last day of notice.
    act_by: date | None
    #: Its part of what all contracts in force cost, 0 to 1.
    share_of_spend: float
    #: What silence costs, in its currency.
    silence: float
    #: (what, by when) until notice.
    stages: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All contracts on one day, the soonest notice first, and how concentrated they are."""

    contracts: tuple[Contract, ...]
    concentration: Concentration
    warnings: tuple[str, ...]


def register(
    board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS, rates: Money | None = None
) -> Register:
    """All contracts as of a day. `rates` is read from the team's settings where it is not given."""
    rate = money() if rates is None else rates
    work = partial(_register, board, today, holidays, rate)
    return as_of(board, "contracts", today, holidays, (Vendor, System), work, str(sorted(rate.rates.items())))


def _register(board: Board, today: date, holidays: Container[date], rate: Money) -> Register:

    vendors = board.all(Vendor)
    terms = {vendor.id: term_of(vendor, today, holidays) for vendor in vendors}
    in_force = [vendor for vendor in vendors if terms[vendor.id].in_force]
    spend = {vendor.id: rate.of(vendor.annual_cost, vendor.currency) for vendor in in_force}
    total = sum(spend.values())
    contracts = [
        Contract(
            vendor,
            term := terms[vendor.id],
            term.act_by(holidays),
            spend.get(vendor.id, 0.0) / total if total else 0.0,
            price_of_silence(vendor),
            tuple(stages_of(vendor, term.notice)) if term.notice else (),
        )
        for vendor in vendors
    ]
    contracts.sort(
        key=lambda c: (not c.term.in_force, str(c.term.notice or "9999"), c.vendor.name.casefold(), c.vendor.id)
    )
    found = concentration(in_force, spend, critical_systems(board))
    return Register(tuple(contracts), found, tuple(rate.warnings(in_force)))


def find_vendor(board: Board, name: str) -> Vendor:
    """The contract of a name, of an id, or of an unambiguous beginning of its name. Raises Rejected."""
    wanted, vendors = folded(name), board.all(Vendor)
    found = first_of(
        name,
        lambda v: f"{v.name} / {v.service}",
        "say which",
        [v for v in vendors if v.id == name],
        [v for v in vendors if wanted in (v.name.casefold(), f"{v.name} / {v.service}".casefold())],
        [v for v in vendors if wanted and v.name.casefold().startswith(wanted)],
    )
    return found or find(board, Vendor, name, "vendor", vendors)


# --- what people do


def add_vendor(session: Session, name: str, given: dict[str, Any]) -> Outcome:
    """Records a new contract, and what has to be asked before it is signed. Raises Rejected."""
    sold_by = some(one_line(name), "who sells it")
    record = named_id(Vendor, sold_by, str(given.get("service", "")))
    known = {field.name for field in fields(Vendor)}
    if wrong := set(given) - known:
        raise Rejected(f"A vendor has no {', '.join(sorted(wrong))}.")
    if session.board.get(Vendor, record):
        raise Rejected(f"{sold_by} is on the register already.")
    for key in ("notice", "renewal_term"):
        period(str(given.get(key, "")))
    with session.board.transaction():
        session.create(Vendor, "", {"name": sold_by, **given}, record=record)
        due_diligence(session, record, sold_by, str(given.get("owner", "")))
    return Outcome(f"{sold_by} is on the register; its due diligence is owed", record)


def due_diligence(session: Session, record: str, name: str, owner: str) -> Outcome:
    """Owes the checklist for a new vendor: exit, data, commitments, sub-processors, owner."""
    by = add_working_days(day(session.board.now), DILIGENCE_WORKING_DAYS)
    return owe(
        session,
        f"Due diligence of {name}: run the checklist '{DILIGENCE_CHECKLIST}'",
        by.isoformat(),
        reason="what is not asked before signing is not given after it",
        sort="vendor",
        owner=owner,
        missed="one learns of the missing exit on the way out",
        origin=record,
        record=f"{record}/diligence",
    )


def walk_diligence(session: Session, vendor: Vendor) -> Outcome:
    """Begins the checklist for a new vendor, or goes on with the run that is open for it."""

    going = session.board.all(Run, where="deployment = ? AND state <> 'closed'", args=(vendor.id,))
    if going:
        return Outcome(f"{going[-1].name} of {vendor.name} goes on", going[-1].id)
    return begin(session, "", DILIGENCE_CHECKLIST, deployment=vendor.id)


def decide(session: Session, vendor: Vendor, decision: str, why: str, today: date) -> Outcome:
    """Says what is done at the end of the term: for the next end on which notice is in time. Raises Rejected."""
    if decision not in DECISIONS:
        raise Rejected(f"Say {', '.join(DECISIONS)}, not {decision!r}.")
    reason = some(why, "why it was decided so")
    term = term_of(vendor, today)
    end = term.notice_for or term.end
    target = end.isoformat() if end else ""
    with session.board.transaction():
        session.set(vendor, {"decision": decision, "decided_for": target, "notice_sent": ""}, why=reason)
        parts = (*_STAGE_PARTS, *(("notice",) if decision == "renew" and vendor.renewal != "express" else ()))
        settle(session, vendor.id, parts, f"decided: {decision}")
    after = f"; notice by {term.notice}" if decision != "renew" and term.notice else ""
    return Outcome(f"{vendor.name}: {decision}{f' at {target}' if target else ''}{after}", vendor.id)


def accept_renewal(session: Session, vendor: Vendor, why: str, today: date) -> Outcome:
    """Says that it was seen that it renewed itself, and that this is so."""
    term = term_of(vendor, today)
    if term.missed is None or term.end is None:
        raise Rejected(f"{vendor.name} did not renew itself: notice is in time until {term.notice or 'further word'}.")
    fields = {"decision": "renew", "decided_for": term.end.isoformat()}
    with session.board.transaction():
        session.set(vendor, fields, why=some(why, "why it may go on"))
        settle(session, vendor.id, ("missed",), why)
    return Outcome(f"{vendor.name} goes on past {term.end}: seen", vendor.id)


def send_notice(session: Session, vendor: Vendor, proof: str, today: date) -> Outcome:
    """Keeps what proves that notice was given: a receipt, a number, a photograph's place."""
    shown = some(proof, "what proves that notice was given")
    term = term_of(vendor, today)
    end = term.notice_for or term.end
    fields: dict[str, Any] = {"notice_sent": shown}
    if not vendor.decision or vendor.decided_for != (end.isoformat() if end else ""):
        fields |= {"decision": "leave", "decided_for": end.isoformat() if end else ""}
    with session.board.transaction():
        session.set(vendor, fields)
        settle(session, vendor.id, ("notice", *_STAGE_PARTS), shown)
    return Outcome(f"notice to {vendor.name} is on record", vendor.id)


def end_contract(session: Session, vendor: Vendor, why: str) -> Outcome:
    """Takes a contract out of force; its history stays."""
    session.set(vendor, {"ended": True}, why=some(why, "why it is over"))
    return Outcome(f"{vendor.name} is over", vendor.id)


def review_vendor(session: Session, vendor: Vendor, text: str, outcome: str = "unknown") -> Outcome:
    """Keeps a review: what REVIEW_ASKS came to. Raises Rejected."""
    if outcome not in OUTCOMES:
        raise Rejected(f"A review ends {', '.join(OUTCOMES)}, not {outcome!r}.")
    seen = some(text, "what the review came to")
    with session.board.transaction():
        fields = {"vendor": vendor.id, "outcome": outcome, "text": seen}
        record = session.create(VendorReview, "", fields)
        session.set(vendor, {"reviewed_at": session.board.now[:10]}, why=seen)
        settle(session, vendor.id, ("review", "incident"), seen)
    return Outcome(f"{vendor.name} was reviewed", record)


def involve(session: Session, incident: Incident, vendor: Vendor, part: str = "involved", what: str = "") -> Outcome:
    """Notes in an incident that a vendor had a part in it, or caused it. Raises Rejected."""
    if part not in PARTS:
        raise Rejected(f"Say {' or '.join(PARTS)}, not {part!r}.")
    text = f"vendor {vendor.name} {part}{f': {one_line(what)}' if what.strip() else ''}"
    fields = {"vendor": vendor.id, "part": part, "text": text}
    record = session.create(Involvement, incident.id, fields, record=f"{incident.id}/{vendor.id}")
    return Outcome(text, record)


def spent(session: Session, vendor: Vendor, year: int, amount: float) -> Outcome:
    """Keeps what a contract cost in a year."""
    if not (1970 <= year <= 2200 and 0 <= amount <= 1e12):
        raise Rejected("Say a year such as 2026 and an amount from 0.")
    fields = {"vendor": vendor.id, "year": year, "amount": amount}
    record = session.create(VendorCost, "", fields, record=f"{vendor.id}/{year}")
    return Outcome(f"{vendor.name} cost {amount:,.0f} {vendor.currency} in {year}", record)


# --- what is known


def incidents_of(board: Board, vendor: Vendor) -> list[tuple[Incident, Involvement]]:
    """The incidents that a vendor had a part in, oldest first."""
    found = []
    for item in board.all(Involvement, where="vendor = ?", args=(vendor.id,)):
        incident = board.get(Incident, item.incident)
        if incident is not None:
            found.append((incident, item))
    return sorted(found, key=lambda pair: pair[0].started_at or pair[0].at)


def commitments_of(board: Board, vendor: Vendor) -> Sequence[Commitment]:
    return board.all(Commitment, where="vendor = ?", args=(vendor.id,))


def reviews_of(board: Board, vendor: Vendor) -> Sequence[VendorReview]:
    """Reviews and monthly figures of a vendor, oldest first."""
    return board.all(VendorReview, where="vendor = ?", args=(vendor.id,))


def costs_of(board: Board, vendor: Vendor) -> Sequence[VendorCost]:
    return sorted(board.all(VendorCost, where="vendor = ?", args=(vendor.id,)), key=lambda cost: cost.year)
