"""A board with a clock that a test moves, and nothing on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opsterm.board.store import Board, seeded_token
from opsterm.core.session import Session
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import import_text
from opsterm.records import Obligation, Run, Step
from opsterm.records.instant import Instant, to_ms

BEGIN = "2026-11-24T13:00:00Z"


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int

    def now_ms(self) -> int:
        return self.ms


@dataclass(slots=True)
class Bench:
    """One board, several people at it, and the time."""

    board: Board
    clock: HandClock

    def as_(self, person: str) -> Session:
        return Session(self.board, person)

    @property
    def mia(self) -> Session:
        return self.as_("mia")

    @property
    def noor(self) -> Session:
        return self.as_("noor")

    @property
    def now(self) -> Instant:
        return self.board.now

    def wait(self, *, seconds: float = 0, minutes: float = 0, days: float = 0) -> None:
        self.clock.ms += round((seconds + minutes * 60 + days * 86400) * 1000)

    def begin(self, source: str, **kwargs: Any) -> Run:
        """A run of a list that is imported on the way."""
        import_text(self.mia, source, "list")
        name = source.split("\n", 1)[0].removeprefix("# ")
        return self.run(checklist.begin(self.mia, "", name, **kwargs).record)

    def run(self, record: str) -> Run:
        found = self.board.get(Run, record)
        assert found is not None
        return found

    def steps(self, run: Run) -> list[Step]:
        return checklist.steps_of(self.mia, run)

    def step(self, run: Run, label: str) -> Step:
        return next(step for step in self.steps(run) if step.label == label)

    def owed(self, record: str) -> Obligation:
        found = self.board.get(Obligation, record)
        assert found is not None
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = HandClock(to_ms(BEGIN))
    with Board.open(tmp_path / "b.sqlite", clock=clock, machine="m", token=seeded_token(7), any_disk=True) as board:
        yield Bench(board, clock)


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """Runs one call with `--json` on a board of the test's own: (exit code, what it answered)."""
    import json

    from opsterm.cli.main import main

    def run(*words: str, person: str = "mia") -> tuple[int, Any]:
        code = main(["--board", str(tmp_path / "calls.sqlite"), "--as", person, *words, "--json"])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, json.loads(out) if out else err

    return run
