"""What a register owes by a date: worked out as of a day, and recorded only once somebody acts on it.

Each has an id that two stations give alike, so that what one did is not owed by the other.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days
from opsterm.core.session import filled
from opsterm.obligations.obligation import end_of, start_of
from opsterm.records import Obligation

#: Working days ahead from which each family is shown as coming up.
LEAD_WORKING_DAYS = {"vendor": 10, "document": 5, "ritual": 2, "dependency": 2, "decision": 5}


def owed_by_date(
    origin: str,
    part: str,
    what: str,
    by: date,
    *,
    sort: str,
    owner: str,
    backup: str = "",
    reason: str = "",
    missed: str = "",
    hard: bool = False,
    notice: date | None = None,
    holidays: Container[date] = NO_HOLIDAYS,
) -> Obligation:
    """What is owed of the record `origin` by a day, shown its family's lead before it or from `notice` on; a hard date
    can't be moved. `part` says which of what that record owes."""
    begin = notice or add_working_days(by, -LEAD_WORKING_DAYS[sort], holidays)
    fields = filled(
        what=what,
        sort=sort,
        due_at=end_of(by),
        notice_at=start_of(min(begin, by)),
        owner=owner,
        backup=backup,
        reason=reason,
        missed=missed,
        origin=origin,
        hard_at=end_of(by) if hard else "",
    )
    return Obligation(id=f"{origin}/{part}", **fields)
