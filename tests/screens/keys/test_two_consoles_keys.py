"""No key acts on what another put under it: random keys on one console, while another board changes the same incident.

`OPSTERM_HOLDS=5000` tries that many histories; `OPSTERM_HOLD=123` replays one, and those before it
at the same console.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from textual.screen import Screen as TextualScreen

from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.core.session import Rejected, Session
from opsterm.incidents import actions, hypothesis, incident
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Evidence
from opsterm.records.instant import to_ms
from screens.keys.actions import ACTIONS, HYPOTHESES
from screens.keys.key_hold import HOLD_S, Painted
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.console import BEGIN, Console, Scene

SEEDS = int(os.environ.get("OPSTERM_HOLDS", "200"))
#: Histories in one room, one after the other, and with one console: a room and a board grow slow with many.
A_ROOM, A_CONSOLE = 10, 50
STEPS = 6
#: The keys that are pressed: moving and going to a pane, acting, beginning a line, opening and stepping back.
MOVES = ("j", "k", "g", "G", "2", "3", "6", "1")
ACTS = ("a", "a", "x", "+", "-", "space", "full_stop", "A", "B", "enter")
BEGINS = ("l", "h", "o", "d")


@dataclass
class Stood:
    """What a key would act on, and since when it is painted."""

    what: object = ""
    #: When another put it there; nothing where it stood there after the last own key.
    came: float | None = None
    #: When it changed last, by whomever.
    changed: float = 0.0

    def seen(self, what: object, at: float, *, own: bool) -> None:
        """What is painted now. After an own key it is known."""
        if what != self.what:
            self.changed = at
        if own:
            self.what, self.came = what, None
        elif what != self.what:
            self.what, self.came = what, at

    def may_be_acted_on(self, now: float) -> bool:
        return self.came is None or now - self.came >= HOLD_S


@dataclass
class History:
    """One incident, mia at the console, noor at a board of her own."""

    console: Console
    noor: Session
    beside: Board
    incident: str
    #: What noor recorded that mia's board lacks, and what mia's console recorded.
    pending: list[Change]
    recorded: list[Change]
    #: What was not let through.
    refused: list[str]
    chance: Random = field(default_factory=Random)
    told: list[str] = field(default_factory=list)
    cursor: Stood = field(default_factory=Stood)
    notice: Stood = field(default_factory=Stood)
    alarm: Stood = field(default_factory=Stood)

    # --- what stands there

    @property
    def now(self) -> float:
        return self.console.reading.seconds

    def look(self, *, own: bool) -> None:
        room = self.console.war_room
        shown = room.notice_line.shown
        alarms = room.snapshot.alarms()[:1]
        self.cursor.seen((room.current, room.pane.selected), self.now, own=own)
        self.notice.seen((shown.key, shown.record) if shown else "", self.now, own=own)
        self.alarm.seen([(of.field, [head["digest"] for head in of.heads]) for of in alarms], self.now, own=own)

    # --- noor

    def room(self) -> Snapshot:
        return read_snapshot(self.noor.board, self.incident)

    def noor_does(self) -> None:
        room, pick = self.room(), self.chance.choice
        h, order = pick(room.hypotheses), pick(room.actions)
        changes: tuple[Callable[[], object], ...] = (
            lambda: hypothesis.add_evidence(self.noor, [(h, pick((True, False)))], "seen"),
            lambda: hypothesis.add_evidence(self.noor, [(h, False)], "twice"),
            lambda: hypothesis.move(self.noor, h, pick(("testing", "eliminated", "parked", "supported")), "so"),
            lambda: hypothesis.propose(self.noor, room.incident, "another", confidence=pick((0.1, 0.9))),
            lambda: actions.order(self.noor, room.incident, "look", owner="mia", within=timedelta(minutes=9)),
            lambda: actions.move(self.noor, order, pick(("done", "cancelled", "acknowledged")), "so"),
            lambda: incident.set_severity(self.noor, room.incident, pick(("sev1", "sev2", "sev3"))),
            lambda: incident.offer_command(self.noor, room.incident, "mia"),
        )
        with suppress(Rejected):
            pick(changes)()

    async def arrives(self) -> None:
        self.beside.merge(self.pending)
        self.pending.clear()
        await self.console.notice()
        self.look(own=False)

    # --- mia

    async def presses(self, key: str) -> None:
        """One key, and whether it was right to act, or to be held."""
        console, room = self.console, self.console.war_room
        stood = (self.cursor, self.notice, self.alarm)
        cursor_free, notice_free, alarm_free = (it.may_be_acted_on(self.now) for it in stood)
        asked = self.notice.what
        selected, pane = room.pane.selected, room.current
        self.recorded.clear()
        self.refused.clear()
        await console.hit(key)
        where = f"{key} on {selected} in {pane} at {self.now}: {console.said!r} {self.told}"
        touched = self.touched()
        begun = self.begun()
        held = bool(self.refused)
        if begun or touched:
            on = begun or touched
            by_notice = key in ("space",) or (key == "a" and pane != ACTIONS) or key == "full_stop"
            if key in ("A", "B"):
                assert alarm_free, f"an alarm that just came was settled: {where}"
            elif by_notice:
                assert notice_free, f"a notice that just came was answered: {where}"
                assert isinstance(asked, tuple), f"nothing was asked: {where}"
                assert on <= {asked[1], self.incident}, f"another was answered: {where}"
            else:
                assert cursor_free, f"what another put there was acted on: {where}"
                assert on == {selected}, f"another than the selected one was acted on: {on} {where}"
        if held:
            changed = max(it.changed for it in (self.cursor, self.notice, self.alarm))
            assert self.now - changed < HOLD_S, f"nothing had changed: {where}"
        if key in (*MOVES, *BEGINS):
            assert not held
        if begun:
            await self.finishes(begun)
        await self.steps_back()
        if held and self.chance.random() < 0.7:
            await self.presses_again(key)

    async def presses_again(self, key: str) -> None:
        self.refused.clear()
        await self.console.hit(key)
        assert not self.refused, f"{key} was held twice: {self.told}"
        await self.steps_back()

    async def steps_back(self) -> None:
        """To the room, whatever a key opened."""
        console = self.console
        while console.prompt.question is not None or console.prompt.choosing or console.where != "WarRoom":
            await console.hit("escape")
        self.look(own=True)

    async def finishes(self, begun: set[str]) -> None:
        """Types on, while noor goes on too: what enter records is about what the line was begun with."""
        if self.chance.random() < 0.5:
            self.noor_does()
            self.beside.merge(self.pending)
            self.pending.clear()
            await self.console.notice()
        await self.console.type("word")
        self.recorded.clear()
        await self.console.hit("enter")
        touched = self.touched()
        assert touched <= begun, f"a line went to another record: {touched} for {begun}, {self.recorded} {self.told}"
        if self.console.prompt.question is not None:
            await self.console.hit("ctrl+c", "escape")

    def begun(self) -> set[str]:
        """What the line is about that a key just began with a mark."""
        room = self.console.war_room if self.console.where == "WarRoom" else None
        about = room.capture_line._about if room is not None and self.console.prompt.question is not None else None
        return {about.id} if about is not None else set()

    def touched(self) -> set[str]:
        """The records that mia's console acted on: a line of plain text acts on none, an order's arrival is noted by
        the console itself."""
        of_evidence = {e.id: e.hypothesis for e in self.console.app.board.all(Evidence, self.incident)}
        return {
            of_evidence.get(change.record, change.record)
            for change in self.recorded
            if change.kind != "observation" and "heard_at" not in change.fields
        }

    async def begins(self) -> None:
        """Mia opens the room."""
        self.beside.merge(self.pending)
        self.pending.clear()
        await self.console.notice()
        self.console.app.open_incident(self.incident)
        await self.console.pilot.pause()

    async def goes_on(self, chance: Random) -> None:
        """What happens by chance, from a pane whose rows move."""
        self.chance, self.told = chance, []
        self.console.war_room.go(chance.choice((HYPOTHESES, ACTIONS)))
        self.console.read()
        self.look(own=True)
        for _ in range(STEPS):
            what = self.chance.random()
            if what < 0.45:
                key = self.chance.choice(self.chance.choice((MOVES, ACTS, ACTS, BEGINS)))
                self.told.append(key)
                await self.presses(key)
            elif what < 0.85:
                self.noor_does()
                if self.chance.random() < 0.8:
                    self.told.append("noor")
                    await self.arrives()
            else:
                passed = self.chance.choice((0.2, 0.6, 1.0, 3.0))
                self.told.append(f"{passed} s")
                self.console.app.poll()
                self.console.reading.seconds += passed


async def play(folder: Path, seeds: Sequence[int]) -> None:
    clock = HandClock(to_ms(BEGIN))
    path = folder / "mia.sqlite"
    with (
        open_board(path, clock, "m", seed=seeds[0] + 1) as board,
        open_board(folder / "noor.sqlite", clock, "n", seed=seeds[0] + 2) as hers,
        Board.open(path, clock=clock, machine="m", any_disk=True) as beside,
    ):
        for one in (board, hers, beside):
            one._db.execute("PRAGMA synchronous = OFF")
        board.remember("person", "mia")
        recorded: list[Change] = []
        pending: list[Change] = []
        board.on_recorded.append(recorded.extend)
        hers.on_recorded.append(pending.extend)
        scene = Scene(board, clock, path)
        async with scene.console(size=(80, 24)) as console:
            refused = _refused(console)
            for seed in seeds:
                if seed % A_ROOM == 0:
                    clock.ms += 1000
                    noor = Session(hers, "noor")
                    history = History(console, noor, beside, _declared(noor), pending, recorded, refused)
                    await history.begins()
                try:
                    await history.goes_on(Random(seed))
                except AssertionError as wrong:
                    raise AssertionError(f"OPSTERM_HOLD={seed}: {wrong}") from wrong


def _unseen(screen: TextualScreen[object]) -> None:
    """Nobody looks at the terminal: what is painted is read from the screen itself."""
    screen._dirty_widgets.clear()
    screen._compositor._dirty_regions.clear()


def _refused(console: Console) -> list[str]:
    """Fills with what the console does not let through."""
    refused: list[str] = []
    hold = console.app.hold
    lets = hold.lets

    def watched(screen: Painted, call: str) -> bool:
        let = lets(screen, call)
        refused.extend(() if let else (call,))
        return let

    hold.lets = watched  # type: ignore[method-assign]
    return refused


def _declared(noor: Session) -> str:
    """Three hypotheses, and three orders to mia."""
    made = incident.declare(noor, "Checkout fails", severity="sev2").record
    found = read_snapshot(noor.board, made).incident
    for words in ("the pool", "the bank", "the CDN"):
        hypothesis.propose(noor, found, words)
        actions.order(noor, found, f"look at {words}", owner="mia", within=timedelta(minutes=10))
    return made


def _chunks() -> list[range]:
    if one := os.environ.get("OPSTERM_HOLD"):
        return [range(int(one) - int(one) % A_CONSOLE, int(one) + 1)]
    return [range(first, min(first + A_CONSOLE, SEEDS)) for first in range(0, SEEDS, A_CONSOLE)]


@pytest.mark.parametrize("seeds", _chunks(), ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_no_key_acts_on_what_another_put_under_it(
    tmp_path: Path, seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TextualScreen, "_compositor_refresh", _unseen)
    asyncio.run(play(tmp_path, seeds))
