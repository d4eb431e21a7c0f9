"""Names and errors of the share, as they may be shown: on one line, nothing in them acts on a terminal."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from opsterm.records.plain import one_line

NAME_LENGTH_MAX = 100

_UNANSWERED = frozenset(
    getattr(errno, name)
    for name in ("ESTALE", "EIO", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET")
    if hasattr(errno, name)
)
_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))


def shown(name: str) -> str:
    """A file's or a station's name that came from the share."""
    plain = one_line(name)
    return plain if len(plain) <= NAME_LENGTH_MAX else f"{plain[: NAME_LENGTH_MAX - 1]}…"


def said(error: OSError, path: Path) -> str:
    """What the system says of a place in the share: what is wrong, and what to do."""
    where = shown(str(path))
    if error.errno in _FULL:
        return f"no space on the share ({where}): free some; nothing is lost, it waits here"
    if error.errno == errno.EROFS:
        return f"the share is read-only ({where}): what others write is read, nothing is published"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"no permission on {where}{_owner(path)}: have them run chmod g+rwxs {where}"
    if error.errno in _UNANSWERED:
        return f"the share does not answer ({where}): check the network and the mount"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{where} is not there"
    if error.errno == errno.ELOOP:
        return "is a symbolic link: it is not followed; put the file itself there"
    return f"{where}: {one_line(error.strerror or str(error))}"


def words(error: OSError) -> str:
    """The same where the error itself names the place."""
    return said(error, Path(os.fsdecode(error.filename)) if error.filename else Path("the share"))


def _owner(path: Path) -> str:
    """Whose a place is: ` of mia`, or nothing where that can't be told."""
    try:
        return f" of {path.owner()}"
    except (OSError, KeyError, NotImplementedError, ImportError):
        try:
            return f" of user {path.stat().st_uid}"
        except OSError:
            return ""
