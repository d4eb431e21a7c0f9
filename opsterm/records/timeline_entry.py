"""What a change puts on the timeline: a line of some kind, and what lines of each kind are called where they stand.

The kinds of line, and the sentences that are made from the fields of a change, stand in the module of the record that
they tell of; here is what they are made with. A line tells the value first (from what to what), then the reason.
Nothing that is made here is stored: a change keeps what a person said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from opsterm.records.plain import plain, whole

#: Words about a change itself, beside the fields it sets: when it happened, who said it, why, and, for imports,
#: the place in the file it came from. They belong to the timeline and are never in conflict.
AT, BY, WHY, REF = "_at", "_by", "_why", "_ref"
#: A note on a change names it by its digest, and sets no field. It may say what now holds of that change: when (AT),
#: by whom (BY), in which words (WORDS); or that it is struck out, or counts again (STRUCK), and why (WHY).
OF, WORDS, STRUCK = "_of", "_words", "_struck"
#: What a note that takes back an act says of the act: how many lines, and when the first and the last happened.
UNDOES, FIRST, LAST = "_undoes", "_first", "_last"

#: What an export says of a change beside its fields: that its time is that of its author's clock, which nobody typed;
#: who wrote it down where another said it; of a note, who wrote it and when.
CLOCKED, NOTED_BY, NOTED_AT = "_clocked", "_noted_by", "_noted_at"
#: The form of the sentences that are made here and in the modules of the records: raised when one says something else,
#: so that boards tell their timelines anew.
SENTENCES = 2

#: The fields that a change sets, with the words about itself.
Values = Mapping[str, Any]
#: What the timeline's filter goes through. Kinds in no group are system noise.
Group = Literal["what was seen", "thinking", "doing", "command", "told"]


class LineKind(NamedTuple):
    """A sort of line on the timeline, and all that it is called."""

    #: As the board and the exchange format keep it.
    name: str
    #: What the pane calls it; empty where that is plain from its text.
    label: str = ""
    group: Group | None = None
    #: What exports call it, where that is not its name.
    exported: str = ""
    #: What one and several are called where they are counted.
    counted: tuple[str, str] | None = None
    #: What begins one that is told as news.
    news: str = ""
    #: Whether its text goes on after what it is called, as in `severity sev1 → sev2`.
    runs_on: bool = False

    @property
    def in_words(self) -> str:
        return self.name.replace("_", " ")

    @property
    def in_exports(self) -> str:
        """What `show`, Markdown and the postmortem call it."""
        return self.exported or self.in_words

    def in_number(self, number: int) -> str:
        """That many of them, in words."""
        one, several = self.counted or (f"{self.in_words} line", f"{self.in_words} lines")
        return f"{number} {one if number == 1 else several}"


class Entry(NamedTuple):
    """A line of the timeline as the fields of its change make it."""

    kind: LineKind
    #: What was done, without the reason.
    what: str
    #: Where something changed: from what, to what.
    was: str = ""
    now: str = ""
    #: Why, as a person said it.
    why: str = ""
    #: Whether the mark of the record stands before it: `h1 ruled out`.
    marked: bool = False

    @property
    def text(self) -> str:
        """The value, then the reason."""
        return ": ".join(part for part in (self.what, self.why) if part)


class Names(NamedTuple):
    """What people call a field; empty where they have no word for it; and what puts its values into words."""

    called: str
    in_words: Callable[[Any], str]


def _nothing_before(field: str) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """One change as it is told: the fields it sets, with the notes on it, and what stood before."""

    values: Values
    by: str = ""
    #: Who wrote it down.
    author: str = ""
    #: What stood in a field of the record when this was said; nothing where nobody had said anything.
    before: Callable[[str], Any] = _nothing_before
    #: The values that stood in a field side by side, where this change settles which of them holds.
    apart: Callable[[str], Sequence[Any]] = field(default=lambda field: ())
    #: Field of its kind → what it is called.
    names: Mapping[str, Names] = field(default_factory=dict)

    def __contains__(self, field: str) -> bool:
        return field in self.values

    @property
    def why(self) -> str:
        """Why, as a person said it."""
        return said(self.values.get(WHY, ""))

    @property
    def fields(self) -> list[str]:
        """The fields that it sets, without the words about the change."""
        return [field for field in self.values if not field.startswith("_")]

    def now(self, field: str) -> str:
        """A field of it as text; empty where it sets no such field."""
        return said(self.values.get(field, ""))

    def items(self, field: str) -> list[str]:
        """A list of it, as texts; nothing where it is none."""
        return listed(self.values.get(field))

    def was(self, field: str) -> str:
        """What stood there, as text."""
        return said(self.before(field))

    def of(self, field: str) -> str:
        """What a field of its record says with it: as it sets it, else as it stood."""
        return self.now(field) if field in self.values else self.was(field)

    def line(self, kind: LineKind, what: str, *, was: str = "", now: str = "", marked: bool = False) -> Entry:
        """A line of it, with its reason."""
        return Entry(kind, what, was, now, self.why, marked)


#: Makes the line of a change; none where the timeline has none for it.
EntryOf = Callable[[Said], Entry | None]

#: Every kind of line that a change of this version can be, by name.
LINE_KINDS: dict[str, LineKind] = {}


def line_kind(
    name: str,
    label: str = "",
    group: Group | None = None,
    *,
    exported: str = "",
    counted: tuple[str, str] | None = None,
    news: str = "",
    runs_on: bool = False,
) -> LineKind:
    """Registers a kind of line under its name."""
    return LINE_KINDS.setdefault(name, LineKind(name, label, group, exported, counted, news, runs_on))


def kind_of_line(name: str) -> LineKind:
    """The kind of that name; one that only its name tells of, where this version has none such."""
    return LINE_KINDS.get(name) or LineKind(name)


EDITED = line_kind("edit", "edited")
REMOVED = line_kind("removed", "removed")
RESTORED = line_kind("restored", "restored")
UNDONE = line_kind("undone", "undone")


def said(value: Any) -> str:
    """A field's value as text that may be shown."""
    if isinstance(value, str):
        return plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(said(item) for item in value) if isinstance(value, list | tuple) else whole(str(value))


def listed(value: Any) -> list[str]:
    """A list as texts; nothing where it is none."""
    return [said(item) for item in value] if isinstance(value, list | tuple) else []


def percent(value: Any) -> str:
    """A share from 0 to 1 in words; what is none of these as it stands."""
    usual = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return f"{value * 100:.0f} %" if usual else said(value)


def clock_of(value: Any) -> str:
    """A moment as a line tells it: `13:05 UTC`."""
    text = said(value)
    return f"{text[11:16]} UTC" if len(text) == len("2026-11-24T13:05:00Z") and text.endswith("Z") else text


def on_day(value: Any) -> str:
    """A moment with its day; one that is a whole day, as its day."""
    text = said(value)
    return text[:10] if text[10:] in ("", "T00:00:00Z", "T23:59:59Z") else f"{text[:10]} {clock_of(text)}"


def counted_in(one: str, several: str) -> Callable[[Any], str]:
    """Puts a number of something into words; none of it is nothing said."""
    return lambda value: f"{said(value)} {one if value == 1 else several}" if value else ""


minutes, days, working_days = (
    counted_in("minute", "minutes"),
    counted_in("day", "days"),
    counted_in("working day", "working days"),
)


def amount(value: Any) -> str:
    """A sum of money in words."""
    usual = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.2f}".removesuffix(".00") if usual else said(value)


#: Between what was and what is.
ARROW = " → "
#: Stands on both sides of an incident's id in a line: its mark and title are put there when the line is read. Nothing
#: that anybody says can hold it: texts are without control characters.
NAMED = "\x1e"


def incident_named(record: str) -> str:
    """Another incident on a line."""
    return f"{NAMED}{record}{NAMED}" if record else "another"


def incident_words(record: Any) -> str:
    """Puts the id of another incident into words."""
    return incident_named(said(record)) if record else ""


#: A longer text that stood there is not told again.
_WAS_MAX = 40


def from_to(was: str, now: str) -> str:
    """From what to what; what it is now alone where nothing stood there, or a long text."""
    return f"{was}{ARROW}{now}" if was and was != now and len(was) <= _WAS_MAX and "\n" not in was else now


def changed(
    told: Said,
    field: str,
    kind: LineKind,
    *,
    words: Callable[[Any], str] | None = None,
    begin: str = "",
    none: str = "none",
    marked: bool = False,
) -> Entry:
    """The line of a change whose point is one field: from what to what, then why. `words` puts a value into words,
    `begin` says what it is of, `none` that there is none."""
    words = words or (told.names[field].in_words if field in told.names else said)
    now, was = words(told.values.get(field)), words(told.before(field))
    apart = [words(value) for value in told.apart(field)]
    settled = f" (settled: {' / '.join(apart)})" if len(apart) > 1 else ""
    what = f"{begin}{from_to('' if settled else was, now or none)}{settled}"
    return told.line(kind, what, was=was, now=now, marked=marked)


def edit_entry(
    told: Said, kind: LineKind = EDITED, *, besides: Sequence[str] = (), marked: bool = True
) -> Entry | None:
    """The line of a change that no sentence is made for: each of its fields that people have a word for, but those
    `besides`, from what to what, then why."""
    parts, pairs = [], []
    for name in told.fields:
        label, words = told.names.get(name, ("", said))
        if label and name not in besides:
            was, now = words(told.before(name)), words(told.values[name])
            if was or now:
                parts.append(f"{label} {from_to(was, now or 'none')}")
                pairs.append((was, now))
    if not parts and not told.why:
        return None
    was, now = pairs[0] if len(pairs) == 1 else ("", "")
    return told.line(kind, "; ".join(parts), was=was, now=now, marked=marked)


def text_entry(kind: LineKind, field: str = "text") -> EntryOf:
    """For a record that is a text: its words as they stand."""
    return lambda told: told.line(kind, told.now(field)) if field in told else edit_entry(told)
