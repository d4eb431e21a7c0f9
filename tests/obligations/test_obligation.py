"""What is owed: dates that do not drift, windows, reminders, putting off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.calendar.due import due
from opsterm.core.calendar_dates import (
    add_months,
    add_working_days,
    back_to_working_day,
    cadence,
    holidays_of,
    is_working,
    team_holidays,
)
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import (
    as_of,
    complete,
    drop,
    give,
    history,
    ladder,
    notice_of,
    owe,
    redate,
    rung_on,
    snooze,
    state_of,
)
from opsterm.records import Obligation
from tests.support.bench import Bench


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


# --- dates


def test_months_are_counted_from_the_anchor_and_never_chained() -> None:
    monthly = cadence("1 month")
    assert [monthly.occurrence(date(2027, 1, 31), k) for k in range(1, 4)] == days(
        "2027-02-28", "2027-03-31", "2027-04-30"
    )


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_a_month_is_held_to_its_end_and_no_day_more_is_lost(start: date, months: int) -> None:
    found = add_months(start, months)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day == start.day or (found + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("text", "next_"),
    [
        ("90d", "2027-01-30"),
        ("2 weeks", "2026-11-15"),
        ("fortnightly", "2026-11-15"),
        ("every 3 months", "2027-02-01"),
        ("quarterly", "2027-02-01"),
        ("1 year", "2027-11-01"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31"),
    ],
)
def test_a_cadence_is_said_in_words_or_as_a_rule(text: str, next_: str) -> None:
    assert cadence(text).following(date(2026, 11, 1), 0, date(2026, 11, 1))[1] == (
        date.fromisoformat(next_) if "FREQ" in text else cadence(text).occurrence(date(2026, 11, 1), 1)
    )


@pytest.mark.parametrize("text", ["", "soon", "0d", "3", "month 3", "FREQ=NEVER", "-3d"])
def test_what_is_no_cadence_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        cadence(text)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 3000), st.sampled_from(["17d", "1 month", "1y"]))
def test_the_next_date_is_the_first_of_the_series_after_a_day(anchor: date, late: int, every: str) -> None:
    after = anchor + timedelta(days=late)
    place, found = cadence(every).following(anchor, 0, after)
    assert found > after
    assert place == 1 or cadence(every).occurrence(anchor, place - 1) <= after


def test_working_days_leave_out_weekends_and_holidays() -> None:
    german = holidays_of("DE", "BY")
    assert add_working_days(date(2026, 12, 23), 3, german) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 29), -3, german) == date(2026, 12, 23)
    assert not is_working(date(2026, 12, 25), german)
    assert back_to_working_day(date(2027, 2, 28)) == date(2027, 2, 26)
    with pytest.raises(Rejected, match="No holidays are known"):
        holidays_of("XX")


# --- states


def make(bench: Bench, by: str = "2026-12-08", **kwargs: Any) -> Obligation:
    return bench.owed(owe(bench.mia, "drill", by, owner="mia", **kwargs).record)


@pytest.mark.parametrize(
    ("today", "state"),
    [("2026-11-30", "ahead"), ("2026-12-01", "notice"), ("2026-12-08", "notice"), ("2026-12-09", "overdue")],
)
def test_an_obligation_is_ahead_then_in_notice_then_overdue(bench: Bench, today: str, state: str) -> None:
    assert state_of(make(bench), as_of(today, "")) == state


def test_a_drill_is_shown_ten_working_days_ahead(bench: Bench) -> None:
    assert state_of(make(bench, sort="drill"), as_of("2026-11-24", "")) == "notice"
    assert state_of(make(bench, sort="drill"), as_of("2026-11-23", "")) == "ahead"


def test_a_moment_is_late_at_once_and_a_day_at_its_end(bench: Bench) -> None:
    item = make(bench, "2026-11-24T14:00:00Z", sort="watch")
    assert state_of(item, "2026-11-24T14:00:01Z") == "overdue"
    assert state_of(make(bench, "2026-11-24"), "2026-11-24T23:59:59Z") == "notice"


def test_what_is_due_is_told_soonest_first_and_what_is_dropped_not_at_all(bench: Bench) -> None:
    late, soon = make(bench, "2027-01-01"), make(bench, "2026-12-01")
    dropped, undated = make(bench, "2026-11-30"), make(bench, "")
    done = make(bench, "2026-11-29")
    drop(bench.mia, dropped, "not needed")
    complete(bench.mia, done, "log 7")
    told = due(bench.board, bench.now)
    assert [(line.obligation.id, line.state) for line in told] == [
        (done.id, "done"),
        (soon.id, "notice"),
        (late.id, "ahead"),
        (undated.id, "ahead"),
    ]
    bench.wait(days=40)
    assert done.id not in [line.obligation.id for line in due(bench.board, bench.now)]


# --- again and again


def test_a_fixed_cadence_is_not_moved_by_lateness(bench: Bench) -> None:
    item = make(bench, "2026-11-30", every="1 month", counted="fixed")
    bench.wait(days=16)
    complete(bench.mia, item, "minutes of the meeting")
    after = bench.owed(item.id)
    assert (after.due_at[:10], after.occurrence, after.state) == ("2026-12-30", 1, "open")


def test_a_fixed_cadence_leaves_out_dates_that_went_by(bench: Bench) -> None:
    item = make(bench, "2026-11-30", every="1 month", counted="fixed")
    bench.wait(days=100)
    complete(bench.mia, item, "done at last")
    assert (bench.owed(item.id).due_at[:10], bench.owed(item.id).occurrence) == ("2027-03-30", 4)


def test_done_early_the_next_one_is_still_the_next(bench: Bench) -> None:
    item = make(bench, "2026-12-31", every="1 month", counted="fixed")
    complete(bench.mia, item, "early")
    assert bench.owed(item.id).due_at[:10] == "2027-01-31"


def test_a_series_that_was_moved_goes_on_from_its_own_dates(bench: Bench) -> None:
    item = make(bench, "2026-11-30", every="1 month", counted="fixed")
    redate(bench.mia, item, "2026-12-04", "the room was taken")
    bench.wait(days=10)
    complete(bench.mia, bench.owed(item.id), "done")
    assert bench.owed(item.id).due_at[:10] == "2026-12-30"


def test_after_done_the_next_is_counted_from_the_day_it_was_done(bench: Bench) -> None:
    item = make(bench, "2026-11-20", every="90d", notice_at="2026-11-10")
    complete(bench.mia, item, "run r7")
    after = bench.owed(item.id)
    assert (after.due_at, after.notice_at) == ("2027-02-22T23:59:59Z", "2027-02-12T00:00:00Z")
    assert state_of(after, bench.now) == "ahead"


def test_done_wants_evidence(bench: Bench) -> None:
    with pytest.raises(Rejected, match="what shows that it was done"):
        complete(bench.mia, make(bench), "  ")


def test_what_comes_again_has_a_first_day(bench: Bench) -> None:
    with pytest.raises(Rejected, match="first time"):
        make(bench, "", every="90d")


def test_the_same_thing_is_owed_once(bench: Bench) -> None:
    first = make(bench, record="care")
    assert owe(bench.noor, "again", "2027-01-01", record="care").record == first.id
    assert bench.owed("care").what == "drill"


# --- putting off


def test_a_thing_is_put_off_three_times_at_most(bench: Bench) -> None:
    item = make(bench)
    for n in range(1, 4):
        told = snooze(bench.mia, bench.owed(item.id), f"2026-12-{10 + n}", "no time")
    assert told.warning
    assert state_of(bench.owed(item.id), as_of("2026-12-12", "")) == "snoozed"
    assert state_of(bench.owed(item.id), as_of("2026-12-13", "")) == "overdue"
    with pytest.raises(Rejected, match="drop it, give it to another, or do it"):
        snooze(bench.mia, bench.owed(item.id), "2026-12-20", "no time")


def test_putting_off_wants_a_reason_and_a_day_ahead(bench: Bench) -> None:
    with pytest.raises(Rejected, match="why it is put off"):
        snooze(bench.mia, make(bench), "2026-12-01", "")
    with pytest.raises(Rejected, match="lies ahead"):
        snooze(bench.mia, make(bench), "2026-11-20", "no time")


def test_nothing_is_put_off_past_the_day_it_has_to_be_begun(bench: Bench) -> None:
    item = make(bench, hard_at="2026-12-31", effort_days=5)
    with pytest.raises(Rejected, match="begun by 2026-12-24"):
        snooze(bench.mia, item, "2026-12-25", "no time")
    snooze(bench.mia, item, "2026-12-24", "no time")
    with pytest.raises(Rejected, match="can't be later"):
        redate(bench.mia, item, "2027-01-01", "no time")


# --- reminders


def test_the_ladder_names_more_people_the_later_it_gets(bench: Bench) -> None:
    item = make(bench, "2026-12-11", backup="noor", lead="ben", notice_at="2026-11-27")
    assert [(r.day.isoformat(), r.to) for r in ladder(item)] == [
        ("2026-11-27", ("mia",)),
        ("2026-12-04", ("mia",)),
        ("2026-12-08", ("mia", "noor")),
        ("2026-12-11", ("mia", "noor", "ben")),
        ("2026-12-16", ("mia", "noor", "ben")),
        ("2026-12-25", ("mia", "noor", "ben")),
    ]
    assert ladder(item, away=["mia"])[0].to == ("noor",)
    rung = rung_on(item, as_of("2026-12-09", ""))
    assert rung is not None
    assert rung.asks == "three working days are left"
    assert rung_on(item, as_of("2026-11-26", "")) is None


def test_the_history_of_a_thing_is_told(bench: Bench) -> None:
    item = make(bench)
    give(bench.mia, item, "noor")
    snooze(bench.noor, bench.owed(item.id), "2026-12-09", "waits for the vendor")
    assert [(by, "vendor" in text) for _, by, text in history(bench.board, item)] == [
        ("mia", False),
        ("mia", False),
        ("noor", True),
    ]


def test_a_teams_holidays_move_its_notice(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make(bench, "2027-01-04")
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(file))
    assert notice_of(item, team_holidays())[:10] == "2026-12-28"
    file.write_text('[calendar]\ncountry = "DE"\n')
    assert notice_of(item, team_holidays())[:10] == "2026-12-24"
    file.write_text('[calendar]\ncountry = "Atlantis"\n')
    assert notice_of(item, team_holidays())[:10] == "2026-12-28"
