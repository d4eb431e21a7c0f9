"""A board on a clock that stands still, and the incidents that come with opsterm."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from opsterm.board.store import Board, seeded_token
from opsterm.core.session import Session
from opsterm.exchange.file_format import IncidentFile, parse
from opsterm.records.instant import to_ms

NOW = "2026-03-02T12:00:00Z"


class StillClock:
    """Says the same time until it is set."""

    def __init__(self, at: str = NOW) -> None:
        self.at = at

    def now_ms(self) -> int:
        return to_ms(self.at)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def session(tmp_path: Path, clock: StillClock) -> Iterator[Session]:
    with Board.open(
        tmp_path / "board.sqlite", clock=clock, machine="test", token=seeded_token(7), any_disk=True
    ) as board:
        yield Session(board, "mia")


def incident_files() -> list[IncidentFile]:
    """Every incident that comes with opsterm."""
    folder = files("opsterm") / "data" / "incidents"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return [parse(f.read_bytes()) for f in found]
