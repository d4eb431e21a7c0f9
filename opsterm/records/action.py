"""An order: one named person, one task, a time box."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

STATES = ("ordered", "acknowledged", "done", "failed", "cancelled")
#: States in which somebody still has to come back with a result.
OPEN = ("ordered", "acknowledged")


@record("action", letter="a")
class Action(Record):
    """What one person was asked to do, by when, and what came of it."""

    text: str = stated("", "The task.")
    plain: str = stated("", "The same in a customer's words.")
    owner: str = stated("", "Who does it; empty while nobody was named.")
    owner_since: Instant = since("owner")
    state: str = stated("ordered", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    due_at: Instant = stated("", "When its owner is asked again: the end of the time box.")
    extended: int = stated(0, "How often it was given more time.")
    undo: str = stated("", "How it is undone, for a risky one.")
    temporary: bool = stated(False, "Whether what it did is to be taken away again.")
    until: Instant = stated("", "When what is temporary goes; empty while nobody said.")
    heard_at: Instant = stated("", "When its owner's console had it.")
