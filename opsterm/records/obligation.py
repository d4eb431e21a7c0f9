"""Something that must be done by a date, once or again and again."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

STATES = ("open", "snoozed", "done", "dropped")


@record("obligation", letter="o")
class Obligation(Record):
    """What one named person owes by a date: a follow-up, a watch at night, a vendor's notice, a drill."""

    what: str = stated("", "What is to be done.")
    #: Why it is owed is a field of its own: it outlives the change that set it.
    reason: str = stated("", "Why it is owed.")
    sort: str = stated("follow-up", "Its family: follow-up, exit, watch, review, vendor, drill, document …")
    owner: str = stated("", "Who owes it; empty while nobody was named.")
    notice_at: Instant = stated("", "From when it is shown as coming up.")
    due_at: Instant = stated("", "By when it is to be done.")
    cadence: str = stated("", "How often it comes again, such as 90d or 3 months; empty for once.")
    state: str = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    snoozed_until: Instant = stated("", "Until when it is quiet.")
    evidence: str = stated("", "What shows that it was done.")
    origin: str = stated("", "What it came from: the key of an unmet exit criterion, or the id of a record.")
