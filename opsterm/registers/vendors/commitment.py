"""What a vendor promised, in minutes and money: time down that a figure allows, credits, and until when to claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from opsterm.core.calendar_dates import add_months
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.obligations.obligation import complete
from opsterm.records import Commitment, Obligation, Vendor, VendorReview
from opsterm.records.obligation import OPEN
from opsterm.records.plain import one_line
from opsterm.registers.vendors.contract import period

MINUTES_A_DAY = 1440
_BAND = re.compile(r"(\d{1,3}(?:\.\d{1,5})?)\s*=\s*(\d{1,3}(?:\.\d{1,2})?)")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def minutes_down(percent: float, days: float = 30) -> float:
    """How many minutes down a time-up in percent allows in so many days: 99.9 % in 30 is 43.2."""
    return (100 - percent) / 100 * days * MINUTES_A_DAY


def read_bands(bands: Sequence[str]) -> list[tuple[float, float]]:
    """(below which percent, credit in percent of the fee), the worst first. Raises Rejected."""
    out = []
    for text in bands:
        found = _BAND.fullmatch(text.strip())
        if not found:
            raise Rejected(f"{text!r} is no band of credit: say 99.9=10.")
        out.append((float(found[1]), float(found[2])))
    return sorted(out)


def credit(commitment: Commitment, reached: float, fee: float) -> float:
    """The credit for a month in which so many percent were reached, of that month's fee; 0 where it was kept."""
    for below, percent in read_bands(commitment.bands):
        if reached < below:
            return fee * percent / 100
    return 0.0


def claim_until(commitment: Commitment, month: str) -> date:
    """The last day on which a credit for a month (YYYY-MM) can be claimed: by default the end of the second month
    after. Raises Rejected."""
    if not _MONTH.fullmatch(month):
        raise Rejected(f"{month!r} is no month: say YYYY-MM.")
    after = add_months(date(int(month[:4]), int(month[5:]), 1), 1)
    return period(commitment.claim_by or "2 months").times(1, after) - timedelta(days=1)


def promise(session: Session, vendor: Vendor, text: str, *, percent: float = 0.0, bands: Sequence[str] = ()) -> Outcome:
    """Records what a vendor promised. Raises Rejected."""
    what = some(one_line(text), "what was promised")
    if not 0 <= percent <= 100:
        raise Rejected("Time up is from 0 to 100 percent.")
    made = {"vendor": vendor.id, "text": what, "percent": percent, "bands": list(bands)}
    read_bands(bands)
    return Outcome(f"{vendor.name} promised: {what}", session.create(Commitment, "", made))


def measure(session: Session, vendor: Vendor, commitment: Commitment, month: str, reached: float) -> Outcome:
    """Keeps what was reached in a month. One that was missed can be claimed until a date. Raises Rejected."""
    last = claim_until(commitment, month)
    missed = reached < commitment.percent
    owed = credit(commitment, reached, vendor.annual_cost / 12) if missed else 0.0
    words = f"{commitment.text}: {reached:g} in {month}"
    if missed:
        words += f", missed; {owed:,.2f} {vendor.currency} can be claimed until {last}"
    fields = {
        "vendor": vendor.id,
        "commitment": commitment.id,
        "month": month,
        "figure": float(reached),
        "outcome": "missed" if missed else "met",
        "text": words,
    }
    record = session.create(VendorReview, "", fields, record=f"{commitment.id}/{month}")
    return Outcome(words, record)


def claim(session: Session, review: VendorReview, outcome: str) -> Outcome:
    """Notes what came of the credit for a figure that was missed: claimed on a day, refused, paid."""
    came = some(one_line(outcome), "what came of the credit")
    owed = session.board.get(Obligation, f"{review.vendor}/credit/{review.commitment}/{review.month}")
    with session.board.transaction():
        session.set(review, {"claimed": came})
        if owed and owed.state in OPEN:
            complete(session, owed, came)
    return Outcome(f"credit for {review.month}: {came}", review.id)
