"""The same text to the same audience within a minute: asked about, told once."""

from __future__ import annotations

import re

from opsterm.records import Update
from opsterm.updates.status_page import told_outside
from tests.support.cases import case
from tests.support.composer import at_console, clipboard, composer
from tests.support.console import Console, Scene

FIRST, SECOND = case("update-twice.txt").splitlines()
ASKED = re.findall('"(.*)"', case("update-twice.expected"))[0]


def texts(scene: Scene) -> list[str]:
    return [update.text for update in scene.board.all(Update, scene.incident)]


def on_the_page(scene: Scene) -> list[str]:
    return [update.text for incident in told_outside(scene.board) for update in incident.updates]


def test_a_line_that_was_said_a_second_ago_is_asked_about_before_it_counts(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say(FIRST)
        scene.wait(seconds=1)
        before = texts(scene)
        await console.say(SECOND)
        assert ASKED in console.said
        assert texts(scene) == before
        await console.press("enter")
        assert texts(scene) == [*before, before[-1]]
        assert on_the_page(scene) == before

    at_console(scene, steps)


def test_after_a_minute_nothing_is_asked(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say(FIRST)
        scene.wait(seconds=61)
        before = texts(scene)
        await console.say(SECOND)
        assert texts(scene) == on_the_page(scene) == [*before, before[-1]]

    at_console(scene, steps)


def test_the_composer_asks_as_well(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        clipboard(console)
        await console.say(FIRST)
        scene.wait(seconds=1)
        before = texts(scene)
        await console.press("m", "a", "2")
        composer(console).message.write(before[-1])
        await console.press("S")
        assert ASKED in console.said
        await console.press("escape")
        assert texts(scene) == before
        await console.press("S", "S")
        assert texts(scene) == [*before, before[-1]]

    at_console(scene, steps)
