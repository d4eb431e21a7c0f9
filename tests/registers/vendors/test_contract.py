"""A contract's days: the field's worked examples, and what holds for any."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from opsterm.core.calendar_dates import add_months, add_working_days, holidays_of, is_working
from opsterm.records import Commitment, Vendor
from opsterm.records.record import columns
from opsterm.registers.vendors.commitment import claim_until, credit, minutes_down
from opsterm.registers.vendors.contract import notice_day, period, price_of_silence, stages_of, term_of, uplift_over
from tests.support.bench import refusal

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def contract(**fields: Any) -> Vendor:
    defaults = {column.name: column.default for column in columns(Vendor)}
    return Vendor(**{**defaults, "id": "v", "name": "V", **fields})


@pytest.mark.parametrize(
    ("end", "notice", "last"),
    [
        ("2027-05-31", "3 months", date(2027, 2, 26)),
        ("2027-05-31", "90 days", date(2027, 3, 2)),
        ("2026-12-31", "60 days", date(2026, 10, 30)),
        ("2024-05-29", "3 months", date(2024, 2, 29)),
        ("2025-05-29", "3 months", date(2025, 2, 28)),
    ],
)
def test_notice_rolls_back_to_a_working_day(end: str, notice: str, last: date) -> None:
    found = term_of(contract(term_end=end, notice=notice), date(2024, 1, 1))
    assert found.notice == last
    assert found.end == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("first", "notice", "today", "end", "last"),
    [
        ("2025-08-28", "2 months", date(2026, 2, 11), date(2026, 8, 28), date(2026, 6, 26)),
        ("2023-07-31", "3 months", date(2023, 10, 31), date(2024, 7, 31), date(2024, 4, 30)),
        ("2025-08-28", "2 months", date(2026, 8, 28), date(2026, 8, 28), date(2027, 6, 28)),
    ],
)
def test_a_tacit_term_rolls_forward(first: str, notice: str, today: date, end: date, last: date) -> None:
    vendor = contract(term_end=first, notice=notice, renewal="tacit", renewal_term="12 months")
    found = term_of(vendor, today)
    assert (found.end, found.notice, found.in_force) == (end, last, True)


def test_notice_past_and_end_ahead_is_renewed_already() -> None:
    vendor = contract(term_end="2025-08-28", notice="2 months", renewal="tacit", renewal_term="12 months")
    in_time = term_of(vendor, date(2026, 6, 26))
    assert (in_time.missed, in_time.notice) == (None, date(2026, 6, 26))
    late = term_of(vendor, date(2026, 6, 27))
    assert (late.missed, late.end) == (date(2026, 6, 26), date(2026, 8, 28))
    assert (late.notice, late.notice_for) == (date(2027, 6, 28), date(2027, 8, 28))
    assert any("renews itself" in step for step in late.steps)


def test_months_are_not_chained() -> None:
    assert period("1 month").times(2, date(2026, 1, 31)) == date(2026, 3, 31)
    assert period("1 month").times(1, date(2026, 1, 31)) == date(2026, 2, 28)


def test_what_must_be_received_goes_out_earlier() -> None:
    vendor = contract(term_end="2027-05-31", notice="90 days", received=True, delivery_days=5)
    assert notice_day(vendor, date(2027, 5, 31))[0] == date(2027, 2, 25)


def test_acting_is_ten_working_days_earlier_and_holidays_count() -> None:
    found = term_of(contract(term_end="2026-12-31", notice="60 days"), date(2026, 1, 1))
    assert found.act_by() == date(2026, 10, 16)
    german = holidays_of("DE")
    assert term_of(contract(term_end="2027-03-25", notice="90 days"), date(2026, 1, 1)).notice == date(2026, 12, 25)
    rolled = term_of(contract(term_end="2027-03-25", notice="90 days"), date(2026, 1, 1), german)
    assert rolled.notice == date(2026, 12, 24)


@given(DAYS, st.integers(-600, 600))
def test_months_are_those_of_dateutil(start: date, months: int) -> None:
    assert add_months(start, months) == start + relativedelta(months=months)


@given(DAYS, DAYS, st.integers(1, 48), st.sampled_from(["30 days", "90 days", "1 month", "3 months", "6 months"]))
def test_a_rolled_term_is_ahead_and_its_notice_too(signed: date, today: date, months: int, notice: str) -> None:
    vendor = contract(term_end=signed.isoformat(), notice=notice, renewal="tacit", renewal_term=f"{months} months")
    found = term_of(vendor, today)
    assert found.end is not None
    assert found.notice is not None
    assert found.notice_for is not None
    assert found.end >= today
    assert found.end == signed + relativedelta(months=months * found.renewals)
    before = signed + relativedelta(months=months * (found.renewals - 1))
    assert found.renewals == 0 or before < today
    assert found.notice >= today
    assert is_working(found.notice)
    length = period(notice)
    due = found.notice_for - relativedelta(months=length.months) - timedelta(days=length.days)
    assert timedelta(0) <= due - found.notice <= timedelta(days=2)
    assert (found.missed is None) == (found.notice_for == found.end)


@given(DAYS, st.integers(-60, 60))
def test_working_days_go_there_and_back(start: date, count: int) -> None:
    found = add_working_days(start, count)
    if count:
        assert is_working(found)
        assert (found > start) == (count > 0)


@given(st.text(max_size=20))
def test_any_length_of_time_is_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: period(text))


def test_stages_by_tier_and_a_hard_exit_begins_earlier() -> None:
    last = date(2027, 3, 1)
    assert [(last - by).days for _, by in stages_of(contract(tier=1), last)] == [180, 120, 90, 45]
    assert [(last - by).days for _, by in stages_of(contract(tier=2), last)] == [120, 90, 60, 30]
    assert [(last - by).days for _, by in stages_of(contract(tier=3), last)] == [60, 30]
    hard = stages_of(contract(tier=2, annual_cost=100.0, exit_cost=151.0), last)
    assert (last - hard[0][1]).days == 270


def test_prices() -> None:
    vendor = contract(annual_cost=1000.0, uplift=5.0, renewal="tacit", renewal_term="24 months")
    assert price_of_silence(vendor) == pytest.approx(2100)
    assert [round(uplift_over(percent, 3), 1) for percent in (3, 5, 7, 10)] == [9.3, 15.8, 22.5, 33.1]


def test_minutes_and_credits() -> None:
    found = [round(minutes_down(p), 2) for p in (99, 99.5, 99.9, 99.95, 99.99, 99.999)]
    assert found == [432, 216, 43.2, 21.6, 4.32, 0.43]
    assert [round(minutes_down(p, 365.25)) for p in (99, 99.5, 99.9, 99.95)] == [5260, 2630, 526, 263]
    defaults = {column.name: column.default for column in columns(Commitment)}
    aws = Commitment(**{**defaults, "id": "c", "percent": 99.99, "bands": ("99.99=10", "99=30", "95=100")})
    assert [credit(aws, reached, 1000) for reached in (99.99, 99.98, 98.9, 94)] == [0, 100, 300, 1000]
    assert claim_until(aws, "2026-01") == date(2026, 3, 31)
    assert claim_until(aws, "2026-12") == date(2027, 2, 28)
