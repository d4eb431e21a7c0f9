"""A text that is longer than any pane, as a paste of base64 or of minified JSON makes it."""

from __future__ import annotations

import pytest

from opsterm.board.change import Write
from tests.support.console import Console, Scene, at_console


@pytest.mark.parametrize("text", ["QUJD" * 225_000, "漢" * 900_000], ids=["base64", "no blanks"])
def test_a_long_text_is_a_few_lines_in_its_pane_and_a_page_when_it_is_opened(scene: Scene, text: str) -> None:
    incident = scene.read().id
    scene.board.record("li", [Write("observation", "o", incident, {"text": text})])
    fields = {"text": text, "state": "proposed", "number": 40}
    scene.board.record("li", [Write("hypothesis", "h", incident, fields)])

    async def steps(console: Console) -> None:
        assert console.screen_text.count(" kB more: enter") == 3
        for pane in ("2", "6"):
            await console.press(pane, "home", "enter")
            assert text[:20] in console.screen_text
            await console.press("end")
            assert "more: opsterm dump has all of it" in console.screen_text
            await console.press("escape")

    at_console(scene, steps)
