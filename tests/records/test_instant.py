"""Times as text that sorts as it stands, and text that can't act on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.records.instant import YEAR_FIRST, YEAR_LAST, from_ms, instant, moment, normal, to_ms
from opsterm.records.plain import one_line, plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2017-01-31T21:00Z", "2017-01-31T21:00:00Z"),
        ("2017-01-31T21:00:59.999+02:00", "2017-01-31T19:00:59Z"),
        ("2017-01-31 21:00", "2017-01-31T21:00:00Z"),
    ],
)
def test_any_iso_time_becomes_utc_to_the_second(text: str, said: str) -> None:
    assert normal(text) == said


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2017-02-30T10:00Z", "0001-01-01T00:00:00+14:00", "0001-06-01T00:00Z", "9999-12-31T23:59Z"],
)
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        normal(text)


@given(st.integers(-(2**63), 2**63))
def test_any_clock_value_is_shown_within_the_calendar(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) // 1000 * 1000 == to_ms(from_ms(milliseconds))
    assert len(from_ms(milliseconds)) == len("2026-11-24T13:05:00Z")
    for zone in ("Pacific/Kiritimati", "America/New_York"):
        assert moment(from_ms(milliseconds)).astimezone(ZoneInfo(zone))


MOMENTS = st.datetimes(datetime(YEAR_FIRST, 1, 1), datetime(YEAR_LAST, 12, 31), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_instants_sort_as_the_moments_they_name(one: datetime, other: datetime) -> None:
    first, second = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (instant(first) < instant(second)) == (first < second)
    assert moment(instant(first)) == first


@given(st.text(st.characters(exclude_categories=[])))
def test_plain_text_has_nothing_that_acts_on_a_terminal(text: str) -> None:
    kept = plain(text)
    kept.encode("utf-8")
    controls = {chr(n) for n in (*range(32), 127, *range(128, 160))} - {"\n", "\t"}
    assert not controls & set(kept)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029\ufeff") & set(kept)
    assert plain(kept) == kept
    assert "\n" not in one_line(text)


def test_plain_text_keeps_lines_tabs_and_what_people_write() -> None:
    assert plain("a\r\n\tb 应急 ⚠️ é") == "a\n\tb 应急 ⚠️ é"
