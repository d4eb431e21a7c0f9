"""One incident on a board, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsterm.board.store import Board, seeded_token
from opsterm.incidents.incident import declare
from opsterm.records.instant import to_ms
from tests.rules.scene import BEGIN, HandClock, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = HandClock(to_ms(BEGIN))
    with Board.open(tmp_path / "b.sqlite", clock=clock, machine="m", token=seeded_token(7), any_disk=True) as board:
        board._db.execute("PRAGMA synchronous=OFF")  # rules are tried here, not the disk
        made = Scene(board, clock)
        made.incident_id = declare(made.as_("mia"), "Checkout fails for some cards", services=["checkout"]).record
        yield made
