"""Mending a board's file: what of it can't be read any more is set aside in a file beside it, never thrown away, and
all that is worked out is made anew from what is sound."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from opsterm.board import change_table, meta, schema
from opsterm.board.change import Change, fault
from opsterm.board.check import BoardProblem
from opsterm.board.clock import SystemClock
from opsterm.board.derived import rebuild
from opsterm.board.failure import BoardError, all_or_nothing, in_one_line, is_of_the_disk
from opsterm.board.opening import as_it_is
from opsterm.records.plain import plain

#: After a part of the file that can't be read, so many numbers are tried for the next change that can.
_TRIED_MAX = 10_000
#: What lies beside a board's file and belongs to it [sqlite.org/wal.html].
_BESIDE = ("-wal", "-shm")


class _Bad(NamedTuple):
    """A change that can't be read as it was recorded, and why."""

    n: int
    change: Change
    why: str

    @property
    def told(self) -> str:
        return f"{_where(self.change)}: {self.why}"


class _KeptText(NamedTuple):
    """What only this board knows: what it remembers, and what is half typed."""

    table: str
    key: str | bytes
    text: str | bytes

    @property
    def told(self) -> str:
        called = "remembered" if self.table == "meta" else "kept half typed"
        return f"what this board {called} as {self.key!a} can't be read"


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did."""

    #: How many records were made anew.
    records: int
    #: What was set aside, and why, each in a line.
    set_aside: Sequence[str] = ()
    #: The stations of the changes that were set aside, as far as their rows still say.
    stations: frozenset[str] = frozenset()
    #: Whether changes may be missing that left no row behind.
    torn: bool = False
    #: Whether the board has forgotten which of its changes lie in which file of the share.
    forgot_the_share: bool = False
    #: Where that lies which was set aside; nothing where there was none.
    kept_in: Path | None = None
    #: Where the damaged file lies, if the board had to be written anew.
    damaged_file: Path | None = None

    @property
    def lacks_changes(self) -> bool:
        """Whether something may be missing that the share could still have."""
        return self.torn or bool(self.stations)

    def ends(self, station: str) -> bool:
        """Whether a station can't go on as it was: of what it said something may be missing, or where it lies in the
        share is forgotten."""
        return self.torn or station in self.stations or self.forgot_the_share


def damage_of(path: Path) -> list[BoardProblem]:
    """What of a board's file can't be read: its pages, its changes, what it remembers. Nothing for a sound one. Raises
    BoardError where it is no board at all."""
    with in_one_line(path), as_it_is(path) as db:
        said = _pages(db)
        if said:
            return [BoardProblem(str(path), f"the file is damaged: {text}: opsterm rebuild") for text in said]
        found = [BoardProblem(_where(bad.change), f"{bad.why}: opsterm rebuild") for bad in _bad(_rows(db))]
        found += [BoardProblem(str(path), f"{one.told}: opsterm rebuild") for one in _forgotten(db)]
        return [*found, *(BoardProblem(table, "a text in it can't be read: opsterm rebuild") for table in _garbled(db))]


def mend(path: Path) -> Mended:
    """Sets aside what can't be read and makes the rest anew. Raises BoardError, and leaves the file as it was."""
    with in_one_line(path):
        with as_it_is(path) as db:
            if not _pages(db):
                try:
                    return _mend_rows(path, db)
                except sqlite3.DatabaseError as error:
                    if is_of_the_disk(error):
                        raise
            rows, kept, forgotten = [*_rows(db)], [*_texts(db)], [*_forgotten(db)]
        if not rows:
            raise BoardError(
                f"Nothing can be read of {path}: put a backup back with opsterm restore FILE; or move it away, and"
                " opsterm join brings back what was shared."
            )
        return _write_anew(path, rows, [one for one in kept if one not in forgotten], forgotten)


def _pages(db: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    try:
        said = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
    except (sqlite3.DatabaseError, UnicodeError) as error:
        if isinstance(error, sqlite3.Error) and is_of_the_disk(error):
            raise
        return [str(error)]
    return [] if said == ["ok"] else said


def _mend_rows(path: Path, db: sqlite3.Connection) -> Mended:
    with all_or_nothing(db):
        bad = [*_bad(_rows(db))]
        forgotten = [*_forgotten(db)]
        kept_in = _keep_beside(path, bad, forgotten)
        db.executemany("DELETE FROM change WHERE n = ?", [(one.n,) for one in bad])
        for one in forgotten:
            db.execute(f"DELETE FROM {one.table} WHERE CAST(key AS BLOB) = ?", (_bytes(one.key),))
        return _mended(_make_anew(db, forget_share=bool(bad)), bad, forgotten, kept_in)


def _write_anew(
    path: Path, rows: Sequence[tuple[int, Change]], kept: Sequence[_KeptText], forgotten: Sequence[_KeptText]
) -> Mended:
    """Where the pages of the file do not fit together: all that can be read goes into a new file in its place. The
    damaged one stays beside it."""
    bad = [*_bad(rows)]
    named = {one.n for one in bad}
    fresh = unused(path, "mended")
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            fresh.chmod(0o600)
            db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {schema.FORMAT}")
            with all_or_nothing(db):
                schema.run_script(db, schema.KEPT)
                given = [(n, *change) for n, change in rows if n not in named]
                db.executemany(change_table.INSERT.replace("INSERT", "INSERT OR IGNORE", 1), given)
                for table, key, text in kept:
                    db.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (key, text))
                records = _make_anew(db, forget_share=True)
        kept_in = _keep_beside(path, bad, forgotten)
        damaged = put_in_place(path, fresh, "damaged")
    finally:
        fresh.unlink(missing_ok=True)
    return _mended(records, bad, forgotten, kept_in, damaged, torn=True)


def _make_anew(db: sqlite3.Connection, *, forget_share: bool) -> int:
    now_ms = SystemClock().now_ms()
    meta.keep(db, hlc=str(max(meta.latest_known(db, now_ms), meta.heard_clock(db, now_ms))))
    if forget_share:
        # What the share's files held when they were read last may be what is missing now.
        db.execute("DELETE FROM meta WHERE key = 'share.files'")
    return rebuild(db)


def _mended(
    records: int,
    bad: Sequence[_Bad],
    forgotten: Sequence[_KeptText],
    kept_in: Path | None,
    damaged: Path | None = None,
    *,
    torn: bool = False,
) -> Mended:
    lines = [*(one.told for one in bad), *(one.told for one in forgotten)]
    stations = frozenset(str(one.change.station) for one in bad)
    return Mended(records, lines, stations, torn, any(one.key == "share.layout" for one in forgotten), kept_in, damaged)


def _rows(db: sqlite3.Connection) -> Iterator[tuple[int, Change]]:
    """Every change that can be read, by its number, past what can't be."""
    last = 0
    with suppress(sqlite3.DatabaseError):
        for n, *row in db.execute(f"SELECT n, {change_table.NAMES} FROM change NOT INDEXED ORDER BY n"):
            if n > last:
                last = n
                yield n, Change(*row)
        return
    tried = last
    while tried < last + _TRIED_MAX:
        tried += 1
        with suppress(sqlite3.DatabaseError):
            sql = f"SELECT {change_table.NAMES} FROM change NOT INDEXED WHERE n = ?"
            row = db.execute(sql, (tried,)).fetchone()
            if row is not None:
                last = tried
                yield tried, Change(*row)


def _bad(rows: Iterator[tuple[int, Change]] | Sequence[tuple[int, Change]]) -> Iterator[_Bad]:
    return (_Bad(n, change, why) for n, change in rows if (why := fault(change)))


def _texts(db: sqlite3.Connection) -> Iterator[_KeptText]:
    """What only this board knows, as far as it can be read."""
    for table in ("meta", "draft"):
        with suppress(sqlite3.DatabaseError):
            for key, text in db.execute(f"SELECT key, {'value' if table == 'meta' else 'text'} FROM {table}"):
                yield _KeptText(table, key, text)


def _forgotten(db: sqlite3.Connection) -> Iterator[_KeptText]:
    for one in _texts(db):
        sound = meta.readable(one.key, one.text) if one.table == "meta" else meta.is_text(one.key, one.text)
        if not sound:
            yield one


def _garbled(db: sqlite3.Connection) -> Iterator[str]:
    """The tables worked out from changes that hold what is no text."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    named += " AND (name GLOB 'record_*' OR name IN ('moment', 'conflict'))"
    for (table,) in db.execute(named).fetchall():
        for row in db.execute(f'SELECT * FROM "{table}"'):
            if not meta.is_text(*(part for part in row if isinstance(part, str))):
                yield table
                break


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _where(change: Change) -> str:
    return f"station {plain(str(change.station))}, change {plain(str(change.seq))}"


def _keep_beside(path: Path, bad: Sequence[_Bad], forgotten: Sequence[_KeptText]) -> Path | None:
    """Adds what is set aside to the file beside the board, a line of JSON each, on to the disk. Returns where."""
    if not bad and not forgotten:
        return None
    beside = path.with_name(f"{path.name}.set-aside")
    lines = [{"n": one.n, "why": one.why, **one.change._asdict()} for one in bad]
    told = [*lines, *(one._asdict() for one in forgotten)]
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.writelines(f"{json.dumps(line, default=repr)}\n" for line in told)
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def unused(path: Path, word: str) -> Path:
    """A name beside a board's file under which nothing lies: its own, the word, and a number from the second on."""
    names = (path.with_name(f"{path.name}.{word}{f'-{number}' if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not name.exists())


def put_in_place(path: Path, fresh: Path, word: str) -> Path | None:
    """Puts a board's file in the place of another, which is kept beside it, with its log, under a name with that word.
    Returns that name; nothing where there was none. Raises BoardError where another process has it open."""
    aside = None
    if path.exists():
        _close_to_others(path)
        aside = unused(path, word)
        for ending in ("", *_BESIDE):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    fresh.rename(path)
    return aside


def _close_to_others(path: Path) -> None:
    """Takes what is in the log into the file, which SQLite does only while nobody else has it open."""
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise BoardError(
                    f"The board {path} is open in another opsterm: quit that one, then try again."
                ) from error
        except (sqlite3.DatabaseError, UnicodeError):
            # It is damaged: what is in its log stays beside it.
            pass
