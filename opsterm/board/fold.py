"""The fold: what a set of changes to one record amounts to, whatever order they arrived in."""

from __future__ import annotations

import dataclasses
import json
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from opsterm.board.change import Change, canonical, in_order, ordered
from opsterm.board.notes import Reading, read
from opsterm.records.instant import Instant, from_ms, normal
from opsterm.records.person_name import bare, person_key
from opsterm.records.plain import plain
from opsterm.records.record import KINDS, OTHER, Column, Record, columns, stated_columns
from opsterm.records.timeline_entry import AT, BY, CLOCKED, NOTED_AT, NOTED_BY, REF, WHY

#: The field by which a record is taken off the board.
DELETED = "deleted"


class Setting(NamedTuple):
    """One change's value of one field, as it reads with the notes on that change."""

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


def said_at(change: Change, values: Mapping[str, Any]) -> Instant:
    """When what a change tells of happened."""
    said = values.get(AT)
    if isinstance(said, str):
        try:
            return normal(said)
        except ValueError:
            pass
    return from_ms(change.wall)


def said_by(change: Change, values: Mapping[str, Any]) -> str:
    """Who said what a change tells of; nobody where that is said to be unknown."""
    if BY in values:
        said = values[BY]
        return bare(said) if isinstance(said, str) else ""
    return _author(change.author)


def note_by(note: Change) -> str:
    """Who wrote a note."""
    said = note.values.get(NOTED_BY)
    return bare(said) if isinstance(said, str) else _author(note.author)


def note_at(note: Change) -> Instant:
    """When a note was written."""
    return said_at(note, {AT: note.values.get(NOTED_AT)})


#: A few people write most of what is written.
_author = lru_cache(maxsize=256)(bare)


@dataclass(frozen=True, slots=True)
class FieldHistory:
    """All that was said of one field of a record and is not struck out."""

    settings: Sequence[Setting]
    #: Change → the changes whose values its author had seen: through those that are struck out or late to what stood
    #: before them.
    seen: Mapping[str, Collection[str]]
    #: Changes that tell late what held before something that their authors knew: they supersede nothing.
    late: Collection[str]
    heads: tuple[Setting, ...]
    #: Change → its place among the settings.
    places: Mapping[str, int]

    @property
    def standing(self) -> Setting | None:
        """The latest in order that no change names as seen, which is the latest of all unless clocks are at their end;
        nothing where all was struck out."""
        given = self.heads or [one for one in self.settings if one.change.digest not in self.late]
        return given[-1] if given else None

    def before(self, reading: Reading) -> list[Setting]:
        """What stood before a change set this field: several where it settles a conflict."""
        change, at = reading.change, said_at(reading.change, reading.values)
        if change.digest in self.late:
            return _last([one for one in self.settings if one.change is not change and one.at <= at])
        seen = self.seen.get(change.digest, ())
        known = [self.settings[place] for place in sorted(self.places[one] for one in seen if one in self.places)]
        told_late = [self.settings[self.places[one]] for one in self.late if one in self.places]
        between = [one for one in told_late if one.at <= at and all(one.at >= k.at for k in known)]
        return _last(sorted(between, key=lambda one: self.places[one.change.digest])) or known


def _last(settings: Sequence[Setting]) -> list[Setting]:
    """The latest by when it held; of several the last in order, as they are given."""
    return [max(reversed(settings), key=lambda one: one.at)] if settings else []


@dataclass(frozen=True, slots=True)
class Folded:
    """One record as its changes leave it."""

    first: Reading
    #: The other changes as they read, in order.
    rest: Sequence[Reading]
    #: Field → the setting that stands.
    standing: dict[str, Setting]
    #: Field → the settings that no change names as seen, latest last.
    heads: dict[str, tuple[Setting, ...]]
    #: Field → its history, where more than one change was made.
    fields: Mapping[str, FieldHistory] = dataclasses.field(default_factory=dict)
    #: The making of the record was struck out, and these are what others wrote without having seen it.
    kept_by: Sequence[Reading] = ()
    #: Change → its place in order, where there are several.
    places: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def readings(self) -> list[Reading]:
        """All its changes as they read, in order."""
        return [self.first, *self.rest]

    @property
    def deleted(self) -> bool:
        """Taken off the board, by someone who had seen all that was said of it."""
        if DELETED in self.standing:
            removed = self.standing[DELETED].value is True
            return removed and not any(heads for name, heads in self.heads.items() if name != DELETED)
        return self.first.struck is not None and not self.kept_by

    @property
    def conflicts(self) -> dict[str, tuple[Setting, ...]]:
        """Field → its heads, where they differ: someone wrote without having seen the other. A removal that did not
        see an edit is in conflict with it, as one that says the record stays."""
        kind = self.first.change.kind
        found = {name: heads for name, heads in self.heads.items() if len(heads) > 1 and differ(kind, name, heads)}
        if DELETED in self.standing:
            if self.standing[DELETED].value is True and not self.deleted:
                edits = {s.change: Setting(s.change, False, s.values) for heads in self.heads.values() for s in heads}
                removals = [head for head in self.heads[DELETED] if head.value is True]
                kept = sorted(
                    (s for change, s in edits.items() if DELETED not in s.values), key=lambda s: in_order(s.change)
                )
                found[DELETED] = (*removals, *kept)
        elif self.first.struck is not None and self.kept_by:
            note = self.first.struck
            kept = [Setting(one.change, False, one.values) for one in self.kept_by]
            found[DELETED] = (Setting(note, True, note.values), *kept)
        return found

    def basis(self, field: str) -> list[str]:
        """The digests that a change which has seen all this names for a field."""
        return sorted(setting.change.digest for setting in self.heads.get(field, ()))

    def basis_of_all(self) -> dict[str, list[str]]:
        """The same for every field: what a deletion names."""
        return {field: self.basis(field) for field in self.heads if self.heads[field]}

    def before(self, reading: Reading, field: str) -> Any:
        """What stood in a field before a change was made; nothing where nobody had said anything."""
        known = self.fields.get(field)
        if known is None:
            return None
        if field in reading.values:
            stood = known.before(reading)
        else:
            place = self.places[reading.change.digest]
            end = bisect_left(known.settings, place, key=lambda one: self.places[one.change.digest])
            stood = [*known.settings[max(end - 1, 0) : end]]
        return stood[-1].value if stood else None

    def outlived(self, field: str, value: Any, at: Instant) -> Setting | None:
        """What stands since a later time, where a value that is said to have held from `at` on would be late."""
        column = stated_columns(KINDS[self.first.change.kind]).get(field)
        if column is None or not column.holds:
            return None
        heads = [one for one in self.heads.get(field, ()) if one.change is not self.first.change]
        later = _later(value, normal(at), heads, column.ends)
        return later[-1] if later else None

    def apart(self, reading: Reading, field: str) -> list[Any]:
        """The values that stood in a field side by side before a change settled it; none where it settled nothing."""
        known = self.fields.get(field)
        stood = known.before(reading) if known is not None and field in reading.values else []
        return [one.value for one in stood] if differ(self.first.change.kind, field, stood) else []


def differ(kind: str, field: str, settings: Sequence[Setting]) -> bool:
    """Whether heads of one field say different things; heads of equal value are one, and so are spellings of one name
    where the field holds a person's."""
    column = stated_columns(KINDS[kind]).get(field) if kind in KINDS else None
    named = column is not None and column.named
    values = (setting.value for setting in settings)
    return len({canonical(person_key(v) if named and isinstance(v, str) else v) for v in values}) > 1


def fold(changes: Iterable[Change]) -> Folded:
    """What the changes of one record amount to. Needs one change at least."""
    given = ordered(changes)
    if len(given) == 1:
        return _first_said(Reading(given[0], given[0].values))
    readings = read(given) or [Reading(given[0], {})]
    first = _made(readings)
    rest = [one for one in readings if one is not first]
    kept_by = [one for one in rest if one.struck is None and says_more(one)] if first.struck is not None else []
    # What others wrote without having seen that it was taken back keeps the record whole.
    counted = [one._replace(struck=None) if one is first and kept_by else one for one in readings]
    places = {one.change.digest: place for place, one in enumerate(counted)}
    basis = {one.change.digest: json.loads(one.change.basis) for one in counted if one.change.basis != "{}"}
    names = {name for one in counted for name in one.values if not name.startswith("_")}
    made = KINDS.get(first.change.kind)
    known = stated_columns(made) if made is not None else {}
    maker = first.change.digest
    fields = {name: _field_history(name, known.get(name), counted, maker, basis) for name in sorted(names)}
    standing = {name: stands for name, of in fields.items() if (stands := of.standing) is not None}
    return Folded(first, rest, standing, {name: of.heads for name, of in fields.items()}, fields, kept_by, places)


def _made(readings: Sequence[Reading]) -> Reading:
    """The change that made a record: the first whose author had seen nothing of it, and that gives it its number where
    records of its kind have one. Whatever else a clock puts before it was said of what was there."""
    kind = KINDS.get(readings[0].change.kind)
    numbered = kind is not None and bool(kind.letter)
    unseeing = [one for one in readings if one.change.basis == "{}"]
    making = (one for one in unseeing if not numbered or "number" in one.change.values)
    return next(making, next(iter(unseeing), readings[0]))


def says_more(reading: Reading) -> bool:
    """Whether a change sets a field that a person set."""
    return any(not name.startswith("_") and name not in CONSOLES_OWN for name in reading.values)


#: Fields that consoles write by themselves: nobody said them, and nobody can be in conflict over them.
CONSOLES_OWN = frozenset({"heard_at", "heard_of", "severity_knowing", "repeat_of"})


def _field_history(
    name: str,
    column: Column | None,
    readings: Sequence[Reading],
    made: str,
    basis: Mapping[str, Mapping[str, list[str]]],
) -> FieldHistory:
    settings: dict[str, Setting] = {}
    passed: set[str] = set()
    seen: dict[str, set[str]] = {}
    superseded: set[str] = set()
    late: set[str] = set()
    for change, values, struck, _ in readings:
        named = basis.get(change.digest, {}).get(name, ())
        sets = name in values
        if not named and not sets:
            continue
        through: set[str] = set()
        for one in named:
            through |= seen.get(one, set()) if one in passed else {one}
        seen[change.digest] = through
        if sets:
            setting = Setting(change, values[name], values)
            known = [settings[one] for one in through if one in settings and one != made]
            if column is not None and column.holds and _late(setting, known, column.ends):
                late.add(change.digest)
            if struck is None:
                settings[change.digest] = setting
        if struck is not None or change.digest in late:
            passed.add(change.digest)
            continue
        superseded |= through
    heads = [one for digest, one in settings.items() if digest not in superseded and digest not in late]
    places = {digest: place for place, digest in enumerate(settings)}
    return FieldHistory([*settings.values()], seen, late, tuple(heads), places)


#: What names a change that an export carries: its digest.
_CARRIED = re.compile("[0-9a-f]{64}")


def _late(setting: Setting, known: Sequence[Setting], ends: Sequence[str]) -> bool:
    """Whether a setting, whose time was typed, lies before one that its author knew. What a file's events say is in
    their own order."""
    ref = setting.values.get(REF)
    typed = AT in setting.values and CLOCKED not in setting.values
    if not known or not typed or (isinstance(ref, str) and not _CARRIED.fullmatch(ref)):
        return False
    return bool(_later(setting.value, setting.at, known, ends))


def _later(value: Any, at: Instant, known: Sequence[Setting], ends: Sequence[str]) -> list[Setting]:
    """What is known of a later time: an end is late against another end only."""
    return [one for one in known if one.at > at and (value not in ends or one.value in ends)]


def _first_said(reading: Reading) -> Folded:
    """The fold of one change: most records are said once."""
    change, values, *_ = reading
    standing = {field: Setting(change, value, values) for field, value in values.items() if not field.startswith("_")}
    return Folded(reading, (), standing, {field: (setting,) for field, setting in standing.items()})


def project(cls: type[Record], folded: Folded) -> dict[str, Any]:
    """The fold as the columns of its kind's table; the mark is worked out apart, from all records of its number."""
    first, values = folded.first.change, folded.first.values
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
