"""A year of fifty people: nothing falls due unannounced, and no list is longer than a person can act on."""

from __future__ import annotations

from datetime import date, timedelta

from opsterm.calendar.due import adopt, due
from opsterm.calendar.week_ahead import HOURS_MAX, ITEMS_MAX, WeekLine, as_markdown, hours_of, share_out, week_ahead
from opsterm.core.calendar_dates import day
from opsterm.obligations.obligation import complete, owe, snooze, start_of
from opsterm.records import Obligation
from opsterm.registers.documents.document import find_document, verify
from tests.calendar.year import BEGIN, DOCS, PEOPLE, VENDORS, make_year
from tests.support.bench import TODAY, Bench, refusal

WEEKS = 52


def _act(bench: Bench, line: WeekLine) -> None:
    """The owner does it; a document is followed, all else is told to be done."""
    item = line.due.obligation
    session = bench.as_(item.owner or "mia")
    if item.sort == "document":
        verify(session, find_document(bench.board, item.origin), "followed it")
    else:
        complete(session, adopt(session, item), "done")


def test_a_year_goes_by_and_nothing_unannounced(bench: Bench) -> None:
    make_year(bench)
    announced: dict[str, date] = {}
    late_unseen, sorts, longest_over = [], set(), 0
    for week in range(WEEKS):
        monday = BEGIN + timedelta(days=7 * week)
        bench.on(monday)
        owed = due(bench.board, start_of(monday), done_days=0)
        brief = share_out(owed, monday)
        for share in brief.shares:
            assert share.act
            assert len(share.act) <= ITEMS_MAX
            assert len(share.act) == 1 or share.hours <= HOURS_MAX
            longest_over = max(longest_over, len(share.over))
            for line in (*share.act, *share.over):
                announced.setdefault(line.due.obligation.id, monday)
                sorts.add(line.due.obligation.sort)
        # What falls due before the next brief was announced by now, on its last day at the latest.
        sunday = monday + timedelta(days=6)
        for item in owed:
            if item.due_at and monday <= day(item.due_at) <= sunday:
                at = announced.get(item.obligation.id)
                if at is None or at > day(item.due_at):
                    late_unseen.append(item.obligation.what)
        bench.on(monday + timedelta(days=1))
        with bench.board.transaction():
            for share in brief.shares:
                for line in share.act:
                    _act(bench, line)
    assert not late_unseen
    assert {"vendor", "document", "ritual", "dependency", "drill", "improvement"} <= sorts
    notices = {name for name in announced if "/notice/" in name or "/ends/" in name or "/evaluate/" in name}
    assert len({name.partition("/")[0] for name in notices}) > VENDORS / 2
    reviews = {name.partition("/")[0] for name in announced if name.startswith("document:")}
    assert len(reviews) > DOCS / 2
    # Fifty people can carry it: nobody ends the year under a heap.
    assert longest_over <= 3 * ITEMS_MAX
    assert sum(len(s.over) for s in week_ahead(bench.board, BEGIN + timedelta(days=7 * WEEKS)).shares) < len(PEOPLE)


def test_a_list_says_what_does_not_fit(bench: Bench) -> None:
    session = bench.as_("mia")
    for n in range(20):
        owe(session, f"task {n:02d}", "2026-02-12", owner="ben", effort_days=0)
    owe(session, "sign the paper", "2026-02-16", owner="ben", sort="vendor", hard_at="2026-02-16")
    owe(session, "far away", "2026-09-01", owner="ben")
    owe(session, "of nobody [x](y) <b>", "2026-02-12")
    brief = week_ahead(bench.board, TODAY)
    ben, nobody = brief.shares
    assert (ben.owner, nobody.owner) == ("ben", "")
    assert ben.act[0].what == "sign the paper"
    assert ben.hours <= HOURS_MAX
    assert len(ben.act) + len(ben.over) == 21
    text = as_markdown(brief)
    assert f"{ben.hours_over:g} h over, {len(ben.over)} left out. What goes?" in text
    assert "far away" not in text
    assert "\\[x](y) \\<b>" in text
    assert "## Nobody owns" in text


def test_one_that_takes_longer_than_a_week_has_is_listed_all_the_same(bench: Bench) -> None:
    owe(bench.as_("mia"), "move the cage", "2026-02-12", owner="ben", effort_days=5)
    (share,) = week_ahead(bench.board, TODAY).shares
    assert [hours_of(line.due.obligation) for line in share.act] == [30]


def test_an_empty_board_says_so_and_put_off_is_quiet(bench: Bench) -> None:
    assert "Nothing will hurt" in as_markdown(week_ahead(bench.board, TODAY))
    session = bench.as_("mia")
    told = owe(session, "later", "2026-02-12", owner="ben")
    snooze(session, bench.one(Obligation, told.record), "2026-03-20", "the budget")
    assert not week_ahead(bench.board, TODAY).shares
    assert "1 to" in refusal(lambda: week_ahead(bench.board, TODAY, 0))
