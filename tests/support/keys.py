"""What a key did: whether anything on the console is otherwise than before."""

from __future__ import annotations

from screens.keys.actions import KeyAction
from screens.widgets.lines import Lines
from tests.support.console import Console


def fingerprint(console: Console) -> tuple[object, ...]:
    app = console.app
    if not app.is_running:
        return ("gone",)
    screen = app.screen
    focused = app.focused
    lines = focused if isinstance(focused, Lines) else None
    playback = app.context.playback
    return (
        id(screen),
        id(focused),
        console.prompt.typed if screen.query("#foot") else "",
        console.prompt.bar.text if screen.query("#foot") else "",
        app.board.version,
        getattr(screen, "zoomed", None),
        getattr(screen, "current", None),
        (lines.selected, lines.scroll_offset) if lines else None,
        (playback.paused, playback.speed) if playback else None,
    )


async def try_key(console: Console, action: KeyAction, key: str) -> None:
    before = fingerprint(console)
    await console.pilot.press(key)
    await console.pilot.pause()
    assert fingerprint(console) != before, f"{key} ({action.name}) does nothing"


async def back_to(console: Console, where: str) -> None:
    """Leaves whatever a key opened, and forgets what was said."""
    for _ in range(4):
        if console.where == where and console.prompt.question is None and not console.prompt.choosing:
            break
        await console.pilot.press("escape")
        await console.pilot.pause()
    assert console.where == where
    prompt = console.prompt
    if prompt.field is not None:
        prompt.field.value = ""
    prompt.flash("")
