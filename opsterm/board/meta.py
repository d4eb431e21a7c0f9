"""What only this board knows: which station it is and was, what it has heard of others' clocks, what was remembered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

#: Of these the text is a number, and of keys that begin so a list or an object in JSON.
_NUMBERS = frozenset({"hlc", "proposed", "searched"})
_JSON = ("attention", "former", "marks told:", "share.files", "share.layout", "share.seen")


def is_text(*parts: str | bytes) -> bool:
    """Whether these are texts that UTF-8 can hold."""
    try:
        return all(isinstance(part, str) and part.encode() is not None for part in parts)
    except UnicodeError:
        return False


def readable(key: str | bytes, value: str | bytes) -> bool:
    """Whether what is kept under a key can be read as it was kept."""
    if isinstance(key, bytes) or isinstance(value, bytes) or not is_text(key, value):
        return False
    try:
        if key.startswith(_JSON) and value:
            return isinstance(json.loads(value), dict | list)
        return key not in _NUMBERS or int(value or 0) >= 0
    except (ValueError, RecursionError):
        return False


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
