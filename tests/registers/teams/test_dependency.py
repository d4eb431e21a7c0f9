"""What teams need of each other: slack, chains, lines and blockers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.calendar.due import due
from opsterm.core.calendar_dates import is_working
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import start_of
from opsterm.records import BoundaryDecision, Dependency, StatusLine
from opsterm.records.record import columns
from opsterm.registers.teams.boundary_decision import find_question, open_decisions, put, reopen, take
from opsterm.registers.teams.dependency import (
    ask_for_line,
    block,
    blocker_step,
    by_slack,
    chain,
    chain_of,
    close,
    find_dependency,
    lint,
    lint_decision,
    mechanism,
    need,
    note_line,
    promise,
    read_line,
    slack,
    tree,
    watermelons,
    who_blocks_whom,
    working_days_between,
)
from tests.support.bench import Bench, refusal

MONDAY = date(2026, 3, 2)


def link(**fields: Any) -> Dependency:
    defaults = {column.name: column.default for column in columns(Dependency)}
    return Dependency(**{**defaults, "id": "x", "what": "export", "giver": "data", "taker": "web", **fields})


def test_slack_takes_a_buffer_off() -> None:
    # Needed in 20 working days, promised in 10, sure to 0.8: a buffer of 1.
    item = link(needed_by="2026-03-30", promised="2026-03-16", confidence=0.8, confirmed_at="2026-03-01")
    found = slack(item, MONDAY)
    assert [found.buffer, found.working_days] == pytest.approx([1, 9])
    assert found.colour == "green"
    assert slack(link(needed_by="2026-03-18", promised="2026-03-16", confidence=0.8,
                      confirmed_at="2026-03-01"), MONDAY).colour == "amber"  # fmt: skip
    late = link(needed_by="2026-03-13", promised="2026-03-16", confidence=1.0, confirmed_at="2026-03-01")
    assert slack(late, MONDAY).colour == "red"
    old = link(needed_by="2026-06-30", promised="2026-03-16", confidence=0.8, confirmed_at="2026-02-01")
    assert (slack(old, MONDAY).colour, "not confirmed for 29 days" in slack(old, MONDAY).why) == ("amber", True)
    assert slack(link(needed_by="2026-03-04"), MONDAY).colour == "red"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-200, 200))
def test_working_days_between_two_days(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    low, high = sorted((start, end))
    count = sum(is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert working_days_between(start, end) == (count if days >= 0 else -count)


def test_a_chain_is_weaker_than_its_links(bench: Bench) -> None:
    assert round(chain([0.9] * 5), 2) == 0.59
    session = bench.as_("mia")
    first = need(session, "data", "infra", "disk", {"confidence": 0.9, "needed_by": "2026-03-30"})
    second = need(session, "web", "data", "export", {"confidence": 0.8, "needs": [first.record]})
    item = find_dependency(bench.board, "dep2")
    assert item.id == second.record
    assert chain_of(bench.board, item)[0] == pytest.approx(0.72)
    assert [text for text, _ in who_blocks_whom(bench.board)] == [
        "web waits for data: export",
        "data waits for infra: disk",
    ]
    # Two that wait for each other end.
    session.set(find_dependency(bench.board, "dep1"), {"needs": [second.record]})
    assert [node.again for node in tree(bench.board, item)] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "colour", "change", "next_on", "ask"),
    [
        ("[G] export - schema agreed - 2026-03-20 - none", "green", "schema agreed", "2026-03-20", ""),
        ("R: export | no one on it | 2026-03-20 | a reviewer", "red", "no one on it", "2026-03-20", "a reviewer"),
        ("[amber] export – half done – 2026-03-20", "amber", "half done", "2026-03-20", ""),
    ],
)
def test_a_line_is_read_as_teams_send_it(text: str, colour: str, change: str, next_on: str, ask: str) -> None:
    line = read_line(text)
    assert (line.colour, line.outcome, line.change, line.next_on, line.ask) == (colour, "export", change, next_on, ask)


@given(st.text(max_size=200))
def test_any_line_is_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: read_line(text))


def test_lines_that_flatter_are_refused(bench: Bench) -> None:
    session = bench.as_("mia")
    need(session, "web", "data", "export", {"needed_by": "2026-03-30", "promised": "2026-03-20"})
    item = find_dependency(bench.board, "dep1")
    bench.on(MONDAY)
    note_line(session, item, "[G] export - begun - 2026-03-10 - none")
    bench.on(MONDAY + timedelta(days=7))
    with pytest.raises(Rejected, match="green, and its date has slipped"):
        note_line(session, item, "[G] export - more to do - 2026-03-17 - none")
    with pytest.raises(Rejected, match="asks for nothing"):
        note_line(session, item, "[R] export - more to do - 2026-03-17")
    with pytest.raises(Rejected, match="140"):
        note_line(session, item, "[G] " + "x" * 140)
    note_line(session, item, "[R] export - more to do - 2026-03-17 - one more person")
    assert watermelons(bench.board) == (1, 1)
    assert "[G/A/R] export" in ask_for_line(item)


def test_three_ambers_are_planned_anew() -> None:
    defaults = {column.name: column.default for column in columns(StatusLine)}
    ambers = [StatusLine(**{**defaults, "id": str(n), "colour": "amber"}) for n in range(2)]
    wrong = lint(read_line("[A] export - slow - 2026-03-20 - x"), ambers, MONDAY)
    assert wrong == ["amber for 3 weeks: plan it anew, or call it red"]


def test_a_blocker_goes_up_by_working_days(bench: Bench) -> None:
    session = bench.as_("mia")
    need(session, "web", "data", "export", {"needed_by": "2026-06-30", "promised": "2026-05-20", "owner": "mia"})
    bench.on(MONDAY)
    block(session, find_dependency(bench.board, "dep1"), "which schema?")
    item = find_dependency(bench.board, "dep1")
    steps = [blocker_step(item, MONDAY + timedelta(days=n)) for n in (0, 1, 2, 7)]
    assert steps[:3] == ["", "ask by voice", "both leads"]
    assert steps[3].startswith("the manager above both")
    owed = [line.obligation.what for line in due(bench.board, start_of(MONDAY + timedelta(days=3)))]
    assert "export is blocked by data: both leads" in owed
    close(session, item, "delivered", "it is there")
    assert not due(bench.board, start_of(MONDAY + timedelta(days=3)), done_days=0)


def test_red_is_due_before_it_is_late(bench: Bench) -> None:
    session = bench.as_("mia")
    need(session, "web", "data", "export", {"needed_by": "2026-03-13", "owner": "mia", "fallback": "last week's file"})
    promise(session, find_dependency(bench.board, "dep1"), "2026-03-20", 0.9)
    assert [s.colour for s in by_slack(bench.board, MONDAY)] == ["red"]
    states = {line.obligation.what: line.state for line in due(bench.board, start_of(MONDAY))}
    assert states["export from data will be late for 2026-03-13: fall back on last week's file"] == "notice"


def test_one_decides_by_a_day_and_those_to_tell_are_named(bench: Bench) -> None:
    session = bench.as_("mia")
    with pytest.raises(Rejected, match="exactly one"):
        put(session, "Move the queue?", {"decider": ["a", "b"]})
    told = put(session, "Move the queue?", {"decider": ["@noor"], "told": ["web"], "due_on": "2026-03-06"})
    assert (told.sentence, told.warning) == ("noor decides by 2026-03-06: Move the queue?", "")
    (line,) = due(bench.board, start_of(MONDAY))
    assert (line.obligation.sort, line.obligation.owner, line.state) == ("decision", "noor", "notice")
    took = take(session, find_question(bench.board, "move"), "yes", "the old one is full")
    assert took.sentence == "decided: yes; tell web"
    assert not open_decisions(bench.board)
    reopen(session, find_question(bench.board, "move"), "it was not full")
    assert find_question(bench.board, "move").reopened == 1


def test_how_to_hold_it_together_and_who_decides() -> None:
    assert mechanism(link(sort="reciprocal", strength="critical")).startswith("a person of one team in the other")
    defaults = {column.name: column.default for column in columns(BoundaryDecision)}
    given = {"id": "b", "decider": ("a", "b"), "agrees": ("c", "d", "e"), "reopened": 3}
    assert len(list(lint_decision(BoundaryDecision(**{**defaults, **given})))) == 4
