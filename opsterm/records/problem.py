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
    sort: Sort | Other = stated("incident", "What came in threes.", called="kind")
    key: str = stated("", "What its cases have in common: what names it on every board alike.", called="")
    cases: tuple[str, ...] = stated((), "Ids of the records that it was opened for.", called="")
    owner: PersonName = stated("", "Who sees to it; empty while nobody was named.", called="given to")
    tried: tuple[str, ...] = stated((), "What was tried, oldest first.", called="tried:")
    ends_when: str = stated("", "What would show that it has ended.")
    state: State | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    came_back: int = stated(
        0, "How many more cases opened it again; 0 where it did not come back.", called="cases more:"
    )

    @property
    def is_back(self) -> bool:
        """Whether more cases opened it again after it was watched or had ended."""
        return self.state == "open" and self.came_back > 0

    @property
    def state_reason(self) -> str:
        """Why it is in its state, in words."""
        return f"it came back: {self.came_back} more" if self.is_back else self.state_why
