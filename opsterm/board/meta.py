"""What only this board knows: which station it is and was, what it has heard of others' clocks, what was remembered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable


def recall(db: sqlite3.Connection, key: str) -> str:
    """What is kept under a key, or nothing."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def keep(db: sqlite3.Connection, /, **values: str) -> None:
    """Keeps each value under its key."""
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def heard_clock(db: sqlite3.Connection) -> int:
    """The latest clock of all that others recorded, this board's former selves among them."""
    return int(recall(db, "hlc") or 0)


def stations_been(db: sqlite3.Connection) -> list[str]:
    """All stations that this board has been, the present one last."""
    return [*json.loads(recall(db, "former") or "[]"), *filter(None, [recall(db, "station")])]


def become_another(db: sqlite3.Connection, token: Callable[[int], str]) -> str:
    """Gives the board a new station, whose clock begins after all that is known here; the one it was is remembered."""
    latest = db.execute("SELECT max(hlc) FROM change").fetchone()[0] or 0
    station = token(8)
    keep(db, station=station, former=json.dumps(stations_been(db)), hlc=str(latest))
    return station
