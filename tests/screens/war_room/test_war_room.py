"""The war room: what it shows at each size, and what its keys do."""

from __future__ import annotations

import asyncio

import pytest

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents import incident, timeline
from opsterm.records import Observation
from screens.war_room.war_room import WarRoom
from tests.support.console import Console, Scene, at_console


def test_it_opens_on_the_running_incident_with_what_matters_first(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        shown = console.screen_text
        assert "INC-1" in shown
        assert "SEV2" in shown
        assert "commander mia 42m" in shown
        assert "13:47 UTC" in shown
        assert "late 9m" in shown
        assert "not acknowledged" in shown
        assert "pool exhausted by the report job" in shown
        assert "rolled back, still failing" in shown
        orders = console.war_room.actions_pane.rows
        assert orders[0].key == scene.orders()[1].id, "the late order comes first"

    at_console(scene, steps)


@pytest.mark.parametrize("size", [(80, 24), (99, 40), (120, 29)])
def test_a_small_terminal_shows_tabs_and_a_digest_and_every_pane_is_one_key_away(
    scene: Scene, size: tuple[int, int]
) -> None:
    async def steps(console: Console) -> None:
        shown = console.screen_text
        for text in ("[1 Status]", "2 Hyp 2", "3 Act ▲1", "h2", "late 9m", "Next word to customers"):
            assert text in shown
        for key, text in (("2", "queue of 400 on db-2"), ("3", "cap the report job"), ("6", "no failover before")):
            await console.press(key)
            assert text in console.screen_text
        assert max(len(line) for line in console.screen_text.splitlines()) == size[0]

    at_console(scene, steps, size=size)


def test_a_wide_terminal_gives_the_timeline_a_column_and_shows_all_evidence(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        war_room = console.war_room
        assert war_room.timeline_pane.region.y == war_room.hypotheses_pane.region.y
        assert "pool at 40 % on db-1" in console.screen_text

    at_console(scene, steps, size=(200, 60))


def test_growing_and_shrinking_the_terminal_keeps_everything(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.pilot.resize_terminal(80, 24)
        await console.pilot.pause()
        assert "[2 Hyp 2]" in console.screen_text
        await console.pilot.resize_terminal(120, 36)
        await console.pilot.pause()
        assert "─ 6 Timeline" in console.screen_text

    at_console(scene, steps)


def test_a_line_says_what_enter_will_do_and_does_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("o")
        await console.type("@noor restart the pool in 10m")
        assert "an order to noor, check back in 10m" in console.said
        await console.press("enter")
        assert scene.orders()[-1].text == "restart the pool"
        assert "restart the pool" in console.screen_text
        assert "a4 ordered noor" in console.said

    at_console(scene, steps)


def test_signs_open_the_line_with_themselves(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        for key, begins in (("!", "! "), ("=", "= "), ("#", "#"), ("@", "@"), (">", ">"), ("h", "? ")):
            await console.press(key)
            assert console.prompt.typed == begins
            await console.press("escape")
            await console.act("log")
            console.prompt.field.value = ""  # type: ignore[union-attr]
            await console.press("escape")

    at_console(scene, steps)


def test_evidence_and_ruling_out_begin_with_the_selected_hypothesis(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say("? a certificate expired")
        await console.press("2", "g", "-")
        assert console.prompt.typed == "-h4 "
        console.prompt.field.value = ""  # type: ignore[union-attr]
        await console.press("escape", "x")
        assert console.prompt.typed == "h4 eliminated "
        await console.press("enter")
        assert "Say why" in console.said
        await console.type("valid until May")
        await console.press("enter")
        assert scene.hypotheses()[3].state == "eliminated"
        await console.press("u")
        assert "undone" in console.said
        assert scene.hypotheses()[3].state == "proposed"

    at_console(scene, steps)


def test_half_typed_text_is_kept_and_comes_back_with_the_key_that_began_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("o")
        await console.type("@ben look at the graphs")
        await console.press("escape")
        assert "kept; o goes on with it" in console.said

    async def later(console: Console) -> None:
        assert "! @ben look at the graphs   kept; o goes on with it" in console.said
        await console.press("l")
        assert console.prompt.typed == ""
        await console.press("escape", "o")
        assert console.prompt.typed == "! @ben look at the graphs"

    at_console(scene, steps)
    at_console(scene, later)


def test_another_beginning_does_not_lose_half_typed_text(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type("errors are")
        await console.press("escape", "d")
        assert console.prompt.typed == "= "
        await console.press("up")
        await console.press("up")
        assert console.prompt.typed == "errors are"

    at_console(scene, steps)


def test_a_paste_lands_in_the_line_and_several_lines_are_one_observation(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.paste("errors fall to 2 %")
        assert console.prompt.typed == "errors fall to 2 %"
        await console.press("enter")
        await console.paste("ERROR one\rERROR two\r\rERROR three")
        assert "3 lines pasted" in console.said
        await console.press("enter")
        texts = [item.text for item in scene.board.all(Observation, scene.incident)]
        assert texts[-2:] == ["errors fall to 2 %", "ERROR one\nERROR two\n\nERROR three"]

    at_console(scene, steps)


def test_status_and_severity_take_one_key_each(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("s", "d")
        assert scene.read().status == "identified"
        await console.press("v", "1")
        assert scene.read().severity == "sev1"
        assert "SEV1" in console.head
        assert "identified" in console.head

    at_console(scene, steps)


def test_a_choice_can_be_left_and_other_keys_do_nothing_meanwhile(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("s", "q", "6")
        assert console.where == "WarRoom"
        await console.press("escape")
        assert "s status" in console.said
        assert scene.read().status == "investigating"

    at_console(scene, steps)


def test_what_another_process_did_appears_is_marked_and_moves_no_cursor(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2", "j")
        selected = console.war_room.hypotheses_pane.selected
        await console.press("l")
        await console.type("half a li")
        with Board.open(scene.path, clock=scene.clock, machine="m", any_disk=True) as beside:
            noor = Session(beside, "noor")
            from opsterm.incidents import hypothesis

            hypothesis.propose(noor, scene.read(), "a certificate expired", confidence=0.9)
        await console.notice()
        war_room = console.war_room
        assert "a certificate expired" in console.screen_text
        assert war_room.hypotheses_pane.selected == selected
        assert console.prompt.typed == "half a li"
        assert scene.hypotheses()[-1].id in war_room.hypotheses_pane.fresh
        assert "•" in console.screen_text

    at_console(scene, steps)


def test_a_conflict_on_severity_is_an_alarm_that_one_key_settles(scene: Scene) -> None:
    painted = scene.board.version
    with Board.open(scene.path, clock=scene.clock, machine="m", any_disk=True) as beside:
        incident.set_severity(Session(beside, "noor", basis_version=painted), scene.read(), "sev1")
        incident.set_severity(Session(scene.board, "li", basis_version=painted), scene.read(), "sev3")
    assert scene.board.conflicts(scene.incident)

    async def steps(console: Console) -> None:
        assert "sev1, said by noor" in console.head
        assert "sev3, said by li" in console.head
        await console.press("A")
        assert scene.read().severity == "sev1"
        assert not scene.board.conflicts(scene.incident)
        assert "said by" not in console.head

    at_console(scene, steps)


def test_command_is_offered_on_one_console_and_accepted_on_another(scene: Scene) -> None:
    async def offer(console: Console) -> None:
        await console.press("t", "o")
        await console.type("noor")
        await console.press("enter")
        assert "Offered to noor" in console.screen_text
        await console.press("escape")
        assert "offered to noor" in console.head

    async def accept(console: Console) -> None:
        assert "mia offers you command" in console.head
        await console.press("a")
        assert scene.read().commander == "noor"

    at_console(scene, offer)
    at_console(scene, accept, person="noor")


def test_an_order_to_me_stands_under_the_head_and_one_key_acknowledges_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        assert "a3 is yours, 8m: ask the bank" in console.head
        await console.press("a")
        assert scene.orders()[2].state == "acknowledged"
        assert "is yours" not in console.head

    at_console(scene, steps, person="ben")


def test_seconds_pass_in_place(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        scene.wait(1)
        console.app.tick()
        await console.pilot.pause()
        assert "late 10m" in console.screen_text
        assert "13:48 UTC" in console.screen_text
        scene.wait(8)
        console.app.tick()
        await console.pilot.pause()
        assert "2 late" in console.screen_text

    at_console(scene, steps)


def test_search_and_filter_narrow_a_pane_and_esc_shows_all_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        timeline = console.war_room.timeline_pane
        everything = len(timeline.rows)
        await console.press("6", "f", "f")
        assert {m.split()[0] for m in (console.said.split("showing "))[1:]} == {"thinking"}
        assert "no failover" not in "".join(row.draw(80, scene.board.now).left[-1].text for row in timeline.rows)
        await console.press("f", "f", "f", "f", "/")
        await console.type("noor")
        await console.press("enter")
        assert 0 < len(timeline.rows) < everything
        await console.press("escape")
        assert timeline.wanted == ""
        assert len(timeline.rows) == everything

    at_console(scene, steps)


def test_pages_open_in_full_and_esc_steps_back(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        for keys, text in (
            (("2", "enter"), "Speaks against it: 1"),
            (("3", "e"), "Check back"),
            (("4", "G", "enter"), "Update to customers"),
            (("6", "enter"), "no failover before the pool is capped"),
            (("1", "enter"), "failures under 0.5 %"),
            (("w",), "Results of orders"),
            (("?",), "What the capture line understands"),
        ):
            await console.press(*keys)
            assert console.where == "Page"
            assert text in console.screen_text or text in console.app.screen.text  # type: ignore[attr-defined]
            await console.press("escape")
            assert console.where == "WarRoom"

    at_console(scene, steps)


def test_news_tell_what_others_did_in_ten_lines_at_the_most(scene: Scene) -> None:
    for n in range(30):
        incident.set_words(scene.as_("noor"), scene.read(), "workaround", f"pay by PayPal {n}")

    async def steps(console: Console) -> None:
        await console.press("i")
        told = [line for line in console.app.screen.text.splitlines() if line.startswith("13:")]  # type: ignore[attr-defined]
        assert 0 < len(told) <= 10
        assert "All of it is on the timeline" in console.screen_text
        await console.press("escape", "i")
        assert "Nothing that others did" in console.screen_text

    at_console(scene, steps)


def test_zoom_shows_one_pane_alone_and_all_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("3", "z")
        assert console.war_room.actions_pane.size.width == 120
        assert "2 Hypotheses" not in console.screen_text
        await console.press("z")
        assert "2 Hypotheses" in console.screen_text

    at_console(scene, steps)


def test_a_long_timeline_is_read_as_one_scrolls(scene: Scene) -> None:
    from opsterm.incidents import timeline

    with scene.board.transaction():
        for n in range(400):
            timeline.observe(scene.as_("li"), scene.read(), f"sample {n}")

    async def steps(console: Console) -> None:
        await console.press("6", "G")
        assert "declared" in console.screen_text
        assert len(console.war_room.timeline_pane.moments._pages) < 4  # type: ignore[union-attr]
        await console.press("g")
        assert "sample 399" in console.screen_text

    at_console(scene, steps)


def test_copying_says_where_the_text_went(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        copied: list[str] = []

        def copy(text: str) -> str:
            copied.append(text)
            return "copied to the clipboard"

        console.app.context.copy = copy
        await console.press("2", "y")
        assert "copied to the clipboard" in console.said
        assert copied[0].startswith("h2 pool exhausted")

    at_console(scene, steps)


def test_leaving_goes_home_then_quits(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("q")
        assert console.where == "Home"
        await console.press("q")
        assert not console.app.is_running

    at_console(scene, steps)


def test_enter_on_a_word_that_is_due_writes_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "g", "enter")
        assert console.where == "Composer"

    at_console(scene, steps)


def test_news_that_comes_before_the_room_stands_on_the_screen_waits_for_it(scene: Scene) -> None:
    async def run() -> None:
        async with scene.console() as console:
            war_room = WarRoom(console.war_room.context, scene.incident)
            timeline.observe(scene.as_("li"), scene.read(), "queue of 400 on db-2")
            war_room.repaint()
            war_room.tick(scene.board.now)
            await console.app.push_screen(war_room)
            await console.pilot.pause()
            assert "queue of 400" in console.screen_text

    asyncio.run(run())


@pytest.mark.parametrize("key", [*"vsmrtTEYISDPCKiwcbV", "n"])
def test_every_key_of_a_room_whose_incident_is_gone_says_so(empty: Scene, key: str) -> None:
    empty.board.remember("person", "mia")

    async def steps(console: Console) -> None:
        await console.press("n")
        await console.type("Search returns nothing")
        await console.press("enter", "u", key)
        assert console.app.is_running
        await console.press("escape", "escape", "q")
        assert console.where == "Home"

    at_console(empty, steps)
