"""A test of hypotheses: what is looked at, what it costs, what it risks, and what came of it."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Values, edit_entry, field_said, line_kind, reason

State = Literal["planned", "running", "done", "dropped"]
#: States in which somebody may still learn something from it.
OPEN: tuple[State, ...] = ("planned", "running")
#: Worst last: looking changes nothing, a change that can be undone, one that can't.
Risk = Literal["read-only", "reversible", "risky"]
RISKS: tuple[Risk, ...] = get_args(Risk)

TEST = line_kind("test", "test", "thinking")
RESULT = line_kind("test_result", "test", "thinking")


def _entry(values: Values) -> Entry | None:
    if "number" in values:
        return TEST, field_said(values, "text")
    if "state" in values:
        return RESULT if values["state"] == "done" else TEST, reason(values) or field_said(values, "state")
    return edit_entry(values)


@record("probe", letter="t", entry=_entry)
class HypothesisTest(Record):
    """One look or one change that could show hypotheses to be false."""

    text: str = stated("", "What is looked at or changed.")
    hypotheses: tuple[str, ...] = stated((), "Ids of the hypotheses that it could rule out.")
    minutes: int = stated(5, "How long it takes until one knows, in minutes.")
    risk: Risk | Other = stated("read-only", "One of RISKS.")
    owner: str = stated("", "Who does it.")
    state: State | Other = stated("planned", "How far it is.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    outcome: str = stated("", "What was seen.")
