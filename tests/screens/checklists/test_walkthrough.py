"""A walk on one console: answers, why, evidence, pause points, interruption, another way."""

from __future__ import annotations

import asyncio

import pytest

from opsterm.board.change import Write
from opsterm.operations.checklists import run as checklist
from opsterm.records import Run, Step
from tests.support.console import Console, Scene, Steps
from tests.support.walk import DEPLOY, WalkBench

PLAIN = """# Plain

## First

- [ ] (K) one
- [ ] two
- [ ] three

## Second

- [ ] four
"""


def walked(bench: WalkBench, run: Run, steps: Steps, *, size: tuple[int, int] = (110, 34), person: str = "mia") -> None:
    async def go() -> None:
        async with bench.console(size=size, person=person) as console:
            from screens.checklists.walkthrough import Walkthrough

            console.app.push_screen(Walkthrough(console.app.context, run.id))
            await console.pilot.pause()
            await steps(console)

    asyncio.run(go())


async def say(console: Console, key: str, text: str) -> None:
    """A key that asks, and the answer."""
    await console.press(key)
    await console.type(text)
    await console.press("enter")


def test_answers_move_on_and_what_is_not_done_wants_a_word(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)

    async def steps(console: Console) -> None:
        assert "0 of 4 · pause point 1: First" in console.head
        await console.press("space", "f", "enter")
        assert "Say why" in console.said
        await console.type("the probe is red")
        await console.press("enter")
        assert "two: the probe is red" in console.screen_text
        await say(console, "n", "no such thing here")
        assert bench.states() == ["done", "failed", "not-applicable", "open"]
        assert "Pause point 1: First" in console.screen_text
        assert "complete" in console.screen_text
        await console.press("space")
        assert bench.run(run.id).passed == ("First",)
        assert "pause point 2: Second" in console.head
        await console.press("space", "space")
        assert bench.run(run.id).state == "closed"

    walked(bench, run, steps)


def test_a_step_is_put_off_to_a_named_point_or_a_day(bench: WalkBench) -> None:
    run = bench.begin(DEPLOY)

    async def steps(console: Console) -> None:
        await console.press("j", "d")
        await console.type("until nowhere: no hands")
        await console.press("enter")
        assert "no pause point ahead and no day: First stage" in console.said
        await console.press("escape", "d")
        await console.press(*["backspace"] * 30)
        await console.type("until first: no hands")
        assert "put off to First stage: no hands" in console.screen_text
        await console.press("enter")
        assert (bench.step_at("2").state, bench.step_at("2").deferred_to) == ("deferred", "First stage")

    walked(bench, run, steps)


def test_a_deferred_step_is_seen_again_at_the_next_point(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)

    async def steps(console: Console) -> None:
        await console.press("space")
        await say(console, "d", "the graph is down")
        await console.press("space", "space")
        assert "it was deferred to here" in console.screen_text
        await console.press("space")
        assert bench.states() == ["done", "done", "done", "open"]

    walked(bench, run, steps)


def test_a_pause_point_is_not_passed_with_open_killers_unless_overridden_with_a_reason(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)

    async def steps(console: Console) -> None:
        await say(console, "f", "it is red")
        await console.press("space", "space", "space")
        assert "can't be passed, killer items are open: one" in console.said
        assert "killer items hold it" in console.screen_text
        await console.press("j", "space")
        assert "an earlier pause point is not passed" in console.said
        assert bench.states() == ["failed", "done", "done", "open"]
        await console.press("g")
        await say(console, "O", "the old one was checked by hand")
        step = bench.step_at("1")
        assert (step.state, step.note) == ("overridden", "the old one was checked by hand")
        await console.press("space")
        assert bench.run(run.id).passed == ("First",)

    walked(bench, run, steps)


def test_an_emergency_goes_past_killers_and_says_so_in_the_head(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)

    async def steps(console: Console) -> None:
        await say(console, "W", "everything burns")
        assert "goes on past killer items: everything burns (mia)" in console.head
        await console.press("j", "j", "j", "space")
        assert bench.run(run.id).passed == ("First",)

    walked(bench, run, steps)


def test_what_is_pasted_at_a_step_is_its_evidence_whole(bench: WalkBench) -> None:
    run = bench.begin(DEPLOY)
    copied: list[str] = []

    async def steps(console: Console) -> None:
        console.app.context.copy = lambda text: copied.append(text) or "copied"  # type: ignore[func-returns-value]
        await console.press("j", "y", "l")
        assert copied == ["curl -s metrics/errors", "https://example.org/errors"]
        await console.paste("errors 1\nerrors 2\nerrors 3")
        assert "errors 1  (3 lines)" in console.screen_text
        await say(console, "e", "and quiet since")
        found = checklist.proofs_of(bench.as_("mia"), bench.step_at("2"))
        assert [proof.text for proof in found] == ["errors 1\nerrors 2\nerrors 3", "and quiet since"]

    walked(bench, run, steps)


def test_a_second_person_is_named_where_there_is_one_console(bench: WalkBench) -> None:
    run = bench.begin(DEPLOY)

    async def steps(console: Console) -> None:
        await say(console, "A", "mia")
        assert "needs two people: another than mia asks it" in console.said
        assert bench.step_at("1").state == "open"
        console.prompt.field.value = "noor"  # type: ignore[union-attr]
        await console.press("enter")
        assert (bench.step_at("1").asked_by, bench.step_at("1").state) == ("noor", "done")
        await console.press("P")
        assert bench.run(run.id).paired

    walked(bench, run, steps)


def test_another_goes_on_with_a_paused_walk_and_is_asked_the_last_three_again(bench: WalkBench) -> None:
    run = bench.begin("# Five\n\n- [ ] one\n- [ ] two\n- [ ] three\n- [ ] four\n- [ ] five\n")

    async def first(console: Console) -> None:
        await console.press("space", "space", "space", "space", "p")
        assert bench.run(run.id).state == "paused"
        assert console.where == "Home"

    async def same(console: Console) -> None:
        assert "the walk broke off: is it still so?" in console.screen_text
        assert [step.label for step in _again(bench, run)] == ["2", "3", "4"]
        bench.wait(0.1)
        await console.press("space", "space", "space")
        assert _again(bench, run) == []
        assert "five" in console.screen_text
        await console.press("space", "space")
        assert bench.run(run.id).state == "closed"

    walked(bench, run, first)
    bench.wait(1)
    walked(bench, run, same, size=(80, 24))


def _again(bench: WalkBench, run: Run) -> list[Step]:
    from opsterm.operations.checklists.pause_points import repeats_left

    found = bench.run(run.id)
    return repeats_left(found, checklist.steps_of(bench.as_("mia"), found))


def test_a_step_that_takes_longer_than_as_a_rule_says_so(bench: WalkBench) -> None:
    run = bench.begin("# Wait\n\n- [ ] watch the graph\n  takes: 10m\n")

    async def steps(console: Console) -> None:
        bench.wait(4)
        console.app.tick()
        await console.pilot.pause()
        assert "4m of 10m" in console.screen_text
        bench.wait(8)
        console.app.tick()
        await console.pilot.pause()
        assert "12m of 10m  longer than as a rule" in console.screen_text
        assert "12m" in console.head

    walked(bench, run, steps)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_card_stands_whole_at_every_size(bench: WalkBench, size: tuple[int, int]) -> None:
    run = bench.begin(DEPLOY)

    async def steps(console: Console) -> None:
        shown = console.screen_text
        for text in ("Name the artifact to go back to", "INC-3 had no way home", "its version", "say the value"):
            assert text in shown
        assert shown.count("pause point 2: First stage") == 1

    walked(bench, run, steps, size=size)


def test_in_two_keys_from_the_war_room_the_way_back_is_walked(scene: Scene) -> None:
    async def go() -> None:
        async with scene.console() as console:
            await console.press("b")
            assert "Which way back?" in console.screen_text
            assert "untested: it never ran" in console.screen_text
            await console.press("enter")
            assert console.where == "Walkthrough"
            assert scene.board.all(Run, scene.incident)[0].purpose == "rollback"

    asyncio.run(go())


def test_from_within_a_walk_b_backs_out(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)

    async def steps(console: Console) -> None:
        await console.press("b", "enter")
        assert [r.purpose for r in bench.runs()] == ["checklist", "rollback"]
        assert "way back" in console.head
        await console.press("escape")
        assert "Plain" in console.head

    walked(bench, run, steps)


def test_a_killer_item_that_two_answered_apart_is_asked_again_and_says_who_said_what(bench: WalkBench) -> None:
    run = bench.begin(PLAIN)
    one = bench.step_at("1", run)
    for name, state in (("mia", "done"), ("noor", "failed")):
        fields = {"state": state, "note": "seen"}
        bench.board.record(name, [Write("step", one.id, one.incident, fields, basis={"state": [one_head(bench, one)]})])

    async def steps(console: Console) -> None:
        assert "0 of 4" in console.head
        assert "done by mia, failed by noor: look, and answer it anew" in console.screen_text
        await console.press("k")
        await console.press("space")
        assert "1 of 4" in console.head
        assert "answer it anew" not in console.screen_text

    walked(bench, run, steps)
    assert bench.states() == ["done", "open", "open", "open"]


def one_head(bench: WalkBench, step: Step) -> str:
    """The change that says the state of a step as it began."""
    return bench.board.changes_of_record(step.id)[0].digest
