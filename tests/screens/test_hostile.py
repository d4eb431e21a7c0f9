"""What people write can't act: no escape reaches the terminal, and no markup is obeyed."""

from __future__ import annotations

import asyncio
import re

from opsterm.incidents import actions, hypothesis, incident, timeline
from opsterm.records import Hypothesis
from opsterm.updates import update
from tests.support.console import Console, Scene

HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07\x1b]0;owned\x07\x1b[2J",
    "[/x] [bold red]loud[/] [@click=app.exit()]press[/] [/var/log]",
    "\u202eetirw ot\u2066 right to left\u200f",
    "\x9b31m C1 \x00 NUL \x7f DEL",
    "tab\tand\nnewline\r\nand more",
    "👩\u200d👩\u200d👧 ⚠️ 支付 e\u0301",
    "z" * 5000,
)

#: What a terminal would obey instead of showing.
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200f]")


def write_everywhere(scene: Scene, text: str) -> None:
    eve = scene.as_(f"eve{text[:40]}")
    incident.set_words(eve, scene.read(), "title", f"T{text}")
    incident.set_words(eve, scene.read(), "impact", f"I{text}")
    found = hypothesis.propose(eve, scene.read(), f"H{text}", owner=text)
    about = scene.board.get(Hypothesis, found.record)
    assert about is not None
    hypothesis.add_evidence(eve, [(about, True)], f"E{text}")
    actions.order(eve, scene.read(), f"A{text}", owner=f"o{text}")
    timeline.observe(eve, scene.read(), f"O{text}")
    update.sent(eve, scene.read(), "customers", f"U{text}")


def test_hostile_text_is_only_ever_text(scene: Scene) -> None:
    for text in HOSTILE:
        write_everywhere(scene, text)

    async def look(console: Console) -> None:
        for keys in (
            (),
            ("2",),
            ("3",),
            ("2", "g", "enter"),
            ("escape", "6", "enter"),
            ("escape", "w"),
            ("escape", "i"),
        ):
            await console.press(*keys)
            assert not ACTS.search(console.screen_text)
        await console.press("escape", "o")
        for text in HOSTILE:
            await console.type(text.replace("\n", " ")[:120])
            assert not ACTS.search(console.screen_text)
        await console.press("escape", "m", "e")
        await console.paste("\n".join(HOSTILE))
        assert not ACTS.search(console.screen_text)
        assert console.app.is_running

    async def run() -> None:
        for size in ((120, 36), (80, 24)):
            async with scene.console(size=size) as console:
                await look(console)

    asyncio.run(run())
