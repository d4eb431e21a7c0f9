"""An order: one named person, one task, a time box."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, holding, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Said, edit_entry, line_kind

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
)


def _entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(STARTED, told.now("text"))
    if "heard_at" in told:
        return None
    if "state" in told:
        state, was = told.now("state"), told.was("state")
        besides = edit_entry(told, besides=("state", "extended"))
        given = state == "ordered" and "owner" in told
        heard = f", as {told.author} heard" if state == "acknowledged" and told.author not in ("", told.by) else ""
        parts = [*([] if given else [f"{state}{heard}"]), *([besides.what] if besides and besides.what else [])]
        kind = ENDED if state in OVER else CHANGED
        return told.line(kind, ", ".join(parts), was=was, now=state, marked=True)
    return edit_entry(told, CHANGED, besides=("extended",))


@record("action", letter="a", entry=_entry)
class Action(Record):
    """What one person was asked to do, by when, and what came of it."""

    text: str = stated("", "The task.", called="reads")
    plain: str = stated("", "The same in a customer's words.", called="for customers:")
    owner: PersonName = holding("", "Who does it; empty while nobody was named.", called="given to")
    owner_since: Instant = since("owner")
    state: State | Other = holding("ordered", "One of STATES.", ends=OVER)
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    due_at: Instant = stated("", "When its owner is asked again: the end of the time box.", called="has until")
    extended: int = stated(0, "How often it was given more time.", called="")
    undo: str = stated("", "How it is undone, for a risky one.", called="undone by:")
    temporary: bool = stated(False, "Whether what it did is to be taken away again.", called="temporary:")
    until: Instant = stated("", "When what is temporary goes; empty while nobody said.", called="stays until")
    heard_at: Instant = stated("", "When its owner's console had it, by that console's clock.", called="")
    heard_of: Instant = stated("", "Which giving of it that was: when, by the clock of who gave it.", called="")
