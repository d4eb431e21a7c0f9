"""The table of changes: what is known here of a record and of a station, each change with the number by which it came.

What a board asks of it; `chains` has what the share asks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from opsterm.board.change import COLUMNS, Change

NAMES = ", ".join(COLUMNS)
#: Adds a change under its number.
INSERT = f"INSERT INTO change (n, {NAMES}) VALUES (?{', ?' * len(COLUMNS)})"


def version_of(db: sqlite3.Connection) -> int:
    """The number of the change that arrived last."""
    row = db.execute("SELECT max(n) FROM change").fetchone()
    return row[0] or 0


def of_record(db: sqlite3.Connection, record: str, kind: str = "") -> list[Change]:
    """The changes of a record, or of what has that id in one kind, in no order."""
    changes = (Change(*row) for row in db.execute(f"SELECT {NAMES} FROM change WHERE record = ?", (record,)))
    return [change for change in changes if not kind or change.kind == kind]


def of_records(db: sqlite3.Connection, records: Collection[str]) -> dict[tuple[str, str], list[Change]]:
    """(kind, record) → all changes of it that are known here: one question for many records."""
    asked = ", ".join("?" * len(records))
    found: dict[tuple[str, str], list[Change]] = {}
    for row in db.execute(f"SELECT {NAMES} FROM change WHERE record IN ({asked})", [*records]):
        change = Change(*row)
        found.setdefault((change.kind, change.record), []).append(change)
    return found


def numbers_of(db: sqlite3.Connection, records: Collection[str]) -> dict[str, int]:
    """Digest → number of every change of some records."""
    asked = ", ".join("?" * len(records))
    return dict(db.execute(f"SELECT digest, n FROM change WHERE record IN ({asked})", [*records]))


def numbered(db: sqlite3.Connection, kind: str, record: str) -> list[tuple[int, Change]]:
    """The changes of a record of a kind, each with its number."""
    rows = db.execute(f"SELECT n, {NAMES} FROM change WHERE record = ? AND kind = ?", (record, kind))
    return [(row[0], Change(*row[1:])) for row in rows]


def records_since(db: sqlite3.Connection, version: int) -> set[str]:
    """The ids of the records that changes were added to since `version`."""
    return {row[0] for row in db.execute("SELECT DISTINCT record FROM change WHERE n > ?", (version,))}


def last_of(db: sqlite3.Connection, station: str) -> tuple[str, int, int]:
    """Digest, seq and clock of a station's last change."""
    row = db.execute(
        "SELECT digest, seq, hlc FROM change WHERE station = ? ORDER BY seq DESC LIMIT 1", (station,)
    ).fetchone()
    return row or ("", 0, 0)
