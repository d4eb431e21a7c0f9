"""Four people at four consoles, each over a board of their own. Who is within reach of whom, a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from opsterm.board.chains import last_changes, last_seq
from opsterm.board.store import Board
from opsterm.records.instant import to_ms
from opsterm.share.membership import keep_joined
from opsterm.share.state import State, StationSeen, write_state
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.console import BEGIN, Console, Scene
from tests.support.stations import everything

SMALL, LARGE = (80, 24), (120, 40)
#: Who is there, and how large the terminal is.
PEOPLE: Mapping[str, tuple[int, int]] = {"mia": SMALL, "noor": LARGE, "li": LARGE, "ben": SMALL}


class Screen(NamedTuple):
    """A screen as it is read, blanks between words as one."""

    #: What stands above the panes, the line of what concerns this person and the tabs with it; of a page the title.
    head: str
    panes: str
    #: The last two lines.
    foot: str


@dataclass(slots=True)
class Person:
    """One of the four, at a console over a board."""

    name: str
    scene: Scene
    #: The same file, as the process beside the console has it open: the console hears of what comes in through it.
    beside: Board
    console: Console

    # --- at the keys

    def at_hand(self) -> AbstractContextManager[None]:
        """What is done here is done to this person's console, not to the one that was opened last."""
        return self.console.app._context()

    async def press(self, *keys: str) -> None:
        with self.at_hand():
            await self.console.press(*keys)

    async def type(self, text: str) -> None:
        """Types into the line that is open, and enters it."""
        with self.at_hand():
            await self.console.type(text)
            await self.console.press("enter")

    async def say(self, key: str, text: str) -> None:
        """Opens a line with a key, types into it, and enters it."""
        await self.press(key)
        await self.type(text)

    # --- on the screen

    def reads(self) -> Screen:
        """What the terminal shows now."""
        lines = [" ".join(line.split()) for line in self.console.screen_text.split("\n")]
        bars = self.console.app.screen.query("#head")
        top = bars.first().region.bottom if bars else 1
        foot = self.console.prompt.region.y
        return Screen("\n".join(lines[:top]), "\n".join(lines[top:foot]), "\n".join(lines[foot:]))


class Four:
    """Four people in one incident; one clock for all, which stands until it is moved."""

    def __init__(self, clock: HandClock, people: Mapping[str, Person], share: Path) -> None:
        self.clock, self._people, self._share = clock, people, share
        #: Those who reach the share.
        self.within_reach: frozenset[str] = frozenset(people)

    def __getitem__(self, name: str) -> Person:
        return self._people[name]

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    # --- what goes between them

    async def exchange(self) -> None:
        """All that those within reach know reaches all of them, with what their consoles note of it; and is painted."""
        reached = [person for person in self if person.name in self.within_reach]
        while self._pass(reached):
            pass
        for person in reached:
            await self._see(person)

    def _pass(self, reached: Sequence[Person]) -> bool:
        """Everybody takes what the others have; says whether there was anything to take."""
        known = {person.name: everything(person.scene.board) for person in reached}
        taken = 0
        for person in reached:
            of_others = [change for name, changes in known.items() if name != person.name for change in changes]
            taken += person.beside.merge(of_others).taken
            with person.at_hand():
                person.console.app.poll()
        for person in reached:
            self._heard(person)
        return taken > 0

    def _heard(self, person: Person) -> None:
        """What the process beside the console leaves of a pass."""
        board = person.beside
        seen = last_changes(board)
        stations = tuple(
            StationSeen(other.scene.board.station, other.name, other.name, *seen.get(other.scene.board.station, (0, 0)))
            for other in self
        )
        state = State(str(self._share), self.clock.ms, board.station, last_seq(board, board.station), stations=stations)
        write_state(board.path, state)

    # --- time

    async def wait(self, minutes: float) -> None:
        """Lets time pass, and each console see it; what others do meanwhile comes, as it does all the time."""
        self.clock.ms += round(minutes * 60_000)
        await self.exchange()
        for person in self:
            if person.name not in self.within_reach:
                await self._see(person)

    async def _see(self, person: Person) -> None:
        """Lets a console paint what comes by itself, and what is worked out once that is painted."""
        with person.at_hand():
            person.console.app.tick()
            await person.console.pilot.pause()
            await person.console.pilot.pause()


@asynccontextmanager
async def four_at(folder: Path) -> AsyncIterator[Four]:
    """Four boards on which nothing was recorded, joined to one share, and a console over each."""
    clock, share = HandClock(to_ms(BEGIN)), folder / "share"
    people: dict[str, Person] = {}
    with ExitStack() as boards:
        async with AsyncExitStack() as consoles:
            for place, (name, size) in enumerate(PEOPLE.items()):
                (folder / name).mkdir()
                path = folder / name / "board.sqlite"
                board = boards.enter_context(open_board(path, clock, name, seed=place + 1))
                board.remember("person", name)
                keep_joined(board, share)
                beside = boards.enter_context(Board.open(path, clock=clock, machine=name, any_disk=True))
                scene = Scene(board, clock, path)
                console = await consoles.enter_async_context(scene.console(size=size, person=name))
                people[name] = Person(name, scene, beside, console)
            four = Four(clock, people, share)
            await four.exchange()
            yield four
