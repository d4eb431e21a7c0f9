"""What a change puts on the timeline: a line of some kind, and what lines of each kind are called where they stand.

The kinds of line, and the sentences that are made from the fields of a change, stand in the module of the record that
they tell of; here is what they are made with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from opsterm.records.plain import plain

#: Words about a change itself, beside the fields it sets: when it happened, who said it, why, and, for imports,
#: the place in the file it came from. They belong to the timeline and are never in conflict.
AT, BY, WHY, REF = "_at", "_by", "_why", "_ref"

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


#: A line of a kind, and its text.
Entry = tuple[LineKind, str]
#: Makes the line of a change; none where the timeline has none for it.
EntryOf = Callable[[Values], Entry | None]

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
) -> LineKind:
    """Registers a kind of line under its name."""
    return LINE_KINDS.setdefault(name, LineKind(name, label, group, exported, counted, news))


def kind_of_line(name: str) -> LineKind:
    """The kind of that name; one that only its name tells of, where this version has none such."""
    return LINE_KINDS.get(name) or LineKind(name)


EDITED = line_kind("edit", "edited")
REMOVED = line_kind("removed", "removed")
RESTORED = line_kind("restored", "restored")


def said(value: Any) -> str:
    """A field's value as text that may be shown."""
    if isinstance(value, str):
        return plain(value)
    return ", ".join(said(item) for item in value) if isinstance(value, list) else str(value)


def reason(values: Values) -> str:
    """Why a change was made, as said."""
    return said(values.get(WHY, ""))


def field_said(values: Values, field: str) -> str:
    """A field of a change as text; empty where it sets no such field."""
    return said(values.get(field, ""))


def with_reason(text: str, values: Values) -> str:
    """The text and, after it, why; either alone where there is no other."""
    return ": ".join(part for part in (text, reason(values)) if part)


def edit_entry(values: Values, besides: tuple[str, ...] = ()) -> Entry | None:
    """The line of a change that no sentence is made for: its fields by name, but those `besides`."""
    fields = [(f, value) for f, value in values.items() if not f.startswith("_") and f not in besides]
    named = ", ".join(f"{field.replace('_', ' ')}: {said(value)}" for field, value in fields if value not in (None, ""))
    text = " ".join(part for part in (named, reason(values)) if part)
    return (EDITED, text) if text else None


def text_entry(kind: LineKind) -> EntryOf:
    """For a record that is a text: its words as they stand."""
    return lambda values: (kind, said(values["text"])) if "text" in values else edit_entry(values)
