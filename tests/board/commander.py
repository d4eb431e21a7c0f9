"""A process that gives many commands at one board, and says each one's change once it was answered.

python -m tests.board.commander BOARD COUNT
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import count
from pathlib import Path

from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.command.capture import parse, perform
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import read_snapshot
from opsterm.operations.checklists import run as checklist

_LINES = (
    "error rate at {n} %",
    "? pool exhausted by job {n}",
    "-h1 pool at {n} % on every node",
    "! @mia roll back web to {n} in 15m",
    "a1 acknowledged",
    "= we fail over, take {n}",
    "#impact {n} in 100 payments fail",
    "#sev2",
    ">customers We are looking into it ({n}).",
    "h1 testing",
    "-7m 日志 {n} 🔥",
)


def _lines() -> Iterator[str]:
    for number in count():
        yield _LINES[number % len(_LINES)].format(n=number)


def command(board: Board, commands: int) -> None:
    """Gives that many commands; prints the digests of each one's changes, one command a line."""
    session = Session(board, "mia")
    answered: list[str] = []

    def remember(group: Sequence[Change]) -> None:
        answered.extend(change.digest for change in group)

    board.on_recorded.append(remember)
    incident = declare(session, "Checkout fails").record
    lines = _lines()
    for number in range(commands):
        if number % 100 == 99:
            checklist.begin(session, incident, "closing")
        else:
            snapshot = read_snapshot(board, incident)
            perform(session, snapshot.incident, parse(next(lines), snapshot, now=board.now, zone=UTC, person="mia"))
        sys.stdout.write(" ".join(answered) + "\n")
        sys.stdout.flush()
        answered.clear()


if __name__ == "__main__":
    with Board.open(Path(sys.argv[1])) as opened:
        command(opened, int(sys.argv[2]))
