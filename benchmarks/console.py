"""From start to first useful paint, and from key to repaint, in a pty, beside a bare Textual application with one list.

python -m benchmarks.console
"""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.board import FEW, GROWTH_MAX, INCIDENTS, MANY
from benchmarks.history import HYPOTHESIS, ORDER, TITLE, UPDATE, board_with
from benchmarks.table import Row, show

PAINT_MAX, KEY_MAX = 1.5, 1.5
#: What an installer would have compiled: a start from a checkout just edited would measure the compiler instead.
_PACKAGES = ("opsterm", "screens", "styles", "benchmarks")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_PATIENCE_S = 30.0
#: No output for so long: the screen has come to rest.
_REST_S = 0.25
BARE = [sys.executable, "-m", "benchmarks.bare"]
OPSTERM = [sys.executable, "-m", "opsterm"]


@dataclass(slots=True)
class Terminal:
    """A process in a pty of 120 by 40."""

    fd: int
    pid: int
    began: float
    seen: bytes = b""

    def read(self, wait_s: float) -> bytes:
        if not select.select([self.fd], [], [], wait_s)[0]:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError:
            got = b""
        self.seen += got
        return got

    def until(self, *words: str) -> float:
        """Milliseconds from the start until all these words have been painted."""
        wanted = [word.encode() for word in words]
        deadline = self.began + _PATIENCE_S
        while not all(word in _ESCAPES.sub(b"", self.seen) for word in wanted):
            if not self.read(0.01) and time.perf_counter() > deadline:
                raise TimeoutError(f"never painted: {words}: {_ESCAPES.sub(b'', self.seen)[-2000:]!r}")
        return (time.perf_counter() - self.began) * 1000

    def rest(self) -> None:
        while self.read(_REST_S):
            pass

    def key(self, key: bytes) -> float:
        """Milliseconds from a key to the first byte of the repaint that answers it."""
        self.rest()
        began = time.perf_counter()
        os.write(self.fd, key)
        while not self.read(0.01):
            if time.perf_counter() - began > _PATIENCE_S:
                raise TimeoutError(f"no answer to {key!r}")
        return (time.perf_counter() - began) * 1000


@contextmanager
def terminal(words: Sequence[str], **environment: str) -> Iterator[Terminal]:
    """Starts a process in a pty, and ends it."""
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(
            {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none", **environment}
        )
        os.execv(words[0], [*words])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    try:
        yield Terminal(fd, pid, began)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _paint(words: Sequence[str], *painted: str, **environment: str) -> float:
    with terminal(words, **environment) as process:
        return process.until(*painted)


def _keys(words: Sequence[str], painted: str, first: Sequence[bytes], keys: int, **environment: str) -> list[float]:
    with terminal(words, **environment) as process:
        process.until(painted)
        for key in first:
            process.key(key)
        return [process.key(b"\x1b[B" if number % 8 < 4 else b"\x1b[A") for number in range(keys)]


def measure(rounds: int = 9) -> list[Row]:
    """Rows of the table, all of one run, turn by turn."""
    useful = (TITLE, HYPOTHESIS, ORDER, UPDATE)
    for package in _PACKAGES:
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=2)
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-") as named:
        folder = Path(named)
        boards = {name: str(folder / f"{name}.sqlite") for name in ("none", "new", "few", "many")}
        board_with(Path(boards["new"]), 0, 0)
        board_with(Path(boards["few"]), INCIDENTS, FEW)
        board_with(Path(boards["many"]), INCIDENTS, MANY)
        os.sync()
        _paint(OPSTERM, "opsterm", OPSTERM_BOARD=boards["none"])
        took: dict[str, list[float]] = {name: [] for name in ("bare", *boards)}
        for _ in range(rounds):
            took["bare"].append(_paint(BARE, "line1", "line12"))
            took["none"].append(_paint(OPSTERM, "opsterm", OPSTERM_BOARD=boards["none"]))
            for name in ("new", "few", "many"):
                took[name].append(_paint(OPSTERM, *useful, OPSTERM_BOARD=boards[name]))
        # The fastest of all rounds: whatever else the machine does only adds.
        start = {name: min(times) for name, times in took.items()}
        bare_key = median(_keys(BARE, "line12", [b"\x1b[B"], 24))
        own_key = median(_keys(OPSTERM, UPDATE, [b"2", b"\x1b[B"], 24, OPSTERM_BOARD=boards["many"]))
    return [
        Row("start to home, no incident yet", start["bare"], start["none"], PAINT_MAX),
        Row("start to first useful paint, one incident", start["bare"], start["new"], PAINT_MAX),
        Row("start to first useful paint, 200,000 changes", start["bare"], start["many"], PAINT_MAX),
        Row("the same, 10× the changes (20,000 → 200,000)", start["few"], start["many"], GROWTH_MAX),
        Row("key to repaint, 200,000 changes", bare_key, own_key, KEY_MAX),
    ]


if __name__ == "__main__":
    sys.exit(show(measure()))
