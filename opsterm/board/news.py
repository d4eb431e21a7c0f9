"""What came to this board after a version of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.clock import COUNTER_BITS
from opsterm.board.store import Board, Touched
from opsterm.board.timeline import ARRIVED, NAMES, Moment, lines_read
from opsterm.records.instant import Instant, to_ms
from opsterm.records.person_name import person_key

#: What one person wrote is left out, with what names nobody and came from this very station: that person imported it.
_FROM = (
    f"FROM moment WHERE {ARRIVED} AND incident = :incident AND struck = ''"
    " AND (:but = '' OR NOT (person_key(by) = :but OR (by = '' AND station = :station)))"
)


@dataclass(frozen=True, slots=True)
class News:
    """The records that changes were added to after version `since` of a board, up to its version `until`."""

    since: int
    until: int
    touched: Sequence[Touched]


def news_since(board: Board, version: int) -> News:
    """What was touched after `version`; what arrives meanwhile may be in it, and is news again the next time."""
    until = board.version
    return News(version, until, board.touched_since(version))


def touched_since(board: Board, version: int, news: News | None = None) -> Sequence[Touched]:
    """The records that changes were added to after `version`: what the news tell where they reach from there, or from
    before, to now; else the board is asked."""
    if news is not None and news.since <= version and news.until == board.version:
        return news.touched
    return board.touched_since(version)


def moments_since(board: Board, incident: str, version: int, kinds: Sequence[str], *, but: str = "") -> list[Moment]:
    """Lines of some kinds of an incident's timeline that arrived here after `version`, by when they happened: what
    others recorded long ago and a merge brought now is news here. Lines by `but` are left out."""
    rows = board._db.execute(
        f"SELECT {NAMES} {_FROM} AND kind IN (SELECT value FROM json_each(:kinds)) ORDER BY at, hlc, station, seq",
        {**_asked(board, incident, version, but), "kinds": json.dumps(list(kinds))},
    )
    return lines_read(board._db, rows)


def wrote_since(board: Board, incident: str, person: str, begun: Instant) -> bool:
    """Whether a person put any line on an incident's timeline since a moment, by the clock of who recorded it."""
    # The logical clock is never behind that one, and has an index.
    sql = "SELECT 1 FROM moment WHERE incident = ? AND hlc >= ? AND person_key(by) = ? AND wall >= ? LIMIT 1"
    begun_ms = to_ms(begun)
    asked = (incident, begun_ms << COUNTER_BITS, person_key(person), begun_ms)
    return board._db.execute(sql, asked).fetchone() is not None


def counts_since(board: Board, incident: str, version: int, *, but: str = "") -> dict[str, int]:
    """How many lines of each kind arrived here after `version`."""
    asked = _asked(board, incident, version, but)
    return dict(board._db.execute(f"SELECT kind, count(*) {_FROM} GROUP BY kind", asked))


def _asked(board: Board, incident: str, version: int, but: str) -> dict[str, Any]:
    return {"since": version, "incident": incident, "but": person_key(but), "station": board.station}
