"""What could explain it, and what speaks for and against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, holding, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Said, edit_entry, incident_words, line_kind, percent, said

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
)
EVIDENCE = line_kind("evidence", "evidence", "thinking", counted=("finding", "findings"))


#: What a state is called where a line tells of it.
STATE_WORDS: Mapping[str, str] = {"eliminated": "ruled out", "proposed": "proposed again", "testing": "being tested"}


def _in_words(state: Any) -> str:
    return STATE_WORDS.get(said(state), said(state))


def _entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(RAISED, told.now("text"))
    if "state" in told:
        state, was = told.now("state"), told.was("state")
        tests = f" by {told.now('owner')}" if state == "testing" and told.now("owner") else ""
        besides = edit_entry(told, besides=("state", "owner") if tests else ("state",))
        parts = [f"{_in_words(state)}{tests}", *([besides.what] if besides and besides.what else [])]
        kind = RESULT if state in RESULTS else STEP
        return told.line(kind, ", ".join(parts), was=was, now=state, marked=True)
    return edit_entry(told, STEP)


@record("hypothesis", letter="h", entry=_entry)
class Hypothesis(Record):
    """A statement that can be shown to be false."""

    text: str = stated("", "What could explain this.", called="reads")
    state: State | Other = holding("proposed", "One of STATES.", ends=("confirmed", "eliminated"), words=_in_words)
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    confidence: float | None = holding(
        None, "How likely, 0 to 1; nothing while nobody said.", called="likely", words=percent
    )
    owner: PersonName = holding("", "Who tests it.", called="tested by")
    scope: str = stated("", "Which part of the impact it would explain.", called="would explain")
    if_true: str = stated("", "What we would see if it were true.", called="if true we would see")
    if_false: str = stated("", "What we would see if it were false.", called="if false we would see")
    tell: bool = stated(
        False, "Whether customers may hear of it before it is confirmed.", called="customers may hear of it:"
    )
    plain: str = stated("", "The same in a customer's words.", called="for customers:")
    parent: str = stated("", "Id of the hypothesis that this one refines.", called="")
    goes_on_in: str = stated("", "Id of the incident in which it goes on.", called="goes on in", words=incident_words)


def _evidence_entry(told: Said) -> Entry | None:
    if "text" not in told:
        return edit_entry(told)
    return None if told.values.get("closing") is True else told.line(EVIDENCE, told.now("text"))


@record("evidence", entry=_evidence_entry)
class Evidence(Record):
    """One finding that speaks for or against one hypothesis."""

    hypothesis: str = stated("", "Id of the hypothesis.", called="")
    text: str = stated("", "What was found.", called="reads")
    supports: bool = stated(True, "Whether it speaks for the hypothesis, else against.", called="speaks for it:")
    source: str = stated("", "Where it was found.", called="found in")
    weight: int = stated(
        1, "2 where it would rule the hypothesis out alone, or all but prove it; else 1.", called="weighs"
    )
    credibility: float = stated(
        1.0, "How far its source is to be believed: 0.5, 1 or 1.5.", called="its source is believed"
    )
    closing: bool = stated(
        False, "Whether it is the reason given with a state, which the timeline tells already.", called=""
    )
