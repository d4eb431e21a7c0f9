"""What is worked out from the board once, and stands until what it is made of changes."""

from __future__ import annotations

from datetime import date

from opsterm.calendar.due import due
from opsterm.core.calendar_dates import holidays_of
from opsterm.obligations.obligation import start_of
from opsterm.records import Document, System
from opsterm.registers.documents.document import add_document, find_document, standings, verify
from opsterm.registers.systems.catalog import add_system
from opsterm.registers.vendors.vendor import add_vendor, register
from tests.support.bench import TODAY, Bench


def test_what_was_worked_out_stands_until_one_of_its_kinds_changes(bench: Bench) -> None:
    board, done = bench.board, []

    def work() -> int:
        done.append(board.version)
        return len(done)

    def ask(given: str = "") -> int:
        return board.worked_out("count", given, (System,), work)

    assert (ask(), ask()) == (1, 1)
    add_document(bench.as_("mia"), "Restart", {})
    assert ask() == 1
    add_system(bench.as_("mia"), "checkout", {})
    assert (ask(), ask()) == (2, 2)
    assert ask("another day") == 3
    with board.transaction():
        assert ask("another day") == 4
    assert ask("another day") == 3


def test_what_is_owed_and_how_stale_it_is_follow_every_act(bench: Bench) -> None:
    session = bench.as_("mia")
    add_document(session, "Restart", {"systems": ["checkout"], "sort": "runbook"})

    def owed() -> list[str]:
        return [line.obligation.what for line in due(bench.board, start_of(TODAY), done_days=0)]

    assert owed() == ["Restart: follow it, and say what was checked"]
    assert standings(bench.board, TODAY)[0].staleness.stale > 0.9
    verify(session, find_document(bench.board, "Restart"), "followed it")
    assert standings(bench.board, TODAY)[0].staleness.stale == 0
    assert [line.due_at[:10] for line in due(bench.board, start_of(TODAY), done_days=0)] == ["2026-05-12"]


def test_staleness_of_one_document_is_that_of_the_whole_list(bench: Bench) -> None:
    from tests.calendar.year import BEGIN, make_year

    make_year(bench)
    bench.on(BEGIN)
    today = BEGIN.replace(month=11)
    add_document(bench.as_("mia"), "100 % of it_all!", {"systems": ["system 07", "SYSTEM 12", 'a "b" %']})
    every = {standing.document.id: standing.staleness for standing in standings(bench.board, today)}
    for document in bench.board.all(Document):
        assert standings(bench.board, today, [document])[0].staleness == every[document.id]


def test_days_by_a_calendar_and_without_stand_beside_each_other(bench: Bench) -> None:
    germany = holidays_of("DE")
    add_document(bench.as_("mia"), "Restart", {"verified_at": "2025-12-24", "cadence_days": 2})
    add_vendor(bench.as_("mia"), "A", {"term_end": "2027-03-25", "notice": "90 days"})
    assert holidays_of("DE") is germany
    with_days, without = register(bench.board, TODAY, germany), register(bench.board, TODAY)
    assert (with_days.contracts[0].term.notice, without.contracts[0].term.notice) == (
        date(2026, 12, 24),
        date(2026, 12, 25),
    )
    assert register(bench.board, TODAY, germany) is with_days
    assert register(bench.board, TODAY) is without
