"""What could explain it, and what speaks for and against."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

STATES = ("proposed", "testing", "supported", "confirmed", "eliminated", "inconclusive", "parked")
#: States in which a hypothesis may still be the explanation.
ALIVE = ("proposed", "testing", "supported", "inconclusive", "confirmed")


@record("hypothesis", letter="h")
class Hypothesis(Record):
    """A statement that can be shown to be false."""

    text: str = stated("", "What could explain this.")
    state: str = stated("proposed", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    confidence: float | None = stated(None, "How likely, 0 to 1; nothing while nobody said.")
    owner: str = stated("", "Who tests it.")
    scope: str = stated("", "Which part of the impact it would explain.")
    if_true: str = stated("", "What we would see if it were true.")
    if_false: str = stated("", "What we would see if it were false.")
    tell: bool = stated(False, "Whether customers may hear of it before it is confirmed.")
    plain: str = stated("", "The same in a customer's words.")
    parent: str = stated("", "Id of the hypothesis that this one refines.")


@record("evidence")
class Evidence(Record):
    """One finding that speaks for or against one hypothesis."""

    hypothesis: str = stated("", "Id of the hypothesis.")
    text: str = stated("", "What was found.")
    supports: bool = stated(True, "Whether it speaks for the hypothesis, else against.")
    source: str = stated("", "Where it was found.")
    weight: int = stated(1, "2 where it would rule the hypothesis out alone, or all but prove it; else 1.")
    credibility: float = stated(1.0, "How far its source is to be believed: 0.5, 1 or 1.5.")
    closing: bool = stated(False, "Whether it is the reason given with a state, which the timeline tells already.")
