"""The fold: what a set of changes to one record amounts to, whatever order they arrived in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from opsterm.board.change import Change, canonical, in_order
from opsterm.records.instant import Instant, from_ms, normal
from opsterm.records.plain import one_line, plain
from opsterm.records.record import KINDS, OTHER, Record, columns, stated_columns
from opsterm.records.timeline_entry import AT, BY, WHY

#: The field by which a record is taken off the board.
DELETED = "deleted"


class Setting(NamedTuple):
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
    return one_line(said) if isinstance(said, str) else _author(change.author)


#: A few people write most of what is written.
_author = lru_cache(maxsize=256)(one_line)


@dataclass(frozen=True, slots=True)
class Folded:
    """One record as its changes leave it."""

    first: Change
    #: Field → the setting that stands: the latest in order that no change names as seen, which is the latest of all
    #: unless clocks are at their end.
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
        """Field → its heads, where they differ: someone wrote without having seen the other. A removal that did not
        see an edit is in conflict with it, as one that says the record stays."""
        found = {field: heads for field, heads in self.heads.items() if differ(heads)}
        if DELETED in self.standing and self.standing[DELETED].value is True and not self.deleted:
            edits = {s.change: Setting(s.change, False, s.values) for heads in self.heads.values() for s in heads}
            removals = [head for head in self.heads[DELETED] if head.value is True]
            kept = sorted(
                (s for change, s in edits.items() if DELETED not in s.values), key=lambda s: in_order(s.change)
            )
            found[DELETED] = (*removals, *kept)
        return found

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
    ordered = sorted(changes, key=in_order)
    if len(ordered) == 1:
        return _first_said(ordered[0])
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
    heads = {
        field: tuple([one for one in given if one.change.digest not in seen[field]] if field in seen else given)
        for field, given in settings.items()
    }
    standing = {field: (heads[field] or given)[-1] for field, given in settings.items()}
    return Folded(ordered[0], standing, heads)


def _first_said(change: Change) -> Folded:
    """The fold of one change: most records are said once."""
    values = change.values
    standing = {field: Setting(change, value, values) for field, value in values.items() if not field.startswith("_")}
    return Folded(change, standing, {field: (setting,) for field, setting in standing.items()})


def project(cls: type[Record], folded: Folded) -> dict[str, Any]:
    """The fold as the columns of its kind's table; the mark is worked out apart, from all records of its number."""
    first = folded.first
    values = first.values
    row = dict(_unsaid(cls.kind))
    row["id"], row["incident"], row["born"] = first.record, first.incident, first.hlc
    row["at"], row["by"] = said_at(first, values), said_by(first, values)
    stated, derived = stated_columns(cls), _derived_from(cls.kind)
    unread: dict[str, str] = {}
    for field, setting in folded.standing.items():
        if field in stated:
            row[field] = stated[field].coerce(setting.value)
            if row[field] == OTHER and stated[field].words:
                unread[field] = plain(setting.value)
        for name, annotation in derived.get(field, ()):
            row[name] = _derived(annotation, setting)
    if unread:
        row["unread"] = json.dumps(unread, ensure_ascii=False)
    return row


@cache
def _unsaid(kind: str) -> Mapping[str, Any]:
    """The columns of a kind, in order, as they are while nothing was said of them."""
    return {column.name: "" if column.derive else column.default for column in columns(KINDS[kind])}


@cache
def _derived_from(kind: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Field → (column, annotation) for what is worked out from it."""
    out: dict[str, list[tuple[str, str]]] = {}
    for column in columns(KINDS[kind]):
        if column.derive:
            annotation, field = column.derive
            out.setdefault(field, []).append((column.name, annotation))
    return out


def _derived(annotation: str, setting: Setting) -> str:
    if annotation == AT:
        return setting.at
    return setting.by if annotation == BY else setting.why
