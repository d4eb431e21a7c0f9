"""Rows of a file taken into a register: what is new is recorded, and what is known is brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from opsterm.core.session import Outcome, Session
from opsterm.records.record import Record, as_fields

Fields = Mapping[str, Any]


def differing(item: Record, fields: Fields) -> dict[str, Any]:
    """Those of the fields that a record does not have so already."""
    known = as_fields(item)
    return {name: new for name, new in fields.items() if known[name] != (tuple(new) if type(new) is list else new)}


def import_rows(
    session: Session,
    kind: type[Record],
    rows: Collection[tuple[str, Fields]],
    what: str,
    file: str,
    *,
    made: Callable[[str, Fields], object] = lambda record, fields: None,
) -> Outcome:
    """Takes (id, fields) of each record, all of them or none; one that the file does not have stays. `what` is their
    name for several; what is new or changed has `file` as its source. `made` is called for each that nobody knew."""
    new = changed = 0
    with session.board.transaction():
        for record, fields in rows:
            before = session.board.get(kind, record)
            if before is None:
                session.create(kind, "", {**fields, "source": file}, record=record)
                made(record, fields)
                new += 1
            elif differs := differing(before, fields):
                session.set(before, differs | differing(before, {"source": file}))
                changed += 1
    return Outcome(f"{what}: {new} new, {changed} changed, {len(rows) - new - changed} as they were")
