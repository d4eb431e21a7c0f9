"""The systems that all the registers speak of, by the team's own names."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Record, record, stated

#: How much hangs on it: 1 stops the business within 4 hours, 2 within days, 3 later or never; 0 while nobody said.
CRITICALITIES = (0, 1, 2, 3)


@record("system")
class System(Record):
    """One system of the catalog. Registers may name systems that are not in it."""

    name: str = stated("", "What people call it; alerts and deployments name it so.")
    team: str = stated("", "Who runs it.")
    owner: PersonName = stated("", "The person who answers for it.")
    criticality: int = stated(0, "One of CRITICALITIES.")
    depends_on: tuple[str, ...] = stated((), "Names of the systems that it cannot do without.")
    text: str = stated("", "What it is for.")
    source: str = stated("", "Where it was imported from.")
    retired: bool = stated(False, "Whether it is gone.")


@record("person")
class Person(Record):
    """Somebody who came or left. People who did neither need no record."""

    name: PersonName = stated("", "What the registers call them.")
    team: str = stated("", "Their team.")
    joined_at: Instant = stated("", "The first day; empty where it was long ago.")
    left_at: Instant = stated("", "The day on which they left; empty while they are here.")
    heir: PersonName = stated("", "To whom what they owned went.")
