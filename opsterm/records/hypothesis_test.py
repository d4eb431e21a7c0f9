"""A test of hypotheses: what is looked at, what it costs, what it risks, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Said, edit_entry, line_kind, minutes

State = Literal["planned", "running", "done", "dropped"]
#: States in which somebody may still learn something from it.
OPEN: tuple[State, ...] = ("planned", "running")
#: Worst last: looking changes nothing, a change that can be undone, one that can't.
Risk = Literal["read-only", "reversible", "risky"]
RISKS: tuple[Risk, ...] = get_args(Risk)

TEST = line_kind("test", "test", "thinking")
RESULT = line_kind("test_result", "test", "thinking")


_STATES: Mapping[str, str] = {"running": "begun", "planned": "planned again"}


def _entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(TEST, told.now("text"))
    if "state" not in told:
        return edit_entry(told, TEST)
    state, outcome = told.now("state"), told.now("outcome")
    who = f" by {told.now('owner')}" if "owner" in told and told.now("owner") else ""
    what = f"{_STATES.get(state, state)}{who}, {told.of('text')}{f': {outcome}' if outcome else ''}"
    return told.line(RESULT if state == "done" else TEST, what, was=told.was("state"), now=state, marked=True)


@record("probe", letter="t", entry=_entry)
class HypothesisTest(Record):
    """One look or one change that could show hypotheses to be false."""

    text: str = stated("", "What is looked at or changed.", called="reads")
    hypotheses: tuple[str, ...] = stated((), "Ids of the hypotheses that it could rule out.", called="")
    minutes: int = stated(5, "How long it takes until one knows, in minutes.", called="takes", words=minutes)
    risk: Risk | Other = stated("read-only", "One of RISKS.")
    owner: PersonName = stated("", "Who does it.", called="given to")
    state: State | Other = stated("planned", "How far it is.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    outcome: str = stated("", "What was seen.", called="seen:")
