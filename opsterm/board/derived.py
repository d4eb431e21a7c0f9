"""What is worked out from the changes: the rows of the record tables with their marks, the conflicts, the timeline.

Working out and putting on the board are two steps: who types is held up by the second alone.

Many records are done at once, a statement a table: a first join brings a hundred thousand changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from opsterm.board import change_table, meta, schema
from opsterm.board.change import Change
from opsterm.board.fold import Folded, fold, project
from opsterm.board.marks import lettered
from opsterm.board.timeline import COLUMNS as MOMENT_COLUMNS
from opsterm.board.timeline import NAMES as MOMENT_NAMES
from opsterm.board.timeline import Moment, moment_of
from opsterm.records.plain import whole
from opsterm.records.record import KINDS, Record, encoded

#: (kind, record) → all changes of that kind to that record.
Groups = Mapping[tuple[str, str], Sequence[Change]]

_INSERT_MOMENT = (
    f"INSERT INTO moment (n, {MOMENT_NAMES}) VALUES (?{', ?' * len(MOMENT_COLUMNS)}) "
    f"ON CONFLICT (key) WHERE key <> digest DO UPDATE SET ({', '.join(MOMENT_COLUMNS[1:])}) = "
    f"({', '.join(f'excluded.{name}' for name in MOMENT_COLUMNS[1:])}) "
    "WHERE (excluded.hlc, excluded.station, excluded.digest) < (moment.hlc, moment.station, moment.digest)"
)
#: How many values one statement asks for.
_ASKED_MAX = 500
#: How many records are made anew at a time.
_REBUILT_MAX = 4000


def put_moments(db: sqlite3.Connection, lines: Iterable[tuple[int, Moment | None]]) -> None:
    """Puts lines on the timeline, each with the `n` of the change that it is of."""
    db.executemany(_INSERT_MOMENT, ((n, *line) for n, line in lines if line is not None))


@dataclass(slots=True)
class WorkedOut:
    """What the changes of some records of one kind amount to, before it is on the board."""

    cls: type[Record]
    #: Records that the board had before.
    older: list[tuple[str]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    gone: list[tuple[str]] = field(default_factory=list)
    conflicts: list[tuple[str, ...]] = field(default_factory=list)
    #: (incident, number) of those that have a mark.
    numbered: set[tuple[str, int]] = field(default_factory=set)


def work_out(groups: Groups, *, new: Collection[tuple[str, str]] = ()) -> list[WorkedOut]:
    """What these records amount to, without a look at the board; those in `new` had no changes before."""
    kinds: dict[str, WorkedOut] = {}
    for (kind, record), changes in groups.items():
        if kind in KINDS and changes:
            if kind not in kinds:
                kinds[kind] = WorkedOut(KINDS[kind])
            if (kind, record) not in new:
                kinds[kind].older.append((record,))
            _add(kinds[kind], record, fold(changes))
    return [*kinds.values()]


def _add(of_kind: WorkedOut, record: str, folded: Folded) -> None:
    if folded.deleted:
        of_kind.gone.append((record,))
        return
    cls = of_kind.cls
    row = project(cls, folded)
    if cls.letter:
        row["mark"] = lettered(cls.letter, row["number"], 0, 1)
        of_kind.numbered.add((row["incident"], row["number"]))
    values = [*row.values()]
    for index, column in encoded(cls.kind):
        values[index] = column.to_sql(values[index])
    of_kind.rows.append(values)
    of_kind.conflicts += _conflicts(cls.kind, record, folded)


def put(db: sqlite3.Connection, worked_out: Iterable[WorkedOut]) -> None:
    """Makes the rows of these records anew."""
    for of_kind in worked_out:
        cls, table = of_kind.cls, schema.table_of(of_kind.cls)
        numbered = set(of_kind.numbered)
        if cls.letter:
            for one in of_kind.older:
                numbered.update(db.execute(f'SELECT incident, "number" FROM {table} WHERE id = ?', one))
        for statement, given in (
            ("DELETE FROM conflict WHERE record = ? AND kind = ?", [(*one, cls.kind) for one in of_kind.older]),
            (f"DELETE FROM {table} WHERE id = ?", of_kind.gone),
            (schema.upsert(cls.kind), of_kind.rows),
            ("INSERT OR REPLACE INTO conflict VALUES (?, ?, ?, ?, ?)", of_kind.conflicts),
        ):
            if given:
                db.executemany(statement, given)
        _letter(db, cls, numbered)


def _letter(db: sqlite3.Connection, cls: type[Record], numbered: Iterable[tuple[str, int]]) -> None:
    """Gives a letter to records of one incident that were given the same number apart, and takes it from one that is
    alone again."""
    table = schema.table_of(cls)
    update = f"UPDATE {table} SET mark = ? WHERE id = ?"
    for incident, of_incident in groupby(sorted(numbered), key=lambda pair: pair[0]):
        numbers = [number for _, number in of_incident]
        for start in range(0, len(numbers), _ASKED_MAX):
            asked = numbers[start : start + _ASKED_MAX]
            found = db.execute(
                f'SELECT "number", id, mark FROM {table} WHERE incident = ? AND "number" IN'
                f' ({", ".join("?" * len(asked))}) ORDER BY "number", born, id',
                (incident, *asked),
            ).fetchall()
            changed = []
            for number, same in groupby(found, key=lambda row: row[0]):
                alike = list(same)
                marks = [lettered(cls.letter, number, index, len(alike)) for index in range(len(alike))]
                changed += [(m, row[1]) for m, row in zip(marks, alike, strict=True) if m != row[2]]
            db.executemany(update, changed)


def _conflicts(kind: str, record: str, folded: Folded) -> Iterator[tuple[str, str, str, str, str]]:
    incident = folded.first.incident or (record if kind == "incident" else "")
    for name, heads in folded.conflicts.items():
        said = [
            {
                "value": head.value,
                "by": head.by,
                "at": head.at,
                "station": head.change.station,
                "digest": head.change.digest,
            }
            for head in heads
        ]
        yield record, whole(name), kind, incident, json.dumps(said)


def rebuild(db: sqlite3.Connection) -> int:
    """Inside a transaction: makes all that is worked out anew from the changes. Returns how many records."""
    derived = db.execute(
        "SELECT name FROM sqlite_master"
        " WHERE type = 'table' AND (name GLOB 'record_*' OR name IN ('moment', 'conflict'))"
    ).fetchall()
    for (name,) in derived:
        db.execute(f'DROP TABLE "{name}"')
    db.execute("DROP TABLE IF EXISTS told")
    db.execute("DELETE FROM meta WHERE key = 'searched'")
    schema.run_script(db, schema.derived_schema())
    records = [row[0] for row in db.execute("SELECT DISTINCT record FROM change")]
    for start in range(0, len(records), _REBUILT_MAX):
        groups = change_table.of_records(db, records[start : start + _REBUILT_MAX])
        put(db, work_out(groups, new=groups.keys()))
    changes = db.execute(f"SELECT n, {change_table.NAMES} FROM change ORDER BY n")
    put_moments(db, ((row[0], moment_of(Change(*row[1:]))) for row in changes))
    meta.keep(db, form=schema.derived_form())
    return len(records)
