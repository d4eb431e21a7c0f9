"""A file is written whole or left as it was; what is no file is written into, and never replaced."""

from __future__ import annotations

import errno
import os
import secrets
import select
import stat
from contextlib import suppress
from pathlib import Path

from opsterm.core.session import Rejected

#: How long the reader of a pipe may take over what it was given, before it counts as gone.
READER_PATIENCE_S = 2.0
#: A new file's mode before the umask.
_NEW = 0o666


def export_whole(path: Path, data: bytes | str) -> None:
    """Writes what a person asked for to where they said. Raises Rejected, with the reason, where it can't be."""
    try:
        write_whole(path, data.encode() if isinstance(data, str) else data)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or error
        raise Rejected(f"It can't be written there ({why}): name another file than {path}.") from error


def write_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Writes a file beside its place, on to the disk, and moves it there: nobody reads half of it, and two that write
    at the same time do not meet. A link stays, and what it leads to is written; a device, a pipe or what this process
    says its own lines to is written into.

    Without a mode a file keeps its own, and a new one has what the umask leaves. Raises OSError, and leaves the old
    file then.
    """
    try:
        there = path.stat()
    except FileNotFoundError:
        _put(_led_to(path), data, mode)
        return
    place = _led_to(path)
    spoken = _spoken_to(there)
    if spoken is not None:
        _pour(os.dup(spoken), data, None)
    elif stat.S_ISREG(there.st_mode) and place.exists() and place.samefile(path):
        _put(place, data, stat.S_IMODE(there.st_mode) & 0o777 if mode is None else mode)
    else:
        _pour(_opened(path), data, READER_PATIENCE_S)


def _spoken_to(there: os.stat_result) -> int | None:
    """The own output that this is: the shell opened it, and to put a file in its place would lose the rest."""
    for output in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(output), there):
                return output
    return None


def _led_to(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _put(place: Path, data: bytes, mode: int | None) -> None:
    beside = place.with_name(f".opsterm-{secrets.token_hex(16)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _NEW if mode is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                beside.chmod(mode)
            os.fsync(file.fileno())
        beside.replace(place)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _opened(path: Path) -> int:
    """What is there, as it is: a folder and a socket refuse it, and so does a pipe that nobody reads."""
    try:
        return os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(error.errno, "nobody reads it") from error
        raise


def _pour(handle: int, data: bytes, patience: float | None) -> None:
    try:
        rest = memoryview(data)
        while rest:
            if not select.select([], [handle], [], patience)[1]:
                raise OSError(errno.EAGAIN, "its reader takes no more")
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)
