"""By which spelling a person is known in an incident: the one that stood there first, so that nobody stands there
twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from opsterm.board.schema import table_of
from opsterm.board.store import Board
from opsterm.records.incident import Incident, Role
from opsterm.records.person_name import person_key, written
from opsterm.records.record import KINDS, stated_columns
from opsterm.records.timeline_entry import BY

_WROTE = "SELECT by FROM moment WHERE incident = ? AND person_key(by) = ? ORDER BY hlc, station, seq LIMIT 1"


def known_as(board: Board, incident: str, name: str) -> str:
    """The spelling by which a person is known in an incident: from its roles, its commander, who wrote, and whoever is
    named in it besides; the name itself where nobody of that name is."""
    own, key = written(name), person_key(name)
    if not key or not incident:
        return own
    first, besides = _named()
    return (
        _found(board, first, incident, key)
        or _author(board, incident, key)
        or _found(board, besides, incident, key)
        or own
    )


def _author(board: Board, incident: str, key: str) -> str:
    """How a person wrote first; looked for once, for what was written stays."""
    if (incident, key) not in board.authors and (found := _found(board, (_WROTE,), incident, key)):
        board.authors[incident, key] = found
    return board.authors.get((incident, key), "")


def _found(board: Board, asked: Iterable[str], incident: str, key: str) -> str:
    return next((row[0] for sql in asked for row in board._db.execute(sql, (incident, key))), "")


@cache
def _named() -> tuple[Sequence[str], Sequence[str]]:
    """Where names stand: in roles and the incident itself, and in all else that belongs to it."""
    first = [sql for kind in (Role.kind, Incident.kind) for sql in _named_in(kind)]
    return first, [sql for kind in KINDS if kind not in (Role.kind, Incident.kind) for sql in _named_in(kind)]


def _named_in(kind: str) -> list[str]:
    table, whose = table_of(KINDS[kind]), "id" if kind == Incident.kind else "incident"
    return [
        f'SELECT "{column.name}" FROM {table} WHERE {whose} = ? AND person_key("{column.name}") = ?'
        " ORDER BY born, id LIMIT 1"
        for column in stated_columns(KINDS[kind]).values()
        if column.named
    ]


def as_known(board: Board, kind: str, incident: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a change with the people in them by the spelling by which they are known in the incident."""
    stated = stated_columns(KINDS[kind]) if kind in KINDS else {}
    people = {field for field in fields if field == BY or (field in stated and stated[field].named)}
    return {
        field: known_as(board, incident, value) if field in people and isinstance(value, str) else value
        for field, value in fields.items()
    }
