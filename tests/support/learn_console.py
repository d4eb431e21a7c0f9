"""What is learned from an incident that is over, driven by keys."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

from opsterm.command.closing import resolve
from opsterm.incidents.incident import set_services
from opsterm.incidents.snapshot import read_snapshot
from screens.pages import background_work
from tests.support import console as checkout
from tests.support.console import Console, Scene

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
