"""The board: the local SQLite file with every change known here, and the record tables that the screens read.

What `record` returns is on disk: write-ahead log, `synchronous=FULL`, one commit. The record tables, the timeline and
the conflicts are worked out from the changes, and can be made anew at any time.
"""

from __future__ import annotations

import json
import random
import secrets
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from opsterm.board import change_table, meta, schema
from opsterm.board.change import AFTER, FIELDS_BYTES_MAX, Change, Write, fault, in_order, make, ordered
from opsterm.board.clock import Clock, SystemClock, tick
from opsterm.board.derived import put, rebuild, work_out
from opsterm.board.failure import BUSY_TIMEOUT_S, BoardError, all_or_nothing, in_one_line
from opsterm.board.fold import DELETED, Folded, fold
from opsterm.board.merging import SLICE_S, Merged, merge
from opsterm.board.opening import open_file
from opsterm.board.place_kept import PlaceKept, holds_all, placed_anew
from opsterm.board.timeline import ARRIVED, Moment, lines_read, tell
from opsterm.board.timeline import NAMES as MOMENT_NAMES
from opsterm.records.instant import Instant, from_ms
from opsterm.records.record import KINDS, Record, columns, from_row

R = TypeVar("R", bound=Record)
T = TypeVar("T")


#: Looks each incident up once in the index, however long its timeline is.
_TOLD_WITHOUT_RECORD = """
WITH RECURSIVE told (id) AS (
    SELECT min(incident) FROM moment
    UNION ALL SELECT (SELECT min(incident) FROM moment WHERE incident > id) FROM told WHERE id IS NOT NULL)
SELECT id FROM told WHERE id <> '' AND id NOT IN (SELECT id FROM record_incident)"""


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


class Board:
    """One open board. Not for use by several threads."""

    def __init__(self, path: Path, db: sqlite3.Connection, clock: Clock, token: Callable[[int], str]) -> None:
        self.path = path
        self.clock = clock
        self._db = db
        self._token = token
        self._kept = PlaceKept.of(path)
        self._opened_anew = 0
        self._depth = 0
        self._group: list[Change] = []
        self._own: set[str] = set()
        #: Name → (what was given, the version at which it was last sound, what was worked out).
        self._worked_out: dict[str, tuple[Hashable, int, Any]] = {}
        #: (incident, key of a name) → how that person wrote there first.
        self.authors: dict[tuple[str, str], str] = {}
        #: Called with the changes of each command that was recorded here, once they are on disk.
        self.on_recorded: list[Callable[[Sequence[Change]], None]] = []
        #: Told where another process holds the board for longer than half a second, and when that is over.
        self.on_waiting: Callable[[bool], None] = lambda waiting: None
        #: (table, key) → what is kept on the side, and waits for whoever holds the board.
        self._unwritten: dict[tuple[str, str], str] = {}

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
        wall = clock or SystemClock()
        db = open_file(path, machine, token, wall.now_ms(), any_disk=any_disk)
        return cls(path, db, wall, token)

    def close(self) -> None:
        self.write_aside()
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
    def transaction(self, patience_s: float = BUSY_TIMEOUT_S) -> Iterator[None]:
        """All that is recorded inside is one act: it is committed and undone as one, or not at all. Another process
        that holds the board is waited for so long."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        with in_one_line(self.path), all_or_nothing(self._db, patience_s=patience_s, waits=self.on_waiting):
            self._depth, self._group = 1, []
            try:
                yield
                if self._group:
                    self._kept.require()
                for (table, key), value in self._unwritten.items():
                    self._put_aside(table, key, value)
            finally:
                self._depth = 0
        self._unwritten.clear()
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
        known = change_table.numbered(self._db, write.kind, write.record)
        visible = [
            change
            for n, change in known
            if basis_version is None or n <= basis_version or change.digest in self._own or change in self._group
        ]
        basis = write.basis if write.basis is not None else _basis(write, fold(visible)) if visible else {}
        station, now_ms = self.station, self.clock.now_ms()
        prev, seq, hlc = change_table.last_of(self._db, station)
        hlc = tick(max(hlc, meta.heard_clock(self._db, now_ms)), now_ms)
        ahead = {one.station: one.digest for one in sorted((c for c in visible if c.hlc >= hlc), key=in_order)}
        if ahead:
            basis = {**basis, AFTER: sorted(ahead.values())}
        change = make(prev, station, seq + 1, hlc, now_ms, author, write, basis)
        if len(change.fields) > FIELDS_BYTES_MAX:
            raise BoardError("That is more than one entry holds (1 MB): keep it in a file, and say where that is.")
        if wrong := fault(change):
            raise BoardError(f"That can't be kept, other boards would refuse it: {wrong}.")
        n = self.version + 1
        self._db.execute(change_table.INSERT, (n, *change))
        same = [*(c for _, c in known if c.kind == change.kind), change]
        about = (change.kind, change.record)
        put(self._db, work_out({about: same}, new=() if known else (about,)), {change.digest: n})
        self._group.append(change)
        return change

    # --- merging

    def merge(self, changes: Iterable[Change], *, slice_s: float = SLICE_S, verified: bool = False) -> Merged:
        """Takes changes of other stations: a union, in any order. Commits in slices of about `slice_s` seconds, so that
        nobody who types waits. A malformed change is refused alone, unless the caller has `verified` them all."""
        now_ms = self.clock.now_ms()
        return merge(
            self._db, self.path, changes, begin=self._merging, now_ms=now_ms, slice_s=slice_s, verified=verified
        )

    def _merging(self) -> AbstractContextManager[None]:
        self._kept.require()
        return all_or_nothing(self._db, waits=self.on_waiting)

    # --- its file

    @property
    def out_of_place(self) -> str:
        """What became of its file, where that is not at its path any more; nothing is recorded then."""
        return self._kept.fault()

    def write_back(self) -> str:
        """Writes its file anew from all that is open, and goes on there. What took its place is set aside beside it;
        where that is this board, whole, it is opened. Says what was done. Raises BoardError, and leaves all as it was
        then."""
        if not self.out_of_place:
            return "The board is in its place."
        if holds_all(self._db, self._kept):
            self._go_on_with(self._open_again())
            return "All that was known here is on the board in its place: that is open now."
        with placed_anew(self._db, self._kept, self.now) as aside:
            opened = self._open_again()
        self._go_on_with(opened)
        there = f"; what was there is now {aside.name}, beside it" if aside is not None else ""
        return f"The board is written back{there}."

    def _open_again(self) -> sqlite3.Connection:
        return open_file(self.path, self.recall("machine"), self._token, self.clock.now_ms(), any_disk=True)

    def _go_on_with(self, opened: sqlite3.Connection) -> None:
        gone, self._db = self._db, opened
        gone.close()
        self._kept = PlaceKept.of(self.path)
        self._opened_anew += 1
        self._worked_out.clear()

    # --- what is worked out from changes

    def rebuild(self) -> int:
        """Makes the record tables, the timeline and the conflicts anew from the changes. Returns how many records."""
        with self.transaction():
            return rebuild(self._db)

    # --- reading

    @property
    def version(self) -> int:
        """Grows with every change that arrives here; what a screen has painted is named by it."""
        return change_table.version_of(self._db)

    @property
    def data_version(self) -> int:
        """Differs once another process has committed to this board, or it was opened anew."""
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version + (self._opened_anew << 32)

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

    def moments(self, incident: str, *, last: int | None = None) -> list[Moment]:
        """The timeline of an incident by the time things happened, oldest first; only its `last` lines if so asked."""
        order = "at DESC, hlc DESC, station DESC, seq DESC, digest DESC"
        sql = f"SELECT {MOMENT_NAMES} FROM moment WHERE incident = ? ORDER BY {order}"
        args: list[Any] = [incident]
        if last is not None:
            sql += " LIMIT ?"
            args.append(last)
        return lines_read(self._db, self._db.execute(sql, args))[::-1]

    def moments_since(self, incident: str, version: int) -> list[Moment]:
        """The lines of an incident's timeline that arrived here after `version`, by the time things happened."""
        rows = self._db.execute(
            f"SELECT {MOMENT_NAMES} FROM moment WHERE {ARRIVED} AND incident = :incident"
            " ORDER BY at, hlc, station, seq",
            {"since": version, "incident": incident},
        )
        return lines_read(self._db, rows)

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
        return ordered(change_table.of_record(self._db, record, kind))

    def lines_of_record(self, record: str, kind: str = "") -> list[Moment]:
        """All that was said of a record, in words, oldest first; of what has that id in one kind, if so asked."""
        lines = lines_read(self._db, tell(change_table.of_record(self._db, record, kind)))
        asked = "SELECT max(mark) FROM moment WHERE n IN (SELECT n FROM change WHERE record = ?)"
        (mark,) = self._db.execute(asked, (record,)).fetchone()
        return [line._replace(mark=mark) if line.mark and mark else line for line in lines]

    def changes_of_incident(self, incident: str) -> list[Change]:
        """All that was ever said of an incident and what belongs to it, in order."""
        records = {row[0] for row in self._db.execute("SELECT record FROM moment WHERE incident = ?", (incident,))}
        for cls in KINDS.values():
            table = schema.table_of(cls)
            records |= {row[0] for row in self._db.execute(f"SELECT id FROM {table} WHERE incident = ?", (incident,))}
        changes = [c for record in records | {incident} for c in change_table.of_record(self._db, record)]
        return ordered(c for c in changes if c.incident == incident or c.record == incident)

    def told_without_record(self) -> list[str]:
        """Ids of incidents that timelines tell of and that are not on the board."""
        rows = self._db.execute(_TOLD_WITHOUT_RECORD)
        return [row[0] for row in rows]

    def change(self, digest: str) -> Change | None:
        """One change by its name."""
        row = self._db.execute(f"SELECT {change_table.NAMES} FROM change WHERE digest = ?", (digest,)).fetchone()
        return Change(*row) if row else None

    def folded(self, record: str, kind: str = "") -> Folded | None:
        """A record as its changes leave it, with its heads."""
        changes = change_table.of_record(self._db, record, kind)
        return fold(changes) if changes else None

    def all_changes(self) -> Iterator[Change]:
        """Every change known here, station by station."""
        rows = self._db.execute(f"SELECT {change_table.NAMES} FROM change ORDER BY station, seq, digest")
        return (Change(*row) for row in rows)

    def count_changes(self) -> int:
        """How many changes are known here."""
        count: int = self._db.execute("SELECT count(*) FROM change").fetchone()[0]
        return count

    # --- who this board is

    def new_identity(self) -> str:
        """Goes on as another station, from an empty journal; what was recorded stays the old one's."""
        with self.transaction():
            return meta.become_another(self._db, self._token, self.clock.now_ms())

    @property
    def station(self) -> str:
        """The station that this board is now; another process may have given it a new identity a moment ago."""
        return self.recall("station")

    def known_as(self) -> list[str]:
        """All stations that this board has been, the present one last."""
        return meta.stations_been(self._db)

    # --- small things that only this board knows

    def recall(self, key: str) -> str:
        """What is kept under a key, or nothing."""
        waits = self._unwritten.get(("meta", key))
        return meta.recall(self._db, key) if waits is None else waits

    def remember(self, key: str, value: str) -> None:
        """Keeps something on this board alone: it is no change, and nobody else learns of it."""
        with self.transaction():
            self._unwritten.pop(("meta", key), None)
            meta.keep(self._db, **{key: value})

    def remember_aside(self, key: str, value: str) -> None:
        """The same for what nobody waits for: where the board can't be written now, it is with the next act."""
        self._unwritten["meta", key] = value
        self.write_aside()

    def draft(self, key: str) -> str:
        """Text that was half typed when the console went away."""
        waits = self._unwritten.get(("draft", key))
        if waits is not None:
            return waits
        row = self._db.execute("SELECT text FROM draft WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def drafts(self, within: str) -> dict[str, str]:
        """Key → text of all that is half typed under keys that begin so, by their keys."""
        known = dict(self._db.execute("SELECT key, text FROM draft"))
        known |= {key: text for (table, key), text in self._unwritten.items() if table == "draft"}
        return {key: text for key, text in sorted(known.items()) if key.startswith(within) and text}

    def keep_draft(self, key: str, text: str) -> None:
        """Keeps half-typed text, which holds nobody up who types; empty text forgets it."""
        self._unwritten["draft", key] = text
        self.write_aside()

    def write_aside(self) -> None:
        """Writes what is kept on the side, if nobody holds the board."""
        if self._unwritten and not self._depth:
            with suppress(BoardError), self.transaction(patience_s=0):
                pass

    def _put_aside(self, table: str, key: str, value: str) -> None:
        if table == "meta":
            meta.keep(self._db, **{key: value})
        elif value:
            self._db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?)", (key, value))
        else:
            self._db.execute("DELETE FROM draft WHERE key = ?", (key,))


def seeded_token(seed: int) -> Callable[[int], str]:
    """Hex digits that a seed determines, for simulations that can be replayed."""
    rng = random.Random(seed)
    return lambda size: f"{rng.getrandbits(size * 8):0{size * 2}x}"


def _basis(write: Write, folded: Folded) -> dict[str, list[str]]:
    if write.fields.get(DELETED) is True:
        return folded.basis_of_all()
    named = {field: folded.basis(field) for field in write.fields if not field.startswith("_")}
    return {field: digests for field, digests in named.items() if digests}
