"""A board with an incident on it whose clock a test moves, and a console that is driven in the field's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

import tests.support.at_rest  # noqa: F401
from opsterm.app import OpstermApp
from opsterm.core.session import Attribution
from opsterm.incidents import actions, hypothesis, incident, timeline
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.instant import instant, moment, to_ms
from opsterm.updates import update
from screens.keys import actions as keys
from screens.keys.key_hold import HOLD_S
from screens.pages.console_screen import ConsoleScreen
from screens.war_room.war_room import WarRoom
from screens.widgets.bar import Bar
from screens.widgets.prompt import Prompt
from tests.support.bench import Bench
from tests.support.board import open_board
from tests.support.clock import HandClock, Reading

BEGIN = "2026-11-24T13:05:00Z"
CHECKOUT = "Checkout fails for some card payments in the EU"


@dataclass(slots=True)
class Scene(Bench):
    """A board, its clock, and the incident on it."""

    path: Path
    incident: str = ""

    # --- what happened

    def declare(self, title: str, by: str = "mia") -> str:
        self.incident = incident.declare(self.as_(by), title).record
        return self.incident

    def ago(self, minutes: float) -> Attribution:
        return Attribution(at=instant(moment(self.board.now) - timedelta(minutes=minutes)))

    def read(self) -> Incident:
        return self.one(Incident, self.incident)

    def hypotheses(self) -> list[Hypothesis]:
        return self.board.all(Hypothesis, self.incident)

    def orders(self) -> list[Action]:
        return self.board.all(Action, self.incident)

    # --- the console

    def app(self, person: str = "mia", theme: str = "", reading: Reading | None = None) -> OpstermApp:
        app = OpstermApp(self.board, person, zone=UTC, seconds=reading or Reading())
        if theme:
            app.theme = theme
        return app

    @asynccontextmanager
    async def console(self, *, size: tuple[int, int] = (120, 36), person: str = "mia") -> AsyncIterator[Console]:
        reading = Reading()
        app = self.app(person, reading=reading)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Console(app, pilot, reading)
            if app.is_running:
                await pilot.pause()


@contextmanager
def nothing_at(folder: Path) -> Iterator[Scene]:
    """A board on which nothing was ever recorded."""
    path, clock = folder / "board.sqlite", HandClock(to_ms(BEGIN))
    with open_board(path, clock) as board:
        yield Scene(board, clock, path)


@contextmanager
def checkout_at(folder: Path) -> Iterator[Scene]:
    """The checkout incident, 42 minutes old: three hypotheses, one of them ruled out; three orders, one of them late;
    one update sent. It happens once a process; each test has a copy of the board of its own."""
    path, told = folder / "board.sqlite", _checkout()
    path.write_bytes(told.file)
    clock = HandClock(told.ms)
    with open_board(path, clock, seed=8) as board:
        yield Scene(board, clock, path, told.incident)


class _Told(NamedTuple):
    """The checkout incident, told once: the board's file, the clock and the incident."""

    file: bytes
    ms: int
    incident: str


@cache
def _checkout() -> _Told:
    with TemporaryDirectory() as folder:
        with nothing_at(Path(folder)) as scene:
            _happen(scene)
        return _Told(scene.path.read_bytes(), scene.clock.ms, scene.incident)


def _happen(scene: Scene) -> None:
    scene.board.remember("person", "mia")
    scene.declare(CHECKOUT)
    mia, noor, li = scene.as_("mia"), scene.as_("noor"), scene.as_("li")
    it = scene.read
    incident.set_severity(mia, it(), "sev2")
    incident.set_words(mia, it(), "impact", "3 in 10 card payments in the EU fail since 13:05; PayPal is fine")
    incident.set_words(mia, it(), "exit", "failures under 0.5 % for 30m")
    incident.give_role(mia, it(), "li", "scribe")
    scene.wait(4)
    timeline.observe(li, it(), "failures rise to 30 %")
    hypothesis.propose(li, it(), "web 413 broke tokens")
    scene.wait(8)
    actions.order(mia, it(), "roll back web to 412", owner="noor", within=timedelta(minutes=10))
    scene.wait(9)
    actions.move(noor, scene.orders()[0], "done", "web is on 412")
    hypothesis.move(li, scene.hypotheses()[0], "eliminated", "rolled back, still failing")
    hypothesis.propose(noor, it(), "pool exhausted by the report job", confidence=0.6, owner="noor")
    hypothesis.move(noor, scene.hypotheses()[1], "testing")
    hypothesis.add_evidence(noor, [(scene.hypotheses()[1], True)], "queue of 400 on db-2")
    hypothesis.add_evidence(noor, [(scene.hypotheses()[1], False)], "pool at 40 % on db-1")
    hypothesis.propose(mia, it(), "the bank's 3-D Secure is slow", confidence=0.2)
    hypothesis.add_evidence(mia, [(scene.hypotheses()[2], False)], "other banks are slow too")
    update.sent(mia, it(), "customers", "Some card payments in the EU fail. We look into it.")
    scene.wait(2)
    actions.order(mia, it(), "cap the report job at 10 connections", owner="noor", within=timedelta(minutes=10))
    actions.move(noor, scene.orders()[1], "acknowledged")
    scene.wait(7)
    actions.order(mia, it(), "ask the bank for 3-DS latency", owner="ben", within=timedelta(minutes=20))
    timeline.decide(mia, it(), "no failover before the pool is capped")
    scene.wait(12)


@dataclass(slots=True)
class Console:
    """A person at the keyboard."""

    app: OpstermApp
    pilot: Pilot[None]
    reading: Reading = field(default_factory=Reading)

    async def press(self, *keys: str) -> None:
        """Keys in one breath, by somebody who has read the screen before."""
        self.read()
        await self.hit(*keys)

    def read(self) -> None:
        """All that is painted has been read."""
        if isinstance(self.app.screen, ConsoleScreen):
            self.app.hold.look(self.app.screen)
        self.reading.seconds += HOLD_S

    async def hit(self, *keys: str) -> None:
        """Keys that were on their way already, whatever came meanwhile."""
        await self.pilot.press(*(key if len(key) > 1 else _character_to_key(key) for key in keys))
        await self.pilot.pause()

    async def burst(self, *typed: str | events.Paste, seed: int = 0) -> None:
        """Keys and pastes as from fast hands over a slow line: some at once, some a little later."""
        keys = {"\n": "enter", "\x1b": "escape"}
        chance = Random(seed)
        for part in typed:
            for one in [part] if isinstance(part, events.Paste) else part:
                if isinstance(one, str):
                    key = keys.get(one) or _character_to_key(one)
                    self.app.post_message(events.Key(key, one if one.isprintable() else None))
                else:
                    self.app.post_message(one)
                for _ in range(chance.choice((0, 0, 0, 1, 2, 3, 5, 8))):
                    await asyncio.sleep(0)
        await self.settled()

    async def settled(self) -> None:
        """Waits until all that was typed was acted on."""
        done = asyncio.Event()
        self.app.call_later(done.set)
        await done.wait()
        while self.app.keys.under_way:
            await self.pilot.pause()
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Types into the line that is open, all at once."""
        prompt = self.prompt
        assert prompt.field is not None
        prompt.field.insert_text_at_cursor(text)
        await self.pilot.pause()

    async def say(self, text: str) -> None:
        """One captured line."""
        await self.press("l")
        await self.type(text)
        await self.press("enter")

    async def paste(self, text: str) -> None:
        await self.burst(events.Paste(text))

    async def act(self, name: str) -> None:
        """Does an action without its key, by somebody who has read the screen."""
        self.read()
        screen = self.app.screen
        assert isinstance(screen, ConsoleScreen)
        action = next(action for action in keys.of(*screen.places) if action.name == name)
        await screen.run_action(action.call)
        await self.pilot.pause()

    async def notice(self) -> None:
        """Lets the console look for what other processes did."""
        self.app.poll()
        await self.pilot.pause()

    @property
    def war_room(self) -> WarRoom:
        assert isinstance(self.app.screen, WarRoom)
        return self.app.screen

    @property
    def prompt(self) -> Prompt:
        return self.app.screen.query_one(Prompt)

    @property
    def said(self) -> str:
        """What stands at the foot."""
        return self.prompt.bar.text

    @property
    def head(self) -> str:
        return self.app.screen.query_one("#head", Bar).text

    @property
    def screen_text(self) -> str:
        """What the terminal shows, without colours."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.ljust(width) for strip in lines[:height])

    @property
    def where(self) -> str:
        """The name of the screen one is on."""
        return type(self.app.screen).__name__


Steps = Callable[[Console], Awaitable[None]]


def at_console(scene: Scene, steps: Steps, *, size: tuple[int, int] = (120, 36), person: str = "mia") -> None:
    """A console opened on the scene, the steps at it, and left."""

    async def run() -> None:
        async with scene.console(size=size, person=person) as console:
            await steps(console)

    asyncio.run(run())
