"""A journal's bytes ↔ changes: a small SQLite file that is made and read in memory, never opened on the share.

What is read is untrusted: header, claimed sizes, exact schema and every page are checked before the first query, which
runs read-only, under an authorizer, with bounded lengths and steps. [sqlite.org: fileformat2; security]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from opsterm.board.change import COLUMNS, FIELDS_BYTES_MAX, Change
from opsterm.share.plain_words import shown

#: "OpsJ": says in a file's header that it is a journal.
APPLICATION_ID = 0x4F70734A
#: Raised when a journal takes another form; older versions then name the one that they need.
FORMAT = 1
#: No journal that opsterm writes comes near this: sealed at 1 MiB, after one change of a few MiB at the most.
FILE_BYTES_MAX = 32 << 20

MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100

_NUMBERS = ("seq", "hlc", "wall")
_CHANGE_SQL = "CREATE TABLE change ({})".format(
    ", ".join(f"{column} {'INTEGER' if column in _NUMBERS else 'TEXT'} NOT NULL" for column in COLUMNS)
)
_ABOUT_SQL = "CREATE TABLE about (key TEXT NOT NULL, value TEXT NOT NULL)"
_SCHEMA = {("table", "change", "change", _CHANGE_SQL), ("table", "about", "about", _ABOUT_SQL)}
_INSERT = f"INSERT INTO change VALUES ({', '.join('?' * len(COLUMNS))})"

#: A text of one change in bytes of UTF-8, at the most; a whole row has a few.
_TEXT_BYTES_MAX = 4 * FIELDS_BYTES_MAX + 1024
_ROW_BYTES_MAX = 2 * _TEXT_BYTES_MAX + (1 << 16)
#: The progress handler is asked after each so many steps, and stops a reading that took so many times that.
_STEPS, _STEPS_TIMES_MAX = 100_000, 1_000
_PRAGMAS = frozenset({"quick_check"})
_ABOUT_ROWS_MAX = 100


class Malformed(ValueError):  # noqa: N818 - said of bytes, not of the program
    """These bytes are no journal, or a damaged one. Its text says what is wrong with them."""


class NewerFormat(Malformed):
    """A newer opsterm wrote this."""


@dataclass(frozen=True, slots=True)
class About:
    """What a journal says of itself."""

    #: Whose it is, as `mia@laptop`, and who sits there.
    station: str = ""
    label: str = ""
    person: str = ""
    #: How many sealed files this station has, as its live file knows.
    sealed: int = 0


class Journal(NamedTuple):
    """One file's contents, not verified yet but for its form."""

    about: About
    changes: list[Change]


def encode(about: About, changes: Iterable[Change]) -> bytes:
    """The bytes of a journal that holds these changes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA page_size = 4096")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.execute("BEGIN")
        db.execute(_ABOUT_SQL)
        db.execute(_CHANGE_SQL)
        told = {
            "station": about.station,
            "label": about.label,
            "person": about.person,
            "sealed": str(about.sealed),
        }
        db.executemany("INSERT INTO about VALUES (?, ?)", told.items())
        db.executemany(_INSERT, changes)
        db.execute("COMMIT")
        return db.serialize()


def is_database(data: bytes) -> bool:
    """Whether bytes begin as any SQLite file does."""
    return data[: len(MAGIC)] == MAGIC


def decode(data: bytes) -> Journal:
    """What a journal's bytes hold. Raises Malformed, and nothing else, whatever the bytes."""
    _check_header(data)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        try:
            return _read(db, data)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, UnicodeError) as error:
            raise Malformed(f"it is damaged: {shown(str(error))}") from error


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _check_header(data: bytes) -> None:
    if len(data) > FILE_BYTES_MAX:
        raise Malformed("it is larger than any journal")
    if not is_database(data) or len(data) < _HEADER_BYTES:
        raise Malformed("it is empty, cut short, or no journal")
    if _number(data, 68) != APPLICATION_ID:
        raise Malformed("it is another program's database")
    version = _number(data, 60)
    if version > FORMAT:
        raise NewerFormat(f"a newer opsterm wrote it (journal format {version}, this one reads {FORMAT}): upgrade here")
    page = _number(data, 16, 2)
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1) or _number(data, 28) * page != len(data):
        raise Malformed("it is cut short: its size is not the one it claims")
    plain = version == FORMAT and data[18:20] == b"\1\1" and data[20] == 0
    if not (plain and _number(data, 24) == _number(data, 92) and _number(data, 56) == 1 and not _number(data, 52)):
        raise Malformed("its header is not one that opsterm writes")


def _read(db: sqlite3.Connection, data: bytes) -> Journal:
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_LENGTH, _ROW_BYTES_MAX),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 10_000),
        (sqlite3.SQLITE_LIMIT_COLUMN, 50),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20),
        (sqlite3.SQLITE_LIMIT_VDBE_OP, 25_000),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    ):
        db.setlimit(limit, value)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        db.execute(f"PRAGMA {pragma}")
    db.deserialize(data)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        db.execute(f"PRAGMA {pragma}")
    left = iter(range(_STEPS_TIMES_MAX))
    db.set_progress_handler(lambda: next(left, None) is None, _STEPS)
    db.set_authorizer(_allowed)
    found = set(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 5"))
    if found != _SCHEMA:
        raise Malformed("its tables are not those of a journal")
    if db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise Malformed("it is damaged: its pages do not fit together")
    about = _about(dict(db.execute(f"SELECT key, value FROM about LIMIT {_ABOUT_ROWS_MAX}").fetchall()))
    changes = [Change(*row) for row in db.execute(f"SELECT {', '.join(COLUMNS)} FROM change")]
    return Journal(about, changes)


def _allowed(action: int, first: str | None, _second: str | None, _db: str | None, _inner: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in ("change", "about", "sqlite_master"):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _about(told: dict[Any, Any]) -> About:
    texts = {key: shown(value) for key, value in told.items() if isinstance(value, str)}
    sealed = texts.get("sealed", "")
    return About(
        station=texts.get("station", ""),
        label=texts.get("label", ""),
        person=texts.get("person", ""),
        sealed=int(sealed) if sealed.isascii() and sealed.isdigit() and len(sealed) < 7 else 0,
    )
