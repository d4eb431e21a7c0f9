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
from opsterm.board.search_index import learn, unlearn
from opsterm.board.timeline import COLUMNS as MOMENT_COLUMNS
from opsterm.board.timeline import NAMES as MOMENT_NAMES
from opsterm.board.timeline import Moment, tell_folded
from opsterm.records.plain import whole
from opsterm.records.record import KINDS, Record, encoded

#: (kind, record) → all changes of that kind to that record.
Groups = Mapping[tuple[str, str], Sequence[Change]]

_INSERT_MOMENT = f"INSERT OR REPLACE INTO moment (n, {MOMENT_NAMES}) VALUES (?{', ?' * len(MOMENT_COLUMNS)})"
#: How many values one statement asks for.
_ASKED_MAX = 500
#: How many records are made anew at a time.
_REBUILT_MAX = 4000


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
    #: Record → its lines of the timeline.
    lines: dict[str, list[Moment]] = field(default_factory=dict)


def work_out(groups: Groups, *, new: Collection[tuple[str, str]] = ()) -> list[WorkedOut]:
    """What these records amount to, without a look at the board; those in `new` had no changes before."""
    kinds: dict[str, WorkedOut] = {}
    for (kind, record), changes in groups.items():
        if kind in KINDS and changes:
            if kind not in kinds:
                kinds[kind] = WorkedOut(KINDS[kind])
            if (kind, record) not in new:
                kinds[kind].older.append((record,))
            folded = fold(changes)
            _add(kinds[kind], record, folded)
            if kind == "incident" or folded.first.change.incident:
                kinds[kind].lines[record] = tell_folded(folded, changes)
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


def put(db: sqlite3.Connection, worked_out: Iterable[WorkedOut], numbers: Mapping[str, int]) -> None:
    """Makes the rows and the lines of these records anew; `numbers` has the numbers of the changes that are new."""
    for of_kind in worked_out:
        _put_lines(db, of_kind, numbers)
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


def _put_lines(db: sqlite3.Connection, of_kind: WorkedOut, numbers: Mapping[str, int]) -> None:
    """Puts the lines of these records on the timeline: of those that the board had before, what differs."""
    older = {record for (record,) in of_kind.older}
    added: list[tuple[Any, ...]] = []
    for record, lines in of_kind.lines.items():
        if record not in older:
            added += [(numbers[line.digest], *line) for line in lines]
            continue
        known = dict(
            db.execute("SELECT digest, n FROM change WHERE record = ? AND kind = ?", (record, of_kind.cls.kind))
        )
        asked = f"SELECT n, {MOMENT_NAMES} FROM moment WHERE n IN (SELECT value FROM json_each(?))"
        standing = {row[0]: Moment(*row[1:]) for row in db.execute(asked, (json.dumps([*known.values()]),))}
        # What came here first of a line that several stations imported gives it its number.
        places = {line.key: n for n, line in standing.items()}
        wanted = {places.get(line.key, known[line.digest]): line for line in lines}
        gone = standing.keys() - wanted.keys()
        differs = {n: line for n, line in wanted.items() if standing.get(n) != line}
        unlearn(db, {n: standing[n] for n in (*gone, *differs) if n in standing})
        db.executemany("DELETE FROM moment WHERE n = ?", [(n,) for n in gone])
        added += [(n, *line) for n, line in differs.items()]
        learn(db, differs)
    if added:
        db.executemany(_INSERT_MOMENT, added)


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
            # The lines of a new record have its number alone as their mark until here.
            told = "UPDATE moment SET mark = ? WHERE mark <> '' AND n IN (SELECT n FROM change WHERE record = ?)"
            db.executemany(told, changed)


def _conflicts(kind: str, record: str, folded: Folded) -> Iterator[tuple[str, str, str, str, str]]:
    incident = folded.first.change.incident or (record if kind == "incident" else "")
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
        some = records[start : start + _REBUILT_MAX]
        groups = change_table.of_records(db, some)
        put(db, work_out(groups, new=groups.keys()), change_table.numbers_of(db, some))
    meta.keep(db, form=schema.derived_form())
    return len(records)
