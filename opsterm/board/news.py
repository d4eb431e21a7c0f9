"""What came to this board after a version of it."""

from __future__ import annotations

from opsterm.board.store import Board
from opsterm.board.telling import COLUMNS, Moment


def moments_since(board: Board, incident: str, version: int) -> list[Moment]:
    """Lines of an incident's timeline that arrived here after `version`, by when they happened: what others recorded
    long ago and a merge brought now is news here."""
    names = ", ".join(f"moment.{name}" for name in COLUMNS)
    rows = board._db.execute(
        f"SELECT {names} FROM change CROSS JOIN moment INDEXED BY moment_digest ON moment.digest = change.digest "
        "WHERE change.n > ? AND moment.incident = ? ORDER BY moment.at, moment.hlc, moment.key",
        (version, incident),
    )
    return [Moment(*row) for row in rows]
