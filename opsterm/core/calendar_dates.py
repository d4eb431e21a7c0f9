"""Dates on a calendar: cadences that do not drift, and working days. Plain dates; no time of day, no zone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice

from opsterm.core.session import Rejected
from opsterm.settings import team_table

#: How far ahead a rule is followed for its next date.
YEARS_MAX = 60

_WORDS = {
    "daily": "1d",
    "weekly": "1w",
    "fortnightly": "2w",
    "monthly": "1 month",
    "quarterly": "3 months",
    "half-yearly": "6 months",
    "yearly": "12 months",
    "annually": "12 months",
}
_CADENCE = re.compile(r"(\d{1,4})?\s*(d|days?|w|weeks?|fortnights?|months?|quarters?|y|years?)", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "f": 14}
_MONTHS = {"m": 1, "q": 3, "y": 12}
NO_HOLIDAYS: frozenset[date] = frozenset()


def day(text: str) -> date:
    """A date as people write it: YYYY-MM-DD, or the day of an instant. Raises Rejected."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise Rejected(f"{text!r} is no date: say it as YYYY-MM-DD.") from None


def add_months(start: date, months: int) -> date:
    """So many months later or earlier, held to the end of a shorter month: 31 January + 1 is 28 February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise Rejected("That date lies outside the calendar.")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often something comes again: in days, in months, or by a recurrence rule [RFC 5545, 3.3.10]."""

    days: int = 0
    months: int = 0
    rule: str = ""

    def occurrence(self, anchor: date, k: int) -> date:
        """The k-th date, counted from the anchor at once and never from the one before: no chained months, so that
        31 January comes back as 31 March after 28 February."""
        if self.rule:
            return self._by_rule(anchor, k)
        try:
            return add_months(anchor, self.months * k) + timedelta(days=self.days * k)
        except OverflowError:
            raise Rejected("That date lies outside the calendar.") from None

    def following(self, anchor: date, k: int, after: date) -> tuple[int, date]:
        """The first occurrence past the k-th that lies after a day: (which one, when)."""
        place = k + 1
        if not self.rule and (passed := (after - anchor).days) > 0:
            place = max(place, passed // (self.days + self.months * 31))
        while (found := self.occurrence(anchor, place)) <= after:
            place += 1
        return place, found

    def _by_rule(self, anchor: date, k: int) -> date:

        from dateutil.rrule import rrulestr

        begin = datetime(anchor.year, anchor.month, anchor.day)
        end = add_months(anchor, 12 * YEARS_MAX)
        moments = iter(rrulestr(self.rule, dtstart=begin))
        found: datetime | None = next(islice(moments, k, None), None)
        if found is None or found.date() > end:
            raise Rejected(f"The rule {self.rule} gives no further date.")
        return found.date()


def cadence(text: str) -> Cadence:
    """`90d`, `2 weeks`, `3 months`, `quarterly`, or a rule such as `FREQ=MONTHLY;BYMONTHDAY=-1`. Raises Rejected."""
    said = " ".join(text.split()).removeprefix("RRULE:")
    if said.upper().startswith("FREQ="):
        from dateutil.rrule import rrulestr

        try:
            rrulestr(said)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Rejected(f"{text!r} is no recurrence rule that is understood here.") from None
        return Cadence(rule=said)
    said = _WORDS.get(said.lower(), said)
    found = _CADENCE.fullmatch(said.lower().removeprefix("every "))
    count = int(found[1] or 1) if found else 0
    if not found or not count:
        raise Rejected(f"{text!r} is no cadence: say 90d, 2 weeks, 3 months or quarterly.")
    unit = found[2][0]
    return Cadence(days=count * _DAYS[unit]) if unit in _DAYS else Cadence(months=count * _MONTHS[unit])


def is_working(given: date, holidays: Container[date] = NO_HOLIDAYS) -> bool:
    """Monday to Friday, and no holiday."""
    return given.weekday() < 5 and given not in holidays


def add_working_days(start: date, count: int, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """So many working days later, or earlier where the count is below 0. The start itself is not counted."""
    step = timedelta(days=1 if count >= 0 else -1)
    found, left = start, abs(count)
    if isinstance(holidays, frozenset) and not holidays and left > 5:
        # Any seven days in a row have five working days; the last ones are counted, to end on one.
        weeks = (left - 1) // 5
        found, left = found + step * 7 * weeks, left - 5 * weeks
    while left:
        found += step
        left -= is_working(found, holidays)
    return found


def back_to_working_day(given: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """The day itself, or the last working day before it: a deadline that is counted backwards rolls back
    [Regulation (EEC, Euratom) 1182/71, article 3(4)]."""
    found = given
    while not is_working(found, holidays):
        found -= timedelta(days=1)
    return found


@cache
def holidays_of(country: str, subdivision: str = "") -> Container[date]:
    """The public holidays of a country, by its ISO code, and a part of it; none for an empty one. Raises Rejected."""
    if not country:
        return NO_HOLIDAYS
    from holidays import country_holidays

    try:
        return country_holidays(country.upper(), subdiv=subdivision or None)
    except NotImplementedError:
        raise Rejected(f"No holidays are known of {country} {subdivision}".rstrip() + ": say an ISO code.") from None


def team_holidays() -> Container[date]:
    """The holidays that the team's settings name: `[calendar]` with `country` and `subdivision`; none without, and
    none where there are no such country and part of it."""
    named = team_table("calendar")
    try:
        return holidays_of(str(named.get("country", "")), str(named.get("subdivision", "")))
    except Rejected:
        return NO_HOLIDAYS
