"""Deployments, changes, what is owed and ways back: one key from home, driven by keys."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from opsterm.incidents import incident
from opsterm.obligations import obligation
from opsterm.operations.checklists.template import find_template, import_text
from opsterm.operations.deployments import planned_change
from opsterm.records import Deployment, Freeze, Incident, Obligation, PlannedChange, Run
from screens.calendar.due import DuePage
from screens.checklists.checklist_picker import ChecklistPicker
from screens.checklists.lessons import Taught
from screens.deployments.change_risk import Risk
from screens.deployments.deployments import Deployments
from screens.deployments.planned_changes import Changes
from screens.deployments.rollbacks import Rollbacks
from screens.keys import actions
from screens.keys.actions import CHANGES, DEPLOYMENTS, DRILLS, DUE, LISTS, PICKING, RISK, TAUGHT
from screens.palette import Commands
from tests.support.console import Console, Steps
from tests.support.walk import WalkBench

PLACES: dict[str, type] = {
    DEPLOYMENTS: Deployments,
    CHANGES: Changes,
    RISK: Risk,
    DUE: DuePage,
    DRILLS: Rollbacks,
    PICKING: ChecklistPicker,
    TAUGHT: Taught,
}


@pytest.mark.parametrize("place", PLACES)
def test_every_key_of_a_page_is_answered_there_and_means_one_thing(place: str) -> None:
    assert [a.name for a in actions.of(place) if not hasattr(PLACES[place], f"action_{a.method}")] == []
    keys = Counter(key for action in actions.of(place, LISTS) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def at_home(bench: WalkBench, steps: Steps, *, size: tuple[int, int] = (110, 34), person: str = "mia") -> None:
    async def go() -> None:
        async with bench.console(size=size, person=person) as console:
            await steps(console)

    asyncio.run(go())


async def say(console: Console, key: str, text: str) -> None:
    """A key that asks, and the answer."""
    await console.press(key)
    await console.type(text)
    await console.press("enter")


def test_nothing_shows_before_its_first_record(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        for word in ("Deployments", "Changes", "Due", "Owed", "Ways back"):
            assert word not in console.screen_text
        for key, empty in (("d", "No deployment yet."), ("p", "No change is planned."), ("o", "Nothing is owed.")):
            await console.press(key)
            assert empty in console.screen_text
            await console.press("escape")

    at_home(bench, steps)


def test_a_deployment_is_planned_started_and_ended(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("d")
        await say(console, "n", "web 414 on web, checkout was 413 as config later @noor")
        item = bench.board.all(Deployment)[0]
        assert (item.title, item.version, item.before, item.systems) == ("web", "414", "413", ("web", "checkout"))
        assert (item.sort, item.owner, item.state) == ("configuration", "noor", "planned")
        await console.press("enter", "enter")
        assert bench.board.all(Deployment)[0].state == "done"
        await console.press("u")
        assert bench.board.all(Deployment)[0].state == "running"

    at_home(bench, steps)


def test_one_that_turned_bad_is_an_incident_in_one_key_and_is_what_changed(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("d")
        await say(console, "n", "web 414")
        await console.press("i")
        assert console.where == "WarRoom"
        incident = bench.board.all(Incident)[0]
        assert bench.board.all(Deployment)[0].became == incident.id
        await console.press("C")
        assert "DEP-1" in console.screen_text
        assert "On its systems, within 2 hours" in console.screen_text
        assert "goes back by: Roll back a service" in console.screen_text

    at_home(bench, steps)


def test_a_change_is_answered_by_digits_with_the_score_live(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("p")
        await say(console, "n", "web 414 on web")
        assert console.where == "Risk"
        assert "0 points: routine" in console.screen_text
        await console.press("5", "4")
        assert "28 points: moderate" in console.screen_text
        assert "a checklist run beside it" in console.screen_text
        assert "one answer lowers it" in console.screen_text
        await console.press("l", "1")
        assert "routine" in console.app.screen.lines.heading  # type: ignore[attr-defined]
        await console.press("enter")
        change = bench.board.all(PlannedChange)[0]
        assert (change.level, change.systems) == ("routine", ("web",))
        assert "may go on" in console.screen_text
        await console.press("a")
        assert "another has to approve it" in console.said
        await console.press("enter", "x", "d")
        assert bench.board.all(PlannedChange)[0].state == "done"

    at_home(bench, steps)


def test_what_is_owed_is_done_with_evidence_put_off_with_a_reason_and_given_another_date(bench: WalkBench) -> None:
    for what, by in (("renew the CDN contract", "2026-11-20"), ("look at the runbook", "2026-11-27")):
        obligation.owe(bench.as_("mia"), what, by, owner="mia", reason="it was agreed")

    def owed(what: str) -> Obligation:
        return next(item for item in bench.board.all(Obligation) if what in item.what)

    async def steps(console: Console) -> None:
        await console.press("o")
        assert "late 4d" in console.screen_text
        assert "it was agreed" in console.screen_text
        await say(console, "s", "2w")
        assert "why it is put off" in console.said
        await console.type(" the vendor is away")
        await console.press("enter")
        assert (owed("CDN").snoozed_until[:10], owed("CDN").snoozes) == ("2026-12-08", 1)
        console.app.screen.lines.select(owed("runbook").id)  # type: ignore[attr-defined]
        await say(console, "d", "2026-12-15 the audit moved")
        assert owed("runbook").due_at[:10] == "2026-12-15"
        await say(console, "enter", "read on 24 Nov, still true")
        assert (owed("runbook").state, owed("runbook").evidence) == ("done", "read on 24 Nov, still true")

    at_home(bench, steps)


def test_a_drill_is_a_run_and_one_that_failed_leaves_a_follow_up(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("b")
        assert "untested: it never ran" in console.screen_text
        await console.press("enter")
        assert bench.runs()[0].purpose == "drill"
        assert "drill · nothing real" in console.head
        await console.press("x", "f")
        await console.type("the artifact is gone")
        await console.press("enter")
        run = bench.board.all(Run)[0]
        assert (run.state, run.result) == ("closed", "failed")
        assert "it failed on 2026-11-24" in console.screen_text
        await console.press("h")
        assert "drill  failed" in console.screen_text
        assert [item.owner for item in bench.board.all(Obligation) if item.id == run.follow_up] == ["mia"]

    at_home(bench, steps)


def test_nothing_is_changed_in_a_freeze_but_what_is_let_through_and_it_can_be_lifted(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("p")
        await say(console, "f", "now 2026-12-02 on web: the fair is open")
        frozen = bench.board.all(Freeze)[0]
        assert (frozen.systems, frozen.text, frozen.excepts) == (("web",), "the fair is open", ("mia",))
        assert frozen.to_at == "2026-12-03T00:00:00Z"
        planned_change.open_change(bench.as_("noor"), "web 414", {}, systems=("web",), owner="noor")
        await console.press("escape", "p", "down")
        assert "Frozen" in console.screen_text
        assert "the freeze until" in console.screen_text
        await say(console, "F", "customers can't pay")
        assert bench.board.all(PlannedChange)[0].except_by == "mia"
        assert "the freeze until" not in console.screen_text
        await console.press("up")
        await say(console, "x", "it closed early")
        assert bench.board.all(Freeze)[0].lifted
        assert "Frozen" not in console.screen_text

    at_home(bench, steps)


def test_a_change_is_approved_refused_begun_in_an_emergency_deployed_and_ended_by_keys(bench: WalkBench) -> None:
    planned_change.open_change(bench.as_("noor"), "web 414", {}, systems=("web",), owner="noor")

    def change() -> PlannedChange:
        return bench.board.all(PlannedChange)[0]

    async def steps(console: Console) -> None:
        await console.press("p")
        await say(console, "r", "no way back")
        await console.press("a")
        assert "mia yes" in console.screen_text
        await say(console, "E", "customers can't pay")
        assert change().emergency == "customers can't pay"
        await console.press("d")
        assert bench.board.all(Deployment)[0].planned == change().id
        await console.press("x", "f")
        await console.type("errors doubled")
        await console.press("enter")
        assert (change().state, change().state_why) == ("failed", "errors doubled")
        await console.press("m")
        assert "1 changes, 1 emergencies" in console.screen_text

    at_home(bench, steps)


def test_what_runs_taught_is_taken_into_the_list_by_one_key(bench: WalkBench) -> None:
    import_text(bench.as_("mia"), "# Web deploy\n\nsystems: web\n\n- [ ] name the artifact\n", "web")
    session = bench.as_("mia")
    about = bench.board.get(Incident, incident.declare(session, "Uploads fail").record)
    assert about is not None
    session.set(about, {"services": ["web"], "causes": ["the disk was full"]})
    about = bench.board.get(Incident, about.id)
    assert about is not None
    incident.set_status(session, about, "resolved", "the disk was cleared")

    async def steps(console: Console) -> None:
        await console.press("c")
        picking = console.app.screen
        assert isinstance(picking, ChecklistPicker)
        assert "enter walks it; l what its runs taught" in console.said
        picking.lines.select("Web deploy")
        await console.press("l")
        assert "Rule out: the disk was full" in console.screen_text
        assert "no run ended yet" in console.screen_text
        await console.press("enter")
        items = find_template(bench.board, "Web deploy").tasks.items
        assert [(item.text, item.reason) for item in items][1:] == [
            ("Rule out: the disk was full", "INC-1 Uploads fail")
        ]
        await say(console, "v", "still true")
        assert find_template(bench.board, "Web deploy").reviewed_at

    at_home(bench, steps)


def test_words_narrow_a_page_and_esc_shows_all_again(bench: WalkBench) -> None:
    for what in ("renew the contract", "rehearse the failover"):
        obligation.owe(bench.as_("mia"), what, "2026-12-01", owner="mia")

    async def steps(console: Console) -> None:
        await console.press("o")
        assert "rehearse the failover" in console.screen_text
        await say(console, "/", "CONTRACT")
        assert "renew the contract" in console.screen_text
        assert "rehearse the failover" not in console.screen_text
        await say(console, "/", "xyz")
        assert "Nothing here has these words" in console.screen_text
        await console.press("escape")
        assert "rehearse the failover" in console.screen_text
        await console.press("escape")
        assert console.where == "Home"

    at_home(bench, steps)


def test_the_palette_of_a_page_has_what_the_page_does(bench: WalkBench) -> None:
    async def steps(console: Console) -> None:
        await console.press("p")
        offered = {words for words, _ in Commands(console.app.screen).commands()}
        assert "plan a change: its name, then questions by digits  (n)" in offered
        assert not any(words.startswith("declare") for words in offered)

    at_home(bench, steps)
