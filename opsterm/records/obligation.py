"""Something that must be done by a date, once or again and again."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Values, edit_entry, field_said, line_kind, reason

State = Literal["open", "snoozed", "done", "dropped"]
#: States in which somebody still owes it, and in which nobody does.
OPEN: tuple[State, ...] = ("open", "snoozed")
OVER: tuple[State, ...] = ("done", "dropped")
#: Where the next one is counted from: the calendar, or the day on which the last was done.
Counted = Literal["fixed", "after-done"]
COUNTED: tuple[Counted, ...] = get_args(Counted)

OWED = line_kind("obligation", "owed")


def _entry(values: Values) -> Entry | None:
    if "number" in values:
        return OWED, f"owed by {field_said(values, 'owner') or 'nobody yet'}: {field_said(values, 'what')}"
    if "state" in values:
        return OWED, reason(values) or field_said(values, "state")
    return edit_entry(values)


@record("obligation", letter="o", entry=_entry)
class Obligation(Record):
    """What one named person owes by a date: a follow-up, a watch at night, a vendor's notice, a drill."""

    what: str = stated("", "What is to be done.")
    #: Why it is owed is a field of its own: it outlives the change that set it.
    reason: str = stated("", "Why it is owed.")
    sort: str = stated("follow-up", "Its family: follow-up, exit, watch, review, vendor, drill, document …")
    owner: str = stated("", "Who owes it; empty while nobody was named.")
    backup: str = stated("", "Who does it when the owner is away.")
    lead: str = stated("", "Who hears of it on the day it is due.")
    notice_at: Instant = stated("", "From when it is shown as coming up.")
    due_at: Instant = stated("", "By when it is to be done; a day counts to its end.")
    due_since: Instant = since("due_at")
    due_why: str = why("due_at")
    hard_at: Instant = stated("", "After when it is too late; empty where it can be late.")
    effort_days: int = stated(0, "Working days that it takes.")
    cadence: str = stated("", "How often it comes again, such as 90d or 3 months; empty for once.")
    counted: Counted | Other = stated("after-done", "One of COUNTED.")
    anchor: str = stated("", "The day that a fixed cadence is counted from: YYYY-MM-DD.")
    occurrence: int = stated(0, "Which one of a series it is, from 0.")
    missed: str = stated("", "What happens when it is missed.")
    state: State | Other = stated("open", "Whether it is still owed.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    snoozed_until: Instant = stated("", "Until when it is quiet.")
    snoozes: int = stated(0, "How often this one was put off.")
    evidence: str = stated("", "What shows that it was done.")
    evidence_since: Instant = since("evidence")
    evidence_by: str = whose("evidence")
    link: str = stated("", "Where it is done: an address or a file.")
    origin: str = stated("", "What it came from: the key of an unmet exit criterion, or the id of a record.")
