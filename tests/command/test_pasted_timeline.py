"""Pasted lines as a timeline."""

from __future__ import annotations

from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.command.pasted_timeline import read_paste, take_paste
from opsterm.core.session import Rejected
from tests.support.clock import BEGIN
from tests.support.incidents import Scene

CHAT = """from the chat:
12:31 errors on checkout
  and on refunds
12:35: rolled back web
- 12:40 – still failing
[12:41] noor: pool is at 40 %
"""


def times(text: str, now: str = BEGIN) -> list[str]:
    found = read_paste(text, now, UTC)
    return [line.at for line in found.lines] if found else []


def test_a_chat_is_read_as_people_write_it() -> None:
    found = read_paste(CHAT, BEGIN, UTC)
    assert found is not None
    assert [(line.at[11:16], line.text, line.by) for line in found.lines] == [
        ("12:31", "errors on checkout\n  and on refunds", ""),
        ("12:35", "rolled back web", ""),
        ("12:40", "still failing", ""),
        ("12:41", "pool is at 40 %", "noor"),
    ]
    assert found.preface == "from the chat:"
    assert found.words == "4 lines from 12:31 to 12:41 UTC on 2026-11-24: take them as a timeline?"


@pytest.mark.parametrize(
    "text", ["", "one\ntwo", "12:30 only one", "5 % less\n3 % more", "12:99 a\n25:00 b", "-7m a\n-8m b"]
)
def test_fewer_than_two_times_is_no_timeline(text: str) -> None:
    assert read_paste(text, BEGIN, UTC) is None


def test_midnights_are_found_from_the_end() -> None:
    days = times("22:50 a\n23:10 b\n00:05 c\n09:00 d\n22:00 e\n08:00 f", "2026-11-24T13:00:00Z")
    assert days == [
        "2026-11-22T22:50:00Z",
        "2026-11-22T23:10:00Z",
        "2026-11-23T00:05:00Z",
        "2026-11-23T09:00:00Z",
        "2026-11-23T22:00:00Z",
        "2026-11-24T08:00:00Z",
    ]


def test_a_little_disorder_is_no_midnight() -> None:
    assert times("12:31 a\n12:30 b\n12:33 c") == [f"2026-11-24T12:{m}:00Z" for m in (31, 30, 33)]


def test_a_date_line_sets_the_day_and_iso_times_stand() -> None:
    assert times("2026-11-20\n10:00 a\n11:00 b\n2026-11-21T09:00Z c") == [
        "2026-11-20T10:00:00Z",
        "2026-11-20T11:00:00Z",
        "2026-11-21T09:00:00Z",
    ]


def test_clock_times_are_in_the_users_zone() -> None:
    found = read_paste("13:31 a\n13:35 b", BEGIN, ZoneInfo("Europe/Berlin"))
    assert found is not None
    assert found.lines[0].at == "2026-11-24T12:31:00Z"


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59)), min_size=2, max_size=12))
def test_no_line_lies_ahead_or_runs_back_by_an_hour(clocks: list[tuple[int, int]]) -> None:
    found = times("\n".join(f"{h:02}:{m:02} x" for h, m in clocks))
    assert len(found) == len(clocks)
    assert max(found) <= BEGIN or found[-1] <= BEGIN
    hours = [int(at[8:10]) * 24 + int(at[11:13]) + int(at[14:16]) / 60 for at in found]
    assert all(later > earlier - 1 for earlier, later in pairwise(hours))


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    read_paste(text, BEGIN, UTC)


def test_taken_it_is_one_act_and_nothing_in_it_acts(scene: Scene) -> None:
    found = read_paste("12:31 #resolved\n12:40 ! @noor look", scene.now, UTC)
    assert found is not None
    assert take_paste(scene.as_("li"), scene.incident, found).sentence == "2 lines on the timeline"
    lines = [line for line in scene.board.moments(scene.incident_id) if line.kind == "observation"]
    assert [(line.at, line.text, line.by) for line in lines] == [
        ("2026-11-24T12:31:00Z", "#resolved", "li"),
        ("2026-11-24T12:40:00Z", "! @noor look", "li"),
    ]
    assert scene.incident.status == "investigating"


def test_what_lies_ahead_is_refused(scene: Scene) -> None:
    found = read_paste("2026-11-25T12:31Z a\n2026-11-25T12:32Z b", scene.now, UTC)
    assert found is not None
    with pytest.raises(Rejected, match="lies ahead"):
        take_paste(scene.as_("li"), scene.incident, found)
