"""What the share asks of a board: the changes station by station, each station's in a chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from opsterm.board.change import Change
from opsterm.board.change_table import NAMES
from opsterm.board.store import Board


def changes_of_station(board: Board, station: str, after: int = 0) -> Iterator[Change]:
    """A station's changes that are known here, by seq."""
    rows = board._db.execute(
        f"SELECT {NAMES} FROM change WHERE station = ? AND seq > ? ORDER BY seq, digest", (station, after)
    )
    return (Change(*row) for row in rows)


def stations(board: Board) -> dict[str, int]:
    """Station → its highest seq known here."""
    return dict(board._db.execute("SELECT station, max(seq) FROM change GROUP BY station"))


def chain_sizes(board: Board) -> dict[str, int]:
    """Station → how many of its changes are known here."""
    return dict(board._db.execute("SELECT station, count(*) FROM change GROUP BY station"))


def last_seq(board: Board, station: str) -> int:
    """The highest seq of a station known here, or 0."""
    row = board._db.execute("SELECT max(seq) FROM change WHERE station = ?", (station,)).fetchone()
    return row[0] or 0


def last_changes(board: Board) -> dict[str, tuple[int, int]]:
    """Station → (seq, its own clock in milliseconds) of its last change known here."""
    rows = board._db.execute(
        "SELECT station, seq, wall FROM change JOIN (SELECT station, max(seq) AS seq FROM change GROUP BY station)"
        " USING (station, seq)"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def unknown(board: Board, digests: Iterable[str]) -> set[str]:
    """Which of these changes are not known here."""
    rows = board._db.execute(
        "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT digest FROM change)", (json.dumps([*digests]),)
    )
    return {row[0] for row in rows}
