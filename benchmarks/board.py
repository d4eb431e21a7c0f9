"""The board's quick path, and how it grows with history: opening, the running incident, one command.

python -m benchmarks.board
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from statistics import median

from benchmarks.history import board_with
from benchmarks.table import Row, show
from opsterm.board.store import Board
from opsterm.command.capture import parse, perform
from opsterm.core.session import Session
from opsterm.incidents.snapshot import find_incident, read_snapshot

INCIDENTS, FEW, MANY = 1_000, 20_000, 200_000
GROWTH_MAX = 1.2


def _open(path: Path) -> None:
    Board.open(path, any_disk=True).close()


def _room(board: Board) -> None:
    read_snapshot(board, find_incident(board, "-").id)


def _command(board: Board) -> None:
    snapshot = read_snapshot(board, find_incident(board, "-").id)
    understood = parse("-h1 pool at 40 %", snapshot, now=board.now, zone=UTC, person="mia")
    perform(Session(board, "mia"), snapshot.incident, understood)


def _ms(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _alternately(few: Callable[[], None], many: Callable[[], None], rounds: int = 41) -> tuple[float, float]:
    """Milliseconds of both, in the same run, turn by turn."""
    took = [(_ms(few), _ms(many)) for _ in range(rounds)]
    return median(a for a, _ in took), median(b for _, b in took)


def measure() -> list[Row]:
    """Rows of the table: each act with 20,000 and with 200,000 changes."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-") as folder:
        few, many = Path(folder) / "few.sqlite", Path(folder) / "many.sqlite"
        board_with(few, INCIDENTS, FEW)
        board_with(many, INCIDENTS, MANY)
        os.sync()  # or the kernel, still writing them, is what is measured
        a, b = _alternately(lambda: _open(few), lambda: _open(many))
        rows.append(Row("open the board, 10× the changes", a, b, GROWTH_MAX))
        with Board.open(few, any_disk=True) as one, Board.open(many, any_disk=True) as other:
            a, b = _alternately(lambda: _room(one), lambda: _room(other))
            rows.append(Row("read the running incident, 10× the changes", a, b, GROWTH_MAX))
            a, b = _alternately(lambda: _command(one), lambda: _command(other))
            rows.append(Row("one command on disk, 10× the changes", a, b, GROWTH_MAX))
    return rows


if __name__ == "__main__":
    sys.exit(show(measure()))
