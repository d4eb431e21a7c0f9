"""What a record is: typed fields, each written down once, for SQLite, SQLModel and the screens alike.

A field is *stated* (a change sets it) or *derived* (the fold works it out from the change that set another field).
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, dataclass_transform, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import bare
from opsterm.records.plain import plain
from opsterm.records.timeline_entry import AT, BY, WHY, EntryOf, clock_of, said

T = TypeVar("T")
S = TypeVar("S")
Json = Any

#: What a field of closed words reads where a change says a word that this version does not know. What was said is
#: kept beside it: see `as_said`.
Other = Literal["other"]
OTHER: Final = "other"
#: What a field of closed words reads while nothing was said.
Unsaid = Literal[""]


def stated(default: T, doc: str, *, called: str | None = None, words: Callable[[Json], str] | None = None) -> T:
    """A field that changes set; `doc` says its meaning and unit, `called` what people call it where that is not its
    name (nothing where they have no word for it), `words` puts a value of it into words."""
    field: T = dataclasses.field(default=default, metadata={"doc": doc, "called": called, "words": words})
    return field


def holding(
    default: T,
    doc: str,
    *,
    ends: Sequence[str] = (),
    called: str | None = None,
    words: Callable[[Json], str] | None = None,
) -> T:
    """A field that holds from a time on, such as who commands: what is recorded late of it belongs to its time, and
    leaves what stands. Any other field is corrected by whoever speaks last. `ends` are the words that end a line of
    work: one that is told late is late against another end only."""
    about = {"doc": doc, "called": called, "words": words, "holds": True, "ends": tuple(ends)}
    field: T = dataclasses.field(default=default, metadata=about)
    return field


def since(of: str) -> Instant:
    """Derived: when the field `of` got the value that stands."""
    field: Instant = dataclasses.field(default="", metadata={"doc": f"When {of} was set.", "derive": (AT, of)})
    return field


def whose(of: str) -> str:
    """Derived: who set the field `of`."""
    field: str = dataclasses.field(default="", metadata={"doc": f"Who set {of}.", "derive": (BY, of)})
    return field


def why(of: str) -> str:
    """Derived: the reason given when the field `of` was set."""
    field: str = dataclasses.field(default="", metadata={"doc": f"Why {of} was set.", "derive": (WHY, of)})
    return field


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(stated, holding, since, whose, why, dataclasses.field)
)
def _shaped(cls: type[S]) -> type[S]:
    """A frozen dataclass by keyword whose methods are Record's own: to write five of them anew for each kind takes a
    third of the time in which the console starts."""
    return dataclass(init=False, repr=False, eq=False, match_args=False, kw_only=True, slots=True)(cls)


@_shaped
class Record:
    """What every record has. Subclasses add the fields of their kind."""

    kind: ClassVar[str] = ""
    #: Begins the mark that people say aloud (`h` in `h2`); empty for records without one.
    letter: ClassVar[str] = ""
    #: Makes the timeline's line of a change to it; nothing for kinds that the timeline does not tell of.
    entry: ClassVar[EntryOf | None] = None
    #: Name and default of every field, in order.
    defaults: ClassVar[tuple[tuple[str, Json], ...]] = ()
    #: What writes each of them into a record that is being made.
    puts: ClassVar[tuple[Callable[[Any, Json], None], ...]] = ()

    id: str
    #: Id of the incident that this belongs to; empty for what stands alone.
    incident: str = ""
    #: When it happened first, and who said so.
    at: Instant = ""
    by: str = ""
    number: int = stated(0, "The number in its mark, given at creation; 0 for records without marks.", called="")
    #: What people say aloud: letter, number and, when two stations gave the same number apart, a letter more.
    mark: str = ""
    #: Orders records that were made in the same second: the hybrid logical clock of the first change.
    born: int = 0
    unread: str | None = stated(None, "JSON object: field → what was said there, where that is none of its words.")

    if not TYPE_CHECKING:

        def __init__(self, **values: Json) -> None:
            for (name, default), put in zip(self.defaults, self.puts, strict=True):
                if name in values:
                    put(self, values.pop(name))
                elif default is dataclasses.MISSING:
                    raise TypeError(f"{name} is missing")
                else:
                    put(self, default)
            if values:
                raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")

        def __setattr__(self, name: str, value: Json) -> None:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

        def __eq__(self, other: object) -> bool:
            return type(other) is type(self) and self._values() == other._values()

        def __hash__(self) -> int:
            return hash(self._values())

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for (name, _), value in zip(self.defaults, self._values(), strict=True))
        return f"{type(self).__name__}({', '.join(said)})"

    def _values(self) -> tuple[Json, ...]:
        return tuple(getattr(self, name) for name, _ in self.defaults)


#: Columns that no change sets: the board works them out.
BOOKKEEPING = frozenset({"id", "incident", "at", "by", "mark", "born", "unread"})

KINDS: dict[str, type[Record]] = {}

R = TypeVar("R", bound=Record)


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(stated, holding, since, whose, why, dataclasses.field)
)
def record(kind: str, letter: str = "", entry: EntryOf | None = None) -> Callable[[type[R]], type[R]]:
    """Registers a kind of record under its name; `letter` begins its marks, `entry` makes the lines of its changes."""

    def register(cls: type[R]) -> type[R]:
        made = _shaped(cls)
        made.kind = kind
        made.letter = letter
        made.entry = entry
        made.defaults = tuple((field.name, field.default) for field in dataclasses.fields(made))
        made.puts = tuple(getattr(made, name).__set__ for name, _ in made.defaults)
        KINDS[kind] = made
        return made

    return register


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record as SQLite and the fold see it."""

    name: str
    type: type
    doc: str
    default: Json
    #: (which annotation, of which field) for a derived field.
    derive: tuple[str, str] | None
    #: All that it can say, where that is closed: a word of a newer version is none of these.
    words: frozenset[str] = frozenset()
    #: Whether it holds from a time on, and which of its words are ends.
    holds: bool = False
    ends: tuple[str, ...] = ()
    #: What people call it; empty where they have no word for it.
    called: str = ""
    #: Puts a value of it into words.
    in_words: Callable[[Json], str] = said
    #: Whether it holds the name of a person.
    named: bool = False

    @property
    def sql(self) -> str:
        return {str: "TEXT", int: "INTEGER", bool: "INTEGER", float: "REAL", tuple: "TEXT"}[self.type]

    @property
    def nullable(self) -> bool:
        return self.default is None

    def coerce(self, value: Json) -> Json:
        """The value as this field's type, or its default where it is of another: what a change says is untrusted."""
        if self.type is str:
            shown = bare if self.named else plain
            text = shown(value) if isinstance(value, str) else self.default
            return text if not self.words or text in self.words else OTHER
        if self.type is tuple:
            is_list = isinstance(value, list | tuple)
            return tuple(plain(item) for item in value if isinstance(item, str)) if is_list else ()
        if self.type is bool:
            return value if isinstance(value, bool) else self.default
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.default
        if self.type is int:
            return int(value) if abs(value) < 2**63 else self.default
        return float(value) if abs(value) < 1e300 else self.default

    def to_sql(self, value: Json) -> Json:
        return json.dumps(value, ensure_ascii=False) if self.type is tuple else value

    def from_sql(self, value: Json) -> Json:
        if self.type is tuple:
            return _listed(value)
        return bool(value) if self.type is bool and value is not None else value


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    """A list as it is kept; names of systems and people come again and again."""
    return tuple(json.loads(text))


def columns(cls: type[Record]) -> tuple[Column, ...]:
    """The columns of a kind's table, in order."""
    return _columns_of(cls.kind)


@cache
def _columns_of(kind: str) -> tuple[Column, ...]:
    cls, out = KINDS[kind], []
    for field in dataclasses.fields(cls):
        default = "" if field.default is dataclasses.MISSING else field.default
        meta = field.metadata
        form, words = _form_of(field.type, cls.__module__)
        named, in_words = meta.get("called"), meta.get("words")
        out.append(
            Column(
                field.name,
                form,
                meta.get("doc", ""),
                default,
                meta.get("derive"),
                words,
                meta.get("holds", False),
                meta.get("ends", ()),
                field.name.replace("_", " ") if named is None else named,
                in_words or (clock_of if field.type == "Instant" else said),
                field.type == "PersonName",
            )
        )
    return tuple(out)


#: What fields are written as. To have `typing` work out a thousand of them takes a tenth of the console's start.
_TYPES: Mapping[str, type] = {"str": str, "Instant": str, "PersonName": str, "int": int, "bool": bool, "float": float}


def _form_of(annotation: Any, module: str) -> tuple[type, frozenset[str]]:
    """The type of a field, and its words where they are closed, from its annotation, which `from __future__ import
    annotations` leaves a text: closed words are aliases that the record's module has for `Literal` types."""
    written = annotation.removesuffix(" | None")
    if written in _TYPES:
        return _TYPES[written], frozenset()
    if written.startswith("tuple["):
        return tuple, frozenset()
    names = vars(sys.modules[module])
    return str, frozenset(word for name in written.split(" | ") for word in get_args(names[name])) - {OTHER}


def stated_columns(cls: type[Record]) -> Mapping[str, Column]:
    """The fields of a kind that changes set."""
    return _stated_of(cls.kind)


@cache
def _stated_of(kind: str) -> Mapping[str, Column]:
    return {c.name: c for c in _columns_of(kind) if c.derive is None and c.name not in BOOKKEEPING}


@cache
def encoded(kind: str) -> tuple[tuple[int, Column], ...]:
    """The columns of a kind whose values SQLite keeps in another form, each with its place."""
    return tuple((i, c) for i, c in enumerate(_columns_of(kind)) if c.type in (tuple, bool))


def from_row(cls: type[R], row: Iterable[Json]) -> R:
    """A record from one row of its table, columns in order."""
    values = list(row)
    for index, column in encoded(cls.kind):
        values[index] = column.from_sql(values[index])
    made = cls.__new__(cls)
    for put, value in zip(cls.puts, values, strict=True):
        put(made, value)
    return made


def as_said(item: Record, field: str) -> str:
    """A field of closed words as a person said it, where this version does not know the word; else as it reads."""
    said: str = words_unread(item.unread).get(field) or getattr(item, field)
    return said


def words_unread(unread: str | None) -> dict[str, str]:
    """Field → the word that stands there in the log, and is none that this version knows."""
    words: dict[str, str] = json.loads(unread) if unread else {}
    return words


def as_fields(item: Record) -> dict[str, Json]:
    """All fields of a record by name."""
    return {c.name: getattr(item, c.name) for c in columns(type(item))}
