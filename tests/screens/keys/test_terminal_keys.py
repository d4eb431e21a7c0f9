"""Keys that terminals use for themselves, letters that are not seen, and pastes, at the console."""

from __future__ import annotations

from textual import events

from screens.composer.editor import Writing
from tests.support.console import Console, Scene, at_console

JOINED = "نمی\u200cشود 👩\u200d🚒 co\xadop no\xa0break"


async def press_letters(console: Console, letters: str) -> None:
    for letter in letters:
        console.app.post_message(events.Key(letter, letter))
    await console.settled()


async def edit_a_message(console: Console) -> None:
    await console.press("m", "e")
    while not isinstance(console.app.focused, Writing):
        await console.pilot.pause(0.01)


def test_ctrl_c_empties_the_line_and_the_line_can_be_had_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type("queue of 400")
        await console.press("ctrl+c")
        assert console.prompt.question is not None
        assert console.prompt.typed == ""
        await console.press("ctrl+c")
        assert "esc leaves this line" in console.said
        await console.press("up")
        assert console.prompt.typed == "queue of 400"
        await console.press("ctrl+c", "escape", "l")
        assert console.prompt.typed == ""

    at_console(scene, steps)


def test_ctrl_c_says_how_to_leave_and_leaves_nothing(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("ctrl+c")
        assert "q leaves this page; at home it quits opsterm" in console.said
        await console.press("s")
        assert console.prompt.choices
        await console.press("ctrl+c")
        assert console.prompt.question is None
        await edit_a_message(console)
        await console.press("ctrl+c")
        assert isinstance(console.app.focused, Writing)
        assert "q leaves this page" in console.said
        await console.press("escape", "escape", "q", "ctrl+c")
        assert console.where == "Home"
        assert "q quits opsterm" in console.said
        assert console.app.is_running

    at_console(scene, steps)


def test_letters_that_are_not_seen_are_recorded_as_they_are_typed(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await press_letters(console, "l" + JOINED)
        assert console.prompt.typed == JOINED
        await console.press("enter")

    at_console(scene, steps)
    (said,) = scene.board.moments(scene.incident, last=1)
    assert said.text == JOINED


def test_they_are_in_a_message_too(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await edit_a_message(console)
        await press_letters(console, JOINED)
        assert JOINED in console.app.screen.query_one(Writing).text

    at_console(scene, steps)
