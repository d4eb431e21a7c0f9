"""Every record in canonical order: equal on two boards that know the same changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opsterm.board.store import Board
from opsterm.core.conflicts import conflicts_of
from opsterm.records.record import words_unread

#: What tells when a station first heard of a record, or whose board it stands on, and nothing of the record.
_LEFT_OUT = ("born", "unread")


def dump(board: Board) -> Iterator[dict[str, Any]]:
    """One object a record: kind, id, its fields and, where there are any, its conflicts; sorted by kind and id."""
    from opsterm.records.tables import every_record

    conflicts: dict[str, dict[str, Any]] = {}
    for conflict in conflicts_of(board):
        heads = [{"value": h["value"], "by": h["by"], "at": h["at"], "station": h["station"]} for h in conflict.heads]
        conflicts.setdefault(conflict.record, {})[conflict.field] = heads
    for kind, fields in every_record(board.path):
        fields |= words_unread(fields["unread"])
        told = {"kind": kind, **{name: value for name, value in fields.items() if name not in _LEFT_OUT}}
        if fields["id"] in conflicts:
            told["conflicts"] = conflicts[fields["id"]]
        yield told
