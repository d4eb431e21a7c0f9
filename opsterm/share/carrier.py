"""What sharing asks of whatever carries the journals: a folder today, a team's own database later.

Few calls: list the journals, read one, write mine. A name is the carrier's word for one journal file, a
version its word for what that file held when it was looked at: two versions that are equal hold the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class ShareError(Exception):
    """Sharing can't be done as asked. Its text is one line: what is wrong, and what to do."""


class ShareUnreachable(ShareError):  # noqa: N818 - what happened, not an error in the program
    """The share is not there, is gone, does not answer, or another process holds it for too long."""


class ShareRefused(ShareError):  # noqa: N818 - what happened, not an error in the program
    """A person has to say first that it is meant: the folder is another team's, or not meant for sharing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is to read, at one moment."""

    #: Name → version.
    versions: Mapping[str, str]
    #: Name → why it can't be read, in one line.
    refused: Mapping[str, str] = field(default_factory=dict)
    #: What was not looked at, in one line; empty where all was.
    cut: str = ""


class Carrier(Protocol):
    """One share, as one station reaches it. Whatever fails raises OSError or ShareUnreachable, and nothing else."""

    @property
    def where(self) -> str:
        """Its place, as people call it."""
        ...

    def journals(self, *, thorough: bool = False, known: Collection[str] = ()) -> Listing:
        """All journals, those that are `known` before all else where there are too many. Sealed ones may be remembered
        from an earlier call, unless `thorough`. Reads no contents."""
        ...

    def read(self, name: str) -> tuple[str, bytes]:
        """One journal, whole, with its version."""
        ...

    def write(self, name: str, data: bytes) -> str:
        """Puts one of this station's own journals in place, whole or not at all. Returns its version, or nothing where
        someone else may have written in between."""
        ...
