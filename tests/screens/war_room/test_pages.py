"""Each page of command: what it shows, and what its keys do."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from opsterm.incidents.hypothesis_testing import plan_test
from opsterm.incidents.incident import declare, offer_command, set_status
from opsterm.incidents.responders import add_contact
from opsterm.incidents.triage import answer
from opsterm.records import Evidence, HypothesisTest, Obligation, PageOut
from tests.support import console as checkout
from tests.support.console import Console, Scene, Steps

at_console = partial(checkout.at_console, size=(80, 24))


# --- triage


def test_triage_gives_a_severity_its_rule_and_what_it_asks_for_and_enter_takes_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("v", "?")
        assert "Does a second team have to help?" in console.screen_text
        await console.press("y", "n", "n", "1", "1")
        assert "SEV1  core gone, half of all or more" in console.screen_text
        assert "executives" in console.screen_text
        await console.press("enter")
        assert console.where == "WarRoom"
        incident = scene.read()
        assert (incident.severity, incident.severity_ruled, incident.breadth) == ("sev1", "sev1", "half")
        assert incident.second_team is True
        await console.press("u")
        assert scene.read().severity == "sev2"

    at_console(scene, steps, size=(120, 40))


def test_triage_can_be_left_and_what_was_answered_is_there_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("T", "y", "escape")
        assert scene.read().second_team is None
        await console.press("T")
        assert "yes" in console.screen_text

    at_console(scene, steps)


def test_three_times_no_is_closed_in_one_key_and_pages_nobody(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("T", "n", "n", "n")
        assert "no incident" in console.screen_text
        await console.press("c")
        assert scene.read().status == "cancelled"

    at_console(scene, steps)


def test_at_any_height_the_foot_says_which_severity_enter_takes(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("T", "j", "j", "j", "3", "2")
        assert "enter takes sev3: core degraded" in console.said

    at_console(scene, steps)


# --- people


def test_people_says_who_does_what_and_who_is_called_for(scene: Scene) -> None:
    add_contact(scene.as_("mia"), "tom", "@tom", roles=["customer liaison"])

    async def steps(console: Console) -> None:
        await console.press("r")
        shown = console.screen_text
        for text in (
            "mia",
            "commander",
            "a2 cap the report job",
            "sev2 calls for",
            "customer liaison   tom",
            "not called",
        ):
            assert text in shown
        await console.press("G", "c")
        assert "called 0s ago" in console.screen_text
        await console.press("n")
        assert "no answer" in console.screen_text
        await console.press("a")
        assert scene.board.all(PageOut, scene.incident)[0].state == "reached"
        copied: list[str] = []
        console.app.context.copy = lambda text: copied.append(text) or "copied"  # type: ignore[func-returns-value]
        await console.press("y")
        assert copied
        await console.press("G", "enter", "enter")
        assert "tom" in console.screen_text

    at_console(scene, steps)


def test_a_role_is_given_by_two_keys_and_a_commander_with_two_is_warned_of(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("r", "g", "enter", "d")
        assert "holds no other role" in console.screen_text
        await console.press("x")
        assert "stood down" in console.said

    at_console(scene, steps, size=(120, 40))


def test_a_sub_team_is_one_line(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("r", "s")
        await console.type("noor: ben, kai; find the slow query in 20m")
        assert "noor leads ben, kai" in console.said
        await console.press("enter")
        assert scene.orders()[-1].text == "find the slow query"
        assert "in noor's team" in console.screen_text

    at_console(scene, steps, size=(120, 40))


# --- transfer


def test_command_is_offered_with_its_brief_and_accepted_on_another_console(scene: Scene) -> None:
    async def offer(console: Console) -> None:
        await console.press("t", "o")
        await console.type("noor")
        await console.press("enter")
        assert "Offered to noor, who has 10m to accept" in console.screen_text

    async def accept(console: Console) -> None:
        await console.press("t")
        shown = console.screen_text
        assert "mia offers you command" in shown
        for part in ("Open hypotheses", "Ruled out, and why", "Orders out", "Last word", "Over when"):
            assert part in console.app.screen.text  # type: ignore[attr-defined]
        await console.press("a")
        assert scene.read().commander == "noor"
        assert "noor is the incident commander of INC-1 since 13:47 UTC" in console.said

    at_console(scene, offer)
    at_console(scene, accept, person="noor")


def test_an_offer_expires_and_a_yes_can_be_heard_on_the_call(scene: Scene) -> None:
    offer_command(scene.as_("mia"), scene.read(), "noor")
    scene.wait(11)

    async def steps(console: Console) -> None:
        await console.press("t")
        assert "the offer has expired" in console.screen_text
        await console.press("h")
        assert "has expired" in console.said
        await console.press("o")
        await console.type("noor")
        await console.press("enter", "h")
        assert scene.read().commander == "noor"

    at_console(scene, steps)


# --- before resolving


def test_what_is_unmet_is_shown_passed_by_one_key_and_never_blocks(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("s", "r")
        assert "exit criteria not met" in console.screen_text
        await console.press("p")
        (passed,) = scene.board.all(Obligation, scene.incident)
        assert (passed.owner, passed.sort) == ("mia", "exit")
        await console.press("o")
        await console.type("kai")
        await console.press("enter")
        assert scene.board.all(Obligation, scene.incident)[1].owner == "kai"
        await console.press("enter")
        assert scene.read().status == "resolved"
        assert console.where == "WarRoom"

    at_console(scene, steps)


def test_typed_it_is_resolved_at_once_and_what_is_unmet_is_shown_after(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say("#resolved pool capped")
        assert scene.read().status == "resolved"
        await console.pilot.pause()
        assert console.where == "BeforeResolving"
        await console.press("P")
        assert "Nothing is unmet" in console.screen_text

    at_console(scene, steps)


def test_opening_again_asks_why(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("s", "i")
        await console.press("enter")
        assert scene.read().status == "resolved"
        await console.type("it is back")
        await console.press("enter")
        assert (scene.read().status, scene.read().reopened) == ("investigating", 1)

    set_status(scene.as_("mia"), scene.read(), "resolved")
    asyncio.run(_in_room(scene, steps))


async def _in_room(scene: Scene, steps: Steps) -> None:
    async with scene.console(size=(80, 24)) as console:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await steps(console)


# --- tests of hypotheses


def test_a_test_is_planned_begun_ended_and_becomes_evidence(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2", "n")
        assert "Next best test" in console.screen_text
        await console.press("n")
        console.prompt.field.value = ""  # type: ignore[union-attr]
        await console.type("h2 kill the report job in 2m reversible")
        assert "could rule out h2: kill the report job" in console.said
        await console.press("enter")
        assert "could rule out h2, " in console.screen_text
        await console.press("enter")
        assert "1 running" in console.screen_text
        await console.press("enter")
        await console.type("the queue stays")
        await console.press("enter")
        await console.pilot.pause()
        assert "For h2, that speaks" in console.said
        await console.press("-")
        test = scene.board.all(HypothesisTest, scene.incident)[0]
        assert (test.state, test.outcome) == ("done", "the queue stays")
        found = scene.board.all(Evidence, scene.incident)[-1]
        assert (found.text, found.supports) == ("the queue stays", False)

    at_console(scene, steps)


def test_a_planned_test_can_be_begun_by_another_or_left_out(scene: Scene) -> None:
    mia = scene.as_("mia")
    plan_test(mia, scene.read(), "look at the graphs", [scene.hypotheses()[1]])
    plan_test(mia, scene.read(), "ask the bank", [scene.hypotheses()[2]])

    async def steps(console: Console) -> None:
        await console.press("2", "n", "g", "o")
        await console.type("kai")
        await console.press("enter")
        assert scene.board.all(HypothesisTest, scene.incident)[0].owner == "kai"
        await console.press("G", "x")
        await console.type("they don't answer")
        await console.press("enter")
        assert {t.state for t in scene.board.all(HypothesisTest, scene.incident)} == {"running", "dropped"}

    at_console(scene, steps)


# --- search


def test_search_finds_lines_of_all_incidents_and_opens_them_there(scene: Scene) -> None:
    declare(scene.as_("li"), "Search is slow since the pool moved")

    async def steps(console: Console) -> None:
        await console.press("/")
        await console.type("pool")
        assert "Search is slow since the pool moved" in console.screen_text
        assert "no failover before the pool is capped" in console.screen_text
        await console.press("enter", "j", "enter")
        await console.pilot.pause()
        assert console.where == "WarRoom"

    at_console(scene, steps)


def test_words_that_nobody_wrote_say_so(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("S")
        await console.type("zebra")
        assert "Nothing has these words" in console.screen_text

    at_console(scene, steps)


# --- rules


def test_a_level_is_tried_replayed_and_kept(scene: Scene, own_settings: Path) -> None:
    answer(scene.as_("mia"), scene.read(), {"breadth": "half", "depth": "gone"})
    set_status(scene.as_("mia"), scene.read(), "resolved")

    async def steps(console: Console) -> None:
        await console.press("R")
        assert "1 past incidents, 1 with answers" in console.screen_text
        await console.press("3")
        assert "INC-1 sev2 → sev3" in console.screen_text
        assert not own_settings.exists()
        await console.press("S")
        assert "half = [3, 2, 3, 4, 5]" in own_settings.read_text()

    at_console(scene, steps, size=(120, 40))


async def put(console: Console, value: str) -> None:
    """Puts a value in the place of the one that stands in the line."""
    console.prompt.field.value = value  # type: ignore[union-attr]
    await console.press("enter")


def test_a_threshold_is_changed_in_place(scene: Scene, own_settings: Path) -> None:
    async def steps(console: Console) -> None:
        await console.press("R", "G", "enter")
        await put(console, "no number")
        assert "whole number" in console.said
        await put(console, "60")
        assert "recurrence_days = 60" in own_settings.read_text()

    at_console(scene, steps)


def test_what_moves_the_level_is_changed_in_place(scene: Scene, own_settings: Path) -> None:
    async def steps(console: Console) -> None:
        await console.press("R")
        console.app.screen.lines.select("shift:unsolved_to")  # type: ignore[attr-defined]
        await console.press("enter")
        await put(console, "9")
        assert "a level is 1 to 5" in console.said
        await put(console, "1")
        assert "unsolved_to = 1" in own_settings.read_text()

    at_console(scene, steps)


# --- all of them


def test_no_page_shows_more_than_the_terminal_or_takes_markup_from_people(scene: Scene) -> None:
    hostile = "[red]x[/] [@click=app.quit]y[/] \x1b]52;c;aGk=\x07 " + "long " * 40
    declare(scene.as_("li"), hostile)
    add_contact(scene.as_("mia"), "tom[b]", hostile, roles=["customer liaison"])
    plan_test(scene.as_("mia"), scene.read(), hostile, [scene.hypotheses()[1]])

    async def steps(console: Console) -> None:
        for keys in (("T",), ("r",), ("t",), ("E",), ("2", "n"), ("R",), ("S", "l", "o", "enter")):
            await console.press(*keys)
            assert console.where != "WarRoom", keys
            lines = console.screen_text.splitlines()
            assert len(lines) <= 24
            assert "\x1b" not in console.screen_text
            await console.press("escape")
            assert console.where == "WarRoom", keys

    asyncio.run(_in_room(scene, steps))


# --- spells of hurt


def test_one_key_takes_the_time_at_which_it_was_watched_and_what_comes_back_adds_up(scene: Scene) -> None:
    async def asked(console: Console) -> str:
        await console.settled()
        console.war_room.notice_line.read()
        await console.settled()
        return console.head

    async def steps(console: Console) -> None:
        await console.press("1")
        await console.say("#monitoring the pool is capped")
        assert "mitigated at 13:47 UTC?" in await asked(console)
        await console.press("a")
        assert scene.read().mitigated_at == scene.board.now
        assert "mitigated at" not in await asked(console)
        assert "hurt 42m" in console.head
        scene.wait(20)
        assert "hurt 42m" in await asked(console)
        await console.say("#investigating failures are back")
        scene.wait(8)
        await console.say("queue grows")
        assert "investigating  50m" in await asked(console)
        assert "two spells: 13:05 to 13:47 · 14:07 to now" in console.screen_text

    at_console(scene, steps)
