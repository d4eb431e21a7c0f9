"""The palette: every command, found by its words. The same table as the keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType as Command

from screens.keys.actions import KeyAction, of, say_key
from screens.pages.console_screen import ConsoleScreen


class Commands(Provider):
    """The actions of the screen that it was opened from, and the themes."""

    @property
    def _here(self) -> ConsoleScreen:
        """The screen that it was opened from: all screens of the console are such."""
        assert isinstance(self.screen, ConsoleScreen)
        return self.screen

    def _actions(self) -> Iterator[KeyAction]:
        return (action for action in of(*self._here.palette_places) if action.name not in ("palette", "step_back"))

    def commands(self) -> Iterator[tuple[str, Command]]:
        """What can be done, in words, with how it is done."""
        for action in self._actions():
            keys = say_key(action.keys[0])
            answers = self.focused if action.by_pane and self.focused is not None else self.screen
            yield f"{action.words}  ({keys})", partial(answers.run_action, action.call)
        yield "disputed: what people said apart, and which of it holds", self._disputed
        yield from self._sharing()
        console = self._here.context.console
        if self._here.context.board.out_of_place:
            yield "write back the board: its file is gone from its place", console.open_board_gone
        yield "linear mode: plain lines in place of the screen, for screen readers", console.leave_for_linear
        for theme in sorted(self.app.available_themes):
            yield f"theme: {theme}", partial(console.keep_theme, theme)

    def _disputed(self) -> None:
        from screens.pages.all_disputed import all_disputed

        self.app.push_screen(all_disputed(self._here))

    def _sharing(self) -> Iterator[tuple[str, Command]]:
        from screens import share

        screen = self._here
        if screen.context.sharing.allowed:
            yield "share: join a folder that the team has in common", partial(share.ask_folder, screen)
            yield "share: leave the folder; what is on the board stays", partial(share.leave, screen)
            yield "share: how long it may be unheard before it warns", partial(share.ask_delay, screen)
        yield "share: how far others see what I type; who is there", partial(share.show, screen)

    async def discover(self) -> Hits:
        for words, command in self.commands():
            if not words.startswith("theme: ") or "opsterm" in words:
                yield DiscoveryHit(Content(words), command, text=words)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for words, command in self.commands():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), command, text=words)
