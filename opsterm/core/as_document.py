"""Records as JSON objects: which fields, under which names, and what is null."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from opsterm.records.record import Record, words_unread


def json_of(item: object, *fields: str) -> dict[str, Any]:
    """Fields of a record, or of anything else with attributes, in the order in which they are named.

    `fields` are names with spaces between: `why=reason` puts a field under another name, and one that ends in `?` is
    null where nothing is recorded. Tuples become lists, and days texts; a word of a newer version stays as it was said.
    """
    unread = words_unread(item.unread) if isinstance(item, Record) else {}
    return {key: _plain(unread.get(name) or getattr(item, name), null) for key, name, null in _read(fields)}


@cache
def _read(fields: tuple[str, ...]) -> Sequence[tuple[str, str, bool]]:
    """(key, field, whether it is null where nothing is recorded) of each."""
    out = []
    for said in " ".join(fields).split():
        key, _, name = said.removesuffix("?").rpartition("=")
        out.append((key or name, name, said.endswith("?")))
    return out


def _plain(value: Any, null: bool) -> Any:
    if null and not value:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
