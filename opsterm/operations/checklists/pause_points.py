"""The rules of walking through a checklist, of steps alone: what stands in the way, what is asked again, what is slow.

[Degani & Wiener 1993; Gawande 2009; Boeing 787 FCOM 10.60; Northwest 255 and Spanair 5022 for interrupted lists]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsterm.core.times import between
from opsterm.records import Run, Step
from opsterm.records.checklist import StepState, how_it_ended
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person

#: States in which a killer item still stands in the way: only its approver goes on past it, on the record.
UNSETTLED: tuple[StepState, ...] = ("open", "deferred", "failed", "skipped")
#: States in which an item is still to be answered.
LEFT: tuple[StepState, ...] = ("open", "deferred")
#: A run that stood for longer than this is interrupted, whoever goes on with it: in seconds.
INTERRUPTED_S = 600
#: So many items are asked again when a run goes on.
REPEATED = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A pause point of a run."""

    section: str
    steps: tuple[Step, ...]
    #: Items deferred at earlier points that are asked again here.
    again: tuple[Step, ...]
    passed: bool

    @property
    def left(self) -> tuple[Step, ...]:
        return tuple(step for step in (*self.again, *self.steps) if step.state in LEFT)

    @property
    def killers(self) -> tuple[Step, ...]:
        """Killer items that stand in the way."""
        return open_killers(self.steps)

    @property
    def said(self) -> str:
        """How it stands: complete, complete except deferred, overridden, or what is left."""
        if any(step.state in ("open", "failed") for step in self.steps):
            return f"{sum(step.state in LEFT for step in self.steps)} left"
        if any(step.state == "overridden" for step in self.steps):
            return "overridden"
        deferred = sum(step.state == "deferred" for step in self.steps)
        return f"complete except {deferred} deferred" if deferred else "complete"


def sections_of(steps: Sequence[Step]) -> list[str]:
    """The pause points of a run, in order."""
    return list(dict.fromkeys(step.section for step in steps))


def open_killers(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Killer items that are not settled."""
    return tuple(step for step in steps if step.killer and step.state in UNSETTLED)


def in_the_way(steps: Sequence[Step], section: str) -> tuple[Step, ...]:
    """Killer items, up to and with a pause point, that have to be settled before it is passed."""
    sections = sections_of(steps)
    upto = sections[: sections.index(section) + 1] if section in sections else sections
    return open_killers([step for step in steps if step.section in upto])


def never_stopped(run: Run) -> bool:
    """Whether killer items are only named: it is waived, or it is a way back or its rehearsal."""
    return bool(run.emergency) or run.purpose != "checklist"


def killers_before(run: Run, steps: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """Killer items of earlier pause points that stand before a step; none where nothing may stop the run."""
    sections = sections_of(steps)
    place = sections.index(step.section) if step.section in sections else 0
    return in_the_way(steps, sections[place - 1]) if place and not never_stopped(run) else ()


def points_ahead(steps: Sequence[Step], step: Step) -> list[str]:
    """The named pause points after a step's own, to which it can be deferred."""
    sections = [section for section in sections_of(steps) if section]
    return sections[sections.index(step.section) + 1 :] if step.section in sections else sections


def needs_two(step: Step, run: Run) -> bool:
    """Whether another than who answers it has to ask it: at a hold point, and at the killer items of a paired run."""
    return step.hold or (run.paired and step.killer)


def needs_value(step: Step) -> bool:
    """Whether a step is done only with the value that one sees: a killer item that says what to expect."""
    return step.killer and bool(step.expected)


def points(run: Run, steps: Sequence[Step]) -> list[Point]:
    """The pause points of a run, each with what is asked again there: a deferred item is seen at the point that it was
    deferred to, or else at the one after its own; where that is past or unknown, at the next that is not passed."""
    sections = sections_of(steps)
    again: dict[str, list[Step]] = {}
    own_steps: dict[str, list[Step]] = {}
    for step in steps:
        own_steps.setdefault(step.section, []).append(step)
        if step.state != "deferred":
            continue
        own = sections.index(step.section)
        wanted = sections.index(step.deferred_to) if step.deferred_to in sections else own + 1
        later = [s for place, s in enumerate(sections) if place > own and place >= wanted and s not in run.passed]
        later = later or [s for place, s in enumerate(sections) if place > own and s not in run.passed]
        if later:
            again.setdefault(later[0], []).append(step)
    return [
        Point(
            section,
            tuple(own_steps[section]),
            tuple(again.get(section, ())),
            section in run.passed,
        )
        for section in sections
    ]


def current_section(steps: Sequence[Step]) -> str:
    """The pause point that the walk is at: that of the first open item, else the last."""
    for step in steps:
        if step.state == "open":
            return step.section
    return steps[-1].section if steps else ""


def last_answered(steps: Sequence[Step]) -> list[Step]:
    """The answered steps, the latest first."""
    answered = [step for step in steps if step.state != "open"]
    return sorted(answered, key=lambda step: (step.state_since, step.position), reverse=True)


def interrupted(run: Run, steps: Sequence[Step], now: Instant) -> bool:
    """Whether the walk broke off: it was paused, or stood for longer than INTERRUPTED_S with items open."""
    if run.state == "paused":
        return True
    answered = last_answered(steps)
    waiting = run.state == "open" and any(step.state == "open" for step in steps) and bool(answered)
    return waiting and between(max(answered[0].state_since, run.state_since), now) > INTERRUPTED_S


def to_repeat(run: Run, steps: Sequence[Step], person: str, now: Instant) -> list[Step]:
    """The steps that are asked again when `person` goes on with a run: the last three that were answered; and every
    item of the present pause point that no machine answered, unless the same person comes back within ten minutes."""
    answered = last_answered(steps)
    again = {step.id for step in answered[:REPEATED]}
    stopped_by = run.state_by if run.state == "paused" else (answered[0].state_by if answered else "")
    stopped_at = run.state_since if run.state == "paused" else (answered[0].state_since if answered else now)
    if not same_person(stopped_by, person) or between(stopped_at, now) >= INTERRUPTED_S:
        here = answered[0].section if answered else ""
        again |= {step.id for step in answered if step.section == here and not step.sensed}
    return [step for step in steps if step.id in again]


def repeats_left(run: Run, steps: Sequence[Step]) -> list[Step]:
    """The steps to be asked again that nobody answered since the run went on: those that stand as they stood then.
    Whose clock is ahead resumes a run later than anybody answers: it would be asked again and again by the times."""
    stood = dict(zip(run.repeat, run.repeat_of, strict=False))
    return [step for step in steps if stood.get(step.id) == step.state_since]


def progress(steps: Sequence[Step]) -> tuple[int, int]:
    """(steps settled, steps in all)."""
    return sum(step.state not in LEFT for step in steps), len(steps)


def counts(steps: Sequence[Step]) -> dict[str, int]:
    """How many steps of a run were left, overridden and failed when it ended."""
    return {
        "left": sum(step.state in LEFT for step in steps),
        "overridden": sum(step.state == "overridden" for step in steps),
        "failed": sum(step.state == "failed" for step in steps),
    }


def outcome(steps: Sequence[Step]) -> str:
    """How a run ended: complete, complete except so many, or with so many overridden."""
    return how_it_ended(**counts(steps))
