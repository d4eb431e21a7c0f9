"""What meetings cost, and when they have drifted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from opsterm.calendar.agenda import agenda, as_markdown
from opsterm.calendar.due import due
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import owe, start_of
from opsterm.operations.checklists.tasklist import read_task_list
from opsterm.records import Ritual
from opsterm.registers.teams.meeting import (
    add_ritual,
    assess,
    change,
    drift,
    end,
    find_ritual,
    money_a_year,
    next_on,
    note,
    occurrences,
)
from opsterm.registers.vendors.vendor_file import import_vendors
from tests.support.bench import HEADER, TODAY, Bench, csv_of


def test_half_an_hour_a_week_is_26_hours_a_person() -> None:
    assert assess(60, 1, "week", to_minutes=30).saved_hours_a_year == 26
    found = assess(60, 10, "week", to_minutes=30)
    assert (found.hours_a_year, found.saved_hours_a_year) == (520, 260)
    assert money_a_year(found.hours_a_year, 100) == 52_000
    assert [assess(60, 1, every).hours_a_year for every in ("day", "fortnight", "month", "quarter")] == [260, 26, 12, 4]


def test_proposals_say_the_hours_they_free() -> None:
    found = " ".join(assess(60, 10, "week", sort="inform").proposals)
    for text in ("shorten to 50 minutes", "every fortnight: frees 260 hours", "write the information down"):
        assert text in found
    assert "ask 7 people" in " ".join(assess(60, 10, "week", sort="decide").proposals)
    assert "shorten to 15 minutes" in " ".join(assess(30, 5, "day").proposals)


@pytest.mark.parametrize(("minutes", "people", "to"), [(0, 1, None), (30, 0, None), (30, 5, 45), (30, 5, -1)])
def test_what_is_no_meeting_is_refused(minutes: int, people: int, to: int | None) -> None:
    with pytest.raises(Rejected):
        assess(minutes, people, "week", to_minutes=to)


def _ritual(bench: Bench, **fields: object) -> Ritual:
    people = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    given = {"minutes": 60, "every": "week", "people": people, "owner": "mia", "anchor": "2026-01-05", **fields}
    add_ritual(bench.as_("mia"), "Sync", given)
    return find_ritual(bench.board, "sync")


def test_drift_is_computed_from_the_last_times(bench: Bench) -> None:
    session, ritual = bench.as_("mia"), _ritual(bench, sort="decide")
    for week in range(6):
        on = date(2026, 1, 5) + timedelta(days=7 * week)
        given = {"minutes": 75, "people": 6, "silent": 3, "carried": ["the budget"], "agenda_hours": 2, "moved": True}
        note(session, ritual, on, given)
    found = drift(ritual, occurrences(bench.board, ritual), TODAY)
    said = " ".join(found.signals)
    for text in (
        "no output in 6 of the last 6",
        "decided nothing",
        "60% of those",
        "ran over",
        "'the budget' was put off 6 times",
        "more than a third said nothing",
        "moved or left out 6 times",
        "agenda came less than a day",
    ):
        assert text in said
    assert [p.what for p in found.proposals][-1] == "end"
    assert found.proposals[-1].hours == 520
    owed = [line.obligation.id for line in due(bench.board, start_of(TODAY))]
    assert any("/drift/" in record for record in owed)
    change(session, ritual, {"minutes": 25}, "back to 60 if decisions slip", )  # fmt: skip
    assert not any("/drift/" in line.obligation.id for line in due(bench.board, start_of(TODAY)))


def test_one_signal_proposes_nothing(bench: Bench) -> None:
    ritual = _ritual(bench)
    for week in range(6):
        given = {"minutes": 80, "people": 10, "outputs": ["a plan"]}
        note(bench.as_("mia"), ritual, date(2026, 1, 5) + timedelta(days=7 * week), given)
    found = drift(ritual, occurrences(bench.board, ritual), TODAY)
    assert (len(found.signals), found.proposals) == (1, ())


def test_the_next_time_is_counted_from_the_first(bench: Bench) -> None:
    monthly = _ritual(bench, every="month", anchor="2026-01-31", ends_on="2026-06-30")
    assert next_on(monthly, date(2026, 2, 1)) == date(2026, 2, 28)
    assert next_on(monthly, date(2026, 2, 28)) == date(2026, 3, 31)
    assert next_on(monthly, date(2026, 6, 30)) is None
    assert end(bench.as_("mia"), monthly, "nobody came").sentence == "Sync is over"


def test_a_ritual_whose_agenda_fills_is_owed(bench: Bench) -> None:
    ritual = _ritual(bench, agenda="weekly")
    first = [line for line in due(bench.board, start_of(date(2026, 1, 6))) if "/held/" in line.obligation.id]
    assert [(line.due_at[:10], line.state) for line in first] == [("2026-01-05", "overdue")]
    note(bench.as_("mia"), ritual, date(2026, 1, 5), {"outputs": ["two actions"]})
    again = [line for line in due(bench.board, start_of(date(2026, 1, 6))) if "/held/" in line.obligation.id]
    assert [line.due_at[:10] for line in again] == ["2026-01-12"]


@pytest.mark.parametrize(("which", "minutes"), [("weekly", 45), ("monthly", 60), ("quarterly", 120)])
def test_agendas_fill_and_run_as_checklists(bench: Bench, which: str, minutes: int) -> None:
    session = bench.as_("mia")
    empty = agenda(bench.board, which, TODAY)
    assert empty.minutes == minutes
    row = "A <b>`x`,,compute,1,mia,2026-05-31,1 month,tacit,12 months,40,EUR,checkout"
    import_vendors(session, csv_of(HEADER, row), "v.csv")
    bench.declared("Pay fails", date(2026, 2, 9), services=["checkout"])
    bench.declared("Pay fails again", date(2026, 2, 10), services=["checkout"])
    owe(session, "Fix the alert", "2026-02-01", owner="ben")
    text = as_markdown(agenda(bench.board, which, TODAY))
    wanted = {
        "weekly": ("Pay fails again", "Fix the alert (ben, 2026-02-01)"),
        "monthly": ("2 sev2", "checkout in 2 incidents"),
        "quarterly": ("notice by 2026-04-30", "only A"),
    }[which]
    for part in wanted:
        assert part in text
    tasks = read_task_list(text, "agenda")
    assert len(tasks.items) == sum(len(part.tasks) for part in agenda(bench.board, which, TODAY).parts)
