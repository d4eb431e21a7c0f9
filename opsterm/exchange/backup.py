"""A board as one file elsewhere, by SQLite's own means, and back."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from opsterm.board import meta
from opsterm.board.clock import SystemClock
from opsterm.board.failure import BoardError, all_or_nothing, damaged, in_one_line
from opsterm.board.mending import damage_of, put_in_place, unused
from opsterm.board.opening import as_it_is, check_place
from opsterm.core.session import Rejected


def backup(board: Path, file: Path) -> int:
    """Writes the board, as it is at this moment, into one file, whole or not at all; consoles that have it open go on.
    An older backup of that name gives way, nothing else does. Returns how many changes it holds. Raises BoardError and
    Rejected."""
    if file.exists() and (not file.is_file() or (board.exists() and file.samefile(board))):
        raise Rejected(f"{file} is no file for a backup: name another.")
    if file.exists():
        with in_one_line(file), as_it_is(file):
            pass
    if damage_of(board):
        raise BoardError(damaged(board))
    with in_one_line(file):
        return _copied(board, file)


def restore(board: Path, file: Path) -> tuple[int, Path | None]:
    """Puts a backup in the board's place, and goes on as another station: what this one said since may be known
    elsewhere. What was there stays beside it. Returns how many changes there are, and where the board lies that was
    there. Raises BoardError and Rejected, and leaves all as it was."""
    check_place(board)
    if damage_of(file):
        raise Rejected(f"{file} is damaged: restore another backup.")
    if board.exists() and file.samefile(board):
        raise Rejected(f"{file} is the board itself: name a backup.")
    board.parent.mkdir(parents=True, exist_ok=True)
    with in_one_line(board):
        fresh = unused(board, "restoring")
        try:
            changes = _copied(file, fresh)
            with closing(sqlite3.connect(fresh, isolation_level=None)) as db, all_or_nothing(db):
                meta.become_another(db, secrets.token_hex, SystemClock().now_ms())
            return changes, put_in_place(board, fresh, "before-restore")
        finally:
            fresh.unlink(missing_ok=True)


def _copied(source: Path, file: Path) -> int:
    """Copies a board's file, with what is in its log, to one file without a log, on to the disk."""
    beside = unused(file, f"{secrets.token_hex(4)}.part")
    try:
        with as_it_is(source) as db, closing(sqlite3.connect(beside, isolation_level=None)) as copy:
            beside.chmod(0o600)
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            count: int = copy.execute("SELECT count(*) FROM change").fetchone()[0]
        beside.replace(file)
        return count
    finally:
        beside.unlink(missing_ok=True)
