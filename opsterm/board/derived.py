"""What is worked out from the changes: the rows of the record tables with their marks, the conflicts, the timeline.

Many records are done at once, a statement a table: a first join brings a hundred thousand changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from opsterm.board import schema
from opsterm.board.change import Change
from opsterm.board.fold import Folded, fold, project
from opsterm.board.marks import lettered
from opsterm.board.telling import COLUMNS as MOMENT_COLUMNS
from opsterm.board.telling import tell
from opsterm.records.plain import whole
from opsterm.records.record import KINDS, Record, columns

#: (kind, record) → all changes of that kind to that record.
Groups = Mapping[tuple[str, str], Sequence[Change]]

_INSERT_MOMENT = (
    f"INSERT INTO moment (n, {', '.join(MOMENT_COLUMNS)}) VALUES (?{', ?' * len(MOMENT_COLUMNS)}) "
    f"ON CONFLICT (key) WHERE key <> digest DO UPDATE SET ({', '.join(MOMENT_COLUMNS[1:])}) = "
    f"({', '.join(f'excluded.{name}' for name in MOMENT_COLUMNS[1:])}) "
    "WHERE (excluded.hlc, excluded.station, excluded.digest) < (moment.hlc, moment.station, moment.digest)"
)
#: How many values one statement asks for.
_ASKED_MAX = 500


def tell_all(db: sqlite3.Connection, changes: Iterable[tuple[int, Change]]) -> None:
    """Puts what changes tell on the timeline; each change with its `n`."""
    db.executemany(_INSERT_MOMENT, ((n, *told) for n, change in changes if (told := tell(change)) is not None))


def refresh(db: sqlite3.Connection, groups: Groups, *, new: Collection[tuple[str, str]] = ()) -> None:
    """Makes the rows of these records anew; those in `new` had no changes before."""
    folds: dict[str, dict[str, Folded]] = {}
    for (kind, record), changes in groups.items():
        if kind in KINDS and changes:
            folds.setdefault(kind, {})[record] = fold(changes)
    for kind, of_kind in folds.items():
        _refresh_kind(db, KINDS[kind], of_kind, [(record,) for record in of_kind if (kind, record) not in new])


def _refresh_kind(
    db: sqlite3.Connection, cls: type[Record], folds: Mapping[str, Folded], older: Sequence[tuple[str]]
) -> None:
    table = schema.table_of(cls)
    numbered: set[tuple[str, int]] = set()
    if cls.letter:
        for one in older:
            numbered.update(db.execute(f'SELECT incident, "number" FROM {table} WHERE id = ?', one))
    lists = [(index, column) for index, column in enumerate(columns(cls)) if column.type is tuple]
    rows: list[list[Any]] = []
    conflicts: list[tuple[str, ...]] = []
    gone: list[tuple[str]] = []
    for record, folded in folds.items():
        if folded.deleted:
            gone.append((record,))
            continue
        row = project(cls, folded)
        if cls.letter:
            row["mark"] = lettered(cls.letter, row["number"], 0, 1)
            numbered.add((row["incident"], row["number"]))
        values = [*row.values()]
        for index, column in lists:
            values[index] = column.to_sql(values[index])
        rows.append(values)
        conflicts += _conflicts(cls.kind, record, folded)
    for statement, given in (
        ("DELETE FROM conflict WHERE record = ? AND kind = ?", [(*one, cls.kind) for one in older]),
        (f"DELETE FROM {table} WHERE id = ?", gone),
        (schema.upsert(cls.kind), rows),
        ("INSERT OR REPLACE INTO conflict VALUES (?, ?, ?, ?, ?)", conflicts),
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
    for field, heads in folded.conflicts.items():
        told = [
            {
                "value": head.value,
                "by": head.by,
                "at": head.at,
                "station": head.change.station,
                "digest": head.change.digest,
            }
            for head in heads
        ]
        yield record, whole(field), kind, incident, json.dumps(told)
