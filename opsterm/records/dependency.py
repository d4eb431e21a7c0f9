"""What one team needs of another, what is said of it each week, and decisions that cross boundaries."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import amount, percent

#: How two teams' work hangs together [Thompson 1967].
Interdependence = Literal["pooled", "sequential", "reciprocal"]
KINDS_OF: tuple[Interdependence, ...] = get_args(Interdependence)
Strength = Literal["weak", "medium", "strong", "critical"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
State = Literal["open", "delivered", "dropped"]
STATES: tuple[State, ...] = get_args(State)
Colour = Literal["green", "amber", "red"]


@record("dependency", letter="dep")
class Dependency(Record):
    """One thing that one team (the taker) needs of another (the giver). Dates are days, YYYY-MM-DD."""

    giver: str = stated("", "Who has to give it.", called="given by")
    taker: str = stated("", "Who needs it.", called="needed by the team")
    what: str = stated("", "What is given, so that one can test it.", called="what:")
    sort: Interdependence | Other = stated("sequential", "One of KINDS_OF.", called="kind")
    strength: Strength | Other = stated("medium", "One of STRENGTHS.")
    needed_by: str = stated("", "The day on which it is needed.")
    promised: str = stated("", "The day that was promised; empty while nobody did.", called="promised for")
    confidence: float = stated(0.0, "How sure the giver is of that day, 0 to 1.", called="sure to", words=percent)
    confirmed_at: str = stated("", "The day on which the promise was last confirmed.", called="confirmed on")
    next_check: str = stated(
        "", "The day on which one asks again; empty for a week after the last word.", called="asked again on"
    )
    owner: PersonName = stated("", "Who on the taker's side sees to it.", called="given to")
    fallback: str = stated("", "What is done without it.", called="without it:")
    late_cost: float = stated(
        0.0, "What each week of delay costs, in the team's currency.", called="a week late costs", words=amount
    )
    risk: str = stated("", "What happens if it is late.", called="if late:")
    needs: tuple[str, ...] = stated((), "Ids of dependencies that have to be delivered before this one.", called="")
    blocked: str = stated(
        "", "What was asked and not answered; empty while nothing stands in the way.", called="blocked by"
    )
    blocked_since: Instant = since("blocked")
    state: State | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_why: str = why("state")


@record("status_line")
class StatusLine(Record):
    """What was said of a dependency in one week, in one line."""

    dependency: str = stated("", "Id of the dependency.", called="")
    on: str = stated("", "The day, YYYY-MM-DD.")
    colour: Colour | Other = stated("green", "How it stands.", called="stands")
    outcome: str = stated("", "What it is about.", called="about")
    change: str = stated("", "What changed since the last line.", called="changed:")
    next_on: str = stated("", "The next date that was named, YYYY-MM-DD.", called="next date:")
    ask: str = stated("", "What is asked of whom.", called="asked:")


@record("boundary_decision")
class BoundaryDecision(Record):
    """A decision that crosses teams: who decides, who is asked, who is told, by when, and what came out."""

    question: str = stated("", "What is to be decided.", called="to decide:")
    decider: tuple[str, ...] = stated((), "Who decides: exactly one.", called="decided by")
    recommends: str = stated("", "Who prepares it.", called="prepared by")
    agrees: tuple[str, ...] = stated((), "Who can stop it: two at the most.", called="has to agree:")
    asked: tuple[str, ...] = stated((), "Who is asked.", called="to be asked:")
    told: tuple[str, ...] = stated((), "Who is told.", called="to be told:")
    due_on: str = stated("", "By when, YYYY-MM-DD.", called="due by")
    one_way: bool = stated(False, "Whether it cannot be undone.", called="can't be undone:")
    outcome: str = stated("", "What was decided; empty while it is open.", called="decided:")
    outcome_since: Instant = since("outcome")
    outcome_by: str = whose("outcome")
    reopened: int = stated(0, "How often it was opened again.", called="times opened again")
