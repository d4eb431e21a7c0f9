"""An order: one named person, one task, a time box."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Values, edit_entry, field_said, line_kind, reason

State = Literal["ordered", "acknowledged", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
#: States in which somebody still has to come back with a result.
OPEN: tuple[State, ...] = ("ordered", "acknowledged")
#: States in which it has ended.
OVER: tuple[State, ...] = ("done", "failed", "cancelled")

STARTED = line_kind("action_started", "order", "doing", exported="order", counted=("order", "orders"), news="ordered: ")
CHANGED = line_kind(
    "action_state",
    "order",
    "doing",
    exported="order",
    counted=("order acknowledged or changed", "orders acknowledged or changed"),
)
ENDED = line_kind(
    "action_done",
    "result",
    "doing",
    exported="order ended",
    counted=("order ended", "orders ended"),
    news="order ended: ",
)


def _entry(values: Values) -> Entry | None:
    if "number" in values:
        return STARTED, field_said(values, "text")
    if "state" in values:
        state = field_said(values, "state")
        return ENDED if state in OVER else CHANGED, reason(values) or state
    return None if "heard_at" in values else edit_entry(values)


@record("action", letter="a", entry=_entry)
class Action(Record):
    """What one person was asked to do, by when, and what came of it."""

    text: str = stated("", "The task.")
    plain: str = stated("", "The same in a customer's words.")
    owner: str = stated("", "Who does it; empty while nobody was named.")
    owner_since: Instant = since("owner")
    state: State | Other = stated("ordered", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    due_at: Instant = stated("", "When its owner is asked again: the end of the time box.")
    extended: int = stated(0, "How often it was given more time.")
    undo: str = stated("", "How it is undone, for a risky one.")
    temporary: bool = stated(False, "Whether what it did is to be taken away again.")
    until: Instant = stated("", "When what is temporary goes; empty while nobody said.")
    heard_at: Instant = stated("", "When its owner's console had it, by that console's clock.")
    heard_of: Instant = stated("", "Which giving of it that was: when, by the clock of who gave it.")
