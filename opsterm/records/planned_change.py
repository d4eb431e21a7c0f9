"""A change to a live system before it happens: its risk, who approved which version of it, and when not to."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import minutes, on_day

State = Literal["open", "running", "done", "failed", "rolled back", "withdrawn"]
#: States in which it is not over.
OPEN: tuple[State, ...] = ("open", "running")
Level = Literal["routine", "moderate", "high", "critical"]
LEVELS: tuple[Level, ...] = get_args(Level)


@record("planned_change", letter="CHG-")
class PlannedChange(Record):
    """What somebody means to change, with the answers that its risk is worked out from."""

    title: str = stated("", "What is to change.")
    sort: str = stated("service", "The type of deployment that it is.", called="kind")
    systems: tuple[str, ...] = stated((), "Systems that it changes.", called="systems:")
    dependents: tuple[str, ...] = stated((), "Systems that hang directly on those.", called="hang on those:")
    version: str = stated("1", "What exactly is to be done: a commit, or a number that counts up with each edit.")
    plan: str = stated("", "How, in words.", called="plan:")
    owner: PersonName = stated("", "Who answers for it.", called="given to")
    answers: tuple[str, ...] = stated((), "Answers to the questions of risk, as name=number.", called="answers:")
    score: int = stated(0, "Points of risk, 0 to 100.", called="points of risk:")
    level: Level | Other = stated("routine", "One of LEVELS.", called="risk is")
    state: State | Other = stated("open", "How far it is, or how it ended.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    window_from: Instant = stated("", "When its window opens; empty where none was announced.", words=on_day)
    window_to: Instant = stated("", "When its window ends.", called="window until", words=on_day)
    bake_minutes: int = stated(
        60, "How long its effects are watched before the next change, in minutes.", called="watched for", words=minutes
    )
    decide_by: Instant = stated(
        "", "When go or no-go, or going back, is decided at the latest.", called="go or no-go by", words=on_day
    )
    stages: tuple[str, ...] = stated(
        (), "Its stages, in order, each with its criterion and owner in words.", called="stages:"
    )
    stage: int = stated(0, "How many of its stages were begun.", called="stages begun:")
    stage_since: Instant = since("stage")
    stage_why: str = why("stage")
    unmet: int = stated(
        0,
        "How much was still asked for when its last stage began: what an emergency passed.",
        called="still asked for:",
    )
    rollback: str = stated("", "The way back: name of a procedure, or in words.", called="way back:")
    run: str = stated("", "Id of the checklist run beside it.", called="")
    emergency: str = stated(
        "", "The harm that it ends or prevents now; empty for the normal path.", called="emergency:"
    )
    except_by: PersonName = stated("", "Who allowed it in a freeze.", called="let through by")


@record("approval")
class Approval(Record):
    """One person's yes or no to one version of a planned change."""

    planned: str = stated("", "Id of the planned change.", called="")
    version: str = stated("", "The version that was looked at: it holds for no other.")
    name: PersonName = stated("", "Who.", called="by")
    yes: bool = stated(True, "Approved, else refused.", called="approved:")
    accountable: bool = stated(False, "Whether this person answers for going ahead.", called="answers for it:")
    text: str = stated("", "What was said with it.", called="said")


@record("freeze")
class Freeze(Record):
    """A time in which nothing is changed."""

    systems: tuple[str, ...] = stated((), "What it covers; empty for everything.", called="systems:")
    from_at: Instant = stated("", "When it begins.", called="from", words=on_day)
    to_at: Instant = stated("", "When it ends.", called="until", words=on_day)
    text: str = stated("", "Why.", called="because")
    excepts: tuple[str, ...] = stated((), "Who may let a change through.", called="may let through:")
    lifted: bool = stated(False, "Whether it was ended early.", called="lifted:")
