"""What an export carries beside the events, so that nothing is lost on the way back: the incident's own log of changes.

It counts only with the very events that it was written with: a file that somebody edited is read by its events alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from opsterm.board.change import Change, canonical
from opsterm.board.fold import note_at, note_by, said_at, said_by
from opsterm.board.notes import is_note
from opsterm.exchange.file_format import IncidentFile
from opsterm.records.plain import plain
from opsterm.records.record import KINDS
from opsterm.records.timeline_entry import AT, BY, CLOCKED, NOTED_AT, NOTED_BY, REF

KEY = "opsterm"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Carried:
    """One change as an export carries it."""

    kind: str
    record: str
    digest: str
    #: Names the change wherever it is imported.
    ref: str
    fields: Mapping[str, Any]
    basis: Mapping[str, list[str]]


def seal(document: Mapping[str, Any]) -> str:
    """Names what a file says beside its log."""
    said = {key: value for key, value in document.items() if key != KEY}
    return sha256(canonical(said).encode("utf-8", "surrogatepass")).hexdigest()


def to_carry(changes: Sequence[Change], document: Mapping[str, Any]) -> dict[str, Any]:
    """The log of changes for a file that says `document`."""
    log = []
    for change in changes:
        fields = _told_of(change)
        ref = fields.pop(REF, change.digest)
        log.append(
            {
                "kind": change.kind,
                "record": change.record,
                "digest": change.digest,
                "ref": ref,
                "fields": fields,
                "basis": json.loads(change.basis),
            }
        )
    return {"format": FORMAT, "of": seal(document), "changes": log}


def _told_of(change: Change) -> dict[str, Any]:
    """What a change says, with when and by whom, which elsewhere its own row does not tell."""
    values = change.values
    if is_note(change):
        return {**values, NOTED_BY: note_by(change), NOTED_AT: note_at(change)}
    clocked = {} if AT in values else {CLOCKED: True}
    by = said_by(change, values)
    heard = {} if REF in values or note_by(change) == by else {NOTED_BY: note_by(change)}
    return {**values, AT: said_at(change, values), BY: by or None, **clocked, **heard}


def carried(file: IncidentFile) -> list[Carried] | None:
    """The log that a file carries, or nothing where it has none, is of another form, or belongs to other events."""
    found = file.raw.get(KEY)
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("of") != seal(file.raw):
        return None
    entries = found.get("changes")
    if not isinstance(entries, list):
        return None
    log = [_entry(item) for item in entries]
    whole = [item for item in log if item is not None]
    begins = bool(whole) and any(item.kind == "incident" and item.record == file.id for item in whole)
    return whole if begins and len(whole) == len(log) else None


def _entry(item: Any) -> Carried | None:
    if not isinstance(item, dict):
        return None
    texts = [item.get(key) for key in ("kind", "record", "digest", "ref")]
    fields, basis = item.get("fields"), item.get("basis")
    if not all(isinstance(text, str) and 0 < len(text) <= 200 for text in texts) or item["kind"] not in KINDS:
        return None
    if (
        not isinstance(fields, dict)
        or not isinstance(basis, dict)
        or any(plain(text) != text for text in texts if text)
    ):
        return None
    if not all(isinstance(names, list) and all(isinstance(n, str) for n in names) for names in basis.values()):
        return None
    return Carried(item["kind"], item["record"], item["digest"], item["ref"], fields, basis)
