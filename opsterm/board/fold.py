"""The fold: what a set of changes to one record amounts to, whatever order they arrived in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.change import Change, canonical
from opsterm.records.instant import Instant, from_ms, normal
from opsterm.records.plain import one_line, plain
from opsterm.records.record import AT, BY, WHY, Record, columns, stated_columns

#: The field by which a record is taken off the board.
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Setting:
    """One change's value of one field."""

    change: Change
    value: Any
    values: dict[str, Any]

    @property
    def at(self) -> Instant:
        """When it happened: as said, else by its author's clock."""
        return said_at(self.change, self.values)

    @property
    def by(self) -> str:
        return said_by(self.change, self.values)

    @property
    def why(self) -> str:
        reason = self.values.get(WHY)
        return plain(reason) if isinstance(reason, str) else ""


def said_at(change: Change, values: dict[str, Any]) -> Instant:
    """When what a change tells of happened."""
    said = values.get(AT)
    if isinstance(said, str):
        try:
            return normal(said)
        except ValueError:
            pass
    return from_ms(change.wall)


def said_by(change: Change, values: dict[str, Any]) -> str:
    """Who said what a change tells of."""
    said = values.get(BY)
    return one_line(said if isinstance(said, str) else change.author)


@dataclass(frozen=True, slots=True)
class Folded:
    """One record as its changes leave it."""

    first: Change
    #: Field → the setting that stands: the latest in order.
    standing: dict[str, Setting]
    #: Field → the settings that no change names as seen, latest last.
    heads: dict[str, tuple[Setting, ...]]

    @property
    def deleted(self) -> bool:
        """Taken off the board, by someone who had seen all that was said of it."""
        if DELETED not in self.standing or self.standing[DELETED].value is not True:
            return False
        return not any(heads for field, heads in self.heads.items() if field != DELETED)

    @property
    def conflicts(self) -> dict[str, tuple[Setting, ...]]:
        """Field → its heads, where they differ: someone wrote without having seen the other."""
        return {field: heads for field, heads in self.heads.items() if differ(heads)}

    def basis(self, field: str) -> list[str]:
        """The digests that a change which has seen all this names for a field."""
        return sorted(setting.change.digest for setting in self.heads.get(field, ()))

    def basis_of_all(self) -> dict[str, list[str]]:
        """The same for every field: what a deletion names."""
        return {field: self.basis(field) for field in self.heads if self.heads[field]}


def differ(settings: Sequence[Setting]) -> bool:
    """Whether heads of one field say different things; heads of equal value are one."""
    return len(settings) > 1 and len({canonical(setting.value) for setting in settings}) > 1


def fold(changes: Iterable[Change]) -> Folded:
    """What the changes of one record amount to. Needs one change at least."""
    ordered = sorted(changes, key=lambda change: change.order)
    settings: dict[str, list[Setting]] = {}
    seen: dict[str, set[str]] = {}
    for change in ordered:
        values = change.values
        for field, value in values.items():
            if not field.startswith("_"):
                settings.setdefault(field, []).append(Setting(change, value, values))
        if change.basis != "{}":
            for field, digests in json.loads(change.basis).items():
                seen.setdefault(field, set()).update(digests)
    standing = {field: given[-1] for field, given in settings.items()}
    heads = {
        field: tuple(setting for setting in given if setting.change.digest not in seen.get(field, ()))
        for field, given in settings.items()
    }
    return Folded(ordered[0], standing, heads)


def project(cls: type[Record], folded: Folded) -> dict[str, Any]:
    """The fold as the columns of its kind's table; the mark is worked out apart, from all records of its number."""
    first = folded.first
    values = first.values
    row: dict[str, Any] = {
        "id": first.record,
        "incident": first.incident,
        "at": said_at(first, values),
        "by": said_by(first, values),
        "mark": "",
        "born": first.hlc,
    }
    stated = stated_columns(cls)
    for column in columns(cls):
        if column.derive:
            annotation, field = column.derive
            setting = folded.standing.get(field)
            row[column.name] = _derived(annotation, setting) if setting else ""
        elif column.name in stated:
            setting = folded.standing.get(column.name)
            row[column.name] = column.coerce(setting.value) if setting else column.default
    return row


def _derived(annotation: str, setting: Setting) -> str:
    return {AT: lambda: setting.at, BY: lambda: setting.by, WHY: lambda: setting.why}[annotation]()
