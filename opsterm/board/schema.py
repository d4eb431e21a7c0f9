"""The tables of a board's file: the changes, and what is worked out from them."""

from __future__ import annotations

import sqlite3
from functools import cache
from hashlib import sha256

from opsterm.board.timeline import COLUMNS as MOMENT_COLUMNS
from opsterm.records.person_name import UNSEEN
from opsterm.records.record import KINDS, Record, columns
from opsterm.records.timeline_entry import SENTENCES

#: "OpsT": says in a file's header that it is a board.
APPLICATION_ID = 0x4F707354
#: Raised when the tables of changes take another form; older versions then refuse the file.
FORMAT = 1

KEPT = """
CREATE TABLE change (
    n INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE, prev TEXT NOT NULL, station TEXT NOT NULL, seq INTEGER NOT NULL,
    hlc INTEGER NOT NULL, wall INTEGER NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    incident TEXT NOT NULL, fields TEXT NOT NULL, basis TEXT NOT NULL);
CREATE INDEX change_record ON change (record);
CREATE INDEX change_station ON change (station, seq);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE draft (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""

_NUMBERS = frozenset({"seq", "hlc", "wall"})
_MOMENT = ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'} NOT NULL" for name in MOMENT_COLUMNS)

#: A line's `n` is that of the change by which it came here first.
_DERIVED = f"""
CREATE TABLE moment (n INTEGER PRIMARY KEY, {_MOMENT});
CREATE UNIQUE INDEX moment_key ON moment (key) WHERE key <> digest;
CREATE INDEX moment_when ON moment (incident, at, hlc);
CREATE INDEX moment_recorded ON moment (incident, hlc);
CREATE TABLE conflict (
    record TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, incident TEXT NOT NULL, heads TEXT NOT NULL,
    PRIMARY KEY (record, kind, field)) WITHOUT ROWID;
CREATE INDEX conflict_incident ON conflict (incident);
"""


def table_of(cls: type[Record]) -> str:
    """The name of a kind's table."""
    return f"record_{cls.kind}"


def _create(cls: type[Record]) -> str:
    fields = ", ".join(
        f'"{c.name}" {c.sql}{" PRIMARY KEY" if c.name == "id" else ""}{"" if c.nullable else " NOT NULL"}'
        for c in columns(cls)
    )
    table = table_of(cls)
    return f'CREATE TABLE {table} ({fields}); CREATE INDEX {table}_incident ON {table} (incident, "number");'


@cache
def upsert(kind: str) -> str:
    """The statement that writes one record of a kind, columns in order."""
    cls = KINDS[kind]
    names = ", ".join(f'"{c.name}"' for c in columns(cls))
    return f"INSERT OR REPLACE INTO {table_of(cls)} ({names}) VALUES ({', '.join('?' * len(columns(cls)))})"


@cache
def derived_schema() -> str:
    """The statements that make the derived tables."""
    return _DERIVED + "\n".join(_create(cls) for cls in KINDS.values())


@cache
def derived_form() -> str:
    """Names the form of the derived tables, the words that they can say and what names are without: where a board's
    differs, they are made anew from the changes."""
    words = [(kind, c.name, *sorted(c.words)) for kind, cls in KINDS.items() for c in columns(cls) if c.words]
    holding = [(kind, c.name, c.ends) for kind, cls in KINDS.items() for c in columns(cls) if c.holds]
    return sha256(f"{derived_schema()}{words}{holding}{SENTENCES}{UNSEEN.pattern}".encode()).hexdigest()[:16]


def run_script(db: sqlite3.Connection, script: str) -> None:
    """Runs statements inside the transaction that is open; `executescript` would commit it."""
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)
