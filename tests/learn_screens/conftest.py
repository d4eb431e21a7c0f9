"""A board with an incident that is over, and a console that is driven by keys."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

import pytest

from opsterm.command.closing import resolve
from opsterm.incidents.incident import set_services
from opsterm.incidents.snapshot import read_snapshot
from screens.pages import background_work
from tests.screens import checkout
from tests.screens.checkout import Console, Scene

at_console = partial(checkout.at_console, size=(80, 24))


async def worked_out(console: Console) -> None:
    """What is worked out beside the console is there, and what was asked for meanwhile too."""
    while found := [item for item in threading.enumerate() if item.name == background_work.NAME]:
        for thread in found:
            await asyncio.to_thread(thread.join)
        await console.pilot.pause()
    await console.pilot.pause()


def resolved(scene: Scene) -> Scene:
    """The checkout incident, resolved, with its postmortem open."""
    mia = scene.as_("mia")
    set_services(mia, scene.read(), ["checkout", "payments-db"])
    resolve(mia, read_snapshot(scene.board, scene.incident))
    return scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene.of_checkout(tmp_path)
    yield made
    made.board.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scene]:
    made = Scene.of_nothing(tmp_path)
    made.board.remember("person", "mia")
    yield made
    made.board.close()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that no test shares."""
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(path))
    return path
