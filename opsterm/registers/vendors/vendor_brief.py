"""What to know before a contract renews, on one page."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS
from opsterm.records import Vendor
from opsterm.records.plain import disarmed
from opsterm.registers.vendors.commitment import minutes_down
from opsterm.registers.vendors.contract import HARD_EXIT_FEES, Term, uplift_over
from opsterm.registers.vendors.vendor import Contract, commitments_of, costs_of, incidents_of, register, reviews_of

QUESTIONS = (
    "What do we use of what we pay for?",
    "Which price, and what caps it at the next renewal?",
    "Which notice, in which form, and who has proof of it?",
    "How do we leave: data out, help, weeks, fees?",
    "What happened in each incident, and what was changed since?",
    "Who else processes our data for them?",
)


def renewal_brief(board: Board, vendor: Vendor, today: date, holidays: Container[date] = NO_HOLIDAYS) -> str:
    """The page as Markdown: terms, cost, incidents, commitments, alternatives, the way out, what to ask."""
    contract = next(c for c in register(board, today, holidays).contracts if c.vendor.id == vendor.id)
    return "\n".join(_lines(board, contract)) + "\n"


def _lines(board: Board, contract: Contract) -> Iterator[str]:
    vendor, term = contract.vendor, contract.term
    yield f"# {disarmed(vendor.name)}: renewal"
    yield ""
    service, owner = disarmed(vendor.service) or "service not said", disarmed(vendor.owner) or "nobody"
    yield f"{service}, tier {vendor.tier}, owner {owner}"
    yield ""
    yield "## Terms"
    yield ""
    yield from _terms(vendor, term, contract)
    yield ""
    yield "## Cost"
    yield ""
    currency = vendor.currency or "no currency said"
    yield f"- {vendor.annual_cost:,.0f} a year ({currency}), {contract.share_of_spend:.0%} of all spend"
    for cost in costs_of(board, vendor):
        yield f"- {cost.year}: {cost.amount:,.0f}"
    if vendor.uplift:
        yield f"- rises {vendor.uplift:g} % at renewal: {uplift_over(vendor.uplift, 3):.1f} % over three years"
    if contract.silence:
        yield f"- silence costs {contract.silence:,.0f}"
    if vendor.price_clause:
        yield f"- clause: {disarmed(vendor.price_clause)}"
    yield ""
    yield "## Incidents"
    yield ""
    found = incidents_of(board, vendor)
    for incident, part in found:
        at = (incident.started_at or incident.at)[:10]
        yield f"- {at} {incident.mark} {incident.severity or 'no severity'} {disarmed(incident.title)} ({part.part})"
    if not found:
        yield "- none on record"
    yield ""
    yield "## Commitments"
    yield ""
    yield from _commitments(board, vendor)
    yield ""
    yield "## Alternatives and the way out"
    yield ""
    for alternative in vendor.alternatives:
        yield f"- {disarmed(alternative)}"
    if not vendor.alternatives:
        yield "- none on record: name two, with cost and weeks"
    yield f"- leaving costs {vendor.exit_cost:,.0f}" if vendor.exit_cost else "- what leaving costs: not on record"
    if vendor.annual_cost and vendor.exit_cost > HARD_EXIT_FEES * vendor.annual_cost:
        yield f"- that is more than {HARD_EXIT_FEES:g} yearly fees: begin 270 days ahead"
    yield f"- leaving was last rehearsed {vendor.exit_tested_at}" if vendor.exit_tested_at else "- never rehearsed"
    yield ""
    yield "## Ask"
    yield ""
    yield from (f"- [ ] {question}" for question in QUESTIONS)


def _terms(vendor: Vendor, term: Term, contract: Contract) -> Iterator[str]:
    yield from (f"- {step}" for step in term.steps)
    if term.notice:
        yield f"- notice by **{term.notice}**, act by **{contract.act_by}**"
    form = ", ".join(part for part in (vendor.form, vendor.address) if part)
    yield f"- form of notice: {disarmed(form) or 'not on record'}"
    if vendor.clause:
        yield f"- clause: {disarmed(vendor.clause)}"
    for what, by in contract.stages:
        yield f"- {what} by {by}"


def _commitments(board: Board, vendor: Vendor) -> Iterator[str]:
    promised = commitments_of(board, vendor)
    reviews = reviews_of(board, vendor)
    for commitment in promised:
        allowed = f", {minutes_down(commitment.percent):.1f} minutes down in 30 days" if commitment.percent else ""
        yield f"- {disarmed(commitment.text)}{allowed}"
        figures = [r for r in reviews if r.commitment == commitment.id]
        missed = [r for r in figures if r.outcome == "missed"]
        yield f"  {len(figures)} months on record, {len(missed)} missed"
        yield from (f"  - {disarmed(r.text)}{f' ({disarmed(r.claimed)})' if r.claimed else ''}" for r in missed)
    if not promised:
        yield "- none on record"
    for review in (r for r in reviews if not r.commitment):
        yield f"- {review.at[:10]}, {review.by}: {disarmed(review.text)}"
