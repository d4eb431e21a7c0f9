"""Part of a timeline that passes a filter, read from the end: a screen needs no more of it than it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from opsterm.board.store import Board
from opsterm.board.timeline import NAMES, Moment, lines_read
from opsterm.records.person_name import person_key

#: So many lines are looked through at first, and then at a time: a key does not wait for those further down.
STRETCH, STRETCH_ON = 400, 1000


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
    clause, args = _passing(kinds, person, words)
    order = "hlc DESC, station DESC, seq DESC" if by_recorded else "at DESC, hlc DESC, station DESC, seq DESC"
    if clause:
        sql = f"SELECT {NAMES} FROM moment WHERE incident = ? AND {clause} ORDER BY {order} LIMIT ? OFFSET ?"
    else:
        # What is skipped is skipped in the index alone.
        inner = "hlc DESC, rowid DESC" if by_recorded else "at DESC, hlc DESC, rowid DESC"
        chosen = f"SELECT rowid FROM moment WHERE incident = ? ORDER BY {inner} LIMIT ? OFFSET ?"
        sql = f"SELECT {NAMES} FROM moment WHERE rowid IN ({chosen}) ORDER BY {order}"
    return lines_read(board._db, board._db.execute(sql, [incident, *args, last, skip]))[::-1]


class Tally:
    """How many lines an incident's timeline has: counted once, and from then on only what came since."""

    def __init__(self, board: Board, incident: str) -> None:
        self._board = board
        self._incident = incident
        self._total = self._last = 0

    def count(self) -> int:
        """How many there are now."""
        last = self._board._db.execute("SELECT max(rowid) FROM moment").fetchone()[0] or 0
        if last < self._last or not self._last:
            self._total = self._board.count_moments(self._incident)
        elif last > self._last:
            sql = "SELECT count(*) FROM moment NOT INDEXED WHERE rowid > ? AND incident = ?"
            self._total += self._board._db.execute(sql, (self._last, self._incident)).fetchone()[0]
        self._last = last
        return self._total


def place_of(board: Board, moment: Moment) -> int:
    """How many lines of its incident's timeline happened after a line: 0 for the latest."""
    later: int = board._db.execute(
        "SELECT count(*) FROM moment WHERE incident = ? AND (at, hlc) > (?, ?)",
        (moment.incident, moment.at, moment.hlc),
    ).fetchone()[0]
    same = board._db.execute(
        "SELECT key FROM moment WHERE incident = ? AND at = ? AND hlc = ? ORDER BY rowid DESC",
        (moment.incident, moment.at, moment.hlc),
    ).fetchall()
    return later + next((place for place, (key,) in enumerate(same) if key == moment.key), 0)


class Scan:
    """The lines that pass a filter, looked for from the end of a timeline a stretch at a time: what is found first
    can be shown before the rest was looked through."""

    def __init__(
        self,
        board: Board,
        incident: str,
        *,
        kinds: Collection[str] = (),
        person: str = "",
        words: str = "",
        by_recorded: bool = False,
    ) -> None:
        self._board = board
        self._incident = incident
        self._clause, self._args = _passing(kinds, person, words)
        self._order = ("hlc", "rowid") if by_recorded else ("at", "hlc", "rowid")
        #: Rows of the lines that pass, the latest first.
        self._rows: list[int] = []
        self._reached: Sequence[Any] = ()
        #: Whether all lines were looked through.
        self.done = False

    def __len__(self) -> int:
        """How many lines were found so far."""
        return len(self._rows)

    def narrow(self, wider: Scan) -> None:
        """Looks only among what a filter found that lets all through that this one does, and that is done."""
        passing = f" AND {self._clause}" if self._clause else ""
        down = ", ".join(f"{name} DESC" for name in self._order)
        found = self._board._db.execute(
            f"SELECT rowid FROM moment WHERE rowid IN (SELECT value FROM json_each(?)){passing} ORDER BY {down}",
            [json.dumps(wider._rows), *self._args],
        )
        self._rows, self.done = [row[0] for row in found], True

    def go_on(self, lines: int = STRETCH) -> None:
        """Looks through so many lines more."""
        if self.done:
            return
        db, names = self._board._db, ", ".join(self._order)
        down = ", ".join(f"{name} DESC" for name in self._order)
        asked = ", ".join("?" * len(self._order))
        before, begin = (f" AND ({names}) < ({asked})", self._reached) if self._reached else ("", ())
        end = db.execute(
            f"SELECT {names} FROM moment WHERE incident = ?{before} ORDER BY {down} LIMIT 1 OFFSET ?",
            [self._incident, *begin, lines - 1],
        ).fetchone()
        until = f" AND ({names}) >= ({asked})" if end else ""
        passing = f" AND {self._clause}" if self._clause else ""
        found = db.execute(
            f"SELECT rowid FROM moment WHERE incident = ?{before}{until}{passing} ORDER BY {down}",
            [self._incident, *begin, *(end or ()), *self._args],
        )
        self._rows += [row[0] for row in found]
        self._reached, self.done = end or (), end is None

    def read(self, first: int, lines: int) -> list[Moment]:
        """The lines from a place on, of those that were found, the latest being 0."""
        wanted = self._rows[first : first + lines]
        rows = self._board._db.execute(
            f"SELECT rowid, {NAMES} FROM moment WHERE rowid IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        numbered = rows.fetchall()
        read = lines_read(self._board._db, (row[1:] for row in numbered))
        found = {row[0]: line for row, line in zip(numbered, read, strict=True)}
        return [found[row] for row in wanted if row in found]


def _passing(kinds: Collection[str], person: str, words: str) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    args: list[Any] = []
    if kinds:
        clauses.append(f"kind IN ({', '.join('?' * len(kinds))})")
        args += sorted(kinds)
    if person:
        clauses.append("person_key(by) = ?")
        args.append(person_key(person))
    for word in words.split():
        clauses.append("(text LIKE ? ESCAPE '\\' OR by LIKE ? ESCAPE '\\')")
        literal = re.sub(r"([%_\\])", r"\\\1", word)
        args += [f"%{literal}%"] * 2
    return " AND ".join(clauses), args
