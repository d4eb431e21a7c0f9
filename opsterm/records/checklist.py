"""Checklists as templates, walks through them, and what was answered and seen at each step."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import (
    Entry,
    Said,
    edit_entry,
    line_kind,
    listed,
    minutes,
    on_day,
    text_entry,
)

RunState = Literal["open", "paused", "closed"]
#: What came of a drill or a rollback.
RunResult = Literal["passed", "failed"]
RUN_RESULTS: tuple[RunResult, ...] = get_args(RunResult)
StepState = Literal["open", "done", "failed", "skipped", "deferred", "not-applicable", "overridden"]
STATES: tuple[StepState, ...] = get_args(StepState)
#: What runs and incidents teach a checklist: an item that an incident asks for, one that was always skipped, and one
#: that caught nothing for long.
Lesson = Literal["incident", "skipped", "quiet"]
#: What a run is for: a checklist, a way back that is gone for real, or a rehearsal of one.
Purpose = Literal["checklist", "rollback", "drill"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

RUN = line_kind("checklist", "checklist", "doing")
STEP = line_kind("step", "step", "doing", counted=("checklist step", "checklist steps"))


@record("checklist")
class Checklist(Record):
    """A template that a team keeps: a checklist, or a rollback procedure where its text says so. Its earlier versions
    are its earlier changes."""

    name: str = stated("", "What people call it.", called="called")
    version: int = stated(1, "Counts up with each text that differs from the one before.")
    #: The text as written, to the byte, stands in the change: here it is without what acts on a terminal.
    source: str = stated("", "The Markdown that it is written in.", called="")
    source_since: Instant = since("source")
    source_by: str = whose("source")
    source_why: str = why("source")
    file: str = stated("", "Name of the file that it came from, without its ending.", called="from the file")
    lesson: Lesson | Unsaid | Other = stated(
        "", "What this version was taught; empty for one that people wrote.", called=""
    )
    lesson_item: str = stated("", "The item that this version has more or less by its lesson.", called="")
    lesson_runs: int = stated(0, "In how many runs the item that went was seen.", called="")
    lesson_of: str = stated("", "Id of the incident that an item was added for.", called="")
    reviewed_at: Instant = stated(
        "", "When its owner last found it true; empty for never.", called="looked through on", words=on_day
    )
    reviewed_by: str = whose("reviewed_at")
    retired: bool = stated(False, "Whether it is kept for its history alone.", called="retired:")


def what_it_was_taught(lesson: str, item: str, runs: int, incident: str) -> str:
    """Why a version has an item more or less, in words; `incident` is what the incident is called."""
    because = {
        "incident": incident,
        "skipped": f"skipped in all of {runs} runs",
        "quiet": f"caught nothing in {runs} runs and a year",
    }
    return ": ".join(part for part in (item, because.get(lesson, "")) if part) if lesson else ""


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
        return edit_entry(told, RUN)
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

    name: str = stated("", "The checklist's name.", called="called")
    version: int = stated(1, "The version it began with.")
    state: RunState | Other = stated("open", "open, paused or closed.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    source: str = stated("", "The checklist's text as it was when the run began.", called="")
    purpose: Purpose | Other = stated("checklist", "One of PURPOSES.", called="for a")
    paired: bool = stated(
        False,
        "Whether its killer items need two people: one asks, another answers.",
        called="two people at killer items:",
    )
    passed: tuple[str, ...] = stated((), "Pause points that were passed.", called="passed:")
    repeat: tuple[str, ...] = stated((), "Ids of the steps that are asked again since it was resumed.", called="")
    repeat_of: tuple[str, ...] = stated((), "When each of them had been answered: that is asked again.", called="")
    emergency: str = stated(
        "", "Why it goes on past open killer items; empty where nothing was waived.", called="emergency:"
    )
    emergency_by: str = whose("emergency")
    deployment: str = stated("", "Id of the deployment or planned change that it belongs to.", called="")
    result: RunResult | Unsaid | Other = stated(
        "",
        "What came of it: passed or failed for a drill or a rollback; empty while unknown.",
        called="result:",
    )
    result_why: str = why("result")
    left: int = stated(0, "How many steps were left when it was closed.", called="")
    overridden: int = stated(0, "How many were overridden then.", called="")
    failed: int = stated(0, "How many had failed then.", called="")
    killers_open: int = stated(
        0, "How many killer items were open when a pause point was passed, or it was closed.", called=""
    )
    follow_up: str = stated("", "Id of the obligation that a failed one left.", called="")


def _step_entry(told: Said) -> Entry | None:
    if "run" in told:
        return None  # the steps of a run are told as they are answered
    if "state" not in told:
        return edit_entry(told, STEP, marked=False)
    state, note = told.now("state"), told.now("note")
    asked = told.now("asked_by") or ("" if "asked_by" in told else told.was("asked_by"))
    heard = f" (asked by {asked})" if asked and state == "done" else ""
    until = f" until {told.now('deferred_to')}" if told.now("deferred_to") else ""
    how = "open again" if state == "open" else state
    what = f"{told.of('text')}: {how}{until}{heard}{f', {note}' if note else ''}"
    return told.line(STEP, what, was=told.was("state"), now=state)


@record("step", entry=_step_entry)
class Step(Record):
    """One item of one run."""

    run: str = stated("", "Id of the run.", called="")
    position: str = stated("", "Its place: fractions in text that sort as they stand.", called="")
    label: str = stated("", "What it is called within its run: 1, 2, 2.1.", called="step")
    item: str = stated(
        "", "What it is called over all versions of its checklist: its id, or its text and place.", called=""
    )
    text: str = stated("", "What to do or confirm.", called="reads")
    section: str = stated("", "The pause point or section it stands in.", called="pause point:")
    killer: bool = stated(
        False, "Whether leaving it out is a disaster that skilled people do cause.", called="killer item:"
    )
    reason: str = stated("", "Why it is on the list.", called="because")
    mode: str = stated("", "read-do or do-confirm; empty where the list does not say.")
    expected: str = stated("", "The value that should be seen.", called="expected:")
    who: str = stated("", "Whose it is: a role; a second person at a hold point.", called="given to")
    hold: bool = stated(False, "Whether another than who answers it has to ask.", called="another has to ask:")
    command: str = stated("", "What to copy and run.", called="command:")
    link: str = stated("", "Where to read more.", called="more at")
    condition: str = stated("", "When it applies; else it is not applicable.", called="only if")
    rollback: str = stated("", "What seen here means: go back.", called="go back if")
    approver: PersonName = stated(
        "", "Who alone may override it; empty for anyone with a name.", called="overridden only by"
    )
    minutes: int = stated(
        0, "How long it takes as a rule, in minutes; 0 where nobody said.", called="takes", words=minutes
    )
    state: StepState | Other = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    note: str = stated("", "The value seen, or why it is in its state.", called="note:")
    asked_by: PersonName = stated("", "Who asked it, where that is another than who answers.", called="")
    asked_since: Instant = since("asked_by")
    sensed: bool = stated(False, "Whether a machine answered it.", called="")
    deferred_to: str = stated("", "The pause point or the day at which a deferred one is asked again.")


@record("proof", entry=text_entry(STEP))
class Proof(Record):
    """What was seen at one step: a line, or a pasted output."""

    run: str = stated("", "Id of the run.", called="")
    step: str = stated("", "Id of the step.", called="")
    text: str = stated("", "What was seen, as it stood.", called="seen:")
