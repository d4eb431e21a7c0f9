"""The board: the local SQLite file with every change known here, and the record tables that the screens read.

What `record` returns is on disk: write-ahead log, `synchronous=FULL`, one commit. The record tables, the timeline and
the conflicts are worked out from the changes, and can be made anew at any time.
"""

from __future__ import annotations

import json
import random
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

from opsterm.board import schema
from opsterm.board.change import COLUMNS, FIELDS_BYTES_MAX, Change, Write, fault, in_order, make
from opsterm.board.clock import Clock, SystemClock, tick
from opsterm.board.derived import WorkedOut, put, tell_all, work_out
from opsterm.board.failure import BoardError, in_one_line
from opsterm.board.filesystem import filesystem_of, is_network, synced_by
from opsterm.board.fold import DELETED, Folded, fold
from opsterm.board.machine import machine_id
from opsterm.board.timeline import COLUMNS as MOMENT_COLUMNS
from opsterm.board.timeline import Moment, tell
from opsterm.records.instant import Instant, from_ms
from opsterm.records.record import KINDS, Record, columns, from_row

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_CHANGE = ", ".join(COLUMNS)
_INSERT_CHANGE = f"INSERT INTO change (n, {_CHANGE}) VALUES (?{', ?' * len(COLUMNS)})"
_SET_META = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
#: How long one process waits for another's commit, and how long one slice of a merge may hold the others up.
BUSY_TIMEOUT_S = 30.0
SLICE_S = 0.05
#: SQLite's own header [sqlite.org/fileformat2.html, 1.3].
_HEADER_BYTES = 100
#: What was merged is in the share still: it need not be flushed slice by slice, only in order, and whatever is recorded
#: later flushes it too. Digests come in no order, so that a long merge touches all pages again and again.
_MERGING = ("synchronous = NORMAL", "wal_autocheckpoint = 16000", "cache_size = -64000")
_AT_REST = ("synchronous = FULL", "wal_autocheckpoint = 1000", "cache_size = -2000")
#: How many changes the first slice of a merge has, any at the most, and any at the least: on a slow disk a commit
#: takes as long for few as for many.
_SLICE_FIRST, _SLICE_MAX, _SLICE_MIN = 200, 4000, 100


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that changes were added to."""

    kind: str
    record: str
    incident: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of one record for which two people wrote without having seen each other."""

    record: str
    field: str
    kind: str
    incident: str
    #: Each with `value`, `by`, `at`, `station`, `digest`; the last one stands.
    heads: tuple[dict[str, Any], ...]


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
    #: What each of them tells.
    lines: Sequence[Moment | None]


class Board:
    """One open board. Not for use by several threads."""

    def __init__(self, path: Path, db: sqlite3.Connection, clock: Clock, token: Callable[[int], str]) -> None:
        self.path = path
        self.clock = clock
        self._db = db
        self._token = token
        self._depth = 0
        self._group: list[Change] = []
        self._own: set[str] = set()
        #: Name → (what was given, the version at which it was last sound, what was worked out).
        self._worked_out: dict[str, tuple[Hashable, int, Any]] = {}
        #: Called with the changes of each command that was recorded here, once they are on disk.
        self.on_recorded: list[Callable[[Sequence[Change]], None]] = []

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock | None = None,
        machine: str | None = None,
        token: Callable[[int], str] = secrets.token_hex,
        any_disk: bool = False,
    ) -> Self:
        """Opens the board, and makes it where there is none.

        `machine` names this machine, `token` gives random hex digits, `any_disk` allows network and synced disks (for
        a board that is thrown away). Raises BoardError.
        """
        with in_one_line(path):
            _check_place(path, any_disk)
            _recognise(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, cached_statements=256)
            try:
                with suppress(OSError):
                    if path.stat().st_size == 0:
                        path.chmod(0o600)
                _prepare(db, machine or machine_id(), token)
            except BaseException:
                db.close()
                raise
        return cls(path, db, clock or SystemClock(), token)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- time and names

    @property
    def now(self) -> Instant:
        """This board's wall clock."""
        return from_ms(self.clock.now_ms())

    def new_id(self) -> str:
        """An id for a new record: 16 random hex digits."""
        return self._token(8)

    # --- writing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is recorded inside is one act: it is committed and undone as one, or not at all."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        with in_one_line(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            self._depth, self._group = 1, []
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0
        group, self._group = self._group, []
        if group:
            self._own.update(change.digest for change in group)
            for listener in self.on_recorded:
                listener(group)

    def record(self, author: str, writes: Iterable[Write], *, basis_version: int | None = None) -> list[Change]:
        """Records what one person said, in one transaction, and returns once it is on disk.

        `basis_version` is the `version` of the board that the person had before their eyes; without it, they saw all
        that is known now. What this console itself recorded since is seen too. Raises BoardError.
        """
        with self.transaction():
            return [self._append(author, write, basis_version) for write in writes]

    def _append(self, author: str, write: Write, basis_version: int | None) -> Change:
        known = self._changes_with_n(write.kind, write.record)
        visible = [
            change
            for n, change in known
            if basis_version is None or n <= basis_version or change.digest in self._own or change in self._group
        ]
        basis = write.basis if write.basis is not None else _basis(write, fold(visible)) if visible else {}
        station, now_ms = self.station, self.clock.now_ms()
        prev, seq, hlc = self._last_of(station)
        hlc = tick(max(hlc, self._heard_clock()), now_ms)
        change = make(prev, station, seq + 1, hlc, now_ms, author, write, basis)
        if len(change.fields) > FIELDS_BYTES_MAX:
            raise BoardError("That is more than one entry holds (1 MB): keep it in a file, and say where that is.")
        if wrong := fault(change):
            raise BoardError(f"That can't be kept, other boards would refuse it: {wrong}.")
        n = self.version + 1
        self._db.execute(_INSERT_CHANGE, (n, *change))
        same = [*(c for _, c in known if c.kind == change.kind), change]
        about = (change.kind, change.record)
        put(self._db, work_out({about: same}, new=() if known else (about,)))
        tell_all(self._db, [(n, tell(change))])
        self._group.append(change)
        return change

    def _last_of(self, station: str) -> tuple[str, int, int]:
        """Digest, seq and clock of a station's last change."""
        row = self._db.execute(
            "SELECT digest, seq, hlc FROM change WHERE station = ? ORDER BY seq DESC LIMIT 1", (station,)
        ).fetchone()
        return row or ("", 0, 0)

    def _heard_clock(self) -> int:
        """The latest clock of all that others recorded, this board's former selves among them."""
        return int(self.recall("hlc") or 0)

    # --- merging

    def merge(self, changes: Iterable[Change], *, slice_s: float = SLICE_S, verified: bool = False) -> Merged:
        """Takes changes of other stations: a union, in any order. Commits in slices of about `slice_s` seconds, so that
        nobody who types waits. A malformed change is refused alone, unless the caller has `verified` them all."""
        with in_one_line(self.path):
            for pragma in _MERGING:
                self._db.execute(f"PRAGMA {pragma}")
        try:
            return self._merge(iter(changes), slice_s, verified)
        finally:
            with in_one_line(self.path):
                for pragma in _AT_REST:
                    self._db.execute(f"PRAGMA {pragma}")

    def _merge(self, batch: Iterator[Change], slice_s: float, verified: bool) -> Merged:
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
            with in_one_line(self.path):
                fresh = self._prepare(sound)
                if not fresh.changes:
                    continue
                began = time.monotonic()
                with self._merging():
                    taken += self._take(fresh)
            took = max(time.monotonic() - began, 0.001)
            size = max(_SLICE_MIN, min(_SLICE_MAX, int(len(piece) * slice_s / took), size * 4))
        return Merged(taken, tuple(faults))

    def _prepare(self, changes: Sequence[Change]) -> _Prepared:
        """All that merging these changes needs and that can be done while others record. What is known here is left
        out."""
        version = self.version
        known = self._changes_of({change.record for change in changes})
        here = {change.digest for group in known.values() for change in group}
        fresh = [*{change.digest: change for change in changes if change.digest not in here}.values()]
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in fresh:
            groups.setdefault((change.kind, change.record), []).append(change)
        for group, added in groups.items():
            added += known.get(group, ())
        return _Prepared(version, fresh, work_out(groups, new=groups.keys() - known.keys()), [*map(tell, fresh)])

    def _take(self, fresh: _Prepared) -> int:
        """Inside a transaction: what was prepared, which is done again where somebody has recorded something of the
        same records since."""
        records = {change.record for change in fresh.changes}
        if any(touched.record in records for touched in self.touched_since(fresh.version)):
            fresh = self._prepare(fresh.changes)
        if not fresh.changes:
            return 0
        first = self.version + 1
        self._db.executemany(_INSERT_CHANGE, ((n, *change) for n, change in enumerate(fresh.changes, start=first)))
        put(self._db, fresh.records)
        tell_all(self._db, enumerate(fresh.lines, start=first))
        self._set_meta("hlc", str(max(self._heard_clock(), *(change.hlc for change in fresh.changes))))
        return len(fresh.changes)

    @contextmanager
    def _merging(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    # --- what is worked out from changes

    def rebuild(self) -> int:
        """Makes the record tables, the timeline and the conflicts anew from the changes. Returns how many records."""
        with self.transaction():
            return _rebuild(self, self._db)

    # --- reading

    @property
    def version(self) -> int:
        """Grows with every change that arrives here; what a screen has painted is named by it."""
        row = self._db.execute("SELECT max(n) FROM change").fetchone()
        return row[0] or 0

    @property
    def data_version(self) -> int:
        """Differs once another process has committed to this board."""
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version

    def touched_since(self, version: int) -> list[Touched]:
        """The records that changes were added to since `version`."""
        rows = self._db.execute("SELECT DISTINCT kind, record, incident FROM change WHERE n > ?", (version,))
        return [Touched(*row) for row in rows]

    def all(self, cls: type[R], incident: str | None = None, *, where: str = "", args: Sequence[Any] = ()) -> list[R]:
        """Records of a kind, oldest first, of one incident or of all; `where` narrows it, in SQL with its `args`."""
        terms = [*(["incident = ?"] if incident is not None else []), *([where] if where else [])]
        clause = f" WHERE {' AND '.join(terms)}" if terms else ""
        given = [*([incident] if incident is not None else []), *args]
        rows = self._db.execute(f"SELECT * FROM {schema.table_of(cls)}{clause} ORDER BY born, id", given)
        return [from_row(cls, row) for row in rows]

    def fields(
        self, cls: type[Record], *names: str, where: str = "", args: Sequence[Any] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Some fields of all records of a kind, oldest first, where whole records would be more than is looked at."""
        wanted = [column for name in names for column in columns(cls) if column.name == name]
        named = ", ".join(f'"{column.name}"' for column in wanted)
        clause = f" WHERE {where}" if where else ""
        encoded = [(place, column) for place, column in enumerate(wanted) if column.type in (tuple, bool)]
        for row in self._db.execute(f"SELECT {named} FROM {schema.table_of(cls)}{clause} ORDER BY born, id", args):
            values = list(row)
            for place, column in encoded:
                values[place] = column.from_sql(row[place])
            yield tuple(values)

    def worked_out(self, name: str, given: Hashable, of: Collection[type[Record]], work: Callable[[], T]) -> T:
        """What `work` makes of the kinds `of` and of what else is `given`: worked out once, and the same object until
        one of these kinds is changed or something else is given. `name` is what it is called here."""
        if self._depth:
            # What is being recorded may be taken back, and its version given to something else.
            return work()
        version = self.version
        kept = self._worked_out.get(name)
        if kept is not None and kept[0] == given and self._unchanged(kept[1], version, of):
            found: T = kept[2]
        else:
            found = work()
        self._worked_out[name] = (given, version, found)
        return found

    def _unchanged(self, since: int, version: int, of: Collection[type[Record]]) -> bool:
        if since == version:
            return True
        changed = {row[0] for row in self._db.execute("SELECT DISTINCT kind FROM change WHERE n > ?", (since,))}
        return since < version and changed.isdisjoint(cls.kind for cls in of)

    def get(self, cls: type[R], record: str) -> R | None:
        """One record by its id."""
        row = self._db.execute(f"SELECT * FROM {schema.table_of(cls)} WHERE id = ?", (record,)).fetchone()
        return from_row(cls, row) if row else None

    def next_number(self, cls: type[Record], incident: str) -> int:
        """The number that the next record of a kind gets in its mark."""
        row = self._db.execute(
            f'SELECT max("number") FROM {schema.table_of(cls)} WHERE incident = ?', (incident,)
        ).fetchone()
        return (row[0] or 0) + 1

    def moments(self, incident: str, *, last: int | None = None, skip: int = 0) -> list[Moment]:
        """The timeline of an incident by the time things happened, oldest first; only its `last` lines if so asked,
        `skip` lines before the end."""
        order = "at DESC, hlc DESC, record DESC, station DESC, digest DESC"
        sql = f"SELECT {', '.join(MOMENT_COLUMNS)} FROM moment WHERE incident = ? ORDER BY {order}"
        args: list[Any] = [incident]
        if last is not None:
            sql += " LIMIT ? OFFSET ?"
            args += [last, skip]
        return [Moment(*row) for row in self._db.execute(sql, args)][::-1]

    def moments_since(self, incident: str, version: int) -> list[Moment]:
        """The lines of an incident's timeline that arrived here after `version`, by the time things happened."""
        rows = self._db.execute(
            f"SELECT {', '.join(MOMENT_COLUMNS)} FROM moment NOT INDEXED WHERE n > ? AND incident = ?"
            " ORDER BY at, hlc, key",
            (version, incident),
        )
        return [Moment(*row) for row in rows]

    def every_moment(self) -> Iterator[Moment]:
        """The lines of all timelines, in no order."""
        return (Moment(*row) for row in self._db.execute(f"SELECT {', '.join(MOMENT_COLUMNS)} FROM moment"))

    def count_moments(self, incident: str) -> int:
        """How many lines an incident's timeline has."""
        count: int = self._db.execute("SELECT count(*) FROM moment WHERE incident = ?", (incident,)).fetchone()[0]
        return count

    def conflicts(self, incident: str | None = None) -> list[Conflict]:
        """What two people said without having seen each other, and nobody settled yet."""
        sql = "SELECT record, field, kind, incident, heads FROM conflict"
        rows = self._db.execute(
            f"{sql}{'' if incident is None else ' WHERE incident = ?'} ORDER BY record, kind, field",
            () if incident is None else (incident,),
        )
        return [Conflict(row[0], row[1], row[2], row[3], tuple(json.loads(row[4]))) for row in rows]

    def changes_of_record(self, record: str, kind: str = "") -> list[Change]:
        """The history of a record, in order; of what has that id in one kind, if so asked."""
        return sorted(self._changes(record, kind), key=in_order)

    def records_changed(self, kind: str) -> list[str]:
        """The ids of all records of a kind that any change tells of, removed ones too."""
        rows = self._db.execute("SELECT DISTINCT record FROM change WHERE kind = ? ORDER BY record", (kind,))
        return [row[0] for row in rows]

    def changes_of_incident(self, incident: str) -> list[Change]:
        """All that was ever said of an incident and what belongs to it, in order."""
        records = {row[0] for row in self._db.execute("SELECT record FROM moment WHERE incident = ?", (incident,))}
        for cls in KINDS.values():
            table = schema.table_of(cls)
            records |= {row[0] for row in self._db.execute(f"SELECT id FROM {table} WHERE incident = ?", (incident,))}
        changes = [c for record in records | {incident} for c in self._changes(record)]
        own = (c for c in changes if c.incident == incident or c.record == incident)
        return sorted(own, key=lambda c: (c.hlc, c.record, c.station, c.digest))

    def change(self, digest: str) -> Change | None:
        """One change by its name."""
        row = self._db.execute(f"SELECT {_CHANGE} FROM change WHERE digest = ?", (digest,)).fetchone()
        return Change(*row) if row else None

    def folded(self, record: str, kind: str = "") -> Folded | None:
        """A record as its changes leave it, with its heads."""
        changes = self._changes(record, kind)
        return fold(changes) if changes else None

    def _changes(self, record: str, kind: str = "") -> list[Change]:
        rows = self._db.execute(f"SELECT {_CHANGE} FROM change WHERE record = ?", (record,))
        changes = (Change(*row) for row in rows)
        return [change for change in changes if not kind or change.kind == kind]

    def _changes_of(self, records: Collection[str]) -> dict[tuple[str, str], list[Change]]:
        """(kind, record) → all changes of it that are known here: one question for a slice's records."""
        asked = ", ".join("?" * len(records))
        rows = self._db.execute(f"SELECT {_CHANGE} FROM change WHERE record IN ({asked})", [*records])
        found: dict[tuple[str, str], list[Change]] = {}
        for row in rows:
            change = Change(*row)
            found.setdefault((change.kind, change.record), []).append(change)
        return found

    def _changes_with_n(self, kind: str, record: str) -> list[tuple[int, Change]]:
        rows = self._db.execute(f"SELECT n, {_CHANGE} FROM change WHERE record = ? AND kind = ?", (record, kind))
        return [(row[0], Change(*row[1:])) for row in rows]

    # --- what the share reads and writes

    def changes_of_station(self, station: str, after: int = 0) -> Iterator[Change]:
        """A station's changes that are known here, by seq."""
        rows = self._db.execute(
            f"SELECT {_CHANGE} FROM change WHERE station = ? AND seq > ? ORDER BY seq, digest",
            (station, after),
        )
        return (Change(*row) for row in rows)

    def stations(self) -> dict[str, int]:
        """Station → its highest seq known here."""
        return dict(self._db.execute("SELECT station, max(seq) FROM change GROUP BY station"))

    def unknown(self, digests: Iterable[str]) -> set[str]:
        """Which of these changes are not known here."""
        rows = self._db.execute(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT digest FROM change)", (json.dumps([*digests]),)
        )
        return {row[0] for row in rows}

    def chain_sizes(self) -> dict[str, int]:
        """Station → how many of its changes are known here."""
        return dict(self._db.execute("SELECT station, count(*) FROM change GROUP BY station"))

    def last_seq(self, station: str) -> int:
        """The highest seq of a station known here, or 0."""
        row = self._db.execute("SELECT max(seq) FROM change WHERE station = ?", (station,)).fetchone()
        return row[0] or 0

    def last_changes(self) -> dict[str, tuple[int, int]]:
        """Station → (seq, its own clock in milliseconds) of its last change known here."""
        rows = self._db.execute(
            "SELECT station, seq, wall FROM change JOIN (SELECT station, max(seq) AS seq FROM change GROUP BY station)"
            " USING (station, seq)"
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def all_changes(self) -> Iterator[Change]:
        """Every change known here, station by station."""
        rows = self._db.execute(f"SELECT {_CHANGE} FROM change ORDER BY station, seq, digest")
        return (Change(*row) for row in rows)

    def count_changes(self) -> int:
        """How many changes are known here."""
        count: int = self._db.execute("SELECT count(*) FROM change").fetchone()[0]
        return count

    def knows(self, digest: str) -> bool:
        """Whether a change is known here."""
        return self._db.execute("SELECT 1 FROM change WHERE digest = ?", (digest,)).fetchone() is not None

    def new_identity(self) -> str:
        """Goes on as another station, from an empty journal; what was recorded stays the old one's."""
        with self.transaction():
            return _other_station(self._db, self._token)

    @property
    def station(self) -> str:
        """The station that this board is now; another process may have given it a new identity a moment ago."""
        return self.recall("station")

    def known_as(self) -> list[str]:
        """All stations that this board has been, the present one last."""
        return [*json.loads(self.recall("former") or "[]"), self.station]

    # --- small things that only this board knows

    def recall(self, key: str) -> str:
        """What `remember` kept under a key, or nothing."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def remember(self, key: str, value: str) -> None:
        """Keeps something on this board alone: it is no change, and nobody else learns of it."""
        with self.transaction():
            self._set_meta(key, value)

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute(_SET_META, (key, value))

    def draft(self, key: str) -> str:
        """Text that was half typed when the console went away."""
        row = self._db.execute("SELECT text FROM draft WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def keep_draft(self, key: str, text: str) -> None:
        """Keeps half-typed text; empty text forgets it."""
        with self.transaction():
            if text:
                self._db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?)", (key, text))
            else:
                self._db.execute("DELETE FROM draft WHERE key = ?", (key,))

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with the file."""
        try:
            said = [row[0] for row in self._db.execute("PRAGMA integrity_check(5)")]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [] if said == ["ok"] else said


def seeded_token(seed: int) -> Callable[[int], str]:
    """Hex digits that a seed determines, for simulations that can be replayed."""
    rng = random.Random(seed)
    return lambda size: f"{rng.getrandbits(size * 8):0{size * 2}x}"


def _basis(write: Write, folded: Folded) -> dict[str, list[str]]:
    if write.fields.get(DELETED) is True:
        return folded.basis_of_all()
    named = {field: folded.basis(field) for field in write.fields if not field.startswith("_")}
    return {field: digests for field, digests in named.items() if digests}


def _check_place(path: Path, any_disk: bool) -> None:
    if path.is_dir():
        raise BoardError(f"{path} is a folder: name the board's file, such as {path / 'board.sqlite'}.")
    if path.exists() and not path.is_file():
        raise BoardError(f"{path} is no file that could hold a board: name another with --board FILE.")
    if any_disk:
        return
    advice = "a board belongs on a local disk: name another place with --board FILE, and share with opsterm join DIR."
    for place in {path.absolute(), path.resolve()}:
        filesystem = filesystem_of(place)
        if is_network(filesystem):
            raise BoardError(f"{path} is on a network disk ({filesystem}): {advice}")
        synced = synced_by(place)
        if synced:
            raise BoardError(f"{path} is in a synced folder ({synced}): {advice}")


def _prepare(db: sqlite3.Connection, machine: str, token: Callable[[int], str]) -> None:
    """Makes what a board's file lacks, and a new file a board's at once: its header says so before all else."""
    if not db.execute("PRAGMA application_id").fetchone()[0]:
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA trusted_schema=OFF")
    kept = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('form', 'machine')")) if _made(db) else {}
    if kept.get("form") == schema.derived_form() and kept.get("machine") == machine:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        _bring_up(db, machine, token)
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _made(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _recognise(path: Path) -> None:
    """Refuses what is no board that this version can read, by its header alone: SQLite might alter what it opens."""
    try:
        with path.open("rb") as stream:
            header = stream.read(_HEADER_BYTES)
    except FileNotFoundError:
        return
    if not header:
        return
    if len(header) < _HEADER_BYTES or not header.startswith(b"SQLite format 3\x00"):
        raise BoardError(f"{path} is damaged or no opsterm board: move it away, or name another with --board FILE.")
    version, application = (int.from_bytes(header[place : place + 4], "big") for place in (60, 68))
    if application != schema.APPLICATION_ID:
        raise BoardError(f"{path} is another program's database: name another file with --board FILE.")
    if version > schema.FORMAT:
        raise BoardError(
            f"The board {path} was made by a newer opsterm (format {version}): upgrade opsterm to open it."
        )


def _bring_up(db: sqlite3.Connection, machine: str, token: Callable[[int], str]) -> None:
    if not _made(db):
        db.execute(f"PRAGMA user_version = {schema.FORMAT}")
        schema.run_script(db, schema.KEPT)
    kept: dict[str, str] = dict(db.execute("SELECT key, value FROM meta"))
    if not kept.get("station") or kept.get("machine") != machine:
        _other_station(db, token)
        db.execute(_SET_META, ("machine", machine))
    if kept.get("form") != schema.derived_form():
        _rebuild(Board(Path(), db, SystemClock(), token), db)


def _other_station(db: sqlite3.Connection, token: Callable[[int], str]) -> str:
    """Gives the board a new station, whose clock begins after all that is known here; the one it was is remembered."""
    kept: dict[str, str] = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('station', 'former')"))
    former = [*json.loads(kept.get("former", "[]")), *([kept["station"]] if kept.get("station") else [])]
    latest = db.execute("SELECT max(hlc) FROM change").fetchone()[0] or 0
    station = token(8)
    db.executemany(_SET_META, {"station": station, "former": json.dumps(former), "hlc": str(latest)}.items())
    return station


def _rebuild(board: Board, db: sqlite3.Connection) -> int:
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
    for start in range(0, len(records), _SLICE_MAX):
        groups = board._changes_of(records[start : start + _SLICE_MAX])
        put(db, work_out(groups, new=groups.keys()))
    changes = db.execute(f"SELECT n, {_CHANGE} FROM change ORDER BY n")
    tell_all(db, ((row[0], tell(Change(*row[1:]))) for row in changes))
    db.execute(_SET_META, ("form", schema.derived_form()))
    return len(records)
