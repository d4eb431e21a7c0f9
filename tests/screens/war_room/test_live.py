"""What another station does appears by itself, where it belongs, and disturbs nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from opsterm.board.news import news_since, touched_since
from opsterm.board.store import Board, Touched
from opsterm.incidents import actions, hypothesis, incident, timeline
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records import Action
from tests.support.console import Console
from tests.support.team import Team

Steps = Callable[[Console], Awaitable[None]]


def at_noor(team: Team, steps: Steps, size: tuple[int, int] = (120, 36)) -> None:
    """noor's console, driven by the steps."""

    async def run() -> None:
        async with team.noor.console(person="noor", size=size) as console:
            await console.pilot.pause()
            await steps(console)

    asyncio.run(run())


def test_what_another_did_appears_marked_and_moves_no_cursor(team: Team) -> None:
    async def steps(console: Console) -> None:
        console.war_room.hypotheses_pane.select(team.noor.hypotheses()[2].id)
        selected = console.war_room.hypotheses_pane.selected
        mia = team.mia
        hypothesis.propose(mia.as_("mia"), mia.read(), "a lock in the payment queue", confidence=0.9)
        await team.bring(console)
        assert "a lock in the payment queue" in console.screen_text
        assert console.war_room.hypotheses_pane.selected == selected
        marked = next(line for line in console.screen_text.splitlines() if "h4" in line and "lock" in line)
        assert "•" in marked
        console.war_room._age_fresh()
        await console.pilot.pause()
        assert "•" not in console.screen_text

    at_noor(team, steps)


def test_a_half_typed_line_stays_as_it_is(team: Team) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type("pool at 98 %")
        timeline.observe(team.mia.as_("mia"), team.mia.read(), "the queue shrinks")
        await team.bring(console)
        assert "the queue shrinks" in console.screen_text
        assert console.prompt.typed == "pool at 98 %"
        assert console.app.focused is console.prompt.field

    at_noor(team, steps)


def test_two_who_believe_to_command_are_alarmed_on_both_and_one_key_settles_it(team: Team) -> None:
    incident.take_command(team.noor.as_("noor"), team.noor.read())
    incident.take_command(team.mia.as_("li"), team.mia.read())
    team.sync()

    async def alarmed(console: Console) -> None:
        assert "Who commands?" in console.head
        assert "said by li" in console.head
        assert "said by noor" in console.head

    async def settled(console: Console) -> None:
        await alarmed(console)
        await console.act("keep_first")
        assert "Who commands?" not in console.head

    async def at_mia() -> None:
        async with team.mia.console(person="mia") as console:
            await console.pilot.pause()
            await alarmed(console)

    asyncio.run(at_mia())
    at_noor(team, settled)
    team.sync()
    assert team.mia.read().commander == team.noor.read().commander
    assert not team.mia.board.conflicts(team.mia.incident)


def test_an_order_to_me_comes_first_and_one_key_acknowledges_it(team: Team) -> None:
    async def steps(console: Console) -> None:
        mia = team.mia
        given = actions.order(mia.as_("mia"), mia.read(), "drain the queue", owner="noor").record
        await team.bring(console)
        order = team.noor.board.get(Action, given)
        assert order is not None
        assert order.heard_at
        while console.war_room.notice_line.shown and "drain" not in console.war_room.notice_line.shown.text:
            await console.act("not_now")
        assert "drain the queue" in console.head
        await console.act("accept")
        order = team.noor.board.get(Action, given)
        assert order is not None
        assert order.state == "acknowledged"
        assert "drain" not in console.head
        await console.act("undo")
        assert "arrived" not in console.said
        team.sync()
        heard = team.mia.board.get(Action, given)
        assert heard is not None
        assert heard.heard_at

    at_noor(team, steps)


def test_an_offer_of_command_is_accepted_with_one_key(team: Team) -> None:
    async def steps(console: Console) -> None:
        incident.offer_command(team.mia.as_("mia"), team.mia.read(), "noor")
        await team.bring(console)
        assert "offers you command" in console.head
        await console.act("accept")
        assert team.noor.read().commander == "noor"

    at_noor(team, steps)


def test_what_is_dismissed_stays_away_for_half_an_hour(team: Team) -> None:
    async def steps(console: Console) -> None:
        first = console.war_room.notice_line.shown
        assert first is not None
        await console.act("not_now")
        assert console.war_room.notice_line.shown != first
        assert "not shown again for 30 minutes" in console.said

    at_noor(team, steps)


def test_news_since_one_looked_are_ten_lines_at_the_most(team: Team) -> None:
    async def steps(console: Console) -> None:
        await console.act("since")
        await console.press("escape")
        for n in range(30):
            timeline.decide(team.mia.as_("mia"), team.mia.read(), f"decision {n}")
        await team.bring(console)
        await console.act("since")
        told = [line for line in console.app.screen.text.splitlines() if "decision" in line]  # type: ignore[attr-defined]
        assert 0 < len(told) <= 10

    at_noor(team, steps)


def test_a_line_written_after_one_of_a_clock_that_is_ahead_is_not_said_to_be_recorded_late(team: Team) -> None:
    async def steps(console: Console) -> None:
        team.mia.clock.ms += 3_600_000
        timeline.observe(team.mia.as_("mia"), team.mia.read(), "errors fall")
        await team.bring(console)
        timeline.observe(team.noor.as_("noor"), team.noor.read(), "the pool is empty")
        console.war_room.repaint()
        await console.press("6", "z")
        assert "the pool is empty" in console.screen_text
        assert "recorded +" not in console.screen_text

    at_noor(team, steps)


def test_who_comes_late_is_told_what_holds_before_the_news(team: Team) -> None:
    incident.give_role(team.noor.as_("ben"), team.noor.read(), "ben", "scribe")

    async def steps(console: Console) -> None:
        await console.act("since")
        told = console.app.screen.text  # type: ignore[attr-defined]
        ahead = (
            "sev2 · investigating",
            "impact: 3 in 10 card payments in the EU fail",
            "mia: commander since 13:05 UTC",
            "ben: scribe",
            "d1 no failover before the pool is capped (mia)",
            "h1 web 413 broke tokens: rolled back, still failing",
            "What happened since the beginning",
            "mia: decided: no failover before the pool is capped",
        )
        assert [told.index(line) for line in ahead] == sorted(told.index(line) for line in ahead)
        await console.press("escape")
        await console.act("since")
        assert "commander since" not in console.app.screen.text  # type: ignore[attr-defined]
        team.noor.wait(31)
        await console.press("escape")
        await console.act("since")
        assert "mia: commander since" in console.app.screen.text  # type: ignore[attr-defined]

    async def run() -> None:
        async with team.noor.console(person="tom") as console:
            await steps(console)

    asyncio.run(run())


def test_who_wrote_lately_is_told_the_news_first(team: Team) -> None:
    timeline.observe(team.noor.as_("noor"), team.noor.read(), "the pool is at 40")
    team.noor.wait(20)

    async def steps(console: Console) -> None:
        await console.act("since")
        told = console.app.screen.text  # type: ignore[attr-defined]
        assert "commander since" not in told
        assert "no failover before the pool is capped" in told

    at_noor(team, steps)


def test_what_a_merge_touched_is_asked_once_until_it_is_painted(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    touched_since = Board.touched_since

    def count(board: Board, version: int) -> list[Touched]:
        asked.append(version)
        return touched_since(board, version)

    async def steps(console: Console) -> None:
        painted = console.war_room.version
        timeline.observe(team.mia.as_("mia"), team.mia.read(), "the queue shrinks")
        monkeypatch.setattr(Board, "touched_since", count)
        await team.bring(console)
        assert "the queue shrinks" in console.screen_text
        assert asked == [painted]

    at_noor(team, steps)


def test_a_screen_that_painted_less_than_the_news_tell_asks_the_board(team: Team) -> None:
    board = team.noor.board
    before = read_snapshot(board, team.noor.incident)
    hypothesis.propose(team.noor.as_("noor"), team.noor.read(), "a lock in the payment queue")
    lagging = news_since(board, board.version)
    assert lagging.touched == []
    assert [item.text for item in read_snapshot(board, team.noor.incident, before, lagging).hypotheses] == [
        item.text for item in read_snapshot(board, team.noor.incident).hypotheses
    ]
    assert touched_since(board, before.version, lagging) == board.touched_since(before.version)
    stale = news_since(board, before.version)
    timeline.observe(team.noor.as_("noor"), team.noor.read(), "the queue shrinks")
    assert touched_since(board, before.version, stale) == board.touched_since(before.version)


def test_a_mark_that_another_station_gave_too_is_said_in_the_foot_once_and_where_it_is_typed(team: Team) -> None:
    async def steps(console: Console) -> None:
        hypothesis.propose(team.mia.as_("mia"), team.mia.read(), "a full disk")
        hypothesis.propose(team.noor.as_("noor"), team.noor.read(), "a bad deploy")
        await team.bring(console)
        assert "h4 is two now: h4a a full disk, h4b a bad deploy" in console.said
        console.prompt._flash_over()
        timeline.observe(team.mia.as_("mia"), team.mia.read(), "it grows")
        await team.bring(console)
        assert "it grows" in console.screen_text
        assert "two now" not in console.said
        await console.press("l")
        await console.type("h4 eliminated no")
        assert "h4 is two now, say h4a or h4b: h4a a full disk, h4b a bad deploy" in console.said

    at_noor(team, steps)


def test_a_mark_that_changed_while_one_types_is_said_once_the_line_is_free(team: Team) -> None:
    async def steps(console: Console) -> None:
        hypothesis.propose(team.mia.as_("mia"), team.mia.read(), "a full disk")
        hypothesis.propose(team.noor.as_("noor"), team.noor.read(), "a bad deploy")
        await console.press("l")
        await console.type("errors rise")
        await team.bring(console)
        assert "two now" not in console.said
        await console.press("enter")
        console.app.tick()
        assert "on the timeline" in console.said
        console.prompt._flash_over()
        console.app.tick()
        assert "h4 is two now" in console.said

    at_noor(team, steps)
