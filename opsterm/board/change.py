"""A change: one immutable fact, named by its digest.

The digest covers the station's previous digest and the row's canonical bytes, so that a station's changes form a chain
in which nothing can be altered, left out or put in without its being seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import Any, NamedTuple

from opsterm.board.clock import well_formed

#: What a change may carry at the most: a pasted log is welcome, a video is not.
FIELDS_BYTES_MAX = 1 << 20
ID_LENGTH_MAX = 200

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


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
        """Its fields. The same object each time for a short change: not for writing into."""
        return _short_values(self.fields) if len(self.fields) < _SHORT else _values(self.fields)


COLUMNS = Change._fields
#: Where a change stands in every fold.
in_order = attrgetter("hlc", "station", "seq", "digest")
#: In the basis of a change: those that its author had seen though their clocks are ahead of its own, the last of each
#: station. It comes after them whatever the clocks say.
AFTER = "_after"

#: Fields up to this length are worth keeping: a change is verified, told and folded within a moment.
_SHORT = 2000


_decode = json.JSONDecoder().decode


def _values(fields: str) -> dict[str, Any]:
    parsed: dict[str, Any] = _decode(fields)
    return parsed


_short_values = lru_cache(maxsize=4096)(_values)


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Changes in order: by their clocks, but none before what it says it comes after."""
    given = sorted(changes, key=in_order)
    if not any(AFTER in change.basis for change in given):
        return given
    known = {change.digest: change for change in given}

    def place(change: Change) -> tuple[Any, ...]:
        own = in_order(change)
        latest = max((in_order(known[name]) for name in _after(change) if name in known), default=own)
        return (latest, True, own) if latest > own else (own, False, own)

    return sorted(given, key=place)


def _after(change: Change) -> Sequence[str]:
    if AFTER not in change.basis:
        return ()
    named: Sequence[str] = _decode(change.basis).get(AFTER, ())
    return named


@dataclass(frozen=True, slots=True)
class Write:
    """What a command wants of one record, before it is a change."""

    kind: str
    record: str
    incident: str
    fields: Mapping[str, Any]
    #: What it replaces, where that is not what its author has seen on this board: history that is said again.
    basis: Mapping[str, list[str]] | None = None


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> str:
    """JSON in the one form that digests are taken of. Raises ValueError for what is no number.

    Half a character, which no UTF-8 can hold, is escaped: undecodable bytes from a shell end up as such.
    """
    text = _encode(value)
    return text if text.isascii() else _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def digest_of(row: tuple[str, str, int, int, int, str, str, str, str, str, str]) -> str:
    """The digest of a row: `row` is a change without its digest, beginning with `prev`. Its canonical bytes are those
    of a JSON list, written out here because every change that arrives is verified. Raises ValueError for what UTF-8
    can't hold."""
    prev, station, seq, hlc, wall, *texts = row
    numbers = f"{_quoted(prev)},{_quoted(station)},{seq},{hlc},{wall}"
    return sha256(f"[{numbers},{','.join(map(_quoted, texts))}]".encode()).hexdigest()


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


_TYPES = [int if name in ("seq", "hlc", "wall") else str for name in COLUMNS]
#: Values that need no second look: numbers without end are floats, and only lists and objects are nested.
_FLAT = frozenset({str, int, bool, type(None)})
_DEPTH_MAX = 16


def _deep(value: Any, left: int = _DEPTH_MAX) -> bool:
    """Whether a value is nested deeper than any that a command records."""
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return not left or any(_deep(item, left - 1) for item in items)


def fault(change: Change) -> str:
    """What is wrong with a change that came from elsewhere, or nothing."""
    if [*map(type, change)] != _TYPES:
        return f"a {'text' if {*map(type, change[:3] + change[6:])} != {str} else 'number'} is of another type"
    digest, prev, station, seq, hlc, wall, author, kind, record, incident, said, seen = change
    if not (seq > 0 and well_formed(hlc) and abs(wall) < 1 << 62):
        return "its numbers are out of range"
    if len(said) > FIELDS_BYTES_MAX or len(seen) > FIELDS_BYTES_MAX:
        return "it is too large"
    if not (station and record and kind):
        return "a name in it is empty or too long"
    if max(len(digest), len(prev), len(station), len(author), len(kind), len(record), len(incident)) > ID_LENGTH_MAX:
        return "a name in it is empty or too long"
    try:
        if digest_of(change[1:]) != digest:
            return "its digest does not match"
    except ValueError:
        return "a text in it is not Unicode"
    try:
        fields, basis = change.values, {} if seen == "{}" else _decode(seen)
        if type(fields) is not dict or type(basis) is not dict:
            return "its fields are not an object"
        if not _FLAT.issuperset(map(type, fields.values())):
            if _deep(fields):
                return "its fields are nested too deep"
            canonical(fields)
    except (ValueError, RecursionError):
        return "its fields are not JSON"
    if not all(isinstance(names, list) and all(isinstance(n, str) for n in names) for names in basis.values()):
        return "its basis is not a list of digests"
    return ""
