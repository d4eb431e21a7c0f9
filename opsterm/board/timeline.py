"""The timeline: the lines that the changes of a record put there, by when things happened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from opsterm.board.change import Change, ordered
from opsterm.board.fold import DELETED, Folded, fold, note_at, note_by, said_at, said_by
from opsterm.board.marks import lettered
from opsterm.board.notes import WORDED, Reading, is_note, name_of
from opsterm.records.instant import Instant
from opsterm.records.plain import plain, whole
from opsterm.records.record import KINDS, Record, stated_columns
from opsterm.records.timeline_entry import (
    FIRST,
    LAST,
    NAMED,
    NOTED_BY,
    REF,
    REMOVED,
    RESTORED,
    UNDOES,
    UNDONE,
    WHY,
    Entry,
    Names,
    Said,
    clock_of,
    kind_of_line,
    said,
)


class Moment(NamedTuple):
    """One line of an incident's timeline."""

    #: The same for the same line of a file imported twice, on whichever station.
    key: str
    incident: str
    at: str
    hlc: int
    #: When it was recorded, by its author's own clock, in milliseconds since 1970.
    wall: int
    station: str
    seq: int
    digest: str
    #: Name of the kind of line that it is.
    kind: str
    record_kind: str
    record: str
    by: str
    #: The mark that stands before the text where people say it aloud: `h1` in `h1 ruled out`.
    mark: str
    #: The value and then the reason.
    text: str
    #: Where something changed: from what, to what.
    was: str
    now: str
    #: Why, as a person said it.
    why: str
    #: Who struck it out, and why; empty while it counts.
    struck: str

    @property
    def told(self) -> str:
        """Its text with the mark that it is told with."""
        return f"{self.mark} {self.text}" if self.mark else self.text

    @property
    def counts(self) -> bool:
        """Whether it is told where the incident is told: neither struck out nor the note of an undo."""
        return not self.struck and self.kind != UNDONE.name


COLUMNS = Moment._fields
#: The same as SQL asks for them.
NAMES = ", ".join(COLUMNS)
#: Lines that arrived here after a version, `:since`, and those that somebody said better or struck out since then.
ARRIVED = """n IN (
    SELECT n FROM moment WHERE n > :since
    UNION SELECT of.n FROM change AS note JOIN change AS of ON of.digest = json_extract(note.fields, '$._of')
    WHERE note.n > :since AND instr(note.fields, '"_of":'))"""


def lines_read(db: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> list[Moment]:
    """Lines as the board keeps them, with other incidents called by their marks and titles."""
    lines = [Moment(*row) for row in rows]
    named = {part for line in lines if NAMED in line.text for part in line.text.split(NAMED)[1::2]}
    if not named:
        return lines
    asked = "SELECT id, mark, title FROM record_incident WHERE id IN (SELECT value FROM json_each(?))"
    known = {row[0]: f"{row[1]} {row[2]}" for row in db.execute(asked, (json.dumps(sorted(named)),))}
    return [line._replace(text=_with_names(line.text, known)) if NAMED in line.text else line for line in lines]


def _with_names(text: str, known: Mapping[str, str]) -> str:
    parts = text.split(NAMED)
    return "".join(known.get(part, "another incident") if place % 2 else part for place, part in enumerate(parts))


def tell(changes: Sequence[Change]) -> list[Moment]:
    """The lines of the changes of one record, in the order in which they were said."""
    return tell_folded(fold(changes), changes) if changes else []


def tell_folded(folded: Folded, changes: Sequence[Change]) -> list[Moment]:
    """The same of changes whose fold is known. One line of a file that several stations imported is one."""
    cls = KINDS.get(folded.first.change.kind)
    if cls is None or cls.entry is None:
        return []
    lines: dict[str, Moment] = {}
    for line in _lines(cls, folded):
        lines.setdefault(line.key, line)
    if folded.rest or len(changes) > 1:
        for note in ordered(filter(is_note, changes)):
            if (undone := _undone(note, folded, lines)) is not None:
                lines[note.digest] = undone
    return [*lines.values()]


def _lines(cls: type[Record], folded: Folded) -> Iterator[Moment]:
    for reading in folded.readings:
        entry = _entry(cls, folded, reading)
        if entry is not None:
            change = reading.change
            told_by, at = said_by(change, reading.values), said_at(change, reading.values)
            mark = lettered(cls.letter, _number(folded), 0, 1) if entry.marked and cls.letter else ""
            yield _moment(change, entry, at, told_by, name=name_of(change), mark=mark, struck=_struck(reading))


def _number(folded: Folded) -> int:
    stands = folded.standing.get("number")
    column = stated_columns(KINDS[folded.first.change.kind])["number"]
    return int(column.coerce(stands.value)) if stands is not None else 0


def _moment(
    change: Change, entry: Entry, at: Instant, by: str, *, name: str, mark: str = "", struck: str = ""
) -> Moment:
    incident = change.incident or (change.record if change.kind == "incident" else "")
    texts = (entry.text, entry.was, entry.now, entry.why, struck)
    return Moment(
        whole(name),
        incident,
        at,
        change.hlc,
        change.wall,
        change.station,
        change.seq,
        change.digest,
        entry.kind.name,
        change.kind,
        change.record,
        by,
        mark,
        *map(whole, texts),
    )


def _entry(cls: type[Record], folded: Folded, reading: Reading) -> Entry | None:
    values = reading.values
    told = Said(
        values,
        said_by(reading.change, values),
        "" if REF in values and NOTED_BY not in values else note_by(reading.change),
        partial(folded.before, reading),
        partial(folded.apart, reading),
        _names(cls.kind),
    )
    if DELETED in values:
        return told.line(REMOVED if values[DELETED] is True else RESTORED, _in_short(told), marked=True)
    return cls.entry(told) if cls.entry is not None else None


def _in_short(told: Said) -> str:
    """What a record is, by the first of its fields that says so."""
    named = (
        told.names[field].in_words(told.before(field))
        for field in (*WORDED, "name", "other", "audience")
        if field in told.names
    )
    return next(filter(None, named), "")


@cache
def _names(kind: str) -> Mapping[str, Names]:
    return {name: Names(column.called, column.in_words) for name, column in stated_columns(KINDS[kind]).items()}


def _struck(reading: Reading) -> str:
    """Who struck a line out, in words; nothing while it counts."""
    note = reading.struck
    if note is None:
        return ""
    why = plain(said(note.values.get(WHY, "")))
    return f"{'taken back' if UNDOES in note.values else 'struck'} by {note_by(note)}{f': {why}' if why else ''}"


def _undone(note: Change, folded: Folded, lines: dict[str, Moment]) -> Moment | None:
    """The one line of an act that was taken back."""
    count = note.values.get(UNDOES)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return None
    struck = next((r for r in folded.readings if r.struck is not None and r.struck.digest == note.digest), None)
    line = lines.get(whole(name_of(struck.change))) if struck is not None else None
    if count > 1:
        what = several(count, note.values.get(FIRST, ""), note.values.get(LAST, ""))
    elif line is not None:
        what = in_short(line)
    else:
        return None
    entry = Entry(UNDONE, what)
    return _moment(note, entry, note_at(note), note_by(note), name=note.digest)


def several(count: int, first: Instant, last: Instant) -> str:
    """Several lines in a few words."""
    begun, ended = clock_of(first), clock_of(last)
    return f"{count} lines from {begun.removesuffix(' UTC')} to {ended}" if begun != ended else f"{count} lines"


def in_short(line: Moment) -> str:
    """A line in a few words, for what is said of it elsewhere."""
    text = " ".join(line.told.split())
    kind = kind_of_line(line.kind)
    whole_text = text if line.mark else f"{kind.in_words}{' ' if kind.runs_on else ': '}{text}"
    return f"{whole_text[:72]}…" if len(whole_text) > 73 else whole_text
