"""The capture line: what enter will do stands under it, in the tone of how sure that is."""

from __future__ import annotations

import pytest

from screens.widgets.cells import Cell
from screens.widgets.symbols import SIGNS
from tests.support.console import Console, Scene, at_console


def under_the_line(console: Console) -> Cell:
    """What is said under the line, without its sign."""
    return console.prompt.bar.lines[0].left[1]


def sign(console: Console) -> str:
    return console.prompt.bar.lines[0].left[0].text.strip()


@pytest.mark.parametrize(
    ("line", "words", "tone"),
    [
        ("h9 eliminated never", "no h9 here (h1 h2 h3): enter logs it as text", "warn"),
        ("#identifed", "no #identifed here (did you mean #identified?): enter logs it as text", "warn"),
        ("25:99 it began", "no time 25:99 (00:00 to 23:59): enter logs it as text", "warn"),
        ("2031-01-01T00:00Z quiet", "2031-01-01T00:00:00Z lies ahead: give a time up to now", "warn"),
        ("-5 % conversions", "on the timeline, as text", "muted"),
        ("!", "! : @who what in 10m", "muted"),
        ("#started 13:10", "milestone: started, at 13:10 UTC on 2026-11-24", "strong"),
        ("errors rise", "on the timeline", "strong"),
    ],
)
def test_what_enter_will_do_is_amber_where_mistyped_and_grey_where_it_does_nothing(
    scene: Scene, line: str, words: str, tone: str
) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type(line)
        said = under_the_line(console)
        assert said.text.startswith(words)
        assert said.tone == tone
        assert (sign(console) == SIGNS.alarm.strip()) == (tone == "warn")

    at_console(scene, steps)


def test_in_a_small_terminal_what_is_mistyped_is_said_whole(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("l")
        await console.type("#private she is ill")
        assert "no #private here (all on this board see every line): enter logs it as text" in console.screen_text

    at_console(scene, steps, size=(80, 24))


def test_enter_keeps_what_is_mistyped_as_text_and_refuses_what_is_begun_or_lies_ahead(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        def last() -> str:
            return scene.board.moments(scene.incident)[-1].text

        before = last()
        await console.press("l")
        await console.type("!")
        await console.press("enter")
        assert "Nothing to record yet: ! : @who what in 10m" in console.said
        assert (last(), console.prompt.typed) == (before, "!")
        await console.press("ctrl+u")
        await console.type("2031-01-01T00:00Z all quiet")
        await console.press("enter")
        assert "lies ahead" in console.said
        assert last() == before
        await console.press("ctrl+u")
        await console.type("h9 eliminated never")
        await console.press("enter")
        assert last() == "h9 eliminated never"
        assert "no h9 here (h1 h2 h3): logged as text" in console.said

    at_console(scene, steps)
