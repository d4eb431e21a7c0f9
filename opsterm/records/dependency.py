"""What one team needs of another, what is said of it each week, and decisions that cross boundaries."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why

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

    giver: str = stated("", "Who has to give it.")
    taker: str = stated("", "Who needs it.")
    what: str = stated("", "What is given, so that one can test it.")
    sort: Interdependence | Other = stated("sequential", "One of KINDS_OF.")
    strength: Strength | Other = stated("medium", "One of STRENGTHS.")
    needed_by: str = stated("", "The day on which it is needed.")
    promised: str = stated("", "The day that was promised; empty while nobody did.")
    confidence: float = stated(0.0, "How sure the giver is of that day, 0 to 1.")
    confirmed_at: str = stated("", "The day on which the promise was last confirmed.")
    next_check: str = stated("", "The day on which one asks again; empty for a week after the last word.")
    owner: PersonName = stated("", "Who on the taker's side sees to it.")
    fallback: str = stated("", "What is done without it.")
    late_cost: float = stated(0.0, "What each week of delay costs, in the team's currency.")
    risk: str = stated("", "What happens if it is late.")
    needs: tuple[str, ...] = stated((), "Ids of dependencies that have to be delivered before this one.")
    blocked: str = stated("", "What was asked and not answered; empty while nothing stands in the way.")
    blocked_since: Instant = since("blocked")
    state: State | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_why: str = why("state")


@record("status_line")
class StatusLine(Record):
    """What was said of a dependency in one week, in one line."""

    dependency: str = stated("", "Id of the dependency.")
    on: str = stated("", "The day, YYYY-MM-DD.")
    colour: Colour | Other = stated("green", "How it stands.")
    outcome: str = stated("", "What it is about.")
    change: str = stated("", "What changed since the last line.")
    next_on: str = stated("", "The next date that was named, YYYY-MM-DD.")
    ask: str = stated("", "What is asked of whom.")


@record("boundary_decision")
class BoundaryDecision(Record):
    """A decision that crosses teams: who decides, who is asked, who is told, by when, and what came out."""

    question: str = stated("", "What is to be decided.")
    decider: tuple[str, ...] = stated((), "Who decides: exactly one.")
    recommends: str = stated("", "Who prepares it.")
    agrees: tuple[str, ...] = stated((), "Who can stop it: two at the most.")
    asked: tuple[str, ...] = stated((), "Who is asked.")
    told: tuple[str, ...] = stated((), "Who is told.")
    due_on: str = stated("", "By when, YYYY-MM-DD.")
    one_way: bool = stated(False, "Whether it cannot be undone.")
    outcome: str = stated("", "What was decided; empty while it is open.")
    outcome_since: Instant = since("outcome")
    outcome_by: str = whose("outcome")
    reopened: int = stated(0, "How often it was opened again.")
