"""The walk through a checklist: one step large, the rest at hand.

Every answer is on the board before the next step is shown, so that another console can go on where this one ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.command import checklist
from opsterm.command.room import Room
from opsterm.command.session import Refused, Session, Told
from opsterm.command.template import known
from opsterm.records import Run, Step
from opsterm.records.instant import Instant
from screens.actions import WALK, bindings
from screens.bar import Bar
from screens.cells import Cell, Line, wrap
from screens.desk import Desk
from screens.foot import Foot, Question
from screens.lines import Lines, Spot
from screens.page import Page, fixed, heading
from screens.signs import SIGNS
from screens.spans import age, clock

_SIGNS = {"done": SIGNS.done, "open": SIGNS.dot, "deferred": SIGNS.dot}
#: What a step asks for that leaves the run open.
_LEFT = ("open", "deferred")
_ALOUD = "read it aloud, do it, say what you see"


class Walkthrough(Screen[None]):
    """One run of a checklist."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(WALK)

    def __init__(self, desk: Desk, run: str) -> None:
        super().__init__()
        self.desk = desk
        self.run_id = run
        self.run: Run | None = None
        self.steps: list[Step] = []
        self.version = 0
        self.head = Bar(id="head")
        self.lines = StepLines(self)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.lines
        yield self.foot

    # --- what it reacts to

    def on_mount(self) -> None:
        self.foot.places = (WALK,)
        self._read()
        if self.run is not None and self.run.state == "paused":
            run = self.run
            self._do(lambda session: checklist.resume(session, run))
        self._paint()
        self._go_on(after=-1)
        self.set_focus(self.lines)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._paint)

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Reads the run anew: somebody may walk along."""
        self._read()
        self._paint()
        self.lines.mark_fresh(item.record for item in touched)

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)

    def _read(self) -> None:
        board = self.desk.board
        self.version = board.version
        self.run = board.get(Run, self.run_id)
        if self.run is not None:
            self.steps = checklist.steps_of(self.desk.session(self.version), self.run)

    # --- painting

    def _paint(self) -> None:
        if self.run is None:
            self.head.show([Line((Cell(" This run is not on the board any more: esc goes back", "warn"),))])
            return
        now = self.desk.board.now
        self.lines.show(self._spots(), now)
        self.paint_head()
        self.foot.hint = (Cell(f"{len(self._left())} left; what is recorded stays recorded", "muted"),)
        self.foot.rest()

    def paint_head(self) -> None:
        """Which run, how far, and at which pause point."""
        if self.run is None:
            return
        step = self.step
        settled = len(self.steps) - len(self._left())
        section = f"  {SIGNS.dot} {step.section}" if step is not None and step.section else ""
        state = "" if self.run.state == "open" else f"  {self.run.state}"
        self.head.show(
            [
                Line(
                    (
                        Cell(f" {self.run.name}", "accent"),
                        Cell(state, "warn"),
                        Cell(f"  begun by {self.run.by}", "muted"),
                    ),
                    (Cell(f"  {settled} of {len(self.steps)}", "strong"), Cell(f"{section} ", "muted")),
                ),
                Line((), (), fill=Cell(SIGNS.rule, "rule")),
            ]
        )

    def _spots(self) -> list[Spot]:
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        spots: list[Spot] = [fixed(())]
        section = ""
        for step in self.steps:
            if step.section != section:
                section = step.section
                spots += [*([fixed(())] if len(spots) > 1 else []), fixed((Cell(section, "strong"),))]
            spots += self._of(step, columns)
        return spots

    def _of(self, step: Step, columns: int) -> list[Spot]:
        here = step.id == self.lines.cursor_key
        killer = step.killer and step.state == "open"
        sign = "K" if killer else _SIGNS.get(step.state, SIGNS.out)
        tone = "alarm" if killer else "good" if step.state == "done" else "warn" if step.state not in _LEFT else "muted"
        lines = wrap(step.text, columns - 24)
        text_tone = "strong" if here else "" if step.state in _LEFT else "muted"
        first = Spot(step.id, partial(self._first, step, Cell(f"{sign}  ", tone), Cell(lines[0], text_tone)))
        rest = [fixed((Cell("   "), Cell(line, text_tone)), key=step.id) for line in lines[1:]]
        spots = [first, *rest]
        if here:
            if step.reason:
                why = wrap(f"why  {step.reason}", columns - 5)
                spots += [fixed((Cell("   "), Cell(line, "muted")), key=step.id) for line in why]
            if step.killer:
                spots.append(fixed((Cell("   killer item: ", "alarm"), Cell(_ALOUD, "muted")), key=step.id))
            spots = [fixed(()), *spots, fixed(())]
        note = _note(step)
        if note and step.state not in ("done", "open"):
            spots += [fixed((Cell("   "), Cell(note, "muted")), key=step.id)]
        return spots

    def _first(self, step: Step, sign: Cell, text: Cell, columns: int, now: Instant) -> Line:
        if step.state == "open":
            return Line((sign, text))
        when = clock(step.state_since, self.desk.zone, today=now)
        return Line((sign, text), (Cell(f"  {step.state} {step.state_by} {when}", "muted"),))

    # --- what it does

    @property
    def step(self) -> Step | None:
        """The step that is shown large."""
        key = self.lines.selected
        return next((step for step in self.steps if step.id == key), None)

    def _left(self) -> list[Step]:
        return [step for step in self.steps if step.state in _LEFT]

    def moved(self) -> None:
        """Another step is the large one."""
        self._paint()

    def _go_on(self, after: int | None = None) -> None:
        """Goes to the next step that is open: below this one (or the place `after`) first, then from the top."""
        step = self.step
        place = after if after is not None else self.steps.index(step) if step is not None else -1
        waiting = [s for s in (*self.steps[place + 1 :], *self.steps[: place + 1]) if s.state == "open"]
        if waiting:
            self.lines.select(waiting[0].id)
            self.lines.cursor_key = waiting[0].id
            self._paint()
        elif self.steps and self.run is not None and self.run.state != "closed":
            self.foot.flash("all steps are answered: x closes the run")

    def _do(self, command: Callable[[Session], Told]) -> bool:
        try:
            told = command(self.desk.session(self.version))
        except (Refused, BoardError) as refused:
            self.foot.flash(str(refused), tone="warn")
            return False
        self._read()
        self._paint()
        self.foot.told(told)
        return True

    def _answer(self, state: str, note: str = "") -> None:
        step = self.step
        if step is None:
            self.foot.flash("no step is selected")
        elif self._do(lambda session: checklist.tick(session, step, state, note)):
            self._go_on()

    def _ask_note(self, state: str, prompt: str) -> None:
        step = self.step
        if step is None:
            self.foot.flash("no step is selected")
            return
        board, key = self.desk.board, f"note:{step.id}"

        def done(note: str) -> bool:
            if not note.strip():
                raise Refused("Say why in a word or two, or esc.")
            self._answer(state, note.strip())
            return True

        self.foot.ask(
            Question(
                prompt=prompt,
                words=lambda note: f"step {step.label} is {state}" if note.strip() else "why? a word is enough",
                done=done,
                keep=lambda note: board.keep_draft(key, note),
            ),
            board.draft(key),
        )

    def action_done(self) -> None:
        self._answer("done")

    def action_failed(self) -> None:
        self._ask_note("failed", "failed, how?")

    def action_skip(self) -> None:
        self._ask_note("skipped", "skipped, why?")

    def action_defer(self) -> None:
        self._ask_note("deferred", "deferred, why?")

    def action_not_applicable(self) -> None:
        self._ask_note("not-applicable", "does not apply, why?")

    def action_reopen(self) -> None:
        step = self.step
        if step is not None:
            self._do(lambda session: checklist.tick(session, step, "open"))

    def action_pause(self) -> None:
        run = self.run
        if run is not None and self._do(lambda session: checklist.pause(session, run)):
            self.dismiss()

    def action_close(self) -> None:
        run = self.run
        if run is not None and self._do(lambda session: checklist.close(session, run)):
            self.dismiss()

    def action_help(self) -> None:
        from screens.actions import LISTS
        from screens.help import help_page

        self.app.push_screen(help_page(self.desk, WALK, LISTS))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


class StepLines(Lines):
    """The steps of a run."""

    def __init__(self, walk: Walkthrough) -> None:
        super().__init__(id="steps")
        self._walk = walk

    @property
    def title_height(self) -> int:
        return 0

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self._walk.moved()


def _note(step: Step) -> str:
    """The note given with a state, without the step's own words, which the timeline needs and this page has."""
    return step.state_why.removeprefix(f"{step.text}: {step.state}").removeprefix(", ")


def picking_page(
    desk: Desk, room: Room, running: Sequence[str], take: Callable[[str], None], *, rollback: bool = False
) -> Page:
    """Where one picks a checklist, or with `rollback` a way back: the runs that are open, then those that can begin."""
    asked = "Which way back?" if rollback else "Which checklist?"
    return Page(desk, asked, partial(_choices, desk, room, tuple(running), rollback), take=take)


def _choices(desk: Desk, room: Room, running: Sequence[str], rollback: bool, columns: int, now: Instant) -> list[Spot]:
    spots: list[Spot] = []
    open_runs = [run for run in room.runs if run.id in running]
    if open_runs:
        spots += heading("Go on with")
        for run in open_runs:
            settled, of = room.progress(run)
            far = Cell(f"{settled}/{of}  since {age(run.at, now)}", "muted")
            spots.append(fixed((Cell(run.name),), (far,), key=run.id))
    offered = known(desk.board, rollback=rollback)
    if offered:
        spots += heading("Begin")
    for template in offered:
        many = Cell(f"{len(template.tasks.items)} steps", "muted")
        spots.append(fixed((Cell(template.name),), (many,), key=template.name))
    return spots or [fixed(()), fixed((Cell("No such procedure yet: opsterm checklist import FILE.md", "muted"),))]
