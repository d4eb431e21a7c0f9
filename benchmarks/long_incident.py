"""An incident that runs for days beside one that just began: scrolling, filtering and capture with 50,000 lines and 500
hypotheses and orders, and with 50 lines and 5 of them.

python -m benchmarks.long_incident
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.console import OPSTERM, Terminal, terminal
from benchmarks.table import Row, show
from opsterm.board.change import Change, Write, make
from opsterm.board.store import Board
from opsterm.records.instant import from_ms, to_ms

#: (lines of the timeline, hypotheses and as many orders).
FEW, MANY = (50, 5), (50_000, 500)
GROWTH_MAX = 1.3
_BEGIN_MS = to_ms("2026-01-01T00:00:00Z")
_INCIDENT = "longone"


def _said(lines: int, items: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    at = from_ms(_BEGIN_MS)
    times = {"started_at": at, "declared_at": at}
    yield (
        "incident",
        _INCIDENT,
        {
            "title": "Checkoutfails",
            "status": "identified",
            "number": 1,
            "severity": "sev3",
            "commander": "mia",
            **times,
        },
    )
    for n in range(1, items + 1):
        state = "proposed" if n % 2 else "eliminated"
        yield "hypothesis", f"h{n}", {"text": f"cause number {n} of them all", "state": state, "number": n}
        done = {"text": f"restart node {n}", "state": "acknowledged" if n % 2 else "done", "number": n, "owner": "ben"}
        yield "action", f"a{n}", done
        yield "evidence", f"e{n}", {"hypothesis": f"h{n}", "text": f"finding {n}", "supports": n % 3 > 0}
    for n in range(lines - 3 * items):
        yield "observation", f"o{n}", {"text": f"latency at {n} ms on node {n % 9}"}


def _changes(lines: int, items: int) -> Iterator[Change]:
    prev, wall = "", _BEGIN_MS
    for seq, (kind, record, fields) in enumerate(_said(lines, items), 1):
        wall += 1000
        of = "" if kind == "incident" else _INCIDENT
        change = make(prev, "days", seq, wall << 16, wall, "noor", Write(kind, record, of, fields), {})
        prev = change.digest
        yield change


def _moves(process: Terminal, rounds: int) -> list[float]:
    return [process.key(b"\x1b[B" if number % 8 < 4 else b"\x1b[A") for number in range(rounds)]


def _acts(process: Terminal, rounds: int = 16) -> dict[str, list[float]]:
    """Milliseconds from a key to its repaint, of each act, key by key."""
    process.until("Checkoutfails", "cause")
    took: dict[str, list[float]] = {}
    process.key(b"3")
    took["scroll orders"] = _moves(process, rounds)
    process.key(b"2")
    took["scroll hypotheses"] = _moves(process, rounds)
    process.key(b"6")
    took["scroll the timeline"] = _moves(process, rounds)
    took["filter the timeline by kind"] = [process.key(b"f") for _ in range(6)]
    process.key(b"/")
    took["filter the timeline by a word, a letter"] = [process.key(b"qx"[n % 2 : n % 2 + 1]) for n in range(10)]
    for key in (b"\x1b", b"\x1b", b"2", b"/"):
        process.key(key)
    took["filter hypotheses by a word, a letter"] = [process.key(b"ca"[n % 2 : n % 2 + 1]) for n in range(10)]
    for key in (b"\x1b", b"\x1b", b"l"):
        process.key(key)
    took["a letter of a line"] = [process.key(b"e") for _ in range(rounds)]
    process.key(b"\r")
    took["a line on disk and painted"] = lines = []
    for _ in range(6):
        process.key(b"l")
        process.key(b"rate is down")
        lines.append(process.key(b"\r"))
    return took


def _quick(keys: list[float]) -> float:
    """The quicker quarter: a key waits up to a frame for its paint, whatever there is to paint."""
    return quantiles(keys, n=4)[0]


def measure(runs: int = 3) -> list[Row]:
    """Rows of the table: each act in the short incident and in the long one, turn by turn; of each key the fastest of
    all runs, since whatever else the machine does only adds."""
    took: dict[tuple[int, int], dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-") as folder:
        boards = {size: Path(folder) / f"{size[0]}.sqlite" for size in (FEW, MANY)}
        for (lines, items), path in boards.items():
            with Board.open(path, any_disk=True) as board:
                board.merge(_changes(lines, items))
        for _ in range(runs):
            for size, path in boards.items():
                with terminal(OPSTERM, OPSTERM_BOARD=str(path), OPSTERM_USER="mia") as process:
                    found = _acts(process)
                before = took.get(size, found)
                took[size] = {act: [*map(min, keys, before[act])] for act, keys in found.items()}
    few, many = took[FEW], took[MANY]
    return [Row(f"{act}, 1,000× the lines", _quick(few[act]), _quick(keys), GROWTH_MAX) for act, keys in many.items()]


if __name__ == "__main__":
    sys.exit(show(measure()))
