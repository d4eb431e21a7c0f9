"""What could explain it, and what speaks for and against."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Values, edit_entry, field_said, line_kind, reason, said

State = Literal["proposed", "testing", "supported", "confirmed", "eliminated", "inconclusive", "parked"]
STATES: tuple[State, ...] = get_args(State)
#: States in which a hypothesis may still be the explanation.
ALIVE: tuple[State, ...] = ("proposed", "testing", "supported", "inconclusive", "confirmed")
#: States that end or turn a line of inquiry; the others are steps on the way.
RESULTS: tuple[State, ...] = ("supported", "confirmed", "eliminated", "inconclusive")

RAISED = line_kind("hypothesis", "hypothesis", "thinking", counted=("hypothesis", "hypotheses"), news="could be: ")
STEP = line_kind(
    "hypothesis_state",
    "hypothesis",
    "thinking",
    exported="hypothesis",
    counted=("step on hypotheses", "steps on hypotheses"),
)
RESULT = line_kind(
    "hypothesis_result",
    "result",
    "thinking",
    exported="result",
    counted=("result on hypotheses", "results on hypotheses"),
    news="hypothesis: ",
)
EVIDENCE = line_kind("evidence", "evidence", "thinking", counted=("finding", "findings"))


def _entry(values: Values) -> Entry | None:
    if "number" in values:
        return RAISED, field_said(values, "text")
    if "state" in values:
        state = field_said(values, "state")
        return RESULT if state in RESULTS else STEP, reason(values) or state
    if all(field.startswith("_") for field in values) and reason(values):
        return RESULT, reason(values)
    return edit_entry(values)


@record("hypothesis", letter="h", entry=_entry)
class Hypothesis(Record):
    """A statement that can be shown to be false."""

    text: str = stated("", "What could explain this.")
    state: State | Other = stated("proposed", "One of STATES.")
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


def _evidence_entry(values: Values) -> Entry | None:
    if "text" not in values:
        return edit_entry(values)
    return None if values.get("closing") is True else (EVIDENCE, said(values["text"]))


@record("evidence", entry=_evidence_entry)
class Evidence(Record):
    """One finding that speaks for or against one hypothesis."""

    hypothesis: str = stated("", "Id of the hypothesis.")
    text: str = stated("", "What was found.")
    supports: bool = stated(True, "Whether it speaks for the hypothesis, else against.")
    source: str = stated("", "Where it was found.")
    weight: int = stated(1, "2 where it would rule the hypothesis out alone, or all but prove it; else 1.")
    credibility: float = stated(1.0, "How far its source is to be believed: 0.5, 1 or 1.5.")
    closing: bool = stated(False, "Whether it is the reason given with a state, which the timeline tells already.")
