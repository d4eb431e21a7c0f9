"""Keys in the order in which they were pressed: each is acted on before the next one is looked at.

Textual gives a key to the widget that has the focus, and from there it climbs to the app, whose bindings act on it.
What is pressed meanwhile would go to the same widget, or overtake it to the line that it opens: letters would change
places, or become commands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

#: What is typed: a key, or a text that was pasted.
Typed = events.Key | events.Paste


class KeyOrder:
    """Lets one key at a time on its way."""

    class Passed(Message):
        """Goes the way of a key, behind it: when it comes back, all was done that the key does."""

        def __init__(self, given: MessagePump) -> None:
            super().__init__()
            self.given = given

    class Asked(Message, bubble=False):
        """Asks a widget nothing but whether it is still there to be asked."""

    def __init__(self, app: App[None], look_at: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._look_at = look_at
        self._waiting: deque[Typed] = deque()
        #: What follows the key that is on its way.
        self._behind: KeyOrder.Passed | None = None

    @property
    def under_way(self) -> bool:
        """Whether a key is on its way still, or waits for one that is."""
        return self._behind is not None or bool(self._waiting)

    async def take(self, typed: Typed) -> None:
        """Looks at it now, or when its turn comes."""
        self._waiting.append(typed)
        await self._next()

    async def passed(self, behind: Passed) -> None:
        """What followed a key is back. One that nobody waits for any more says nothing of the key on its way now."""
        if behind is self._behind:
            self._behind = None
            await self._next()

    def go_on(self) -> None:
        """Goes on where the widget that was given the key has left, for then nothing may come back."""
        behind = self._behind
        if self._waiting and behind is not None and not behind.given.post_message(KeyOrder.Asked()):
            self._app.post_message(behind)

    async def _next(self) -> None:
        while self._waiting and self._behind is None:
            typed = self._waiting.popleft()
            behind = KeyOrder.Passed(self._app.focused or self._app.screen)
            await self._look_at(typed)
            if typed.is_forwarded and behind.given.post_message(behind):
                self._behind = behind
