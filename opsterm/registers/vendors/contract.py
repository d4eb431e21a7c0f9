"""A contract's days: when the term that runs ends, until when notice is in time, and when to begin.

Terms are counted from the end that was signed, never from the one before; backward deadlines roll back to a working
day [Regulation (EEC, Euratom) 1182/71, article 3(4), leaves them out of its roll forward].
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta

from opsterm.core.calendar_dates import NO_HOLIDAYS, add_months, add_working_days, back_to_working_day, day
from opsterm.core.session import Rejected
from opsterm.core.valid_dates import sound
from opsterm.records import Vendor

#: How many working days before the last day of notice one acts: letters get lost.
ACT_BY_WORKING_DAYS = 10
#: Days before the last day of notice for each stage, by tier [field notes: vendors].
STAGES = {
    1: (("evaluate", 180), ("compare options", 120), ("write the brief", 90), ("decide", 45)),
    2: (("evaluate", 120), ("compare options", 90), ("write the brief", 60), ("decide", 30)),
    3: (("evaluate", 60), ("decide", 30)),
}
#: One that costs more to leave than this many yearly fees is begun this many days before.
HARD_EXIT_FEES, HARD_EXIT_DAYS = 1.5, 270

_PERIOD = re.compile(r"(\d{1,4})\s*(d|days?|w|weeks?|m|months?|y|years?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in a contract: months and days, not both."""

    days: int = 0
    months: int = 0

    def before(self, end: date) -> date:
        """So long before a day, held to the end of a shorter month."""
        return add_months(end, -self.months) - timedelta(days=self.days)

    def times(self, count: int, start: date) -> date:
        """So many of it after a day, counted at once."""
        return add_months(start, self.months * count) + timedelta(days=self.days * count)

    @property
    def years(self) -> float:
        return self.months / 12 + self.days / 365

    def __bool__(self) -> bool:
        return bool(self.days or self.months)

    def __str__(self) -> str:
        count, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{count} {unit}{'' if count == 1 else 's'}"


def period(text: str) -> Period:
    """`90 days`, `3 months`, `1 year`, `4 weeks`; empty for none. Raises Rejected."""
    said = " ".join(text.split())
    if said.casefold() in ("", "0", "none", "-"):
        return Period()
    found = _PERIOD.fullmatch(said)
    if not found:
        raise Rejected(f"{text!r} is no length of time: say 90 days or 3 months.")
    count, unit = int(found[1]), found[2][0].lower()
    per_day, per_month = {"d": (1, 0), "w": (7, 0), "m": (0, 1), "y": (0, 12)}[unit]
    made = Period(count * per_day, count * per_month)
    if made.years > 100:
        raise Rejected(f"{text!r} is longer than a century.")
    return made


@dataclass(frozen=True, slots=True)
class Term:
    """Where a contract stands on one day."""

    #: The last day of the term that runs; nothing for no fixed end.
    end: date | None
    #: Whether it is in force on that day.
    in_force: bool
    #: The last day on which notice is in time, or was for one that does not renew itself; nothing for no fixed end.
    notice: date | None
    #: The end that this notice is for.
    notice_for: date | None
    #: The day of notice that passed while the term still runs: it has renewed itself already.
    missed: date | None
    #: How often it has renewed itself.
    renewals: int
    #: How the days were worked out, a step a line.
    steps: tuple[str, ...]

    def act_by(self, holidays: Container[date] = NO_HOLIDAYS) -> date | None:
        """ACT_BY_WORKING_DAYS before the last day of notice."""
        return add_working_days(self.notice, -ACT_BY_WORKING_DAYS, holidays) if self.notice else None


def sound_contract(vendor: Vendor) -> Vendor:
    """The contract without dates and lengths of time that are none: another station may have written it."""
    kept = sound(vendor, "term_start", "term_end", "exit_tested_at", "reviewed_at", "decided_for")
    notice = kept.notice if _is_period(kept.notice) else ""
    term = kept.renewal_term if _is_period(kept.renewal_term) else ""
    same = (notice, term) == (kept.notice, kept.renewal_term)
    return kept if same else replace(kept, notice=notice, renewal_term=term)


def _is_period(text: str) -> bool:
    try:
        return period(text) is not None
    except Rejected:
        return False


def term_of(vendor: Vendor, today: date, holidays: Container[date] = NO_HOLIDAYS) -> Term:
    """Where a contract stands on a day. Raises Rejected for a day at the end of the calendar."""
    vendor = sound_contract(vendor)
    if not vendor.term_end:
        started = not vendor.term_start or day(vendor.term_start) <= today
        return Term(None, started and not vendor.ended, None, None, None, 0, ("no fixed end",))
    signed, renewal = day(vendor.term_end), period(vendor.renewal_term)
    tacit = vendor.renewal == "tacit" and bool(renewal)
    renewals = _renewals(signed, renewal, today) if tacit else 0
    end = renewal.times(renewals, signed) if renewals else signed
    steps = [f"term as signed ends {signed}"]
    if renewals:
        steps.append(f"renewed itself {renewals} × {renewal}: ends {end}")
    begun = not vendor.term_start or day(vendor.term_start) <= today
    in_force = begun and end >= today and not vendor.ended
    last, how = notice_day(vendor, end, holidays)
    missed = None
    notice_for = end
    if tacit and last < today:
        missed = last
        k = renewals
        while last < today:
            k += 1
            notice_for = renewal.times(k, signed)
            last, how = notice_day(vendor, notice_for, holidays)
        steps.append(f"notice for {end} was due {missed}: it renews itself, the next chance is for {notice_for}")
    return Term(end, in_force, last, notice_for, missed, renewals, (*steps, *how))


def _renewals(signed: date, renewal: Period, today: date) -> int:
    """How often a term renewed itself so that its end is not past."""
    if signed >= today:
        return 0
    count = max(0, (today - signed).days // (renewal.days + renewal.months * 31) - 1)
    while renewal.times(count, signed) < today:
        count += 1
    return count


def notice_day(vendor: Vendor, end: date, holidays: Container[date] = NO_HOLIDAYS) -> tuple[date, tuple[str, ...]]:
    """(the last working day on which notice for that end is in time, how it was worked out)."""
    length = period(vendor.notice)
    found = length.before(end)
    steps = [f"{length or 'no notice'} before {end}: {found}"]
    if vendor.received and vendor.delivery_days:
        found -= timedelta(days=vendor.delivery_days)
        steps.append(f"has to be received, {vendor.delivery_days} days on the way: {found}")
    working = back_to_working_day(found, holidays)
    if working != found:
        steps.append(f"{found:%A}, back to the working day before: {working}")
    return working, tuple(steps)


def stages_of(vendor: Vendor, notice: date) -> list[tuple[str, date]]:
    """(what, by when) before the last day of notice, first first; a hard exit begins earlier."""
    stages = list(STAGES.get(vendor.tier, STAGES[3]))
    if vendor.annual_cost and vendor.exit_cost > HARD_EXIT_FEES * vendor.annual_cost:
        stages[0] = (stages[0][0], max(HARD_EXIT_DAYS, stages[0][1]))
    return [(what, notice - timedelta(days=days)) for what, days in stages]


def price_of_silence(vendor: Vendor) -> float:
    """What it costs to let it renew itself: cost × (1 + uplift) × years, in its currency; 0 where it does not."""
    if vendor.renewal != "tacit" or not _is_period(vendor.renewal_term):
        return 0.0
    return vendor.annual_cost * (1 + vendor.uplift / 100) * period(vendor.renewal_term).years


def uplift_over(percent: float, years: int) -> float:
    """By how many percent a price has risen after so many yearly uplifts: 5 % over 3 years is 15.8."""
    return ((1 + percent / 100) ** years - 1) * 100
