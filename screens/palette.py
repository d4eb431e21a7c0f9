"""The palette: every command, found by its words. The same table as the keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from screens.console import ConsoleContext
from screens.keys.actions import HOME, LISTS, PLAYBACK, ROOM, KeyAction, of, say_key


class Commands(Provider):
    """The actions of the screen that it was opened from, and the themes."""

    def _actions(self) -> Iterator[KeyAction]:
        from screens.war_room.war_room import WarRoom

        screen = self.screen
        prompt = getattr(screen, "prompt", None)
        places: tuple[str, ...] = tuple(place for place in prompt.places if place != LISTS) if prompt else (HOME,)
        if isinstance(screen, WarRoom):
            places = (screen.current, ROOM, *((PLAYBACK,) if screen.context.playback is not None else ()))
        return (action for action in of(*places) if action.name not in ("palette", "step_back"))

    def commands(self) -> Iterator[tuple[str, object]]:
        """What can be done, in words, with how it is done."""
        for action in self._actions():
            keys = say_key(action.keys[0])
            answers = self.focused if action.by_pane and self.focused is not None else self.screen
            yield f"{action.words}  ({keys})", partial(answers.run_action, action.name)
        yield from self._sharing()
        yield "linear mode: plain lines in place of the screen, for screen readers", self._to_linear
        for theme in sorted(self.app.available_themes):
            yield f"theme: {theme}", partial(self._set_theme, theme)

    def _sharing(self) -> Iterator[tuple[str, object]]:
        from screens import share

        screen = self.screen
        context: ConsoleContext | None = getattr(screen, "context", None)
        if context is None or context.sharing is None:
            return
        if context.may_share:
            yield "share: join a folder that the team has in common", partial(share.ask_folder, screen, context)
            yield "share: leave the folder; what is on the board stays", partial(share.leave, screen, context)
            yield "share: how long it may be unheard before it warns", partial(share.ask_delay, screen, context)
        yield "share: how far others see what I type; who is there", partial(share.show, screen, context)

    def _to_linear(self) -> None:
        self.app.leave_for_linear()  # type: ignore[attr-defined]

    def _set_theme(self, theme: str) -> None:
        self.app.keep_theme(theme)  # type: ignore[attr-defined]

    async def discover(self) -> Hits:
        for words, command in self.commands():
            if not words.startswith("theme: ") or "opsterm" in words:
                yield DiscoveryHit(Content(words), command, text=words)  # type: ignore[arg-type]

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for words, command in self.commands():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), command, text=words)  # type: ignore[arg-type]
