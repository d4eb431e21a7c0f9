"""From a key on home to a register's page painted, in a pty: on the board of a seeded year beside an empty one.

python -m benchmarks.registers
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, timedelta
from pathlib import Path

from benchmarks.console import Terminal, terminal
from benchmarks.table import Row, show
from opsterm.board.store import Board
from tests.registers.bench import Bench, HandClock
from tests.registers.year import BEGIN, make_year

#: A full board opens its pages as fast as an empty one.
OPENS_MAX = 1.5
#: The day of the year on which they are opened.
TODAY = BEGIN + timedelta(days=180)
#: Key on home → (the page, what an empty one says last, what a full one shows last).
PAGES = {
    "w": ("week ahead", "owes anything else by a day", "what is not here can wait"),
    "V": ("vendors", "takes a list", "esc back"),
    "D": ("documents", "looks at a repository", "esc back"),
    "m": ("meetings", "is proposed smaller", "esc back"),
    "t": ("what teams need of each other", "who is told", "esc back"),
    "r": ("coming and leaving", "stands here", "esc back"),
    "s": ("systems", "catalog-info.yaml", "esc back"),
}
_CONSOLE = "import sys\nfrom benchmarks.registers import console\nconsole(sys.argv[1])"


def console(path: str) -> None:
    """The console on a board whose clock stands on TODAY."""
    from opsterm.app import OpstermApp

    with _opened(Path(path)) as board:
        OpstermApp(board, "mia", zone=UTC).run()


def _opened(path: Path) -> Board:
    clock = HandClock(0)
    board = Board.open(path, clock=clock, any_disk=True)
    Bench(board, clock).on(TODAY)
    return board


def _filled(path: Path, *, year: bool) -> str:
    with _opened(path) as board:
        board.remember("person", "mia")
        if year:
            assert isinstance(board.clock, HandClock)
            make_year(Bench(board, board.clock))
    return str(path)


def _open(process: Terminal, key: str, painted: str) -> float:
    """Milliseconds from the key until the page says so; then goes back home."""
    process.rest()
    process.seen = b""
    process.began = time.perf_counter()
    os.write(process.fd, key.encode())
    took = process.until(painted)
    process.rest()
    process.seen = b""
    process.began = time.perf_counter()
    os.write(process.fd, b"\x1b")
    process.until("declare an incident")
    return took


def measure(rounds: int = 7) -> list[Row]:
    """Rows of the table, all of one run, turn by turn."""
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-") as folder, ExitStack() as stack:
        boards = {name: _filled(Path(folder) / f"{name}.sqlite", year=name == "year") for name in ("empty", "year")}
        processes = {}
        for name, path in boards.items():
            process = stack.enter_context(terminal([sys.executable, "-c", _CONSOLE, path]))
            process.until("declare an incident")
            processes[name] = process
        took: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for key, (_, nothing, something) in PAGES.items():
                for name, painted in (("empty", nothing), ("year", something)):
                    took.setdefault((key, name), []).append(_open(processes[name], key, painted))
    # The fastest of all rounds: whatever else the machine does only adds.
    return [
        Row(f"key to {page}, of a year", min(took[key, "empty"]), min(took[key, "year"]), OPENS_MAX)
        for key, (page, _, _) in PAGES.items()
    ]


if __name__ == "__main__":
    sys.exit(show(measure()))
