"""Walks are driven by keys, on one console or on two that share a folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

import pytest

from opsterm.app import OpstermApp
from opsterm.board.store import Board, seeded_token
from opsterm.core.session import Session
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import import_text
from opsterm.records import Run, Step
from opsterm.records.instant import to_ms
from opsterm.share import join, sync_once
from opsterm.sharing.console_side import Sharing
from tests.screens.checkout import BEGIN, Console, HandClock, Scene

#: Two pause points; a hold point, a killer item, a way back where something is seen, a command and a link.
DEPLOY = """# Web deploy

systems: web

## Before

- [ ] (K) Name the artifact to go back to
  expect: its version
  who: a second person
  why: INC-3 had no way home
- [ ] Note errors as they are now
  run: `curl -s metrics/errors`
  link: https://example.org/errors

## First stage

- [ ] Compare the first stage with the rest
  back if: errors over 1 % for 5 minutes
  takes: 10m
- [ ] Say that it is complete
"""


@dataclass(slots=True)
class Bench:
    """A board, its clock, and whoever sits before it."""

    path: Path
    board: Board
    clock: HandClock
    machine: str

    def as_(self, person: str) -> Session:
        return Session(self.board, person)

    def wait(self, minutes: float) -> None:
        self.clock.ms += round(minutes * 60_000)

    def take(self, source: str) -> None:
        import_text(self.as_("mia"), source, "list")

    def begin(self, source: str, *, incident: str = "", by: str = "mia", paired: bool = False) -> Run:
        self.take(source)
        name = source.split("\n", 1)[0].removeprefix("# ")
        return self.run(checklist.begin(self.as_(by), incident, name, paired=paired).record)

    def run(self, record: str) -> Run:
        found = self.board.get(Run, record)
        assert found is not None
        return found

    def runs(self) -> list[Run]:
        return self.board.all(Run)

    def step(self, label: str, run: Run | None = None) -> Step:
        of = run or self.runs()[0]
        return next(step for step in checklist.steps_of(self.as_("mia"), of) if step.label == label)

    def states(self, run: Run | None = None) -> list[str]:
        return [step.state for step in checklist.steps_of(self.as_("mia"), run or self.runs()[0])]

    @asynccontextmanager
    async def console(self, *, size: tuple[int, int] = (110, 34), person: str = "mia") -> AsyncIterator[Console]:
        app = OpstermApp(self.board, person, zone=UTC)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Console(app, pilot)

    def sync(self) -> None:
        """One publish and merge, as the process beside the console does it."""
        with Board.open(self.path, clock=self.clock, machine=self.machine, any_disk=True) as board:
            sync_once(board)


OpenBench = Callable[[str], Bench]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(to_ms(BEGIN))


@pytest.fixture
def open_bench(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenBench]:
    """Opens boards by name; what goes on beside a console is done by the test."""
    monkeypatch.setattr(Sharing, "start", lambda self: None)
    boards: list[Board] = []

    def opened(name: str) -> Bench:
        path = tmp_path / f"{name}.sqlite"
        token = seeded_token(len(boards) + 7)
        board = Board.open(path, clock=clock, machine=name, token=token, any_disk=True)
        board.remember("person", name)
        boards.append(board)
        return Bench(path, board, clock, name)

    yield opened
    for board in boards:
        board.close()


@pytest.fixture
def bench(open_bench: OpenBench) -> Bench:
    """One board."""
    return open_bench("m")


@pytest.fixture
def two(open_bench: OpenBench, tmp_path: Path) -> tuple[Bench, Bench]:
    """mia's board and noor's, in one shared folder."""
    share = tmp_path / "share"
    share.mkdir()
    mia, noor = open_bench("mia"), open_bench("noor")
    mia.take(DEPLOY)
    join(mia.board, share)
    join(noor.board, share)
    mia.sync()
    noor.sync()
    return mia, noor


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The checkout incident, 42 minutes old, seen by mia."""
    made = Scene.of_checkout(tmp_path)
    yield made
    made.board.close()
