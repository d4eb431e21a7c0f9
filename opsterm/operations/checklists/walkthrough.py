"""Where a walk is: its stops in order, which one comes next, and what stands in the way there.

A course keeps the run and its steps as they were last read, and reads anew only what was touched: a key costs the same
in a list of 300 steps as in one of 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Session
from opsterm.operations.checklists.disputed import answers_apart, steps_as_read, steps_of_run
from opsterm.operations.checklists.pause_points import (
    in_the_way,
    open_killers,
    points,
    progress,
    repeats_left,
    sections_of,
)
from opsterm.operations.checklists.run import check_order, run_of, tick
from opsterm.records import Run, Step


@dataclass(frozen=True, slots=True)
class Stop:
    """One place where the walk halts: a step, a pause point, or the end."""

    key: str
    section: str
    #: The step that is asked; none at a pause point and at the end.
    step: Step | None = None
    #: Whether it was deferred at an earlier pause point and is asked again here.
    again: bool = False
    is_end: bool = False


class Course:
    """One run as it is walked on one console."""

    def __init__(self, board: Board, run: str) -> None:
        self._board = board
        self._run_id = run
        self._steps: dict[str, Step] = {}
        #: Deferred steps that were put off once more at the stop where they were asked again.
        self._put_off: set[str] = set()
        self.run: Run | None = None
        self.stops: Sequence[Stop] = ()
        self.sections: Sequence[str] = ()
        #: Step → what two people answered apart, in words.
        self.apart: Mapping[str, str] = {}
        #: How many records were read since it was made, for whoever measures what a key costs.
        self.records_read = 0
        self.read()

    # --- reading

    def read(self) -> None:
        """Reads the run with all its steps."""
        self.run = self._board.get(Run, self._run_id)
        if self.run is None:
            return
        steps = steps_of_run(self._board, self.run)
        self._steps = {step.id: step for step in steps}
        self.records_read += len(steps) + 1
        self._arrange()

    def refresh(self, records: Iterable[str]) -> None:
        """Reads those of its records anew that were touched."""
        touched = set(records)
        if self._run_id in touched:
            self.run = self._board.get(Run, self._run_id)
            self.records_read += 1
        read = [step for record in touched & self._steps.keys() if (step := self._board.get(Step, record)) is not None]
        self.records_read += len(read)
        if self.run is not None:
            self._steps |= {step.id: step for step in steps_as_read(self._board, self.run.incident, read)}
        self._arrange()

    def _arrange(self) -> None:
        run = self.run
        if run is None:
            return
        steps = self.steps
        self.apart = answers_apart(self._board, run.incident, steps)
        self.sections = sections_of(steps)
        halts = run.purpose == "checklist"
        stops: list[Stop] = []
        for point in points(run, steps):
            stops += [Stop(f"again:{step.id}", point.section, step, again=True) for step in point.again]
            stops += [Stop(step.id, point.section, step) for step in point.steps]
            if halts and point.section != self.sections[-1]:
                stops.append(Stop(f"point:{point.section}", point.section))
        if self.sections:
            stops.append(Stop("end:", self.sections[-1], is_end=True))
        self.stops = stops

    # --- what follows from it

    @property
    def steps(self) -> list[Step]:
        return list(self._steps.values())

    @property
    def progress(self) -> tuple[int, int]:
        """(steps settled, steps in all)."""
        return progress(self.steps)

    @property
    def repeats(self) -> list[Step]:
        """Steps that are asked again, since the walk broke off, and were not answered yet."""
        return repeats_left(self.run, self.steps) if self.run else []

    def place(self, key: str) -> int:
        """Which stop it is, from 0; -1 where it is none."""
        return next((place for place, stop in enumerate(self.stops) if stop.key == key), -1)

    def stop(self, key: str) -> Stop | None:
        place = self.place(key)
        return self.stops[place] if place >= 0 else None

    def waits(self, stop: Stop) -> bool:
        """Whether it is still to be answered or passed."""
        if stop.step is None:
            return stop.is_end or (self.run is not None and stop.section not in self.run.passed)
        if stop.again:
            return stop.step.state == "deferred" and stop.key not in self._put_off
        return stop.step.state == "open"

    def answer(
        self, session: Session, stop: Stop, state: str, note: str = "", *, asked_by: str = "", until: str = ""
    ) -> Outcome:
        """Answers the step of a stop. Raises Rejected; `OpenKillers` where an earlier pause point is not passed."""
        step = stop.step
        assert step is not None, "only a step is answered"
        check_order(run_of(session, step), self.steps, step)
        told = tick(session, step, state, note, asked_by=asked_by, until=until)
        if state == "deferred":
            self.put_off(stop)
        return told

    def put_off(self, stop: Stop) -> None:
        """A deferred step was deferred once more where it was asked again: it is not asked there a third time."""
        if stop.again:
            self._put_off.add(stop.key)

    def following(self, key: str = "") -> Stop | None:
        """The stop to go to after one: what is asked again after an interruption, the rest of this pause point, the
        point itself, what comes later, what was left before, the end."""
        repeats = self.repeats
        if repeats:
            return self.stop(repeats[0].id)
        place = self.place(key)
        section = self.stops[place].section if place >= 0 else ""
        later = [stop for stop in self.stops[place + 1 :] if self.waits(stop)]
        before = [stop for stop in self.stops[: max(place, 0)] if self.waits(stop)]
        steps_here = [stop for stop in (*later, *before) if stop.step is not None and stop.section == section]
        asked = [*(steps_here if place >= 0 else ()), *later, *before]
        return next((stop for stop in asked if not stop.is_end), asked[0] if asked else None)

    def killers(self, stop: Stop) -> Sequence[Step]:
        """Killer items to be settled before a pause point is passed, or the run is closed."""
        return open_killers(self.steps) if stop.is_end else in_the_way(self.steps, stop.section)

    def open_here(self, section: str) -> list[Step]:
        """Steps of a pause point that nobody answered yet."""
        return [step for step in self._steps.values() if step.section == section and step.state == "open"]

    def people(self) -> tuple[str, str]:
        """(who answered last, or who began it; who asked last of what another answered, where somebody did). What was
        asked and waits for an answer was not checked by anybody."""
        answered = [step for step in self._steps.values() if step.state != "open"]
        last = max(answered, key=lambda step: step.state_since, default=None)
        asked = [step for step in answered if step.asked_by]
        asker = max(asked, key=lambda step: step.asked_since, default=None)
        return last.state_by if last else (self.run.by if self.run else ""), asker.asked_by if asker else ""
