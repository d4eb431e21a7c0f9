"""The foot says what was done, or why not, and forgets what is over."""

from __future__ import annotations

from datetime import UTC

import pytest

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.updates import approval, outside_questions
from opsterm.updates.outside_questions import read
from screens.keys.actions import CHANGES, DOCUMENTS, RULES, TESTS, TRIAGE, VENDORS
from screens.pages.console_screen import ConsoleScreen
from screens.widgets.prompt import FLASH_S, WARNING_S
from tests.support.console import Console, Scene, at_console

REFUSED = "only what was observed can be struck out"


async def refused(console: Console) -> None:
    """A line of the timeline that can't be struck out, and the key that asks for it."""
    await console.press("6", "G", "x")
    assert REFUSED in console.said


@pytest.mark.parametrize("key", ["z", "j", "k", "1", "f", "u", "escape", "l", "w", "s", "T"])
def test_what_was_refused_is_forgotten_once_another_key_did_something(scene: Scene, key: str) -> None:
    async def steps(console: Console) -> None:
        await refused(console)
        await console.press(key)
        for _ in range(3):
            if console.where == "WarRoom" and console.prompt.question is None and not console.prompt.choosing:
                break
            await console.press("escape")
        assert REFUSED not in console.said

    at_console(scene, steps)


def test_a_key_that_does_nothing_leaves_it(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await refused(console)
        await console.press("f7")
        assert REFUSED in console.said

    at_console(scene, steps)


def test_what_was_done_stands_until_another_key_and_no_longer(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say("? a certificate expired")
        assert "h4" in console.said
        scene.wait(0.01)
        console.app.tick()
        assert "h4" in console.said
        await console.press("6")
        assert "h4" not in console.said

    at_console(scene, steps)


@pytest.mark.parametrize("place", ["", RULES, DOCUMENTS, VENDORS, CHANGES, TESTS, TRIAGE])
def test_every_screen_says_for_one_time_that_something_was_refused(scene: Scene, place: str) -> None:
    async def steps(console: Console) -> None:
        if place:
            console.war_room.action_open_page(place)
            await console.pilot.pause()
        screen = console.app.screen
        assert isinstance(screen, ConsoleScreen)

        def lasts() -> float:
            timer = screen.prompt._flash_timer
            assert timer is not None
            return timer._interval

        screen.refuse(Rejected("No."))
        assert lasts() == WARNING_S
        screen.do(_rejecting)
        assert lasts() == WARNING_S
        screen.prompt.flash("done", tone="good")
        assert lasts() == FLASH_S

    at_console(scene, steps)


def _rejecting(session: Session) -> Outcome:
    raise Rejected("No.")


def test_what_is_said_goes_when_the_thing_it_speaks_of_is_over(scene: Scene) -> None:
    waits = [True]

    async def steps(console: Console) -> None:
        console.prompt.flash("li asks step 3: answer with space", tone="warn", holds=lambda: bool(waits))
        console.app.tick()
        assert "li asks" in console.said
        waits.clear()
        console.app.tick()
        assert "li asks" not in console.said

    at_console(scene, steps)


# --- esc


def test_esc_clears_every_filter_of_the_timeline_before_anything_else(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        pane = console.war_room.timeline_pane
        await console.press("6", "z")
        everything = len(pane.rows)
        await console.press("f", "f", "F")
        assert len(pane.rows) < everything
        await console.press("escape")
        assert (len(pane.rows), pane.group, pane.person) == (everything, "", "")
        assert console.war_room.zoomed
        await console.press("escape")
        assert not console.war_room.zoomed

    at_console(scene, steps)


@pytest.mark.parametrize("key", ["w", "d", "V"])
def test_esc_shows_all_of_a_list_again_before_it_leaves(scene: Scene, key: str) -> None:
    async def steps(console: Console) -> None:
        await console.press("q", key, "/")
        where = console.where
        await console.type("no such words")
        await console.press("enter")
        assert "no such words" in console.screen_text
        await console.press("escape")
        assert console.where == where
        assert "no such words" not in console.screen_text
        await console.press("escape")
        assert console.where == "Home"

    at_console(scene, steps)


def test_esc_shows_everybodys_week_again_before_it_leaves(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("q", "w", "f", "escape")
        assert console.where == "WeekAhead"
        await console.press("f")
        assert "only what is mia's" in console.said
        await console.press("escape", "escape")
        assert console.where == "Home"

    at_console(scene, steps)


# --- enter on what waits for a yes or an answer

LONG = "\n\n".join(
    f"Part {n}: some card payments in the EU fail, and have been failing since five past one." for n in range(1, 6)
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_enter_on_a_text_to_approve_shows_it_whole(scene: Scene, size: tuple[int, int]) -> None:
    approval.ask(scene.as_("li"), scene.read(), "customers", LONG)

    async def steps(console: Console) -> None:
        for keys in (("4", "g", "j"), ("6", "g")):
            await console.press(*keys, "enter")
            assert "Words to customers, to be approved" in console.screen_text
            for n in range(1, 6):
                assert f"Part {n}:" in console.app.screen.text  # type: ignore[attr-defined]
            assert "Part 4:" in console.screen_text
            await console.press("escape")
        await console.press("4", "a", "y", "6", "g", "enter")
        assert "approved by mia" in console.app.screen.text  # type: ignore[attr-defined]

    at_console(scene, steps, size=size)


def test_enter_on_a_question_shows_it_whole(scene: Scene) -> None:
    asked = "The bank: when will card payments work again, and were any of our customers charged twice? by 14:30"
    outside_questions.ask(scene.as_("li"), scene.read(), read(asked, scene.board.now, UTC))

    async def steps(console: Console) -> None:
        await console.press("4", "g", "j", "enter")
        assert "charged twice" in console.screen_text
        assert "14:30" in console.screen_text

    at_console(scene, steps)
