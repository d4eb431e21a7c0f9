"""Part of a timeline that passes a filter, read from the end: a screen needs no more of it than it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from opsterm.board.store import Board
from opsterm.board.telling import COLUMNS, Moment


def window(
    board: Board,
    incident: str,
    *,
    kinds: Collection[str] = (),
    person: str = "",
    words: str = "",
    by_recorded: bool = False,
    last: int = 200,
    skip: int = 0,
) -> list[Moment]:
    """The last lines of an incident that are of one of the kinds, by the person and with all the words, oldest first;
    `skip` lines before the end. Empty parts let all through. `by_recorded` orders by when they were written down."""
    clause, args = _passing(incident, kinds, person, words)
    order = "hlc DESC, station DESC" if by_recorded else "at DESC, hlc DESC, key DESC"
    sql = f"SELECT {', '.join(COLUMNS)} FROM moment WHERE {clause} ORDER BY {order} LIMIT ? OFFSET ?"
    return [Moment(*row) for row in board._db.execute(sql, [*args, last, skip])][::-1]


def count(board: Board, incident: str, *, kinds: Collection[str] = (), person: str = "", words: str = "") -> int:
    """How many lines pass."""
    clause, args = _passing(incident, kinds, person, words)
    found: int = board._db.execute(f"SELECT count(*) FROM moment WHERE {clause}", args).fetchone()[0]
    return found


def _passing(incident: str, kinds: Collection[str], person: str, words: str) -> tuple[str, list[Any]]:
    clauses: list[str] = ["incident = ?"]
    args: list[Any] = [incident]
    if kinds:
        clauses.append("kind IN (SELECT value FROM json_each(?))")
        args.append(json.dumps(sorted(kinds)))
    if person:
        clauses.append("by = ?")
        args.append(person)
    for word in words.split():
        clauses.append("(text LIKE ? ESCAPE '\\' OR by LIKE ? ESCAPE '\\')")
        literal = re.sub(r"([%_\\])", r"\\\1", word)
        args += [f"%{literal}%"] * 2
    return " AND ".join(clauses), args
