"""How every kind of change reads on the timeline: changes of one field each, and the table of all lines.

    python -m tests.support.lines_told

prints the table, in Markdown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from opsterm.board.fold import DELETED
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.core.session import Attribution, Session
from opsterm.records import KINDS, Incident, Link, Record
from opsterm.records.instant import to_ms
from opsterm.records.record import Column, stated_columns
from opsterm.records.timeline_entry import incident_words, kind_of_line, percent
from tests.support.board import open_board
from tests.support.clock import HandClock

REASON = "fewer are hurt"
#: What a record of any kind is made with, as far as it has such fields.
_MADE_WITH: Mapping[str, str] = {
    "text": "the pool is full",
    "title": "Uploads fail",
    "what": "raise the limit",
    "name": "Deploy",
}
_MADE_AS: Mapping[str, Mapping[str, str]] = {
    "incident": {"declared_at": "2026-11-24T13:00:00Z"},
    "role": {"name": "mia", "role": "scribe"},
    "step": {"run": "a0" * 8},
    "summons": {"name": "noor", "state": "called"},
    "question": {"who": "ceo"},
    "word_plan": {"audience": "customers"},
    "text_approval": {"audience": "customers", "asked_of": "mia"},
    "obligation": {"owner": "li"},
}
#: What people would say of a field, for those to which other words would read oddly.
_SAID: Mapping[str, tuple[Any, Any]] = {
    "commander": ("mia", "noor"),
    "offered_to": ("noor", "li"),
    "owner": ("mia", "noor"),
    "name": ("mia", "noor"),
    "leader": ("noor", "li"),
    "asked_of": ("mia", "noor"),
    "asked_by": ("mia", "noor"),
    "estimate_by": ("mia", "noor"),
    "review_owner": ("mia", "noor"),
    "approved_by": ("mia", "noor"),
    "approver": ("mia", "noor"),
    "who": ("mia", "noor"),
    "lang": ("en", "zh"),
    "severity_rule": ("10 % or more are hurt", "all are hurt"),
    "breadth": ("few", "many"),
    "depth": ("degraded", "gone"),
    "stakes": (["payments"], ["payments", "regulator"]),
    "services": (["mail"], ["mail", "web"]),
}


#: What stands on the timeline as a line of another record: a proposal that was decided, as its decision.
_TOLD_ELSEWHERE = {("proposal.state", "decided")}
#: Fields whose every word is another line.
_STEP_BY_STEP = ("state", "status", "regular", "exit_met", "paired")


class Field(NamedTuple):
    """One field of one kind of record."""

    kind: str
    column: Column

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.column.name}"


class Told(NamedTuple):
    """One change and the lines that it puts on the timeline."""

    kind: str
    change: str
    lines: list[Moment]


def every_field() -> list[Field]:
    """Every field that changes set, of every kind."""
    return [Field(kind, column) for kind, cls in sorted(KINDS.items()) for column in stated_columns(cls).values()]


def told_fields() -> list[Field]:
    """The same of the kinds that the timeline tells of."""
    return [field for field in every_field() if KINDS[field.kind].entry is not None]


def is_moment(field: Field) -> bool:
    """Whether a field is a moment."""
    return any(f.name == field.column.name and f.type == "Instant" for f in dataclasses.fields(KINDS[field.kind]))


def values_of(field: Field, board: Lines, word: str = "kestrel", other: str = "pewit") -> tuple[Any, ...]:
    """Two values or more that a field can have, each other than what it has while nothing was said."""
    column = field.column
    if column.words:
        known = sorted(column.words - {""})
        known = [value for value in known if (field.name, value) not in _TOLD_ELSEWHERE]
        return (*[value for value in known if value != column.default], column.default or known[0])
    if column.in_words is incident_words:
        return board.others
    if is_moment(field):
        return "2026-11-24T13:05:00Z", "2026-11-24T14:20:00Z"
    if column.doc.startswith(("Id of", "Ids of")):
        ids = ("0f" * 8, "1e" * 8)
        return tuple([value] for value in ids) if column.type is tuple else ids
    if column.type is bool:
        return not column.default, bool(column.default)
    if column.type is tuple:
        return [word], [word, other]
    if column.type in (int, float):
        return (0.25, 0.75) if column.in_words is percent else (column.type(3), column.type(7))
    return word, other


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """A board on which changes are made to read how they are told."""

    board: Board
    incident: str
    others: tuple[str, ...]

    @classmethod
    def at(cls, path: Path) -> Lines:
        board = open_board(path / "board.sqlite", HandClock(to_ms("2026-11-24T15:00:00Z")))
        session = Session(board, "ben")
        made = [
            session.create(Incident, "", {"title": title}) for title in ("Uploads fail", "Mail waits", "Login slow")
        ]
        return cls(board, made[0], tuple(made[1:]))

    @property
    def session(self) -> Session:
        return Session(self.board, "ben")

    def make(self, cls: type[Record], why: str = "") -> str:
        """A new record of a kind with what it can't be told without."""
        given = {name: text for name, text in _MADE_WITH.items() if name in stated_columns(cls)}
        given |= {"other": self.others[0]} if cls is Link else _MADE_AS.get(cls.kind, {})
        return self.session.create(cls, "" if cls is Incident else self.incident, given, why=why)

    def set(
        self, cls: type[Record], record: str, fields: Mapping[str, Any], why: str = "", by: str = ""
    ) -> list[Moment]:
        """Sets fields of a record; the lines that this puts on the timeline."""
        before = len(self.told(cls, record))
        incident = "" if cls is Incident else self.incident
        self.session.write(cls.kind, record, incident, fields, why=why, said=Attribution(by=by))
        return self.told(cls, record)[before:]

    def told(self, cls: type[Record], record: str) -> list[Moment]:
        return self.board.lines_of_record(record, cls.kind)


#: Changes of several fields, as the commands make them.
_TOGETHER: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("incident", "severity by a rule", {"severity": "sev2", "severity_rule": "10 % or more are hurt"}),
    ("incident", "severity refused", {"severity_refused": "sev1", "severity_rule_refused": "all are hurt"}),
    ("incident", "watched", {"status": "monitoring", "watch_until": "2026-11-24T22:00:00Z"}),
    ("action", "given to another", {"owner": "li", "state": "ordered"}),
    ("step", "deferred", {"state": "deferred", "note": "no hands", "deferred_to": "After"}),
    ("step", "asked and answered", {"state": "done", "note": "412", "asked_by": "noor"}),
    ("probe", "done", {"state": "done", "outcome": "the pool is at 40"}),
    ("run", "closed", {"state": "closed", "left": 1, "overridden": 1, "killers_open": 1, "result": "failed"}),
    ("obligation", "done", {"state": "done", "evidence": "the graph is flat"}),
    ("obligation", "put off", {"state": "snoozed", "snoozed_until": "2026-12-08T00:00:00Z", "snoozes": 1}),
    ("decision", "put to the room", {"text": "fail over", "objections": 2}),
)


def every_line(lines: Lines) -> Iterator[Told]:
    """Every kind of line of every kind of record that the timeline tells of."""
    for kind, cls in sorted(KINDS.items()):
        if cls.entry is None:
            continue
        record = lines.make(cls, REASON)
        yield Told(kind, "made", lines.told(cls, record))
        for field in (field for field in told_fields() if field.kind == kind):
            name = field.column.name
            values = _SAID.get(name) or values_of(field, lines, "13 % of uploads", "20 % of uploads")
            changed = lines.make(cls)
            for value in values:
                told = lines.set(cls, changed, {name: value}, REASON, by="mia")
                if told and field.column.called and (name in _STEP_BY_STEP or value == values[-1]):
                    yield Told(kind, name.replace("_", " "), told)
        for of, what, fields in _TOGETHER:
            if of == kind:
                yield Told(kind, what, lines.set(cls, lines.make(cls), fields, REASON))
        yield Told(kind, "removed", lines.set(cls, record, {DELETED: True}, REASON))
        yield Told(kind, "restored", lines.set(cls, record, {DELETED: False}, REASON))


def table(lines: Lines) -> Iterator[str]:
    """The same as a table in Markdown."""
    yield "| record | change | line | as it reads |"
    yield "|---|---|---|---|"
    rows = [
        (told.kind, told.change, kind_of_line(line.kind).in_words, " ".join(line.told.split()))
        for told in every_line(lines)
        for line in told.lines
    ]
    for before, row in pairwise([("", "", "", ""), *rows]):
        if row != before:
            yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        print("\n".join(table(Lines.at(Path(folder)))))
