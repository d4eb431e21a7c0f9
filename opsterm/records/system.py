"""The systems that all the registers speak of, by the team's own names."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Record, record, stated
from opsterm.records.timeline_entry import on_day

#: How much hangs on it: 1 stops the business within 4 hours, 2 within days, 3 later or never; 0 while nobody said.
CRITICALITIES = (0, 1, 2, 3)


@record("system")
class System(Record):
    """One system of the catalog. Registers may name systems that are not in it."""

    name: str = stated("", "What people call it; alerts and deployments name it so.", called="called")
    team: str = stated("", "Who runs it.", called="run by")
    owner: PersonName = stated("", "The person who answers for it.", called="given to")
    criticality: int = stated(0, "One of CRITICALITIES.")
    depends_on: tuple[str, ...] = stated((), "Names of the systems that it cannot do without.")
    text: str = stated("", "What it is for.", called="what for:")
    source: str = stated(
        "", "Name of the file that it was last taken from; empty for what people said here.", called="from the file"
    )
    retired: bool = stated(False, "Whether it is gone.", called="retired:")


@record("person")
class Person(Record):
    """Somebody who came or left. People who did neither need no record."""

    name: PersonName = stated("", "What the registers call them.", called="called")
    team: str = stated("", "Their team.")
    joined_at: Instant = stated("", "The first day; empty where it was long ago.", called="joined on", words=on_day)
    left_at: Instant = stated(
        "", "The day on which they left; empty while they are here.", called="left on", words=on_day
    )
    heir: PersonName = stated("", "To whom what they owned went.", called="owned things went to")
