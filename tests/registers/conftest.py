"""One board with a clock that a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsterm.board.store import Board, seeded_token
from tests.registers.bench import TODAY, Bench, HandClock


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = HandClock(0)
    with Board.open(tmp_path / "b.sqlite", clock=clock, machine="m", token=seeded_token(9), any_disk=True) as board:
        made = Bench(board, clock)
        made.on(TODAY)
        yield made
