"""What happened three times is a problem of the process, not of the people."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why

State = Literal["open", "watched", "ended", "dropped"]
STATES: tuple[State, ...] = get_args(State)
#: What can come in threes.
Sort = Literal["incident", "obligation", "checklist item", "update", "change", "alert"]


@record("problem", letter="P")
class Problem(Record):
    """A process problem with an owner, its cases, what was tried, and what would end it."""

    title: str = stated("", "What keeps happening.")
    sort: Sort | Other = stated("incident", "What came in threes.")
    key: str = stated("", "What its cases have in common: what names it on every board alike.")
    cases: tuple[str, ...] = stated((), "Ids of the records that it was opened for.")
    owner: PersonName = stated("", "Who sees to it; empty while nobody was named.")
    tried: tuple[str, ...] = stated((), "What was tried, oldest first.")
    ends_when: str = stated("", "What would show that it has ended.")
    state: State | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
