"""Whether the file that is open is still the one at its path, and bringing it back where it is not.

SQLite goes on writing into a file that was deleted or replaced under it, and says that all is well: nobody finds it
again. So the board's file and what belongs to it are known by device and inode.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from opsterm.board import meta
from opsterm.board.failure import BoardError, in_one_line
from opsterm.records.instant import Instant

#: The board's file itself, its write-ahead log, and the log's index [sqlite.org/walformat.html, 1].
_PARTS = ("", "-wal", "-shm")
#: A file as the system knows it, by whatever name: device and inode.
_Identity = tuple[int, int]


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        # Who may not look can't say that it is gone.
        return (0, 0)
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class PlaceKept:
    """The files that were opened at a path."""

    path: Path
    parts: Mapping[str, _Identity]
    #: Who may read and write it.
    mode: int

    @classmethod
    def of(cls, path: Path) -> PlaceKept:
        """What is open at a path now."""
        found = {part: _identity(_part(path, part)) for part in _PARTS}
        mode = 0o600
        with suppress(OSError):
            mode = stat.S_IMODE(path.stat().st_mode)
        return cls(path, {part: known for part, known in found.items() if known is not None}, mode)

    def fault(self) -> str:
        """What became of the file, in words; empty while it is where it was."""
        for part, known in self.parts.items():
            now = _identity(_part(self.path, part))
            if now is not None and (now == known or 0 in now):
                continue
            named = f"the board's {part[1:]} file" if part else "the board's file"
            return f"{named} was {'replaced' if now else 'deleted or moved away'} while it was open"
        return ""

    def require(self) -> None:
        """Raises BoardError where the file is not in its place: what is written into it then, nobody finds again."""
        if fault := self.fault():
            raise BoardError(f"Not recorded: {fault}: write it back first. It is {self.path}")


def _part(path: Path, part: str) -> Path:
    return path.with_name(path.name + part)


def holds_all(db: sqlite3.Connection, kept: PlaceKept) -> bool:
    """Whether what took the place of an open board is that board with all that is known here: another console has
    written it back."""
    path, log = kept.path, "-wal"
    if _identity(path) in (None, kept.parts[""]) or _identity(_part(path, log)) == kept.parts.get(log):
        return False
    asked = "SELECT digest FROM change"
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as there:
        same = meta.recall(there, "station") == meta.recall(db, "station")
        return same and {*db.execute(asked)} <= {*there.execute(asked)}
    return False


@contextmanager
def placed_anew(db: sqlite3.Connection, kept: PlaceKept, now: Instant) -> Iterator[Path | None]:
    """Puts all that an open board holds back in its place; inside, it stands there to be opened. What took its place
    is set aside beside it: yields where, or nothing where nothing did. Where anything fails, all is as it was. Raises
    BoardError."""
    path = kept.path
    with in_one_line(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        copy = _copied(db, kept)
        aside = _free(path, now)
        moved: list[tuple[Path, Path]] = []
        placed = False
        try:
            for part in _PARTS:
                here = _part(path, part)
                if os.path.lexists(here):
                    # The open board's own log would be taken for that of what is set aside.
                    own = part and _identity(here) == kept.parts.get(part)
                    there = _part(copy, part) if own else _part(aside, part)
                    here.rename(there)
                    moved.append((here, there))
            copy.rename(path)
            placed = True
            _sync(path.parent)
            yield aside if os.path.lexists(aside) else None
        except BaseException:
            for part in _PARTS if placed else ():
                _part(path, part).unlink(missing_ok=True)
            for here, there in reversed(moved):
                there.rename(here)
            copy.unlink(missing_ok=True)
            raise
        for part in _PARTS:
            _part(copy, part).unlink(missing_ok=True)


def _copied(db: sqlite3.Connection, kept: PlaceKept) -> Path:
    """All that is on the open board, in a new file beside its place, on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{kept.path.name}.", dir=kept.path.parent)
    os.close(handle)
    copy = Path(name)
    try:
        with closing(sqlite3.connect(copy)) as to:
            db.backup(to)
        copy.chmod(kept.mode)
        _sync(copy)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def _free(path: Path, now: Instant) -> Path:
    """A name beside the board that nothing has."""
    stamp = "".join(char for char in now[:19] if char.isalnum())
    named, times = path.with_name(f"{path.name}.aside-{stamp}"), 1
    while os.path.lexists(named):
        times += 1
        named = path.with_name(f"{path.name}.aside-{stamp}-{times}")
    return named


def _sync(path: Path) -> None:
    """Brings a file, or the names in a folder, on to the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
