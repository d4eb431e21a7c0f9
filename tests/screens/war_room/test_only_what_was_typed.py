"""Only what was typed is kept: what a key put into the line goes with esc, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opsterm.incidents import actions, hypothesis, incident, triage
from opsterm.incidents.hypothesis_testing import refine
from screens.keys.actions import ACTIONS, HYPOTHESES, ROOM, KeyAction, of
from screens.war_room.notice_line import _BEGINNINGS
from screens.war_room.people import People
from tests.support.console import Console, Scene, at_console

#: Every key of the table that begins the capture line, with the pane where it does.
OPENERS = [(place, action) for place in (ROOM, HYPOTHESES, ACTIONS) for action in of(place) if action.method == "begin"]


def _said(given: object) -> str:
    return given.name if isinstance(given, KeyAction) else str(given)


async def press_at(console: Console, place: str, key: str) -> None:
    if place != ROOM:
        console.war_room.go(place)
        await console.pilot.pause()
    await console.press(key)


def drafts(scene: Scene) -> dict[str, str]:
    return scene.board.drafts("capture:")


@pytest.mark.parametrize(("place", "action"), OPENERS, ids=_said)
def test_a_beginning_that_a_key_put_there_is_dropped_by_esc(scene: Scene, place: str, action: KeyAction) -> None:
    async def steps(console: Console) -> None:
        await press_at(console, place, action.keys[0])
        begun = console.prompt.typed
        console.prompt._keep_now()
        await console.press("escape")
        assert drafts(scene) == {}
        assert "kept" not in console.said
        await console.press("l")
        assert console.prompt.typed == ""
        await console.press("up")
        assert console.prompt.typed == ""
        await console.press("escape")
        await press_at(console, place, action.keys[0])
        assert console.prompt.typed == begun

    at_console(scene, steps)


@pytest.mark.parametrize(("place", "action"), OPENERS, ids=_said)
def test_what_was_typed_comes_back_with_its_own_key_alone_also_after_a_kill(
    scene: Scene, place: str, action: KeyAction
) -> None:
    typed = []

    async def steps(console: Console) -> None:
        await press_at(console, place, action.keys[0])
        await console.type("12 of them")
        typed.append(console.prompt.typed)
        await console.press("escape")
        assert list(drafts(scene).values()) == typed

    async def later(console: Console) -> None:
        key = f"{action.sign} on " if place != ROOM else f"{action.sign} goes on"
        assert f"kept; {key}" in console.said
        for other, opener in OPENERS:
            await press_at(console, other, opener.keys[0])
            assert (console.prompt.typed == typed[0]) == ((other, opener) == (place, action))
            await console.press("escape")
        assert list(drafts(scene).values()) == typed
        await press_at(console, place, action.keys[0])
        assert console.prompt.typed == typed[0]

    at_console(scene, steps)
    at_console(scene, later)


def test_each_record_has_its_own_half_typed_line(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2", "x")
        await console.type("pool at 40 %")
        await console.press("escape", "j", "x")
        assert console.prompt.typed == "h3 eliminated "
        await console.type("the bank says so")
        await console.press("escape")
        assert "h3 eliminated the bank says so   kept, and 1 more; x on h3 goes on with it" in console.said
        await console.press("k", "x")
        assert console.prompt.typed == "h2 eliminated pool at 40 %"
        await console.press("enter")
        assert "x on h3 goes on with it" in console.war_room.prompt.hint[3].text + " goes on with it"
        assert list(drafts(scene).values()) == ["h3 eliminated the bank says so"]

    at_console(scene, steps)


def test_a_line_that_was_brought_back_and_entered_waits_no_longer_and_the_one_under_it_still_does(
    scene: Scene,
) -> None:
    async def steps(console: Console) -> None:
        await console.press("o")
        await console.type("@ben look")
        await console.press("escape", "d")
        await console.type("fail over")
        await console.press("up")
        assert console.prompt.typed == "! @ben look"
        await console.press("escape")
        assert sorted(drafts(scene).values()) == ["! @ben look", "= fail over"]
        await console.press("d", "up", "enter")
        assert scene.orders()[-1].text == "look"
        assert list(drafts(scene).values()) == ["= fail over"]

    at_console(scene, steps)


def test_a_paste_goes_on_behind_what_was_half_typed_and_is_kept_as_typed(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type("db-2 says")
        await console.press("escape")
        await console.paste("too many clients")
        assert console.prompt.typed == "db-2 says too many clients"
        await console.press("escape", "l")
        assert console.prompt.typed == "db-2 says too many clients"

    at_console(scene, steps)


def test_a_kept_line_goes_with_its_record_when_the_mark_is_another_one(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2", "x")
        await console.type("pool at 40 %")
        await console.press("escape")
        key = next(iter(drafts(scene)))
        scene.board.keep_draft(key, "h17 eliminated pool at 40 %")
        await console.press("x")
        assert console.prompt.typed == "h2 eliminated pool at 40 %"

    at_console(scene, steps)


def test_words_that_stood_in_a_line_already_are_no_draft(scene: Scene) -> None:
    """An edit that nobody changed comes back as what stands by then, not as what stood then."""

    async def steps(console: Console) -> None:
        await console.press("2", "W", "e")
        assert console.prompt.typed == "pool exhausted by the report job"
        await console.press("escape")
        refine(scene.as_("noor"), scene.hypotheses()[1], text="pool exhausted by a leak")
        console.war_room.repaint()
        await console.press("W", "e")
        assert console.prompt.typed == "pool exhausted by a leak"

    at_console(scene, steps)


# --- an offer


def test_more_time_is_offered_and_typing_replaces_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("3", "+")
        mark = console.war_room.actions_pane.chosen.mark  # type: ignore[union-attr]
        assert console.prompt.typed == f"{mark} +10m"
        assert f"{mark}: 10m more" in console.said
        await console.press("2", "5", "m")
        assert console.prompt.typed == f"{mark} +25m"
        assert f"{mark}: 25m more" in console.said
        due = next(order for order in scene.orders() if order.mark == mark).due_at
        await console.press("enter")
        assert next(order for order in scene.orders() if order.mark == mark).due_at > due

    at_console(scene, steps)


def test_an_offer_is_taken_as_it_stands_and_letters_by_any_way_replace_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("3", "+")
        await console.type("7m")
        assert console.prompt.typed.endswith(" +7m")
        await console.press("escape")
        await console.press("+")
        assert console.prompt.typed.endswith(" +7m")
        await console.press("1")
        assert console.prompt.typed.endswith(" +7m1")

    at_console(scene, steps)


def test_a_second_time_behind_the_one_that_is_offered_is_refused(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "+")
        assert console.prompt.typed == "20m "
        await console.type("10m the vendor is slow")
        assert "Give one time, then why" in console.said
        await console.press("enter")
        assert "Give one time, then why" in console.said
        assert console.prompt.typed == "20m 10m the vendor is slow"

    at_console(scene, steps)


# --- what is expected

ALONE = {
    "": "type what you see",
    "? ": "? : what could explain it",
    "! ": "! : @who what in 10m",
    "= ": "= : what is decided",
    "#": "# : identified, sev2, started 12:10",
    "@": "@ : who and a role",
    ">": "> : customers and what they were told",
    "#exit ": "#exit : exit criteria, in words",
    "+{} ": "what speaks for",
    "-{} ": "what speaks against",
    "{} eliminated ": "eliminated : what rules it out",
    "{} done ": "done; say what came of it",
    "{} cancelled ": "cancelled; say why",
    "{} +|10m": "10m more",
    "{} @": "@ : who does it",
    "{} ": "done failed +10m @who, and why",
}


def test_every_beginning_that_a_key_puts_there_says_alone_what_is_expected(scene: Scene) -> None:
    hypothesis.propose(scene.as_("mia"), scene.read(), "a certificate expired")
    actions.order(scene.as_("mia"), scene.read(), "look at it", owner="ben", within=timedelta(minutes=1))
    beginnings = {str(action.given): place for place, action in OPENERS} | dict.fromkeys(_BEGINNINGS.values(), ACTIONS)
    assert beginnings.keys() == ALONE.keys()

    async def steps(console: Console) -> None:
        for beginning, place in beginnings.items():
            item = scene.hypotheses()[-1] if place == HYPOTHESES else scene.orders()[-1]
            console.war_room.capture_line.open(beginning, about=item if "{}" in beginning else None)
            await console.pilot.pause()
            assert ALONE[beginning] in console.said, beginning
            await console.press("escape")

    at_console(scene, steps)


# --- other lines


def test_a_line_about_one_thing_is_never_offered_for_another(scene: Scene) -> None:
    incident.give_role(scene.as_("mia"), scene.read(), "noor", "operations")

    async def steps(console: Console) -> None:
        await console.press("r")
        page = console.app.screen
        assert isinstance(page, People)
        keys = list(dict.fromkeys(row.key for row in page.lines.rows if row.key))
        asked = []
        for key in keys:
            page.lines.select(key)
            await console.press("e")
            asked.append(console.prompt.typed)
            await console.type(" half")
            await console.press("escape")
        for key, given in zip(keys, asked, strict=True):
            page.lines.select(key)
            await console.press("e")
            assert console.prompt.typed == f"{given} half"
            await console.press("escape")

    at_console(scene, steps)


def test_a_reason_for_one_severity_is_none_for_another(scene: Scene) -> None:
    triage.answer(scene.as_("mia"), scene.read(), {"breadth": "some", "depth": "gone"})

    async def steps(console: Console) -> None:
        await console.press("v", "1")
        await console.type("all are hurt")
        await console.press("escape", "v", "5")
        assert (console.prompt.question is not None, console.prompt.typed) == (True, "")
        await console.press("escape", "v", "1")
        assert console.prompt.typed == "all are hurt"

    at_console(scene, steps)


def test_a_question_that_was_half_typed_in_the_updates_is_kept(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "n")
        await console.type("the bank: when")
        await console.press("escape", "n")
        assert console.prompt.typed == "the bank: when"

    at_console(scene, steps)
