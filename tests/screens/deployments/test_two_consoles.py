"""A deployment that goes wrong, walked by two people at two consoles in one shared folder, all by keys."""

from __future__ import annotations

import asyncio

from opsterm.records import Deployment, Hypothesis, Incident, Run
from tests.support.console import Console
from tests.support.walk import WalkBench


def test_a_hold_point_a_failed_step_the_incident_and_the_way_back(two: tuple[WalkBench, WalkBench]) -> None:
    mia, noor = two

    async def run() -> None:
        async with noor.console(person="noor") as hers, mia.console(person="mia") as his:
            await noor_deploys(hers)
            exchange(noor, mia)
            await his.notice()
            await mia_walks_along(his)
            exchange(mia, noor)
            await hers.notice()
            await noor_answers(hers)
            exchange(noor, mia)
            await his.notice()
            assert "✓ by noor, space goes on; 413, pulled" in his.said
            await his.press("space")
            assert "1 of 4" in his.head
            await noor_goes_on_and_fails(hers)
            await noor_makes_an_incident_and_goes_back(hers)
            exchange(noor, mia)
            await his.press("escape", "escape")
            await his.notice()
            assert "web fails after DEP-1" in his.screen_text

    async def noor_deploys(console: Console) -> None:
        await console.press("d", "n")
        await console.type("web 414 on web was 413")
        assert "runs from now: service, on web, back to 413" in console.said
        await console.press("enter")
        assert "the way back of service is untested: it never ran" in console.screen_text
        await console.press("c", "enter")
        assert console.where == "Walkthrough"
        assert "DEP-1 web 414" in console.head
        assert "0 of 4 · pause point 1: Before" in console.head
        await console.press("space")
        await console.type("413, pulled")
        await console.press("enter")
        assert "needs two people" in console.said
        await console.press("escape")
        assert noor.states() == ["open"] * 4

    async def mia_walks_along(console: Console) -> None:
        await console.press("c")
        assert "Go on with" in console.screen_text
        await console.press("enter", "a")
        assert "you asked it: another answers" in console.screen_text
        await console.press("space")
        await console.type("413")
        await console.press("enter")
        assert "needs two people" in console.said
        await console.press("escape")

    async def noor_answers(console: Console) -> None:
        assert "mia asks step 1: answer with space" in console.said
        await console.press("space")
        assert console.prompt.typed == "413, pulled"
        await console.press("enter")
        step = noor.step_at("1")
        assert (step.state, step.note, step.asked_by, step.state_by) == ("done", "413, pulled", "mia", "noor")
        assert "run by noor, checked by mia" in console.head

    async def noor_goes_on_and_fails(console: Console) -> None:
        await console.press("space", "space")
        assert noor.runs()[0].passed == ("Before",)
        assert "pause point 2: First stage" in console.head
        await console.press("f")
        await console.type("3 % errors on the first stage")
        await console.press("enter")
        assert "go back: errors over 1 % for 5 minutes" in console.said
        assert noor.states() == ["done", "done", "failed", "open"]

    async def noor_makes_an_incident_and_goes_back(console: Console) -> None:
        await console.press("escape")
        assert console.where == "Deployments"
        await console.press("i")
        assert console.where == "WarRoom"
        incident = noor.board.all(Incident)[0]
        assert noor.board.all(Hypothesis, incident.id)[0].text == "DEP-1 (web 414) broke it"
        await console.press("b")
        assert "DEP-1 web 414" in console.screen_text
        assert "untested: it never ran" in console.screen_text
        await console.press("enter")
        back = noor.board.all(Run, incident.id)[0]
        assert (back.purpose, back.name) == ("rollback", "Roll back a service")
        assert "way back" in console.head
        for _ in noor.states(back):
            await console.press("space")
            if console.prompt.question is not None:
                await console.press("enter")
        assert set(noor.states(back)) == {"done"}
        await console.press("space", "p")
        assert console.where == "WarRoom"
        item = noor.board.all(Deployment)[0]
        assert (item.state, item.became) == ("rolled back", incident.id)
        assert noor.run(back.id).result == "passed"

    def exchange(*benches: WalkBench) -> None:
        for bench in benches:
            bench.sync()

    asyncio.run(run())
