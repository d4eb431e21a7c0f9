"""What only this board knows: which station it is and was, what it has heard of others' clocks, what was remembered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable

from opsterm.board.clock import latest_followed

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


def heard_clock(db: sqlite3.Connection, now_ms: int) -> int:
    """The latest clock of all that others recorded, this board's former selves among them, of those that are followed
    where the own wall clock says `now_ms`."""
    heard = int(recall(db, "hlc") or 0)
    if heard > latest_followed(now_ms):
        # An earlier version followed any clock.
        return latest_known(db, now_ms)
    return heard


def latest_known(db: sqlite3.Connection, now_ms: int) -> int:
    latest = latest_followed(now_ms)
    return db.execute("SELECT max(hlc) FROM change WHERE hlc <= ?", (latest,)).fetchone()[0] or 0


def hear_clocks(db: sqlite3.Connection, clocks: Iterable[int], now_ms: int) -> None:
    """Keeps the latest clock of those that are followed."""
    latest = latest_followed(now_ms)
    keep(db, hlc=str(max(heard_clock(db, now_ms), *(clock for clock in clocks if clock <= latest), 0)))


def stations_been(db: sqlite3.Connection) -> list[str]:
    """All stations that this board has been, the present one last."""
    return [*json.loads(recall(db, "former") or "[]"), *filter(None, [recall(db, "station")])]


def become_another(db: sqlite3.Connection, token: Callable[[int], str], now_ms: int) -> str:
    """Gives the board a new station, whose clock begins after all that is known here and followed; the one it was is
    remembered."""
    station = token(8)
    keep(db, station=station, former=json.dumps(stations_been(db)))
    hear_clocks(db, [latest_known(db, now_ms)], now_ms)
    return station
