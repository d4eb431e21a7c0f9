"""One gist an incident, for finding those that are like another: its telling words in SQLite's FTS5, and beside them
whatever its maker needs to compare in full. Derived from the changes, brought up to date from the last one it knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsterm.board import meta
from opsterm.board.store import Board

_KEY = "gist"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS gist (n INTEGER PRIMARY KEY, incident TEXT NOT NULL UNIQUE, at TEXT NOT NULL,"
    " words TEXT NOT NULL, made TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS gist_words USING fts5(words, content='', tokenize='unicode61')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS gist_vocabulary USING fts5vocab(gist_words, row)",
)


class Gist(NamedTuple):
    """One incident's gist."""

    incident: str
    #: When the incident began: what lies before another is found by it.
    at: str
    #: Words parted by spaces.
    words: str
    #: What its maker needs to compare it, in JSON.
    made: str


def behind(board: Board, form: str, changes: int | None = None) -> tuple[list[str], int]:
    """(the incidents that changes tell of since the last that the gists know, the change up to which that is). A new
    `form` makes all anew; `changes` bounds how many are looked at."""
    known_form, _, known = board.recall(_KEY).partition(" ")
    after = int(known) if known_form == form and known else 0
    upto = board.version if changes is None else min(board.version, after + changes)
    if upto <= after:
        return [], after
    rows = board._db.execute(
        "SELECT DISTINCT CASE kind WHEN 'incident' THEN record ELSE incident END FROM change WHERE n > ? AND n <= ?",
        (after, upto),
    )
    return sorted(row[0] for row in rows if row[0]), upto


def keep(board: Board, form: str, upto: int, gists: Iterable[Gist], gone: Iterable[str] = ()) -> None:
    """Keeps the gists of some incidents, takes those of others away, and notes the change up to which all is told."""
    db = board._db
    with board.transaction():
        for statement in _SCHEMA:
            db.execute(statement)
        for gist in gists:
            _forget(board, gist.incident)
            place = db.execute("INSERT INTO gist (incident, at, words, made) VALUES (?, ?, ?, ?)", gist).lastrowid
            db.execute("INSERT INTO gist_words (rowid, words) VALUES (?, ?)", (place, gist.words))
        for incident in gone:
            _forget(board, incident)
        meta.keep(db, **{_KEY: f"{form} {upto}"})


def _forget(board: Board, incident: str) -> None:
    row = board._db.execute("SELECT n, words FROM gist WHERE incident = ?", (incident,)).fetchone()
    if row:
        board._db.execute("INSERT INTO gist_words (gist_words, rowid, words) VALUES ('delete', ?, ?)", row)
        board._db.execute("DELETE FROM gist WHERE n = ?", (row[0],))


def near(board: Board, words: Sequence[str], limit: int) -> list[Gist]:
    """The gists with the most telling of these words, the likeliest first."""
    if not words or not _made(board):
        return []
    match = " OR ".join(f'"{word}"' for word in words)
    rows = board._db.execute(
        "SELECT gist.incident, gist.at, gist.words, gist.made FROM"
        " (SELECT rowid, rank FROM gist_words WHERE gist_words MATCH ? ORDER BY rank LIMIT ?) AS found"
        " JOIN gist ON gist.n = found.rowid ORDER BY found.rank",
        (match, limit),
    )
    return [Gist(*row) for row in rows]


def count(board: Board) -> int:
    """How many gists there are."""
    return int(board._db.execute("SELECT count(*) FROM gist").fetchone()[0]) if _made(board) else 0


def spread(board: Board, words: Iterable[str]) -> dict[str, int]:
    """Word → in how many gists it stands."""
    if not _made(board):
        return {}
    rows = board._db.execute(
        "SELECT term, doc FROM gist_vocabulary WHERE term IN (SELECT value FROM json_each(?))",
        (json.dumps([*words]),),
    )
    return dict(rows)


def every(board: Board) -> list[Gist]:
    """All gists, by when their incidents began."""
    if not _made(board):
        return []
    rows = board._db.execute("SELECT incident, at, words, made FROM gist ORDER BY at, incident")
    return [Gist(*row) for row in rows]


def _made(board: Board) -> bool:
    return board._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'gist'").fetchone() is not None
