"""Merging: taking changes of other stations, in slices so short that nobody who types waits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from opsterm.board import change_table, meta
from opsterm.board.change import Change, fault
from opsterm.board.derived import WorkedOut, put, work_out
from opsterm.board.failure import in_one_line

#: How long one slice of a merge may hold the others up.
SLICE_S = 0.05
#: What was merged is in the share still: it need not be flushed slice by slice, only in order, and whatever is recorded
#: later flushes it too. Digests come in no order, so that a long merge touches all pages again and again.
_MERGING = ("synchronous = NORMAL", "wal_autocheckpoint = 16000", "cache_size = -64000")
_AT_REST = ("synchronous = FULL", "wal_autocheckpoint = 1000", "cache_size = -2000")
#: How many changes the first slice of a merge has, any at the most, and any at the least: on a slow disk a commit
#: takes as long for few as for many.
_SLICE_FIRST, _SLICE_MAX, _SLICE_MIN = 200, 4000, 100


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge took, and what it refused."""

    taken: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Changes that the board lacked at a version, with what they amount to."""

    version: int
    changes: Sequence[Change]
    records: Sequence[WorkedOut]
    #: How many changes the record has of which most is known. Each slice works out its records anew, so that slices
    #: of a long history are as long as what it has: a flood takes a few of them, not thousands.
    longest: int


#: Opens the transaction in which a slice is taken.
Begin = Callable[[], AbstractContextManager[None]]


def merge(
    db: sqlite3.Connection,
    path: Path,
    changes: Iterable[Change],
    *,
    begin: Begin,
    now_ms: int,
    slice_s: float,
    verified: bool,
) -> Merged:
    """Takes changes into the board's file at `path`, where the wall clock says `now_ms`. A malformed one is refused
    alone, unless all were `verified`."""
    with in_one_line(path):
        for pragma in _MERGING:
            db.execute(f"PRAGMA {pragma}")
    try:
        return _merge(db, path, iter(changes), begin, now_ms, slice_s, verified)
    finally:
        with in_one_line(path):
            for pragma in _AT_REST:
                db.execute(f"PRAGMA {pragma}")


def _merge(
    db: sqlite3.Connection,
    path: Path,
    batch: Iterator[Change],
    begin: Begin,
    now_ms: int,
    slice_s: float,
    verified: bool,
) -> Merged:
    taken, faults = 0, []
    size = _SLICE_FIRST
    while piece := list(islice(batch, size)):
        sound = []
        for change in piece:
            wrong = "" if verified else fault(change)
            if wrong:
                faults.append(f"change {change.seq!r} of station {change.station!r}: {wrong}")
            else:
                sound.append(change)
        with in_one_line(path):
            fresh = _prepare(db, sound)
            if not fresh.changes:
                continue
            began = time.monotonic()
            with begin():
                taken += _take(db, fresh, now_ms)
        took = max(time.monotonic() - began, 0.001)
        size = max(_SLICE_MIN, min(_SLICE_MAX, int(len(piece) * slice_s / took), size * 4), fresh.longest)
    return Merged(taken, tuple(faults))


def _prepare(db: sqlite3.Connection, changes: Sequence[Change]) -> _Prepared:
    """All that merging these changes needs and that can be done while others record. What is known here is left out."""
    version = change_table.version_of(db)
    known = change_table.of_records(db, {change.record for change in changes})
    here = {change.digest for group in known.values() for change in group}
    fresh = [*{change.digest: change for change in changes if change.digest not in here}.values()]
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in fresh:
        groups.setdefault((change.kind, change.record), []).append(change)
    for group, added in groups.items():
        added += known.get(group, ())
    longest = max(map(len, groups.values()), default=0)
    return _Prepared(version, fresh, work_out(groups, new=groups.keys() - known.keys()), longest)


def _take(db: sqlite3.Connection, fresh: _Prepared, now_ms: int) -> int:
    """Inside a transaction: what was prepared, which is done again where somebody has recorded something of the same
    records since."""
    if not change_table.records_since(db, fresh.version).isdisjoint(change.record for change in fresh.changes):
        fresh = _prepare(db, fresh.changes)
    if not fresh.changes:
        return 0
    first = change_table.version_of(db) + 1
    db.executemany(change_table.INSERT, ((n, *change) for n, change in enumerate(fresh.changes, start=first)))
    put(db, fresh.records, {change.digest: n for n, change in enumerate(fresh.changes, start=first)})
    meta.hear_clocks(db, (change.hlc for change in fresh.changes), now_ms)
    return len(fresh.changes)
