"""Times as people type them at the beginning of a line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from opsterm.core.times import leading_time, lies_ahead, seeming_time, time_first

ZONE = ZoneInfo("Europe/Berlin")
NOW = "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    ("line", "at", "rest"),
    [("12:10", "2026-11-24T11:10:00Z", ""), ("12:10 x y", "2026-11-24T11:10:00Z", "x y"),
     ("-7m", "2026-11-24T11:53:00Z", ""), ("2017-07-31 21:00", "2017-07-31T19:00:00Z", ""),
     ("2017-07-31 21:00 deploy", "2017-07-31T19:00:00Z", "deploy"), ("25:99", "", "25:99"), ("x 12:10", "", "x 12:10")],
)  # fmt: skip
def test_a_time_first_may_stand_alone_and_a_leading_one_leads_something(line: str, at: str, rest: str) -> None:
    assert time_first(line, NOW, ZONE) == (at, rest)
    assert leading_time(line, NOW, ZONE) == ((at, rest) if rest else ("", line))


@pytest.mark.parametrize(
    ("line", "seeming"),
    [("25:99 x", "25:99"), ("25:99", "25:99"), ("10:42:61Z x", "10:42:61Z"), ("2017-02-30 10:00 x", "2017-02-30 10:00"),
     ("2017-02-30T10:00Z", "2017-02-30T10:00Z"), ("1:2 x", ""), ("at 25:99", ""), ("125:99 x", ""), ("25:99x", "")],
)  # fmt: skip
def test_what_is_written_like_a_time_is_told_from_what_is_not(line: str, seeming: str) -> None:
    assert seeming_time(line) == seeming


@pytest.mark.parametrize(
    ("at", "ahead"),
    [("", False), ("2026-11-24T11:00:00Z", False), ("2026-11-24T12:01:00Z", False), ("2026-11-24T12:01:01Z", True)],
)
def test_more_than_a_minute_later_than_now_is_ahead(at: str, ahead: bool) -> None:
    assert lies_ahead(at, NOW) is ahead
