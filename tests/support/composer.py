"""The composer, driven by keys, and what came of it."""

from __future__ import annotations

from functools import partial

from opsterm.records import Update
from screens.composer.composer import Composer
from tests.support import console as checkout
from tests.support.console import Console, Scene

at_console = partial(checkout.at_console, size=(120, 40))


def composer(console: Console) -> Composer:
    assert isinstance(console.app.screen, Composer)
    return console.app.screen


def clipboard(console: Console) -> list[str]:
    copied: list[str] = []

    def copy(text: str) -> str:
        copied.append(text)
        return "copied to the clipboard"

    console.app.context.copy = copy
    return copied


def last_sent(scene: Scene) -> Update:
    return scene.board.all(Update, scene.incident)[-1]


def in_parts(scene: Scene) -> None:
    """The effect in parts, so that nothing is missing from the first words."""
    fields = {"impact_who": "customers in the EU", "impact_what": "pay by card", "impact_extent": "3 in 10 payments"}
    scene.as_("mia").set(scene.read(), {**fields, "started_at": "2026-11-24T13:05:00Z"})
