"""Walks are driven by keys, on one console or on two that share a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from opsterm.app import OpstermApp
from opsterm.board.store import Board
from opsterm.operations.checklists.template import import_text
from opsterm.records import Run, Step
from opsterm.share import sync_once
from tests.support.bench import Bench
from tests.support.clock import Reading
from tests.support.console import Console

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
class WalkBench(Bench):
    """A board, its clock, and whoever walks through a list before it."""

    path: Path
    machine: str

    def take(self, source: str) -> None:
        import_text(self.mia, source, "list")

    def runs(self) -> list[Run]:
        return self.board.all(Run)

    def step_at(self, label: str, run: Run | None = None) -> Step:
        """A step of a run, the first run where none is said."""
        return self.step(run or self.runs()[0], label)

    def states(self, run: Run | None = None) -> list[str]:
        return [step.state for step in self.steps(run or self.runs()[0])]

    @asynccontextmanager
    async def console(self, *, size: tuple[int, int] = (110, 34), person: str = "mia") -> AsyncIterator[Console]:
        reading = Reading()
        app = OpstermApp(self.board, person, zone=UTC, seconds=reading)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Console(app, pilot, reading)

    def sync(self) -> None:
        """One publish and merge, as the process beside the console does it."""
        with Board.open(self.path, clock=self.clock, machine=self.machine, any_disk=True) as board:
            sync_once(board)
