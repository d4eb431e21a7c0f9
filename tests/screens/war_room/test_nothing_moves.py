"""No pane moves because a line came or went: what concerns a person, what is wrong with the share, what is said at the
foot, all have rows of their own, which stay where there is nothing to say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.geometry import Region

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents import actions, incident
from opsterm.incidents.notice import Notice
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import packaged
from opsterm.records import Run
from opsterm.share.state import ShareProblem, read_state, write_state
from screens.checklists.walkthrough import Walkthrough
from screens.home.home import Home
from tests.support.console import Console, Scene, at_console
from tests.support.team import Team

SIZES = [(80, 24), (120, 40), (200, 60)]
Regions = dict[str, Region]


def regions(console: Console) -> Regions:
    """Where everything stands: the head, each pane that is shown, the foot."""
    screen = console.app.screen
    shown = [*screen.query(".pane"), *screen.query("Lines"), *screen.query("#head"), *screen.query("#foot")]
    return {str(widget.id): widget.region for widget in shown}


async def settled(console: Console) -> Regions:
    await console.pilot.pause()
    await console.pilot.pause()
    return regions(console)


async def said_at_the_foot(console: Console) -> None:
    """Everything that the foot can be: a refusal, a line to type in, one that is kept, a choice."""
    before = await settled(console)
    console.prompt.flash("No hypothesis is selected: h says what could explain this", tone="warn")
    assert await settled(console) == before
    await console.press("l")
    assert await settled(console) == before
    await console.type("half a line")
    assert await settled(console) == before
    await console.press("escape")
    assert await settled(console) == before
    await console.press("s")
    assert console.prompt.choosing
    assert await settled(console) == before
    await console.press("escape")
    assert await settled(console) == before


async def concerned(console: Console) -> None:
    """A line under the header, and none."""
    room = console.war_room
    room.notice_line.shown = None
    room.paint_edges()
    before = await settled(console)
    room.notice_line.shown = Notice("unheard share", "share unheard 3m: say it aloud", "warning", (), "aloud")
    room.paint_edges()
    assert "say it aloud" in console.head
    assert await settled(console) == before


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("happens", [said_at_the_foot, concerned])
def test_no_pane_moves_for_what_is_said(
    scene: Scene, size: tuple[int, int], happens: Callable[[Console], Awaitable[None]]
) -> None:
    at_console(scene, happens, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_no_pane_moves_because_time_runs_out(scene: Scene, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        before = await settled(console)
        for _ in range(6):
            scene.wait(5)
            console.app.tick()
            console.war_room.notice_line.read()
            assert await settled(console) == before
        assert console.war_room.notice_line.shown is not None

    at_console(scene, steps, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_no_pane_moves_for_an_alarm_and_it_hides_nothing_that_concerns_me(scene: Scene, size: tuple[int, int]) -> None:
    order = actions.order(
        scene.as_("noor"), scene.read(), "call the bank", owner="mia", within=timedelta(minutes=9)
    ).record
    painted = scene.board.version

    async def steps(console: Console) -> None:
        before = await settled(console)
        with Board.open(scene.path, clock=scene.clock, machine="m", any_disk=True) as beside:
            incident.set_severity(Session(beside, "noor", basis_version=painted), scene.read(), "sev1", "all are hurt")
            incident.set_severity(Session(scene.board, "li", basis_version=painted), scene.read(), "sev3", "few are")
        console.war_room.repaint()
        assert await settled(console) == before
        assert console.war_room.notice_line.shown is not None
        assert console.war_room.notice_line.shown.record == order
        assert "a4" in console.head.splitlines()[2]
        assert "A sev1" in console.screen_text
        assert "B sev3" in console.screen_text

    at_console(scene, steps, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_no_pane_moves_because_of_the_share_and_what_is_wrong_is_seen(team: Team, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        before = await settled(console)
        path, state = team.noor.path, read_state(team.noor.path)
        trouble = "the folder can't be written: no space left; make room on it, and what waits is published by itself"
        problem = ShareProblem("mia.journal", "it is torn, and is read again once it is whole", 1)
        for told in (
            replace(state, published_seq=0),
            replace(state, published_seq=0, heard_ms=1),
            replace(state, published_seq=0, heard_ms=1, trouble=trouble, trouble_since_ms=1),
            replace(state, problems=(problem, problem)),
            state,
        ):
            write_state(path, told)
            console.app.tick()
            console.war_room.notice_line.read()
            console.war_room.paint_room()
            assert await settled(console) == before
            if told.trouble or told.problems:
                assert ("torn" if told.problems else "can't be written") in console.screen_text

    async def run() -> None:
        async with team.noor.console(person="noor", size=size) as console:
            await console.press("1")
            await steps(console)

    asyncio.run(run())


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_at_home_for_what_is_offered_there(scene: Scene, size: tuple[int, int]) -> None:
    scene.declare("Search is slow")

    async def steps(console: Console) -> None:
        home = console.app.screen
        assert isinstance(home, Home)
        before = await settled(console)
        home._offer = Notice("fold", "INC-1 and INC-2 may be one", "offer", (), "fold")
        home.repaint()
        assert "may be one" in console.head
        assert await settled(console) == before

    at_console(scene, steps, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_in_a_walk_that_goes_on_past_killer_items(scene: Scene, size: tuple[int, int]) -> None:
    checklist.begin(scene.as_("mia"), scene.incident, packaged()[0].name)

    async def steps(console: Console) -> None:
        await console.press("c")
        walk = console.app.screen
        assert isinstance(walk, Walkthrough)
        before = await settled(console)
        run = scene.board.all(Run, scene.incident)[0]
        session = scene.as_("mia")
        session.set(run, {"emergency": "the building burns", "emergency_by": "mia"})
        walk.read_anew()
        assert "the building burns" in console.head
        assert await settled(console) == before

    at_console(scene, steps, size=size)
