"""Opening a board's file: where it may lie, whether it is a board, and bringing it to the form of this version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from opsterm.board import meta, schema
from opsterm.board.derived import rebuild
from opsterm.board.failure import BUSY_TIMEOUT_S, BoardError, all_or_nothing, in_one_line
from opsterm.board.filesystem import filesystem_of, is_network, synced_by
from opsterm.board.machine import machine_id
from opsterm.records.person_name import person_key

#: SQLite's own header [sqlite.org/fileformat2.html, 1.3].
_HEADER_BYTES = 100


def open_file(
    path: Path, machine: str | None, token: Callable[[int], str], now_ms: int, *, any_disk: bool
) -> sqlite3.Connection:
    """The file as a board of this machine, whose wall clock says `now_ms`; made where there is none. Raises
    BoardError."""
    with in_one_line(path):
        check_place(path, any_disk=any_disk)
        _recognise(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, cached_statements=256)
        db.create_function("person_key", 1, person_key, deterministic=True)
        try:
            with suppress(OSError):
                if path.stat().st_size == 0:
                    path.chmod(0o600)
            _prepare(db, machine or machine_id(), token, now_ms)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def as_it_is(path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a board however damaged it is, brought to no form; its texts are read whatever their bytes, what is
    no UTF-8 as halves of characters. Raises BoardError where it is no board."""
    if not path.exists():
        raise BoardError(f"{path} is not there: name another file.")
    check_place(path, any_disk=True)
    _recognise(path)
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        db.execute("PRAGMA trusted_schema=OFF")
        yield db
    finally:
        db.close()


def check_place(path: Path, *, any_disk: bool = False) -> None:
    """Raises BoardError for a place where no board can lie, or may: no file, or a disk that others write to too."""
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


def _prepare(db: sqlite3.Connection, machine: str, token: Callable[[int], str], now_ms: int) -> None:
    """Makes what a board's file lacks, and a new file a board's at once: its header says so before all else."""
    if not db.execute("PRAGMA application_id").fetchone()[0]:
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA trusted_schema=OFF")
    kept = (
        dict(db.execute("SELECT key, value FROM meta WHERE key IN ('form', 'machine', 'station')")) if _made(db) else {}
    )
    if kept.get("form") == schema.derived_form() and kept.get("machine") == machine and kept.get("station"):
        return
    with all_or_nothing(db):
        _bring_up(db, machine, token, now_ms)


def _made(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def _bring_up(db: sqlite3.Connection, machine: str, token: Callable[[int], str], now_ms: int) -> None:
    if not _made(db):
        db.execute(f"PRAGMA user_version = {schema.FORMAT}")
        schema.run_script(db, schema.KEPT)
    if not meta.recall(db, "station") or meta.recall(db, "machine") != machine:
        meta.become_another(db, token, now_ms)
        meta.keep(db, machine=machine)
    if meta.recall(db, "form") != schema.derived_form():
        rebuild(db)
