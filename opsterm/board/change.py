"""A change: one immutable fact, named by its digest.

The digest covers the station's previous digest and the row's canonical bytes, so that a station's changes form a chain
in which nothing can be altered, left out or put in without its being seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from opsterm.board.clock import well_formed

#: What a change may carry at the most: a pasted log is welcome, a video is not.
FIELDS_BYTES_MAX = 1 << 20
ID_LENGTH_MAX = 200


class Change(NamedTuple):
    """One row: `station` set `fields` of `record`, having seen `basis`."""

    digest: str
    #: Digest of the same station's change before this one; empty for its first.
    prev: str
    station: str
    #: Gapless from 1 for its station.
    seq: int
    hlc: int
    #: The author's own clock, milliseconds since 1970: shown, never ordered by.
    wall: int
    author: str
    kind: str
    record: str
    #: Id of the incident that the record belongs to, or empty.
    incident: str
    #: JSON object: field → value.
    fields: str
    #: JSON object: field → digests of the changes whose values the author saw and replaced.
    basis: str

    @property
    def values(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.fields)
        return parsed

    @property
    def order(self) -> tuple[int, str, str]:
        """Where it stands in every fold."""
        return (self.hlc, self.station, self.digest)


COLUMNS = Change._fields


@dataclass(frozen=True, slots=True)
class Write:
    """What a command wants of one record, before it is a change."""

    kind: str
    record: str
    incident: str
    fields: Mapping[str, Any]
    #: What it replaces, where that is not what its author has seen on this board: history that is said again.
    basis: Mapping[str, list[str]] | None = None


def canonical(value: Any) -> str:
    """JSON in the one form that digests are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest_of(row: tuple[Any, ...]) -> str:
    """The digest of a row: `row` is a change without its digest, beginning with `prev`."""
    return sha256(_encode(row).encode("utf-8", "surrogatepass")).hexdigest()


def make(
    prev: str,
    station: str,
    seq: int,
    hlc: int,
    wall: int,
    author: str,
    write: Write,
    basis: Mapping[str, Any],
) -> Change:
    """The change that says what `write` wants."""
    row = (
        prev,
        station,
        seq,
        hlc,
        wall,
        author,
        write.kind,
        write.record,
        write.incident,
        canonical(dict(write.fields)),
        canonical(dict(basis)),
    )
    return Change(digest_of(row), *row)


def fault(change: Change) -> str:
    """What is wrong with a change that came from elsewhere, or nothing."""
    texts = (
        change.digest,
        change.prev,
        change.station,
        change.author,
        change.kind,
        change.record,
        change.incident,
        change.fields,
        change.basis,
    )
    if not all(isinstance(text, str) for text in texts):
        return "a text is of another type"
    if not all(type(number) is int for number in (change.seq, change.hlc, change.wall)):
        return "a number is of another type"
    if not (change.seq > 0 and well_formed(change.hlc) and abs(change.wall) < 1 << 62):
        return "its numbers are out of range"
    if len(change.fields) > FIELDS_BYTES_MAX or len(change.basis) > FIELDS_BYTES_MAX:
        return "it is too large"
    if not (change.station and change.record and change.kind) or max(map(len, texts[:7])) > ID_LENGTH_MAX:
        return "a name in it is empty or too long"
    if digest_of(change[1:]) != change.digest:
        return "its digest does not match"
    try:
        fields, basis = json.loads(change.fields), json.loads(change.basis)
    except (ValueError, RecursionError):
        return "its fields are not JSON"
    if not (isinstance(fields, dict) and isinstance(basis, dict)):
        return "its fields are not an object"
    if not all(isinstance(names, list) and all(isinstance(n, str) for n in names) for names in basis.values()):
        return "its basis is not a list of digests"
    return ""
