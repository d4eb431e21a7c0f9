"""The folder as a carrier: `DIR/opsterm/journals/<station>.sqlite`, and what is sealed in `journals/sealed/`.

Reading opens a file, asks what it is, reads it at once and closes it: on NFS an open is what asks the server. Writing
makes a temporary file beside, flushes it, renames it over the old one and flushes the folder. Nothing is kept open.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from heapq import nsmallest
from pathlib import Path

from opsterm.share.carrier import Listing, ShareUnreachable
from opsterm.share.journal import FILE_BYTES_MAX
from opsterm.share.plain_words import said, shown

ROOT = "opsterm"
JOURNALS = "journals"
SEALED = "sealed"
#: Our own temporary files: never read, removed once their writer is known to have died.
TEMPORARY = ".opsterm-"

#: What sync tools and editors leave while they work: never read, never removed.
_PASSING_BEGINNINGS = (".", "~")
_PASSING_ENDINGS = (".tmp", ".!sync", ".part", ".partial", ".crdownload")
#: More names than this in one folder are not a team's journals: no more are looked at, those that may be one first.
NAMES_MAX = 20_000
#: What a station calls its journals.
_OWN_NAME = re.compile(r"[0-9a-f]{16}(?:-\d{1,9})?\.sqlite")
#: How long a rename is tried again that another host's open file stands against. [SMB: sharing violation]
RENAME_PATIENCE_S = 2.0
_HELD = frozenset({errno.EACCES, errno.EBUSY, errno.EPERM, errno.ETXTBSY})
_HELD_ON_WINDOWS = frozenset({5, 32, 33})

#: A file whose bytes are elsewhere: reading it would download, wait or fail. [macOS stat(2); Windows file attributes]
_MACOS_DATALESS = 0x40000000
_WINDOWS_ELSEWHERE = 0x400000 | 0x1000
PLACEHOLDER = "it is not on this computer yet: have the sync tool always keep this folder on the device"

_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_MAKE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Folder:
    """A share that is a folder.

    `device` is the filesystem on which its `opsterm/` was seen, or nothing where that never was: a folder that was
    seen and is absent now, or on another device, is an unmounted one, and nothing is made there.
    """

    def __init__(self, directory: Path, station: str, *, device: int | None = None) -> None:
        self.directory = directory
        self.station = station
        self.device = device
        self._root = directory / ROOT
        self._journals = self._root / JOURNALS
        self._sealed = self._journals / SEALED
        self._sealed_version = ""
        self._sealed_listing = Listing({})

    @property
    def where(self) -> str:
        return str(self.directory)

    @property
    def journals_folder(self) -> Path:
        """Where the live journals lie: what a watcher watches."""
        return self._journals

    # --- is it there

    def present(self) -> int | None:
        """The device of the share's `opsterm/`, or nothing where there is none yet. Raises ShareUnreachable where the
        folder itself is not there, does not answer, or is no folder."""
        try:
            if not stat.S_ISDIR(self.directory.stat().st_mode):
                raise ShareUnreachable(f"{self.where} is no folder: name the folder that the team shares.")
        except OSError as error:
            raise _unreachable(error, self.directory) from error
        try:
            found = os.lstat(self._root)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreachable(error, self._root) from error
        if not stat.S_ISDIR(found.st_mode):
            raise ShareUnreachable(f"{self._root} is a link or a file, not a folder: move it away, then join again.")
        return found.st_dev

    def found(self) -> None:
        """Makes the share's folders where there are none. Raises ShareUnreachable."""
        try:
            mode = stat.S_IMODE(self.directory.stat().st_mode)
            for folder in (self._root, self._journals, self._sealed):
                _make_folder(folder, mode)
        except OSError as error:
            raise _unreachable(error, self._root) from error

    def _enter(self) -> None:
        device = self.present()
        if self.device is not None and device is None:
            raise ShareUnreachable(
                f"{self.where} is gone: the share was here and there is nothing now. Mount it or bring it back, or say"
                f" opsterm join {self.where} to begin anew."
            )
        if self.device is not None and device != self.device:
            raise ShareUnreachable(
                f"{self.where} is another disk than the share was on: mount the share there, or say"
                f" opsterm join {self.where} to go on with this one."
            )

    # --- the four calls

    def journals(self, *, thorough: bool = False, known: Collection[str] = ()) -> Listing:
        self._enter()
        versions: dict[str, str] = {}
        refused: dict[str, str] = {}
        names, cut = _names(self._journals, known)
        for name in names:
            try:
                with _opened(self._journals / name) as (_, version):
                    versions[name] = version
            except OSError as error:
                _refuse(refused, name, error, self._journals / name)
        sealed = self._list_sealed(thorough, known)
        return Listing({**versions, **sealed.versions}, {**refused, **sealed.refused}, cut or sealed.cut)

    def _list_sealed(self, thorough: bool, known: Collection[str]) -> Listing:
        """Sealed files are looked at without opening them, and only where their folder has changed."""
        version = _folder_version(self._sealed)
        if thorough or version != self._sealed_version:
            versions: dict[str, str] = {}
            refused: dict[str, str] = {}
            within = f"{SEALED}/"
            names, cut = _names(self._sealed, [name.removeprefix(within) for name in known if name.startswith(within)])
            for file in names:
                name = f"{SEALED}/{file}"
                try:
                    versions[name] = _version(_regular(os.lstat(self._sealed / file)))
                except OSError as error:
                    _refuse(refused, name, error, self._sealed / file)
            self._sealed_listing, self._sealed_version = Listing(versions, refused, cut), version
        return self._sealed_listing

    def read(self, name: str) -> tuple[str, bytes]:
        with _opened(self._journals / name) as (descriptor, version):
            data = bytearray()
            while len(data) <= FILE_BYTES_MAX and (piece := os.read(descriptor, 1 << 20)):
                data += piece
            return version, bytes(data)

    def write(self, name: str, data: bytes) -> str:
        self._enter()
        target = self._journals / name
        mode = stat.S_IMODE(self.directory.stat().st_mode)
        for folder in (self._journals, self._sealed):
            _make_folder(folder, mode)
        self._remove_leftovers(target.parent)
        temporary = target.with_name(f"{TEMPORARY}{self.station}-{secrets.token_hex(4)}.tmp")
        try:
            written = self._fill(temporary, data, mode & 0o666 | 0o600)
            self._rename(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        self._flush_folder(target.parent)
        try:
            with _opened(target) as (descriptor, version):
                now = os.fstat(descriptor)
        except OSError:
            return ""
        same = (now.st_size, now.st_mtime_ns) == (written.st_size, written.st_mtime_ns)
        return version if same else ""

    # --- the steps of writing

    def _fill(self, path: Path, data: bytes, mode: int) -> os.stat_result:
        descriptor = os.open(path, _MAKE, 0o600)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            with suppress(OSError, AttributeError):
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)

    def _rename(self, temporary: Path, target: Path) -> None:
        deadline = time.monotonic() + RENAME_PATIENCE_S
        pause = 0.02
        while True:
            try:
                temporary.replace(target)
            except OSError as error:
                held = error.errno in _HELD or getattr(error, "winerror", None) in _HELD_ON_WINDOWS
                if not held or time.monotonic() > deadline:
                    raise
                time.sleep(pause)
                pause *= 2
            else:
                return

    def _flush_folder(self, folder: Path) -> None:
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _remove_leftovers(self, folder: Path) -> None:
        """Only one process of a board writes at a time, so what its station left here is of one that died."""
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(f"{TEMPORARY}{self.station}-"):
                    with suppress(OSError):
                        Path(entry.path).unlink()


def _unreachable(error: OSError, path: Path) -> ShareUnreachable:
    return ShareUnreachable(f"The share can't be reached: {said(error, path)}.")


def _make_folder(folder: Path, mode: int) -> None:
    """Makes a folder as open to others as the one that people chose to share; refuses a link in its place."""
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        with suppress(FileExistsError):
            folder.mkdir(0o777)
            with suppress(OSError):
                folder.chmod(mode | 0o700)
        found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))


def _names(folder: Path, known: Collection[str]) -> tuple[list[str], str]:
    """The names in a folder that may be journals, and what was cut of them, in one line. Where there are too many,
    those that are known come first, then those that a station may have given, then those that sync tools make of them.
    A folder that is not there yet has none. Raises ShareUnreachable."""
    first = frozenset(known)
    count = 0

    def likely(entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[int, str]]:
        nonlocal count
        for entry in entries:
            name = entry.name
            if name == SEALED or name.startswith(_PASSING_BEGINNINGS) or name.endswith(_PASSING_ENDINGS):
                continue
            count += 1
            rank = 1 if _OWN_NAME.fullmatch(name) else 2 if name.endswith(".sqlite") else 3
            yield (0 if name in first else rank), name

    try:
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode):
            raise ShareUnreachable(f"{folder} is a link or a file, not a folder: move it away.")
        with os.scandir(folder) as entries:
            names = sorted(name for _, name in nsmallest(NAMES_MAX, likely(entries)))
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        raise _unreachable(error, folder) from error
    left = count - len(names)
    return names, f"{left} of {count} names were not looked at: move away what is no journal" if left else ""


def _regular(found: os.stat_result) -> os.stat_result:
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file: only journals belong here")
    if found.st_size > FILE_BYTES_MAX:
        raise OSError(errno.EINVAL, f"it is larger than any journal ({found.st_size >> 20} MiB): move it away")
    if getattr(found, "st_flags", 0) & _MACOS_DATALESS:
        raise OSError(errno.EAGAIN, PLACEHOLDER)
    if getattr(found, "st_file_attributes", 0) & _WINDOWS_ELSEWHERE:
        raise OSError(errno.EAGAIN, PLACEHOLDER)
    return found


def _version(found: os.stat_result) -> str:
    """One of the four alone lies: sizes are whole pages, times are restored by sync tools, inodes made up by SMB."""
    return f"{found.st_ino}.{found.st_size}.{found.st_mtime_ns}.{found.st_ctime_ns}"


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, str]]:
    """A regular file, opened for reading, and its version."""
    descriptor = os.open(path, _READ)
    try:
        yield descriptor, _version(_regular(os.fstat(descriptor)))
    finally:
        os.close(descriptor)


def _folder_version(folder: Path) -> str:
    try:
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return ""
    try:
        return _version(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _refuse(refused: dict[str, str], name: str, error: OSError, path: Path) -> None:
    """Notes why a file can't be read; one that is gone since it was listed is no news."""
    if error.errno in (errno.EINVAL, errno.EAGAIN) and error.strerror:
        refused[name] = shown(error.strerror)
    elif error.errno != errno.ENOENT:
        refused[name] = said(error, path)
