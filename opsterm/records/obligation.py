"""Something that must be done by a date, once or again and again."""

from __future__ import annotations

from typing import Any, Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import (
    Entry,
    Said,
    edit_entry,
    from_to,
    line_kind,
    on_day,
    said,
    working_days,
)

State = Literal["open", "snoozed", "done", "dropped"]
#: States in which somebody still owes it, and in which nobody does.
OPEN: tuple[State, ...] = ("open", "snoozed")
OVER: tuple[State, ...] = ("done", "dropped")
#: Where the next one is counted from: the calendar, or the day on which the last was done.
Counted = Literal["fixed", "after-done"]
COUNTED: tuple[Counted, ...] = get_args(Counted)

OWED = line_kind("obligation", "owed")


def _entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(OWED, f"owed by {told.of('owner') or 'nobody yet'}: {told.of('what')}")
    if "evidence" in told:
        again = told.now("due_at")
        after = f"; again by {again[:10]}" if again and told.now("state") == "open" else ""
        return told.line(OWED, f"done, {told.of('what')}: {told.now('evidence')}{after}", marked=True)
    if told.now("snoozed_until"):
        return told.line(OWED, f"put off until {on_day(told.now('snoozed_until'))}, {told.of('what')}", marked=True)
    if "due_at" in told:
        now, was = on_day(told.now("due_at")), on_day(told.was("due_at"))
        return told.line(OWED, f"due by {from_to(was, now)}, {told.of('what')}", was=was, now=now, marked=True)
    if "state" in told:
        now, was = told.now("state"), told.was("state")
        return told.line(OWED, f"{now}, {told.of('what')}", was=was, now=now, marked=True)
    return edit_entry(told, OWED)


def _counting(value: Any) -> str:
    """How a series is counted, in words."""
    return {"fixed": "by the calendar", "after-done": "from when it was done"}.get(said(value), said(value))


@record("obligation", letter="o", entry=_entry)
class Obligation(Record):
    """What one named person owes by a date: a follow-up, a watch at night, a vendor's notice, a drill."""

    what: str = stated("", "What is to be done.", called="reads")
    #: Why it is owed is a field of its own: it outlives the change that set it.
    reason: str = stated("", "Why it is owed.", called="owed because")
    sort: str = stated(
        "follow-up", "Its family: follow-up, exit, watch, review, vendor, drill, document …", called="kind"
    )
    owner: PersonName = stated("", "Who owes it; empty while nobody was named.", called="given to")
    backup: PersonName = stated("", "Who does it when the owner is away.")
    lead: PersonName = stated("", "Who hears of it on the day it is due.")
    notice_at: Instant = stated("", "From when it is shown as coming up.", called="shown from", words=on_day)
    due_at: Instant = stated("", "By when it is to be done; a day counts to its end.", called="due by", words=on_day)
    due_since: Instant = since("due_at")
    due_why: str = why("due_at")
    hard_at: Instant = stated(
        "", "After when it is too late; empty where it can be late.", called="too late after", words=on_day
    )
    effort_days: int = stated(0, "Working days that it takes.", called="takes", words=working_days)
    cadence: str = stated(
        "", "How often it comes again, such as 90d or 3 months; empty for once.", called="comes again every"
    )
    counted: Counted | Other = stated("after-done", "One of COUNTED.", words=_counting)
    anchor: str = stated("", "The day that a fixed cadence is counted from: YYYY-MM-DD.", called="counted from")
    occurrence: int = stated(0, "Which one of a series it is, from 0.", called="")
    missed: str = stated("", "What happens when it is missed.", called="if missed:")
    state: State | Other = stated("open", "Whether it is still owed.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    snoozed_until: Instant = stated("", "Until when it is quiet.", called="put off until", words=on_day)
    snoozes: int = stated(0, "How often this one was put off.", called="")
    evidence: str = stated("", "What shows that it was done.", called="shown by")
    evidence_since: Instant = since("evidence")
    evidence_by: str = whose("evidence")
    link: str = stated("", "Where it is done: an address or a file.", called="done at")
    origin: str = stated("", "What it came from: the key of an unmet exit criterion, or the id of a record.", called="")
