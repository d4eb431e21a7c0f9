"""Checklists as templates, walks through them, and what was answered and seen at each step."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Said, line_kind, listed, text_entry

RunState = Literal["open", "paused", "closed"]
#: What came of a drill or a rollback.
RunResult = Literal["passed", "failed"]
RUN_RESULTS: tuple[RunResult, ...] = get_args(RunResult)
StepState = Literal["open", "done", "failed", "skipped", "deferred", "not-applicable", "overridden"]
STATES: tuple[StepState, ...] = get_args(StepState)
#: What a run is for: a checklist, a way back that is gone for real, or a rehearsal of one.
Purpose = Literal["checklist", "rollback", "drill"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

RUN = line_kind("checklist", "checklist", "doing")
STEP = line_kind("step", "step", "doing", counted=("checklist step", "checklist steps"))


@record("checklist")
class Checklist(Record):
    """A template that a team keeps: a checklist, or a rollback procedure where its text says so. Its earlier versions
    are its earlier changes."""

    name: str = stated("", "What people call it.")
    version: int = stated(1, "Counts up with each text that differs from the one before.")
    #: The text as written, to the byte, stands in the change: here it is without what acts on a terminal.
    source: str = stated("", "The Markdown that it is written in.")
    source_since: Instant = since("source")
    source_by: str = whose("source")
    source_why: str = why("source")
    file: str = stated("", "Name of the file that it came from, without its ending.")
    reviewed_at: Instant = stated("", "When its owner last found it true; empty for never.")
    reviewed_by: str = whose("reviewed_at")
    retired: bool = stated(False, "Whether it is kept for its history alone.")


def how_it_ended(left: int, overridden: int, failed: int) -> str:
    """How a run ended, in words: complete, complete except so many, or with so many overridden or failed."""
    words = [f"complete except {left}" if left else "complete"]
    words += [f"{overridden} overridden"] if overridden else []
    words += [f"{failed} failed"] if failed else []
    return ", ".join(words)


def _count(told: Said, field: str) -> int:
    value = told.values.get(field)
    return value if isinstance(value, int) else 0


def _run_entry(told: Said) -> Entry | None:
    name = told.of("name")
    if "number" in told:
        return told.line(RUN, f"{name} began")
    if "passed" in told:
        earlier = listed(told.before("passed"))
        passed = [point for point in told.items("passed") if point not in earlier]
        killers = _count(told, "killers_open")
        still = f" with {killers} open" if killers else ""
        return told.line(RUN, f"{name}: {', '.join(passed) or 'pause point'} passed{still}")
    if "emergency" in told:
        return told.line(RUN, f"{name} waived by {told.by}: {told.now('emergency')}")
    if "paired" in told:
        two = "killer items need two people" if told.values["paired"] is True else "one person is enough"
        return told.line(RUN, f"{name}: {two}")
    if "state" not in told:
        return None
    state, was = told.now("state"), told.was("state")
    if state == "closed":
        went = how_it_ended(_count(told, "left"), _count(told, "overridden"), _count(told, "failed"))
        killers = _count(told, "killers_open")
        went += f", {killers} killer item(s) open" if killers else ""
    else:
        went = "resumed" if state == "open" else state
    result = f", {told.now('result')}" if told.now("result") else ""
    return told.line(RUN, f"{name} {went}{result}", was=was, now=state)


@record("run", letter="r", entry=_run_entry)
class Run(Record):
    """One walk through a checklist, on the version it began with."""

    name: str = stated("", "The checklist's name.")
    version: int = stated(1, "The version it began with.")
    state: RunState | Other = stated("open", "open, paused or closed.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    source: str = stated("", "The checklist's text as it was when the run began.")
    purpose: Purpose | Other = stated("checklist", "One of PURPOSES.")
    paired: bool = stated(False, "Whether its killer items need two people: one asks, another answers.")
    passed: tuple[str, ...] = stated((), "Pause points that were passed.")
    repeat: tuple[str, ...] = stated((), "Ids of the steps that are asked again since it was resumed.")
    repeat_of: tuple[str, ...] = stated((), "When each of them had been answered: that is asked again.")
    emergency: str = stated("", "Why it goes on past open killer items; empty where nothing was waived.")
    emergency_by: str = whose("emergency")
    deployment: str = stated("", "Id of the deployment or planned change that it belongs to.")
    result: RunResult | Unsaid | Other = stated(
        "", "What came of it: passed or failed for a drill or a rollback; empty while unknown."
    )
    result_why: str = why("result")
    left: int = stated(0, "How many steps were left when it was closed.")
    overridden: int = stated(0, "How many were overridden then.")
    failed: int = stated(0, "How many had failed then.")
    killers_open: int = stated(0, "How many killer items were open when a pause point was passed, or it was closed.")
    follow_up: str = stated("", "Id of the obligation that a failed one left.")


def _step_entry(told: Said) -> Entry | None:
    if "state" not in told or "run" in told:
        return None
    state, note = told.now("state"), told.now("note")
    asked = told.now("asked_by") or ("" if "asked_by" in told else told.was("asked_by"))
    heard = f" (asked by {asked})" if asked and state == "done" else ""
    what = f"{told.of('text')}: {'open again' if state == 'open' else state}{heard}{f', {note}' if note else ''}"
    return told.line(STEP, what, was=told.was("state"), now=state)


@record("step", entry=_step_entry)
class Step(Record):
    """One item of one run."""

    run: str = stated("", "Id of the run.")
    position: str = stated("", "Its place: fractions in text that sort as they stand.")
    label: str = stated("", "What it is called within its run: 1, 2, 2.1.")
    item: str = stated("", "What it is called over all versions of its checklist: its id, or its text and place.")
    text: str = stated("", "What to do or confirm.")
    section: str = stated("", "The pause point or section it stands in.")
    killer: bool = stated(False, "Whether leaving it out is a disaster that skilled people do cause.")
    reason: str = stated("", "Why it is on the list.")
    mode: str = stated("", "read-do or do-confirm; empty where the list does not say.")
    expected: str = stated("", "The value that should be seen.")
    who: str = stated("", "Whose it is: a role; a second person at a hold point.")
    hold: bool = stated(False, "Whether another than who answers it has to ask.")
    command: str = stated("", "What to copy and run.")
    link: str = stated("", "Where to read more.")
    condition: str = stated("", "When it applies; else it is not applicable.")
    rollback: str = stated("", "What seen here means: go back.")
    approver: PersonName = stated("", "Who alone may override it; empty for anyone with a name.")
    minutes: int = stated(0, "How long it takes as a rule, in minutes; 0 where nobody said.")
    state: StepState | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    note: str = stated("", "The value seen, or why it is in its state.")
    asked_by: PersonName = stated("", "Who asked it, where that is another than who answers.")
    asked_since: Instant = since("asked_by")
    sensed: bool = stated(False, "Whether a machine answered it.")
    deferred_to: str = stated("", "The pause point or the day at which a deferred one is asked again.")


@record("proof", entry=text_entry(STEP))
class Proof(Record):
    """What was seen at one step: a line, or a pasted output."""

    run: str = stated("", "Id of the run.")
    step: str = stated("", "Id of the step.")
    text: str = stated("", "What was seen, as it stood.")
