"""Search over all timelines: SQLite's FTS5, kept beside the changes.

The index is contentless: it holds words, not texts, so the board does not double. Changes are only ever added, so it is
brought up to date from the last change that it knows, when somebody searches or the console has time: recording and
opening cost nothing. It is derived, and made anew whenever the tables are.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from opsterm.board import meta
from opsterm.board.search_index import KEY, taken_in
from opsterm.board.store import Board
from opsterm.board.timeline import COLUMNS as MOMENT_COLUMNS
from opsterm.board.timeline import Moment, lines_read
from opsterm.records.plain import plain

#: One slice of bringing up to date holds others up for about 50 ms, as a slice of a merge does.
SLICE = 1000
_WORD = re.compile(r"\"[^\"]+\"|“[^“”]+”|\S+")
#: Scripts without spaces between words: FTS5 sees a run of them as one word, so they are looked for in the texts.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a timeline that has all the words."""

    moment: Moment
    #: The incident's mark and title, for a list over all incidents.
    mark: str
    title: str


def catch_up(board: Board, *, slices: int | None = None) -> int:
    """Brings the index up to date; with `slices`, at most so many. Returns how many changes it took in. The console
    calls it with `slices=1` when idle, so that a search finds it done."""
    taken = 0
    while slices is None or slices > 0:
        with board.transaction():
            count = _slice(board._db)
        taken += count
        if count < SLICE:
            break
        slices = None if slices is None else slices - 1
    return taken


def _slice(db: sqlite3.Connection) -> int:
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS told USING fts5(words, incident, content='', tokenize='unicode61')")
    known = taken_in(db)
    ns = db.execute("SELECT n FROM change WHERE n > ? ORDER BY n LIMIT ?", (known, SLICE)).fetchall()
    if not ns:
        return 0
    db.execute(
        "INSERT INTO told (rowid, words, incident) SELECT n, text || ' ' || by, incident FROM moment "
        "WHERE n BETWEEN ? AND ?",
        (known + 1, ns[-1][0]),
    )
    meta.keep(db, **{KEY: str(ns[-1][0])})
    return len(ns)


def search(board: Board, text: str, *, incident: str | None = None, limit: int = 50) -> list[Found]:
    """Lines that have all the words, those recorded last first; words may be beginnings, words in quotes stand
    together. Nothing where no word is given."""
    words = [word.strip('"“”') for word in _WORD.findall(plain(text))]
    words = [word for word in words if any(char.isalnum() for char in word)]
    if not words:
        return []
    if _behind(board):
        catch_up(board)
    spaced = [word for word in words if not _UNSPACED.search(word)]
    unspaced = [word for word in words if _UNSPACED.search(word)]
    columns = ", ".join(f"moment.{name}" for name in MOMENT_COLUMNS)
    clauses: list[str] = ["moment.text LIKE ? ESCAPE '\\'"] * len(unspaced)
    args: list[str | int] = [f"%{_literal(word)}%" for word in unspaced]
    if incident is not None:
        clauses.append("moment.incident = ?")
        args.append(incident)
    if spaced:
        source = "told CROSS JOIN moment ON moment.n = told.rowid"
        clauses.insert(0, "told MATCH ?")
        terms = [f'words : "{_quoted(word)}"*' for word in spaced]
        terms += [f'incident : "{_quoted(incident)}"'] if incident is not None else []
        args.insert(0, " AND ".join(terms))
        order = "told.rowid DESC"
    else:
        source, order = "moment", "moment.at DESC"
    sql = (
        f"SELECT {columns}, record_incident.mark, record_incident.title FROM {source} "
        "JOIN record_incident ON record_incident.id = moment.incident "
        f"WHERE {' AND '.join(clauses)} ORDER BY {order} LIMIT ?"
    )
    rows = board._db.execute(sql, [*args, limit]).fetchall()
    lines = lines_read(board._db, (row[:-2] for row in rows))
    return [Found(line, row[-2], row[-1]) for line, row in zip(lines, rows, strict=True)]


def _quoted(word: str) -> str:
    return word.replace('"', "")


def _literal(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _behind(board: Board) -> bool:
    return int(board.recall(KEY) or 0) < board.version
