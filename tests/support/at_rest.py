"""Makes a pilot's pause as short as the console allows, and its start cheaper: imported, it holds for all screen tests.

Textual's own pilot waits until the process has used little processor time for 20 ms, four times a key. Here a pause
ends as soon as nothing is left to do: no message waits in any queue, no callback is ready, nothing is to be painted and
no worker runs. What a timer will bring later does not count: a test moves the clock, or asks.
"""

from __future__ import annotations

import asyncio
from typing import Any

import textual._wait
import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.message_pump import MessagePump

#: The turns of the loop with nothing to do that make sure of it.
_QUIET_TURNS = 3
#: The turns after which a console that never comes to rest is left to Textual's own measure.
_TURNS_MAX = 20_000

_by_processor_time = textual._wait.wait_for_idle


async def until_at_rest(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Waits until the console has nothing left to do."""
    app = active_app.get(None)
    if app is None:
        await _by_processor_time(min_sleep, max_sleep)
        return
    ready: Any = asyncio.get_running_loop()
    quiet = 0
    for _ in range(_TURNS_MAX):
        await asyncio.sleep(0)
        if not app.is_running:
            return
        if any(not worker.is_finished for worker in app.workers):
            await asyncio.sleep(0.002)
            quiet = 0
        elif ready._ready or any(_busy(pump) for pump in (app, *app._registry)):
            quiet = 0
        elif app._resize_event is not None:
            app._check_resize()
            quiet = 0
        elif _to_paint(app):
            app.screen._on_timer_update()
            quiet = 0
        else:
            quiet += 1
            if quiet == _QUIET_TURNS:
                return
    await _by_processor_time(min_sleep, max_sleep)


def _busy(pump: MessagePump) -> bool:
    return bool(pump.message_queue_size or pump._pending_message or pump._next_callbacks)


def _to_paint(app: App[Any]) -> bool:
    screen = app.screen
    return screen.is_current and bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


_parse_once = Stylesheet._parse_rules
_parsed: dict[tuple[Any, ...], Any] = {}


def _parse_shared(
    self: Stylesheet, css: str, read_from: Any, is_default_rules: bool = False, tie_breaker: int = 0, scope: str = ""
) -> Any:
    """The rules of a style sheet, parsed once for all consoles of a process that have the same colours."""
    colours = tuple(self._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, colours)
    if key not in _parsed:
        _parsed[key] = _parse_once(self, css, read_from, is_default_rules, tie_breaker, scope)
    return _parsed[key]


for module in (textual.pilot, textual.app):
    vars(module)["wait_for_idle"] = until_at_rest
Stylesheet._parse_rules = _parse_shared  # type: ignore[method-assign]
