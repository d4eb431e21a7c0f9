"""Verifying a board: the file, every change, each station's chain, and that the tables say what the changes say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from opsterm.board.change import fault
from opsterm.board.clock import hlc_ms, latest_followed
from opsterm.board.fold import fold, project
from opsterm.board.schema import table_of
from opsterm.board.store import Board
from opsterm.board.timeline import NAMES, Moment, tell
from opsterm.records.instant import from_ms
from opsterm.records.plain import one_line
from opsterm.records.record import KINDS, as_fields


@dataclass(frozen=True, slots=True)
class BoardProblem:
    """Something that is damaged or missing: where, and what."""

    where: str
    what: str


def check(board: Board) -> list[BoardProblem]:
    """All that is wrong with a board. Reads everything; changes nothing."""
    where = str(board.path)
    damaged = [BoardProblem(where, f"the file is damaged: {text}") for text in damage(board)]
    if damaged:
        return damaged
    try:
        return [*_chains(board), *_tables(board), *_timelines(board)]
    except sqlite3.DatabaseError as error:
        return [BoardProblem(where, f"the file is damaged: {error}")]


def damage(board: Board) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    try:
        said = [row[0] for row in board._db.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if said == ["ok"] else said


def _chains(board: Board) -> Iterator[BoardProblem]:
    station, seq = "", 0
    #: The digests that the next change may name as the one before it; more than one where a station was cloned.
    before: set[str] = {""}
    here: set[str] = set()
    for change in board.all_changes():
        where = f"station {change.station}, change {change.seq}"
        wrong = fault(change)
        if wrong:
            yield BoardProblem(where, wrong)
        if change.station != station:
            station, seq, before, here = change.station, 0, {""}, set()
        if change.seq > seq:
            before, here = (here if seq else {""}), set()
            if change.seq > seq + 1:
                yield BoardProblem(where, f"changes {seq + 1} to {change.seq - 1} before it are not known here")
                before = {change.prev}
        else:
            yield BoardProblem(where, "another change has the same number: the station was cloned or restored")
        if change.prev not in before:
            yield BoardProblem(where, "it does not follow the change before it: the station was cloned or restored")
        here.add(change.digest)
        seq = change.seq


def clocks_ahead(board: Board) -> list[BoardProblem]:
    """The stations that wrote with a clock so far ahead that nobody follows it. Nothing is damaged by it."""
    found = board._db.execute(
        "SELECT station, max(author), count(*), max(hlc) FROM change WHERE hlc > ? GROUP BY station ORDER BY station",
        (latest_followed(board.clock.now_ms()),),
    )
    return [
        BoardProblem(
            f"station {one_line(station)} ({one_line(author)})",
            f"its clock stood in the year {from_ms(hlc_ms(hlc))[:4]} at {several(count)}, which count like any other;"
            " the clock is not followed",
        )
        for station, author, count, hlc in found
    ]


def several(changes: int) -> str:
    """That many changes, in words."""
    return "one change" if changes == 1 else f"{changes} changes"


def _timelines(board: Board) -> Iterator[BoardProblem]:
    """Compares the timelines with the lines of the changes, one by one."""
    records = board._db.execute("SELECT DISTINCT record, kind FROM change WHERE incident <> '' OR kind = 'incident'")
    told = (line for record, kind in records.fetchall() for line in tell(board.changes_of_record(record, kind)))
    expected = {line.key: line for line in told if line.incident}
    for row in board._db.execute(f"SELECT {NAMES} FROM moment"):
        line = Moment(*row)
        wanted = expected.pop(line.key, None)
        if wanted is None or (wanted._replace(mark=line.mark) if wanted.mark and line.mark else wanted) != line:
            yield BoardProblem(
                f"timeline of {line.incident}", f"a line differs from its change: opsterm rebuild ({line.at})"
            )
    for line in expected.values():
        yield BoardProblem(f"timeline of {line.incident}", f"a line is missing: opsterm rebuild ({line.at})")


def _tables(board: Board) -> Iterator[BoardProblem]:
    """Compares the record tables with a fold of the changes, record by record."""
    for kind, cls in KINDS.items():
        kept = {item.id: as_fields(item) for item in board.all(cls)}
        changed = board._db.execute("SELECT DISTINCT record FROM change WHERE kind = ? ORDER BY record", (kind,))
        for (record,) in changed.fetchall():
            folded = fold(board.changes_of_record(record, kind))
            expected = None if folded.deleted else project(cls, folded)
            found = kept.pop(record, None)
            if found is not None and expected is not None:
                expected["mark"] = found["mark"]
            if found != expected:
                yield BoardProblem(f"{table_of(cls)} {record}", "the table differs from its changes: opsterm rebuild")
        for record in kept:
            yield BoardProblem(f"{table_of(cls)} {record}", "no change tells of it: opsterm rebuild")
