"""Records as JSON objects: which fields, under which names, and what is null."""

from __future__ import annotations

from datetime import date
from typing import Any


def json_of(item: object, *fields: str) -> dict[str, Any]:
    """Fields of a record, or of anything else with attributes, in the order in which they are named.

    `fields` are names with spaces between: `why=reason` puts a field under another name, and one that ends in `?` is
    null where nothing is recorded. Tuples become lists, and days texts.
    """
    made = {}
    for said in " ".join(fields).split():
        key, _, name = said.removesuffix("?").rpartition("=")
        value = _plain(getattr(item, name))
        made[key or name] = (value or None) if said.endswith("?") else value
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
