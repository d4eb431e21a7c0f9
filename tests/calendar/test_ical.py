"""The calendar of what is due: names for ever, moved ones counted up, gone ones cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opsterm.calendar.ical import calendar_of, write_calendar
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import complete, drop, owe, redate
from tests.support.bench import Bench


def entries(bench: Bench, **kwargs: Any) -> list[Any]:
    from icalendar import Calendar

    return list(Calendar.from_ical(calendar_of(bench.board, bench.now, **kwargs)).subcomponents)


def test_a_day_is_an_event_that_blocks_nobody(bench: Bench) -> None:
    owe(bench.mia, "renew; the, contract\\", "2026-12-08", owner="mia", reason="漢" * 40)
    (event,) = entries(bench)
    assert (event.name, str(event["summary"])) == ("VEVENT", "renew; the, contract\\ (mia)")
    assert (event["dtstart"].to_ical(), event["dtend"].to_ical()) == (b"20261208", b"20261209")
    assert (str(event["transp"]), str(event["status"])) == ("TRANSPARENT", "CONFIRMED")
    assert event.subcomponents[0]["trigger"].to_ical() == b"-P7D"


def test_lines_end_as_the_standard_says_and_fold_at_75_octets(bench: Bench) -> None:
    owe(bench.mia, "é" * 200, "2026-12-08", reason="one\ntwo")
    data = calendar_of(bench.board, bench.now)
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_an_event_keeps_its_name_when_it_moves_and_the_next_gets_another(bench: Bench) -> None:
    item = bench.owed(owe(bench.mia, "drill", "2026-12-08", every="90d").record)
    first = entries(bench)[0]
    redate(bench.mia, item, "2026-12-10", "ben is away")
    moved = entries(bench)[0]
    assert str(moved["uid"]) == str(first["uid"])
    assert int(moved["sequence"]) > int(first["sequence"])
    complete(bench.mia, bench.owed(item.id), "r7")
    assert str(entries(bench)[0]["uid"]) != str(first["uid"])


def test_what_is_done_or_dropped_is_cancelled_and_leaves_after_a_while(bench: Bench) -> None:
    done = bench.owed(owe(bench.mia, "a", "2026-12-08").record)
    gone = bench.owed(owe(bench.mia, "b", "2026-12-09").record)
    complete(bench.mia, done, "r7")
    drop(bench.mia, gone, "no need")
    assert [str(e["status"]) for e in entries(bench)] == ["CANCELLED", "CANCELLED"]
    assert [str(e["status"]) for e in entries(bench, todo=True)] == ["COMPLETED", "CANCELLED"]
    bench.wait(days=40)
    assert entries(bench) == []


def test_a_calendar_is_put_in_its_place_whole(bench: Bench, tmp_path: Path) -> None:
    owe(bench.mia, "a", "2026-12-08")
    size = write_calendar(bench.board, tmp_path / "due.ics", bench.now)
    assert (tmp_path / "due.ics").stat().st_size == size
    assert [p.name for p in tmp_path.iterdir() if "ics" in p.name] == ["due.ics"]
    with pytest.raises(Rejected, match="can't be written"):
        write_calendar(bench.board, tmp_path / "none" / "due.ics", bench.now)
