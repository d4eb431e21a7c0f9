"""What the header and the status pane say of sharing."""

from __future__ import annotations

from pathlib import Path

from opsterm.core.times import rough_age
from opsterm.records.instant import from_ms
from opsterm.share import join, leave, sync_once
from opsterm.share.skew import noticed, skew
from opsterm.share.state import ShareProblem, State, StationSeen, read_state, state_file, write_state
from opsterm.sharing.status import (
    ShareState,
    set_usual_delay,
    sharing_state,
    state_words,
    station_words,
)
from tests.support.shares import OpenBoard, declare, journals


def test_a_board_that_is_not_shared_says_so(open_board: OpenBoard) -> None:
    mia = open_board("mia")
    assert state_words(sharing_state(mia, mia.now)) == "not shared"
    assert not sharing_state(mia).shared


def test_the_header_tells_of_now_of_late_and_of_what_waits(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    declare(ben)
    join(ben, share)
    join(mia, share)
    heard = read_state(mia.path).heard_ms
    assert state_words(sharing_state(mia, from_ms(heard + 3_500))) in (
        "in step 2s ago · 2 stations",
        "in step 3s ago · 2 stations",
    )
    declare(mia)
    assert state_words(sharing_state(mia, from_ms(heard))).endswith("2 stations · 1 to publish")
    late = sharing_state(mia, from_ms(heard + 130_000))
    assert late.late
    assert state_words(late) == "unheard for 2m: others may not see what you type · 1 to publish"
    set_usual_delay(mia, 600)
    assert not sharing_state(mia, from_ms(heard + 130_000)).late
    sync_once(mia)
    assert sharing_state(mia).waiting == 0
    assert [station.person for station in sharing_state(mia).others] == ["mia"]
    leave(mia)
    assert state_words(sharing_state(mia, mia.now)) == "not shared"


def test_a_share_that_can_not_be_reached_is_told_with_since_when(open_board: OpenBoard) -> None:
    mia = open_board("mia")
    mia.remember("share", "/mnt/team")
    write_state(mia.path, State(directory="/mnt/team", trouble="it is gone", trouble_since_ms=1_790_000_000_000))
    state = sharing_state(mia)
    assert state.problems == ("it is gone (since 14:13 UTC)",)
    assert state_words(state).startswith("share not heard yet: others may not see")


def test_what_is_wrong_for_a_moment_is_not_told(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    (journals(share) / "torn.sqlite").write_bytes(b"half")
    sync_once(mia)
    heard = read_state(mia.path).heard_ms
    assert sharing_state(mia, from_ms(heard)).problems == ()
    [told] = sharing_state(mia, from_ms(heard + 40_000)).problems
    assert told.startswith("torn.sqlite: it is empty, cut short, or no journal")


def test_a_state_that_is_lost_or_damaged_is_no_state(open_board: OpenBoard) -> None:
    mia = open_board("mia")
    for text in ("", "{", "[]", '{"stations": 3}', '{"stations": [{"x": 1}], "problems": [], "said": []}'):
        state_file(mia.path).write_text(text)
        assert read_state(mia.path) == State()
    told = State("/x", 5, "a", 1, (StationSeen("a"),), (ShareProblem("f", "w", 3),), "t", 4, ("s",), {"a": [1.0]})
    write_state(mia.path, told)
    assert read_state(mia.path) == told


def test_skew_is_the_median_and_a_clock_behind_is_bounded_by_the_smallest() -> None:
    assert skew([]) is None
    assert skew([-3600.0, -3598.0, -3599.0, 5.0, -3600.0]) == 3599.0
    assert skew([62.0, 75.0, 90.0]) == -62.0
    assert skew([0.02, 0.5, 12.0]) == 0.0
    assert skew([-0.5, 1.0, 30.0]) == 0.0


def test_a_slow_share_is_not_called_a_wrong_clock() -> None:
    assert [noticed(s) for s in (None, 0.0, 1.9, 2.0, -20.0, -30.0)] == [False, False, False, True, False, True]


def test_stations_and_durations_in_words() -> None:
    seen = StationSeen("a1b2", "mia@laptop", "mia", 7, 1_790_000_000_000, 3600.0)
    assert station_words(seen) == "mia mia@laptop · last change 14:13 UTC · clock 60m ahead"
    assert station_words(StationSeen("a1b2c3d4e5")) == "a1b2c3d4 · no change yet"
    assert [rough_age(s) for s in (0, 59, 60, 119, 7199, 7200, 172_800)] == [
        "0s",
        "59s",
        "1m",
        "1m",
        "119m",
        "2h",
        "2d",
    ]
    assert state_words(ShareState("/x", 1)) == "in step 1s ago · nobody else there"
