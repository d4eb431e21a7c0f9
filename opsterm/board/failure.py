"""What can go wrong with a board's file, each in one plain line; and what is taken back where something does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: How long one process waits for another's commit, and after how much of it that is said.
BUSY_TIMEOUT_S = 30.0
SAID_AFTER_S = 0.5


class BoardError(Exception):
    """The board can't be used as asked. Its text is one line: what is wrong, and what to do."""


#: What is no fault of the file: another holds it, or the disk refuses it [sqlite.org/rescode.html].
_OF_THE_DISK = frozenset(
    [
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    ]
)


def is_of_the_disk(error: sqlite3.Error) -> bool:
    """Whether an error says nothing of what is in the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK


def damaged(path: Path) -> str:
    """What to do about a board of which something can't be read."""
    return f"The board {path} is damaged: opsterm check names what, opsterm rebuild mends it."


def _said(error: Exception, path: Path) -> str:
    text = str(error).lower()
    if isinstance(error, PermissionError) or "readonly" in text or "read-only" in text:
        return f"The board {path} can't be written: the disk or the file is read-only: name another with --board FILE."
    if "disk is full" in text or "no space" in text:
        return f"The disk of the board {path} is full: free some space; nothing acknowledged is lost."
    if "locked" in text or "busy" in text:
        return f"The board {path} is held by another program: close it, then try again."
    if "malformed" in text or "corrupt" in text or "could not decode" in text:
        return damaged(path)
    if "not a database" in text:
        return f"{path} is damaged or no opsterm board: move it away, or name another with --board FILE."
    if "unable to open" in text:
        return f"The board {path} can't be opened: check that its folder exists and can be written."
    return f"The board {path} can't be used ({error}): check its disk, or name another with --board FILE."


@contextmanager
def in_one_line(path: Path, of: tuple[type[Exception], ...] = (sqlite3.Error, OSError)) -> Iterator[None]:
    """Turns what SQLite and the system say of a board's file into one line that tells what to do."""
    try:
        yield
    except of as error:
        raise BoardError(_said(error, path)) from error


@contextmanager
def all_or_nothing(
    db: sqlite3.Connection,
    *,
    patience_s: float = BUSY_TIMEOUT_S,
    waits: Callable[[bool], None] = lambda waiting: None,
) -> Iterator[None]:
    """One transaction, which nobody else can write beside: committed at the end, or taken back whole. Another that
    holds the board is waited for so long; `waits` is told once that takes long, and again when it is over."""
    try:
        _begin(db, min(patience_s, SAID_AFTER_S))
    except sqlite3.OperationalError as error:
        if patience_s <= SAID_AFTER_S or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        waits(True)
        try:
            _begin(db, patience_s - SAID_AFTER_S)
        finally:
            waits(False)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _begin(db: sqlite3.Connection, patience_s: float) -> None:
    db.execute(f"PRAGMA busy_timeout = {patience_s * 1000:.0f}")
    try:
        db.execute("BEGIN IMMEDIATE")
    finally:
        db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")
