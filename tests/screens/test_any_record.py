"""Whatever is recorded of an incident, every screen of it opens, and every row of the room."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from opsterm.records.update import AUDIENCES
from screens.composer.composer import Composer
from screens.keys.actions import SCREENS
from tests.support.capture_lines import say, spoken
from tests.support.console import Console, nothing_at

#: A console is slow to drive: one example for twenty of other properties.
EXAMPLES = settings().max_examples // 20
SIZES = ((80, 24), (120, 40))
#: Rows of a pane that are opened.
ROWS = 4
#: Keys that open what no place of the table names: what changed, seen before, postmortem, waiting, news.
OTHERS = ("C", "K", "P", "w", "i", "c", "b", "V", "s", "v")


async def open_all(console: Console) -> None:
    for pane in "123456":
        await console.press(pane, "g")
        for _ in range(ROWS):
            await console.press("e", "escape", pane, "down")
    for key in OTHERS:
        await console.press(key)
        assert console.screen_text
        await console.press("escape", "1")
        assert console.where == "WarRoom"
    for place in SCREENS:
        console.war_room.action_open_page(place)
        await console.pilot.pause()
        assert console.screen_text
        if isinstance(console.app.screen, Composer):
            for number in range(1, len(AUDIENCES) + 1):
                await console.press("a", str(number), "g", "g")
        for _ in range(2):  # out of its line, and of the screen
            if console.where != "WarRoom":
                await console.press("escape")
        assert console.where == "WarRoom", place


@settings(max_examples=EXAMPLES)
@given(spoken, st.sampled_from(SIZES))
@example([("#data some may have been charged twice", "mia", 0)], SIZES[0])
def test_every_screen_of_whatever_was_captured_opens(told: list[tuple[str, str, int]], size: tuple[int, int]) -> None:
    with TemporaryDirectory() as folder, nothing_at(Path(folder)) as scene:
        scene.declare("Checkout fails")
        for line in ("? the pool is exhausted", "? a bad deploy", "! @ben roll back web in 10m"):
            say(scene.as_("mia"), scene.incident, line)
        for line, person, seconds in told:
            say(scene.as_(person), scene.incident, line)
            scene.wait(seconds=seconds)

        async def run() -> None:
            async with scene.console(size=size) as console:
                console.app.open_incident(scene.incident)
                await console.pilot.pause()
                await open_all(console)
                assert console.app.is_running

        asyncio.run(run())
