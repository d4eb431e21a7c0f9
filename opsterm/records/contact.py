"""Whom one can call, and who was called."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose

#: What came of calling somebody.
MARKS = ("called", "reached", "no answer")


@record("contact")
class Contact(Record):
    """A person that can be called, in no incident or in all."""

    name: str = stated("", "Who.")
    reach: str = stated("", "How to reach them: a number, a handle, a rota.")
    roles: tuple[str, ...] = stated((), "Roles that they can take.")
    services: tuple[str, ...] = stated((), "Services that they know.")


@record("summons")
class PageOut(Record):
    """One person called into one incident."""

    name: str = stated("", "Who was called.")
    role: str = stated("", "For which role; empty where it was not said.")
    state: str = stated("called", "One of MARKS.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
