"""A contract as lines: in a list, and in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opsterm.board.store import Board
from opsterm.core.calendar_dates import day
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import DueItem
from opsterm.records import Commitment, Vendor, VendorReview
from opsterm.registers.vendors.commitment import claim_until, minutes_down
from opsterm.registers.vendors.contract import HARD_EXIT_FEES, uplift_over
from opsterm.registers.vendors.vendor import Contract, commitments_of, costs_of, incidents_of, reviews_of
from screens.pages.register_page import days_until
from screens.pages.rows import facts, fixed, folded, heading
from screens.pages.text_page import nothing_rows
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many months of one commitment are shown.
_FIGURES_MAX = 12


def money(amount: float, currency: str) -> str:
    """An amount as people write it."""
    return f"{amount:,.0f} {currency}".strip()


def unseen(contract: Contract) -> str:
    """What to say of a contract that renewed itself and of which nobody said that it may; empty for all others."""
    vendor, term = contract.vendor, contract.term
    if not term.in_force or term.missed is None or term.end is None:
        return ""
    if vendor.decision and vendor.decided_for == term.end.isoformat():
        return ""
    after = f"; the next chance is {term.notice}" if term.notice else ""
    return f"NOTICE MISSED on {term.missed}: it renews itself on {term.end}{after}.  d  says that it may, or leaves"


def first_line(contract: Contract, due: DueItem | None, today: date, columns: int) -> Line:
    """One contract in a list: whose it is, what is next due of it."""
    vendor, term = contract.vendor, contract.term
    late = due is not None and due.late
    tone = "alarm" if unseen(contract) else "warn" if late else "" if term.in_force else "muted"
    sign = f"{SIGNS.alarm} " if late or unseen(contract) else "  "
    cost = f"  {money(vendor.annual_cost, vendor.currency)}" if vendor.annual_cost and columns >= 100 else ""
    return Line(
        (
            Cell(sign, tone or "muted"),
            Cell(vendor.name, "strong" if term.in_force else "muted"),
            Cell(f"  {vendor.service}" if vendor.service else "", "muted"),
        ),
        (
            Cell(cost, "muted"),
            Cell(f"  {vendor.owner or 'nobody'}", "" if vendor.owner else "warn"),
            Cell(f"  {_next(contract, due, today):>26}", tone),
        ),
    )


def _next(contract: Contract, due: DueItem | None, today: date) -> str:
    if not contract.term.in_force:
        return "over"
    if unseen(contract):
        return f"notice missed {contract.term.missed}"
    if due is None or not due.due_at:
        return "nothing due"
    part = due.obligation.id.removeprefix(f"{due.obligation.origin}/").partition("/")[0]
    return f"{part} {days_until(day(due.due_at), today)}"


def brief_rows(contract: Contract, due: DueItem | None, columns: int) -> list[Row]:
    """What stands under the selected contract of a list."""
    vendor, term = contract.vendor, contract.term
    notice = f"by {term.notice}, act by {contract.act_by}" if term.notice else ""
    told = (
        ("next", f"{due.obligation.what} (by {due.due_at[:10]})" if due else ""),
        ("notice", notice),
        ("serves", ", ".join(vendor.systems)),
        ("decided", _decided(vendor)),
        ("silence", f"costs {money(contract.silence, vendor.currency)}" if contract.silence else ""),
    )
    return facts(told, columns, key=vendor.id)


def _decided(vendor: Vendor) -> str:
    until = f" for {vendor.decided_for}" if vendor.decided_for else ""
    why = f": {vendor.decision_why}" if vendor.decision_why else ""
    return f"{vendor.decision}{until}{why}" if vendor.decision else ""


def page_rows(board: Board, contract: Contract, due: DueItem | None, today: date, columns: int) -> list[Row]:
    """All that is known of one contract."""
    alarm = unseen(contract)
    rows = folded("", Cell(f"{SIGNS.alarm} ", "alarm"), alarm, columns, tone="alarm") if alarm else []
    rows += [fixed(()), *_head(contract, due, today, columns)]
    rows += [*heading("Days"), *_days(contract, columns)]
    rows += [*heading("Price"), *_price(board, contract, columns)]
    rows += [*heading("Promised"), *_promised(board, contract, today, columns)]
    rows += [*heading("Incidents"), *_incidents(board, contract, columns)]
    rows += [*heading("Reviews"), *_reviews(board, contract, columns)]
    return [*rows, *heading("Whom to reach"), *_people(contract, columns)]


def _head(contract: Contract, due: DueItem | None, today: date, columns: int) -> list[Row]:
    vendor = contract.vendor
    by = f" ({days_until(day(due.due_at), today)}, {due.due_at[:10]})" if due and due.due_at else ""
    return facts(
        (
            ("serves", ", ".join(vendor.systems) or "no system named: e  on checkout, mail"),
            ("tier", {1: "1: a critical system stops within 4 hours"}.get(vendor.tier, str(vendor.tier))),
            ("owner", f"{vendor.owner or 'nobody'}{f', backup {vendor.backup}' if vendor.backup else ''}"),
            ("group", vendor.parent),
            ("next", f"{due.obligation.what}{by}" if due else "nothing due"),
            ("decided", _decided(vendor)),
            ("notice given", vendor.notice_sent),
            ("in force", "" if contract.term.in_force else "no, it is over"),
        ),
        columns,
        indent=2,
    )  # fmt: skip


def _days(contract: Contract, columns: int) -> list[Row]:
    vendor, term = contract.vendor, contract.term
    renewal = vendor.renewal + (f", {vendor.renewal_term} each time" if vendor.renewal_term else "")
    form = ", ".join(filter(None, (vendor.form, vendor.address)))
    told = [
        ("term", f"{vendor.term_start or 'begin not said'} to {term.end or 'no fixed end'}"),
        ("renewal", renewal),
        ("notice", f"by {term.notice}, act by {contract.act_by}" if term.notice else "none is due"),
        ("form", form or "not on record: e  form registered letter; to ..."),
        ("clause", vendor.clause),
    ]
    told += [("how" if place == 0 else "", step) for place, step in enumerate(term.steps)]
    told += [("stages" if place == 0 else "", f"{by}  {what}") for place, (what, by) in enumerate(contract.stages)]
    return facts(told, columns, indent=2)


def _price(board: Board, contract: Contract, columns: int) -> list[Row]:
    vendor = contract.vendor
    rises = f"{vendor.uplift:g} % at renewal, {uplift_over(vendor.uplift, 3):.1f} % over three years"
    hard = bool(vendor.annual_cost and vendor.exit_cost > HARD_EXIT_FEES * vendor.annual_cost)
    leaving = f"{money(vendor.exit_cost, vendor.currency)}{', begin 270 days ahead' if hard else ''}"
    past = ", ".join(f"{cost.year}: {cost.amount:,.0f}" for cost in costs_of(board, vendor))
    return facts(
        (
            ("a year", f"{money(vendor.annual_cost, vendor.currency)}, {contract.share_of_spend:.0%} of all spend"),
            ("past years", past),
            ("rises", rises if vendor.uplift else ""),
            ("silence", money(contract.silence, vendor.currency) if contract.silence else ""),
            ("clause", vendor.price_clause),
            ("leaving", leaving if vendor.exit_cost else "what it costs is not on record"),
            ("rehearsed", vendor.exit_tested_at or "leaving was never rehearsed"),
            ("or else", " | ".join(vendor.alternatives) or "no alternative on record"),
        ),
        columns,
        indent=2,
    )


def _promised(board: Board, contract: Contract, today: date, columns: int) -> list[Row]:
    vendor = contract.vendor
    promised = commitments_of(board, vendor)
    if not promised:
        return nothing_rows("no figure on record.  p  99.9 % a month; credit 99.9=10, 99=30", columns)
    reviews = reviews_of(board, vendor)
    rows: list[Row] = []
    for commitment in promised:
        figures = sorted((r for r in reviews if r.commitment == commitment.id), key=lambda r: r.month)
        missed = sum(r.outcome == "missed" for r in figures)
        allowed = f", {minutes_down(commitment.percent):.1f} minutes down in 30 days" if commitment.percent else ""
        counts = (Cell(f"  {missed} of {len(figures)} months missed", "warn" if missed else "muted"),)
        rows += folded("", Cell("  "), f"{commitment.text}{allowed}", columns, right=counts)
        for review in figures[-_FIGURES_MAX:]:
            rows += _figure(commitment, review, today, columns)
    return rows


def _figure(commitment: Commitment, review: VendorReview, today: date, columns: int) -> list[Row]:
    if review.outcome != "missed":
        return [fixed((Cell(f"      {review.month}  "), Cell(f"{review.figure:g}  kept", "muted")))]
    told = f"{review.figure:g}  missed"
    if review.claimed:
        told += f"; credit: {review.claimed}"
    elif commitment.bands:
        told += f"; credit unclaimed, {_claim(commitment, review, today)}.  l  says what came of it"
    return folded("", Cell(f"    {SIGNS.out} {review.month}  ", "warn"), told, columns)


def _claim(commitment: Commitment, review: VendorReview, today: date) -> str:
    try:
        last = claim_until(commitment, review.month)
    except Rejected:
        return "no last day is known"
    return f"lapsed on {last}" if last < today else f"until {last}, {days_until(last, today)}"


def _incidents(board: Board, contract: Contract, columns: int) -> list[Row]:
    found = incidents_of(board, contract.vendor)
    if not found:
        return nothing_rows("none on record; V in the war room notes that it had a part", columns)
    rows: list[Row] = []
    for incident, part in reversed(found):
        at = (incident.started_at or incident.at)[:10]
        begin = Cell(f"  {at}  {incident.mark}  {incident.severity or 'no severity'}  ", "muted")
        rows += folded("", begin, f"{incident.title} ({part.part})", columns)
    return rows


def _reviews(board: Board, contract: Contract, columns: int) -> list[Row]:
    found: Sequence[VendorReview] = [r for r in reviews_of(board, contract.vendor) if not r.commitment]
    if not found:
        return nothing_rows("none yet.  r  keeps what one came to", columns)
    return [
        row
        for review in reversed(found)
        for row in folded("", Cell(f"  {review.at[:10]}  {review.by}: ", "muted"), review.text, columns)
    ]


def _people(contract: Contract, columns: int) -> list[Row]:
    vendor = contract.vendor
    return facts(
        (
            ("contacts", ", ".join(vendor.contacts) or "nobody on record: e  contacts support line 0800 1"),
            ("escalation", f" {SIGNS.right} ".join(vendor.escalation)),
            ("documents", ", ".join(vendor.documents)),
        ),
        columns,
        indent=2,
    )
