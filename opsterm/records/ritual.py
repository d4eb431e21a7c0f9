"""What a team does together again and again, and what came of each time."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, why
from opsterm.records.timeline_entry import minutes

Sort = Literal["decide", "discuss", "inform"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Every = Literal["day", "week", "fortnight", "month", "quarter"]
EVERY: tuple[Every, ...] = get_args(Every)
State = Literal["running", "on trial", "ended"]
#: The agendas that fill from the board.
Agenda = Literal["weekly", "monthly", "quarterly"]
AGENDAS: tuple[Agenda, ...] = get_args(Agenda)


@record("ritual")
class Ritual(Record):
    """One meeting or ritual."""

    name: str = stated("", "What people call it.", called="called")
    purpose: str = stated("", "What for, in one sentence.", called="purpose:")
    sort: Sort | Other = stated("discuss", "One of SORTS: what most of it is.", called="mostly to")
    inform_minutes: int = stated(
        0,
        "How much of it is information, in minutes: that part can be read instead.",
        called="information takes",
        words=minutes,
    )
    outputs: tuple[str, ...] = stated((), "Decisions or outputs that are wanted of it.", called="outputs:")
    owner: PersonName = stated("", "Who runs it.", called="given to")
    people: tuple[str, ...] = stated((), "Who has to be there.", called="people:")
    minutes: int = stated(0, "How long it takes.", called="takes", words=minutes)
    every: Every | Other = stated("week", "One of EVERY.", called="held every")
    anchor: str = stated(
        "", "The day of its first time, YYYY-MM-DD: later ones are counted from it.", called="first held on"
    )
    ends_on: str = stated("", "The last day on which it is held; empty where nobody set one.", called="last held on")
    agenda: Agenda | Unsaid | Other = stated(
        "", "One of AGENDAS; empty where it has none that fills by itself.", called="agenda:"
    )
    state: State | Other = stated("running", "Whether it is held still.")
    state_since: Instant = since("state")
    state_why: str = why("state")
    trial: str = stated(
        "", "What is tried for four times, and what would bring the old form back.", called="tried until:"
    )


@record("occurrence")
class HeldMeeting(Record):
    """One time that a ritual was held, or was to be."""

    ritual: str = stated("", "Id of the ritual.", called="")
    on: str = stated("", "The day, YYYY-MM-DD.")
    held: bool = stated(True, "Whether it was held.", called="held:")
    moved: bool = stated(False, "Whether it was moved.", called="moved:")
    minutes: int = stated(0, "How long it took; 0 where nobody looked.", called="took", words=minutes)
    people: int = stated(0, "How many were there; 0 where nobody counted.", called="people there:")
    silent: int = stated(0, "How many of them said nothing.", called="of them silent:")
    owner_there: bool = stated(True, "Whether its owner was there.", called="owner there:")
    agenda_hours: int = stated(
        0, "How many hours ahead the agenda was out; 0 where nobody said.", called="agenda out, hours ahead:"
    )
    outputs: tuple[str, ...] = stated((), "What came of it.", called="outputs:")
    decisions: tuple[str, ...] = stated((), "What was decided.", called="decisions:")
    carried: tuple[str, ...] = stated((), "Items put off to the next time.", called="put off:")
