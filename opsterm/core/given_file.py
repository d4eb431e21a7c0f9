"""A file that somebody named, read: never without an end, and refused by its name where it can't be read."""

from __future__ import annotations

from pathlib import Path

from opsterm.core.session import Rejected


def bytes_given(path: Path, most: int) -> bytes:
    """What is in a file, `most` bytes of it and one more at the most, so that what is larger, a device that never ends
    too, can be told. Raises Rejected with its name and the reason: not there, a folder, links in a circle, closed to
    this user."""
    try:
        with path.expanduser().open("rb") as file:
            return file.read(most + 1)
    except IsADirectoryError as error:
        raise Rejected(f"{path} is a folder: name a file.") from error
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else ""
        raise Rejected(f"{path} can't be read ({why or error}): check its name and who may read it.") from error
