"""Whom one can call, and who was called."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose
from opsterm.records.timeline_entry import Entry, Said, edit_entry, line_kind

#: What came of calling somebody.
Mark = Literal["called", "reached", "no answer"]
MARKS: tuple[Mark, ...] = get_args(Mark)

CALL = line_kind("call", "call", "command")


@record("contact")
class Contact(Record):
    """A person that can be called, in no incident or in all."""

    name: PersonName = stated("", "Who.", called="called")
    reach: str = stated("", "How to reach them: a number, a handle, a rota.", called="reached at")
    roles: tuple[str, ...] = stated((), "Roles that they can take.", called="roles:")
    services: tuple[str, ...] = stated((), "Services that they know.", called="knows")


def _call_entry(told: Said) -> Entry | None:
    if "state" not in told:
        return edit_entry(told, CALL, marked=False)
    role = told.now("role")
    what = f"{told.of('name')} {told.now('state')}{f' for {role}' if role else ''}"
    return told.line(CALL, what, was=told.was("state"), now=told.now("state"))


@record("summons", entry=_call_entry)
class PageOut(Record):
    """One person called into one incident."""

    name: PersonName = stated("", "Who was called.", called="who:")
    role: str = stated("", "For which role; empty where it was not said.", called="for")
    state: Mark | Other = stated("called", "One of MARKS.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
