"""The console: opens on the running incident, or at home, and notices what other processes do to the board."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.screen import Screen
from textual.theme import Theme

from opsterm import gc_pause
from opsterm.board.failure import BoardError
from opsterm.board.news import news_since
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.undo import Undo
from opsterm.core.session import Rejected
from opsterm.incidents.snapshot import find_incident
from opsterm.settings import local_zone, settings_path
from opsterm.sharing.console_side import Sharing
from screens.console import ConsoleContext
from screens.keys import actions
from screens.keys.key_hold import CHANGED, KeyHold
from screens.keys.key_order import KeyOrder, Typed
from screens.pages.board_gone import BoardWatch
from screens.pages.console_screen import ConsoleScreen
from screens.textual_private import write_over_row, write_to_terminal
from screens.widgets.bell import Bell
from screens.widgets.lines import Row
from screens.widgets.themes import DARK, LIGHT, THEMES, own_colours
from styles import SHEETS, sheet

if TYPE_CHECKING:
    from textual.command import Provider

    from opsterm.demo.playback import Playback
    from screens.tutorial import Guide
    from screens.war_room.war_room import WarRoom

#: How often the board is asked whether another process has committed, and a playback what is due.
POLL_S = 0.1
TICK_S = 1.0
#: When the process beside is started: the first paint does not wait for it.
SHARE_AFTER_S = 0.2
#: Said where another process holds the board for longer than half a second.
WAITING = "waiting for the board: another program holds it; go on typing"


def _commands() -> type[Provider]:
    from screens.palette import Commands

    return Commands


class OpstermApp(App[None]):
    """The console of one person at one board."""

    TITLE = "opsterm"
    CSS_PATH = [sheet(name) for name in SHEETS]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}

    def __init__(
        self,
        board: Board,
        person: str,
        *,
        incident: str | None = None,
        playback: Playback | None = None,
        share: Path | None = None,
        tutorial: bool = False,
        zone: tzinfo | None = None,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """`seconds` tells how long something stands on the screen: they only grow, whatever the clocks of boards do."""
        super().__init__()
        self.board = board
        self.sharing = Sharing(board, share, allowed=playback is None)
        self.ringing = Bell(board)
        self.context = ConsoleContext(
            board,
            person,
            zone or local_zone(),
            Undo(board),
            console=self,
            ringing=self.ringing,
            copy=self.copy_text,
            sharing=self.sharing,
            playback=playback,
        )
        self.keys = KeyOrder(self, self._press)
        self.hold = KeyHold(seconds, active=playback is None)
        self.place_watch = BoardWatch(self.context, self.hold)
        board.on_waiting = self._wait
        board.on_recorded.append(lambda changes: self.sharing.nudge())
        #: Whether the person goes on in the linear mode once the screen is left.
        self.to_linear = False
        self._tutorial = tutorial
        self._guide: Guide | None = None
        self._refused_keys = self._take_keys()
        self._opened_on = incident
        self._painted = board.version
        self._data_version = board.data_version
        self._begin_with_theme(board.recall("theme"))

    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from screens.keys.terminal_driver import TerminalDriver

        return TerminalDriver

    @on(Driver.SignalResume)
    def _come_back(self) -> None:
        """Paints all of it: a shell had the terminal meanwhile."""
        self.refresh(layout=True)

    def _begin_with_theme(self, remembered: str) -> None:
        """Takes the first theme as if it had always been there: a change of theme reads all style sheets again."""
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, remembered if remembered in self.available_themes else _theme_of_terminal().name)
        chosen = self.current_theme
        for name, holds in (
            (f"-theme-{chosen.name}", True),
            ("-dark-mode", chosen.dark),
            ("-light-mode", not chosen.dark),
        ):
            self.set_class(holds, name, update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return {**variables, **own_colours(variables)}

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.exit)
        self.set_interval(POLL_S, self.poll)
        self.set_interval(TICK_S, self.tick)
        self.set_timer(SHARE_AFTER_S, self.sharing.start)
        self.call_after_refresh(gc_pause.end_start)

        if self._tutorial:
            from screens.tutorial import Guide

            self._guide = Guide(self, self.context)
            self.bind("f2", "guide(1)", show=False)
            self.bind("f3", "guide(-1)", show=False)
        if self._refused_keys:
            self.call_after_refresh(self._say_refused_keys)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Does what a key asks for; where it can't be done, the screen says why, whichever screen it is. What the foot
        said before is over then."""
        here = self.screen if isinstance(self.screen, ConsoleScreen) else None
        said = here.prompt.flashed if here is not None else None
        if here is not None and not self.hold.lets(here, _called(action)):
            here.prompt.flash(CHANGED, tone="warn")
            return True
        try:
            did = await super().run_action(action, default_namespace, namespaces)
            if did and here is not None:
                here.prompt.forget(said)
            return did
        except (Rejected, BoardError) as refused:
            if not isinstance(self.screen, ConsoleScreen):
                raise
            self.screen.refuse(refused)
            return True

    def action_guide(self, by: int) -> None:
        """Another step of the tutorial."""
        if self._guide is not None:
            self._guide.move(by)

    def _take_keys(self) -> tuple[str, ...]:
        """Takes the keys of the settings file; answers with what was refused."""
        if not settings_path().exists():
            return ()
        from screens.keys.keymap import keys_in_file, remapped

        wanted = keys_in_file()
        if not wanted:
            return ()
        found = remapped(wanted)
        actions.use(found.table)
        self.set_keymap(dict(found.bindings))
        return found.warnings

    def _say_refused_keys(self) -> None:
        if isinstance(self.screen, ConsoleScreen):
            self.screen.prompt.flash("; ".join(self._refused_keys), tone="warn")

    def leave_for_linear(self) -> None:
        """Leaves the screen; the same person goes on in plain lines."""
        self.to_linear = True
        self.exit()

    def step_out(self) -> bool:
        """Stops, with what started it, until the shell says to go on; says whether there is a terminal to give back."""
        if not self.is_headless:
            os.kill(0, signal.SIGTSTP)
        return not self.is_headless

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes one after the other; all else as it comes."""
        if isinstance(event, events.MouseDown) and isinstance(self.screen, ConsoleScreen):
            self.hold.pressed(self.screen)
        if event.is_forwarded or not isinstance(event, Typed):
            await super().on_event(event)
            return
        if isinstance(event, events.Paste):
            # Terminals paste the end of a line as the enter key would send it.
            event.text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        await self.keys.take(event)

    async def _press(self, typed: Typed) -> None:
        """Lets a key do what it does."""
        if isinstance(self.screen, ConsoleScreen):
            self.hold.pressed(self.screen)
        await super().on_event(typed)

    @on(KeyOrder.Passed)
    async def _key_passed(self, passed: KeyOrder.Passed) -> None:
        await self.keys.passed(passed)

    def on_key(self, event: events.Key) -> None:
        """A key that nobody took: typed ahead, before the line at the foot had the focus, it belongs to that line; else
        it means nothing here, and it is said where it does."""
        here = self.screen
        if isinstance(here, ConsoleScreen) and (here.prompt.typed_ahead(event) or here.say_elsewhere(event.key)):
            event.prevent_default()
            event.stop()

    def on_unmount(self) -> None:
        self.sharing.stop()

    def get_default_screen(self) -> Screen[None]:
        """The first screen: the incident that was named or that alone runs, else home."""
        incident = self._first_incident()
        return self._war_room(incident) if incident else self._home()

    def _war_room(self, incident: str) -> WarRoom:
        from screens.war_room.war_room import WarRoom

        return WarRoom(self.context, incident)

    def _home(self) -> Screen[None]:
        from screens.home.home import Home

        return Home(self.context)

    def _first_incident(self) -> str:
        try:
            return find_incident(self.board, self._opened_on or "-").id
        except Rejected:
            return ""

    def open_incident(self, incident: str, *, at: Moment | None = None) -> None:
        """Opens the war room of an incident in place of the screen that is there, at a line of its timeline if one is
        named."""
        from screens.war_room.war_room import WarRoom

        here = self.screen
        room = here if isinstance(here, WarRoom) and here.incident == incident else self._war_room(incident)
        if room is not here:
            self._show(room)
        if at is not None:
            self.call_later(room.reveal, at)

    def open_help(self, places: Sequence[str], more: Callable[[int], Sequence[Row]]) -> None:
        """Opens the page of the keys of these places, most particular first; `more` makes what stands below them."""
        from screens.pages.help import help_page

        self.push_screen(help_page(self.context, places, more))

    def open_board_gone(self) -> None:
        """Opens the page of what became of the board's file."""
        if isinstance(self.screen, ConsoleScreen):
            self.place_watch.open(self.screen)

    def go_home(self) -> None:
        """Goes to the list of incidents."""
        self._show(self._home())

    def _show(self, screen: Screen[None]) -> None:
        """Puts a screen in place of the one that is there; the very first one stays below."""
        if len(self.screen_stack) == 1:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    def copy_text(self, text: str) -> str:
        """Copies a text, and says where it went."""
        from screens.widgets.clipboard import copy

        return copy(text, write=partial(write_to_terminal, self), folder=self.board.path.parent)

    def keep_theme(self, theme: str) -> None:
        """Takes a theme, and keeps it for the next time."""
        self.theme = theme
        self.board.remember("theme", theme)

    # --- what goes on by itself

    def poll(self) -> None:
        if not self.screen_stack:
            # The console is on its way out, and its timers run a moment longer.
            return
        self.keys.go_on()
        if isinstance(self.screen, ConsoleScreen) and not self.keys.under_way:
            self.hold.rested(self.screen)
        if isinstance(self.screen, ConsoleScreen) and not self.place_watch.look(self.screen):
            return
        playback = self.context.playback
        if playback is not None and not playback.paused and playback.advance():
            self._repaint()
            return
        version = self.board.data_version
        if version != self._data_version:
            self._data_version = version
            self._repaint()

    def _repaint(self) -> None:
        news = news_since(self.board, self._painted)
        self._painted = news.until
        if news.touched and isinstance(self.screen, ConsoleScreen):
            with self.hold.elsewhere(self.screen):
                self.screen.repaint(news)

    def _wait(self, waiting: bool) -> None:
        """Says that another process holds the board. Keys are taken meanwhile, and acted on in their order after it."""
        if waiting:
            write_over_row(self, self.size.height - 2, f" {WAITING} ".ljust(self.size.width))
        else:
            self.refresh(layout=True)

    def tick(self) -> None:
        if self.screen_stack and isinstance(self.screen, ConsoleScreen):
            with self.hold.elsewhere(self.screen):
                self.screen.tick(self.board.now)


def _called(action: str | ActionParseResult) -> str:
    """What is run, as the table of keys calls it."""
    return action.removeprefix("screen.") if isinstance(action, str) else ""


def _theme_of_terminal() -> Theme:
    """Light where the terminal says that its background is."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK


def run_linear(board: Board, person: str, share: Path | None) -> None:
    """The linear mode on this terminal, with the process beside as under the screen."""
    from screens.linear import run

    sharing = Sharing(board, share, allowed=True)
    board.on_recorded.append(lambda changes: sharing.nudge())
    sharing.start()
    try:
        run(board, person, local_zone())
    finally:
        sharing.stop()
