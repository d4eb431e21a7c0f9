"""Who acts, on which board, and what they had before their eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from opsterm.board.change import Write
from opsterm.board.spelling import as_known, known_as
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.records.incident import Incident
from opsterm.records.instant import Instant
from opsterm.records.person_name import written
from opsterm.records.plain import one_line
from opsterm.records.record import Record, stated_columns
from opsterm.records.timeline_entry import AT, BY, OF, REF, STRUCK, WHY, WORDS, clock_of

R = TypeVar("R", bound=Record)


class Rejected(Exception):  # noqa: N818 - what happened, not an error in the program
    """A rule or a wrong word stands against it. Its text is one line: what is wrong, and what to do."""


#: Said by nobody that is named: who imported or wrote it down did not say it.
UNSAID = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """When it happened and who said it, where that is not now and not who typed it."""

    at: Instant = ""
    #: Empty for who typed it; UNSAID where nobody is named.
    by: str | None = ""
    #: The place in an imported file that this came from.
    ref: str = ""


NOW = Attribution()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: a sentence for the screen, and the record it was done to."""

    sentence: str
    record: str = ""
    #: Something that the person should know, and that did not stand in the way.
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one board. `basis_version` is that of the board as it was painted: what is said rests on it, and
    without it on all that is known."""

    board: Board
    person: str
    basis_version: int | None = None
    #: The zone in which this person reads and writes clock times.
    zone: str = "UTC"

    def having_seen(self, version: int) -> Session:
        return replace(self, basis_version=version)

    def speaker(self, said: Attribution) -> str:
        """Who says it: who typed it, unless another was named; nobody where that is unsaid."""
        return self.person if said.by == "" else said.by or ""

    def when(self, said: Attribution) -> Instant:
        """When it happened: now, unless another time was named."""
        return said.at or self.board.now

    def read(self, cls: type[R], record: str) -> R:
        """The record of an id that is known to be there. Raises Rejected where it was removed meanwhile."""
        found = self.board.get(cls, record)
        if found is None:
            raise Rejected("That is not on this board any more.")
        return found

    def outlived(self, item: Record, field: str, value: Any, said: Attribution) -> str:
        """That what a field says stands since a later time, where a value of it would be told late: `monitoring stands
        since 18:59 UTC`. Nothing where the value would stand itself."""
        folded = self.board.folded(item.id, item.kind) if said.at else None
        stands = folded.outlived(field, value, said.at) if folded is not None else None
        if stands is None:
            return ""
        column = stated_columns(type(item))[field]
        return f"{column.in_words(stands.value) or 'none'} stands since {clock_of(stands.at)}"

    def set(self, item: Record, fields: Mapping[str, Any], *, why: str = "", said: Attribution = NOW) -> None:
        """Records new values of a record's fields."""
        self.write(item.kind, item.id, item.incident, fields, why=why, said=said)

    def create(
        self,
        cls: type[Record],
        incident: str,
        fields: Mapping[str, Any],
        *,
        record: str = "",
        why: str = "",
        said: Attribution = NOW,
        ref: str = "",
    ) -> str:
        """Records a new record, with the next mark where its kind has marks; returns its id."""
        made = record or self.board.new_id()
        with self.board.transaction():
            numbered = dict(fields)
            if cls.letter and "number" not in numbered:
                numbered["number"] = self.board.next_number(cls, incident)
            self.write(cls.kind, made, incident, numbered, why=why, said=said, ref=ref)
        return made

    def write(
        self,
        kind: str,
        record: str,
        incident: str,
        fields: Mapping[str, Any],
        *,
        why: str = "",
        said: Attribution = NOW,
        ref: str = "",
    ) -> None:
        """Records fields of a record with the words about the change. Whoever is named in it is spelled as they are
        known in the incident; a file's people as the file has them."""
        notes = {AT: said.at, BY: said.by, WHY: why, REF: ref or said.ref}
        given = {**fields, **{note: value for note, value in notes.items() if value}}
        if said.by is UNSAID:
            given[BY] = UNSAID
        author, about = self.person, record if kind == Incident.kind else incident
        if REF not in given:
            author, given = known_as(self.board, about, author), as_known(self.board, kind, about, given)
        self.board.record(author, [Write(kind, record, incident, given)], basis_version=self.basis_version)

    def note(
        self,
        line: Moment,
        *,
        said: Attribution = NOW,
        words: str = "",
        struck: bool | None = None,
        why: str = "",
    ) -> None:
        """Records what now holds of the change that put a line on the timeline: when it was, by whom, in which words,
        or that it is struck out, or counts again. What was said before stays in its history."""
        notes = {OF: line.digest, AT: said.at, BY: said.by, WORDS: words, WHY: why}
        given: dict[str, Any] = {note: value for note, value in notes.items() if value}
        if struck is not None:
            given[STRUCK] = struck
        if said.by is UNSAID:
            given[BY] = UNSAID
        author = known_as(self.board, line.incident, self.person)
        given = as_known(self.board, line.record_kind, line.incident, given)
        incident = "" if line.record_kind == "incident" else line.incident
        write = Write(line.record_kind, line.record, incident, given)
        self.board.record(author, [write], basis_version=self.basis_version)


def filled(**fields: Any) -> dict[str, Any]:
    """Those of the fields that say something: an empty text or list, none, no and 0 are left out of a change."""
    return {name: value for name, value in fields.items() if value}


def some(text: str, what: str) -> str:
    """The text on its own, refused where it is empty."""
    kept = text.strip()
    if not one_line(kept):
        raise Rejected(f"Nothing to record: say {what}.")
    return kept


def person_name(text: str) -> str:
    """A person's name on one line, without the sign that may stand before it."""
    return written(text).lstrip("@＠").strip(' "“”')
