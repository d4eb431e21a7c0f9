"""The words of all timelines, for search: what is kept right when a line changes that was taken in already."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from opsterm.board import meta
from opsterm.board.timeline import Moment

#: Up to which change the index has all lines.
KEY = "searched"


def taken_in(db: sqlite3.Connection) -> int:
    """The number of the last change whose line is in the index."""
    return int(meta.recall(db, KEY) or 0)


def unlearn(db: sqlite3.Connection, lines: Mapping[int, Moment]) -> None:
    """Takes lines out that stood under these numbers: an index without content has to be told what it had."""
    _put(db, "INSERT INTO told (told, rowid, words, incident) VALUES ('delete', ?, ?, ?)", lines)


def learn(db: sqlite3.Connection, lines: Mapping[int, Moment]) -> None:
    """Takes lines in under these numbers, where the index has got so far."""
    _put(db, "INSERT INTO told (rowid, words, incident) VALUES (?, ?, ?)", lines)


def _put(db: sqlite3.Connection, sql: str, lines: Mapping[int, Moment]) -> None:
    last = taken_in(db) if lines else 0
    known = [(n, f"{line.text} {line.by}", line.incident) for n, line in lines.items() if n <= last]
    # Before the first search there is no such table.
    if known:
        db.executemany(sql, known)
