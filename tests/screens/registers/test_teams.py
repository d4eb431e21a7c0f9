"""Meetings, what teams need of each other, and decisions that cross them."""

from __future__ import annotations

from pathlib import Path

from opsterm.obligations.obligation import owe
from opsterm.records import BoundaryDecision, Dependency, Ritual, Run, Step
from opsterm.registers.teams.dependency import lines_of, need
from opsterm.registers.teams.meeting import add_ritual, occurrences
from tests.support.console import Console
from tests.support.register_console import LARGE, RegisterConsole, typed


def test_a_meeting_costs_hours_and_money_and_what_came_of_it_is_one_line(
    context: RegisterConsole, own_settings: Path
) -> None:
    own_settings.write_text("[meetings]\nhour = 100\n", encoding="utf-8")

    async def steps(console: Console) -> None:
        await console.press("m")
        await typed(console, "n", "Sync; minutes 60; every week; with mia, noor, li, ben; to decide; until 2027-06-30")
        assert "Meetings · 1 take 208 hours, 20,800 a year" in console.screen_text
        await typed(console, "enter", "the list is shorter; decided ship on Friday; people 3; minutes 75")
        assert "decided ship on Friday" in console.screen_text
        await typed(console, "t", "nobody prepares; minutes 25")
        assert "on trial" in console.screen_text
        await console.press("w", "s")
        await typed(console, "x", "it is written now")
        assert "Ended" in console.screen_text

    context.run(steps)
    board = context.scene.board
    (ritual,) = board.all(Ritual)
    (one,) = occurrences(board, ritual)
    assert (one.decisions, one.outputs, one.people) == (("ship on Friday",), ("the list is shorter",), 3)
    assert (ritual.minutes, ritual.state) == (25, "ended")
    assert context.copied == ["state | what changed | next, by which date | what is needed, of whom"]


def test_what_drifts_is_proposed_smaller(context: RegisterConsole) -> None:
    from datetime import date

    from opsterm.registers.teams.meeting import note

    add_ritual(context.as_(), "Sync", {"minutes": 60, "every": "week", "people": ["mia", "noor"], "sort": "decide"})
    (ritual,) = context.scene.board.all(Ritual)
    for on in (3, 10, 17):
        note(context.as_(), ritual, date(2026, 11, on), {"people": 1})

    async def steps(console: Console) -> None:
        await console.press("m")
        shown = console.screen_text
        for text in ("1 drift", "no output in 3 of the last 3", "shorten to 50 minutes", "frees"):
            assert text in shown

    context.run(steps, LARGE)


def test_an_agenda_fills_from_the_board_and_is_walked(context: RegisterConsole) -> None:
    owe(context.as_(), "renew the passport", "2026-11-01", owner="mia")
    add_ritual(context.as_(), "Review", {"minutes": 45, "every": "week", "agenda": "weekly"})

    async def steps(console: Console) -> None:
        await console.press("m", "a")
        assert console.where == "Walkthrough"
        assert "Weekly review of 2026-11-24" in console.screen_text
        await console.press("escape", "a")

    context.run(steps, LARGE)
    (run,) = context.scene.board.all(Run)
    steps_of = context.scene.board.all(Step, where="run = ?", args=(run.id,))
    assert any("renew the passport" in step.text for step in steps_of)


def test_a_line_is_asked_for_and_pasted_back(context: RegisterConsole) -> None:
    async def steps(console: Console) -> None:
        await console.press("t")
        await typed(console, "n", "export job; of data; for billing; by 2026-12-18; promised 2026-12-16; sure 80 %")
        assert "amber" in console.screen_text
        await console.press("a", "enter")
        await console.type("[R] export job - slips - 2026-12-20")
        assert "red, export job, slips, 2026-12-20" in console.said
        await console.press("enter")
        assert "it is red and asks for nothing" in console.said
        await console.type(" - a reviewer")
        await console.press("enter")
        assert "red: export job - slips - 2026-12-20 - a" in console.screen_text
        await typed(console, "b", "which schema?")
        assert "1 blocked" in console.screen_text
        await typed(console, "n", "totals page; of billing; for shop; by 2026-12-30; after dep1")
        await console.press("w")
        shown = console.screen_text
        assert "shop waits for billing: totals page" in shown
        assert "    billing waits for data: export job (blocked)" in shown

    context.run(steps)
    board = context.scene.board
    (line,) = lines_of(board, board.all(Dependency)[0])
    assert (line.colour, line.ask) == ("red", "a reviewer")
    assert context.copied[0].startswith("billing asks for one line on 'export job'")


def test_blockers_come_before_what_is_red(context: RegisterConsole) -> None:
    need(context.as_(), "shop", "data", "late thing", {"needed_by": "2026-11-20", "promised": "2026-12-20"})
    need(context.as_(), "shop", "data", "stuck thing", {"needed_by": "2027-06-01", "promised": "2027-05-01"})
    board = context.scene.board
    context.as_().set(board.all(Dependency)[1], {"blocked": "which schema?"})

    async def steps(console: Console) -> None:
        await console.press("t")
        shown = console.screen_text
        assert shown.index("stuck thing") < shown.index("late thing")
        assert "slack" in shown
        await console.press("d")
        await typed(console, "n", "one queue or two?; @ben; by 2026-12-01; asked noor, li; told billing")
        await typed(console, "enter", "one queue; because two were never in step")
        assert "tell billing" in console.said

    context.run(steps, LARGE)
    (decision,) = board.all(BoundaryDecision)
    assert (decision.decider, decision.outcome) == (("ben",), "one queue")
