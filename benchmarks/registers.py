"""From a key on home to a register's page painted, in a pty: on the board of a seeded year beside an empty one. In
processor time.

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
from opsterm.app import POLL_S, OpstermApp
from opsterm.board.change import Write
from opsterm.board.store import Board
from tests.calendar.year import BEGIN, make_year
from tests.support.bench import Bench
from tests.support.clock import HandClock

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
    with _opened(Path(path)) as board:
        OpstermApp(board, "mia", zone=UTC).run()


def _opened(path: Path) -> Board:
    clock = HandClock(0)
    board = Board.open(path, clock=clock, any_disk=True)
    Bench(board, clock).on(TODAY)
    return board


def _fill(path: Path, *, year: bool) -> None:
    with _opened(path) as board:
        board.remember("person", "mia")
        if year:
            assert isinstance(board.clock, HandClock)
            make_year(Bench(board, board.clock))


def _spent_ms(process: Terminal) -> float:
    """The processor time that the console has had; what else the machine does adds nothing to it
    [Linux, Documentation/scheduler/sched-stats.rst]."""
    return int(Path(f"/proc/{process.pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def _open(process: Terminal, board: Board, key: str, painted: str) -> float:
    """Milliseconds of processor time from the key until the page says so; then goes back home. Something was logged
    just before, as while an incident runs."""
    board.record("mia", [Write("observation", board.new_id(), "none", {"text": "errors fall"})])
    time.sleep(2 * POLL_S)
    process.rest()
    process.seen = b""
    process.began = time.perf_counter()
    before = _spent_ms(process)
    os.write(process.fd, key.encode())
    process.until(painted)
    took = _spent_ms(process) - before
    process.rest()
    process.seen = b""
    process.began = time.perf_counter()
    os.write(process.fd, b"\x1b")
    process.until("declare an incident")
    return took


def measure(rounds: int = 8) -> list[Row]:
    """Rows of the table, all of one run, turn by turn."""
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-") as folder, ExitStack() as stack:
        boards, processes = {}, {}
        for name in ("empty", "year"):
            path = Path(folder) / f"{name}.sqlite"
            _fill(path, year=name == "year")
            process = stack.enter_context(terminal([sys.executable, "-c", _CONSOLE, str(path)]))
            boards[name] = stack.enter_context(_opened(path))
            process.until("declare an incident")
            processes[name] = process
        took: dict[tuple[str, str], list[float]] = {}
        for turn in range(rounds):
            # Another order each time: what one page leaves to be collected is not always paid for by the same other.
            for key in [*PAGES][turn:] + [*PAGES][:turn]:
                _, nothing, something = PAGES[key]
                for name, painted in (("empty", nothing), ("year", something)):
                    took.setdefault((key, name), []).append(_open(processes[name], boards[name], key, painted))
    # The fastest of all rounds: whatever else the machine does only adds.
    return [
        Row(f"key to {page}, of a year", min(took[key, "empty"]), min(took[key, "year"]), OPENS_MAX)
        for key, (page, _, _) in PAGES.items()
    ]


if __name__ == "__main__":
    sys.exit(show(measure()))
