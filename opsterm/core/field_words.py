"""What the fields of records and their values are called where people read them: never by their names on disk."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from opsterm.board.store import Board
from opsterm.records.instant import Instant
from opsterm.records.plain import one_line
from opsterm.records.record import KINDS, Record, stated_columns

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: Columns that a record without a mark is called by at the most.
_CALLED_MAX = 40
#: What calls a record that has no mark, the first that it has.
_CALLED_BY = ("title", "name", "what", "text", "who")
#: Kinds whose records are called by another field.
_CALLED_BY_ITS: Mapping[str, str] = {"role": "role"}
#: Fields that name a person: nothing in them is nobody.
_PEOPLE = frozenset({"commander", "owner", "offered_to", "name", "who", "asked_by", "asked_of", "review_owner"})
#: Fields that hold the id of a record, and of which kinds it may be.
_REFERENCES: Mapping[str, tuple[str, ...]] = {
    "became": ("incident",),
    "commitment": ("commitment",),
    "decision": ("decision",),
    "dependency": ("dependency",),
    "deployment": ("deployment", "planned_change"),
    "document": ("document",),
    "earlier": ("incident",),
    "factor": ("factor",),
    "folded_into": ("incident",),
    "goes_on_in": ("incident",),
    "follow_up": ("obligation",),
    "hypotheses": ("hypothesis",),
    "hypothesis": ("hypothesis",),
    "later": ("incident",),
    "obligation": ("obligation",),
    "other": ("incident",),
    "parent": ("incident", "hypothesis", "vendor"),
    "planned": ("planned_change",),
    "postmortem": ("postmortem",),
    "proposal": ("proposal",),
    "recurrence_of": ("incident",),
    "ritual": ("ritual",),
    "run": ("run",),
    "step": ("step",),
    "vendor": ("vendor",),
}


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    source = (files("opsterm") / "data" / "field_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def kind_words(kind: str) -> str:
    """What a record of a kind is called."""
    return _table()["kinds"].get(kind, kind.replace("_", " "))


def field_words(kind: str, field: str) -> str:
    """What a field of a kind is called; one of a newer version by its name without what only machines write."""
    table = _table()
    return table.get(kind, {}).get(field) or table["every"].get(field) or one_line(field.replace("_", " "))


def is_worded(kind: str, field: str) -> bool:
    """Whether somebody thought of what a field is called."""
    return field in _table().get(kind, {}) or field in _table()["every"]


def utc_clock(at: Instant) -> str:
    """A time as it reads where nobody's zone is known."""
    return f"{at[:10]} {at[11:16]} UTC"


def value_words(board: Board, kind: str, field: str, value: Any, clock: Callable[[Instant], str] = utc_clock) -> str:
    """A field's value, as people say it; `clock` puts times into words."""
    if value is None or value == "":
        return "nobody" if field in _PEOPLE else "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(value_words(board, kind, field, item, clock) for item in value) or "none"
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return clock(value)
    for referred in _REFERENCES.get(field, ()):
        if isinstance(value, str) and board.get(KINDS[referred], value) is not None:
            return called(board, referred, value)
    column = stated_columns(KINDS[kind]).get(field) if kind in KINDS else None
    known = column is not None and column.coerce(value) == value
    return one_line(column.in_words(value) if column is not None and known else str(value))


def called(board: Board, kind: str, record: str) -> str:
    """What people call a record: its mark, else its kind with its first words."""
    found = board.get(KINDS[kind], record) if kind in KINDS else None
    if found is None:
        return kind_words(kind)
    return found.mark or f"{kind_words(kind)} {_first_words(found)}".strip()


def _first_words(item: Record) -> str:
    names = (_CALLED_BY_ITS[item.kind],) if item.kind in _CALLED_BY_ITS else _CALLED_BY
    said = next((text for name in names if (text := getattr(item, name, ""))), "")
    text = one_line(said)
    return text if len(text) <= _CALLED_MAX else f"{text[: _CALLED_MAX - 1]}…"
