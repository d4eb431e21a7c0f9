"""The walk through a checklist: one step large, the rest of its pause point at hand.

Every answer is on the board before the next step is shown, so that another console can go on where this one ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import interrupted
from opsterm.operations.checklists.run import never_stopped
from opsterm.operations.checklists.walkthrough import Course, Stop
from opsterm.operations.deployments import rollback
from opsterm.operations.deployments.entry_line import until_and_why
from opsterm.records import Deployment, Incident, Run, Step
from opsterm.records.checklist import RunResult, StepState
from opsterm.records.instant import Instant
from opsterm.records.record import Other
from screens.checklists.checklist_picker import Picking, about
from screens.checklists.step_cards import View, head_lines
from screens.console import ConsoleContext
from screens.keys.actions import LISTS, WALK, bindings
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Lines
from screens.widgets.prompt import WARNING_S, Choice, Prompt, Question
from screens.widgets.symbols import SIGNS

#: The prompt for a note, and what the state is called in it.
_ASKED_FOR = {
    "failed": "failed, how?",
    "skipped": "skipped, why?",
    "deferred": "deferred, why?",
    "not-applicable": "does not apply, why?",
    "overridden": "overridden, why?",
}


class Walkthrough(Screen[None]):
    """One run of a checklist, of a way back, or of its rehearsal."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(WALK)

    def __init__(self, context: ConsoleContext, run: str) -> None:
        super().__init__()
        self.context = context
        self.course = Course(context.board, run)
        self.version = context.board.version
        #: Key of the stop that is shown large.
        self.at = ""
        self.about = _about(context, self.course.run)
        self.head = Bar(id="head")
        self.lines = StopLines(self)
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.lines
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        self.prompt.places = (WALK, LISTS)
        self.set_focus(self.lines)
        self._resume()
        first = self.course.following()
        self.at = first.key if first else ""
        self.paint()

    def _resume(self) -> None:
        """Whoever goes on with a walk that broke off is asked its last items again."""
        run = self.run
        if run is not None and run.state != "closed" and interrupted(run, self.course.steps, self.context.board.now):
            self.do(lambda session: checklist.resume(session, run), (run.id,))

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.course.read()
            self.version = self.context.board.version
            self.paint()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Reads what others touched: somebody may walk along, or be the one who answers."""
        before = self.course.stop(self.at)
        self.course.refresh(item.record for item in touched)
        self.version = self.context.board.version
        now = self.course.stop(self.at)
        typing = self.prompt.question is not None
        if before is not None and self._answered_here(before, now) and not typing:
            self.go_on()
        else:
            self.paint()
        self._say_heard(before, now)
        self.lines.mark_fresh(item.record for item in touched)

    def _answered_here(self, before: Stop, now: Stop | None) -> bool:
        """Whether another answered the very stop that is shown here."""
        if now is None or before.step is None or now.step is None:
            return now is None
        return before.step.state in ("open", "deferred") and before.step.state != now.step.state

    def _say_heard(self, before: Stop | None, now: Stop | None) -> None:
        """Says what another asked or answered at the stop that was shown."""
        if before is None or now is None or before.step is None or now.step is None:
            return
        was, step = before.step, now.step
        if step.state != was.state and step.state != "open":
            note = f": {step.note}" if step.note else ""
            words = f"{step.state_by} answered step {step.label}, {step.state.replace('-', ' ')}{note}"
            self.prompt.flash(words, tone="good" if step.state == "done" else "warn", seconds=WARNING_S)
        elif step.asked_by and step.asked_by != was.asked_by and step.state == "open":
            self.prompt.flash(f"{step.asked_by} asks step {step.label}: answer with space", seconds=WARNING_S)

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)
        self.paint_head()

    # --- painting

    @property
    def run(self) -> Run | None:
        return self.course.run

    @property
    def stop(self) -> Stop | None:
        """The stop that is shown large."""
        return self.course.stop(self.at)

    @property
    def step(self) -> Step | None:
        """The step that is shown large; none at a pause point."""
        stop = self.stop
        return stop.step if stop else None

    def paint(self) -> None:
        """Paints the window around the stop that one is at."""
        if self.run is None:
            self.head.show([Line((Cell(" This run is not on the board any more: esc goes back", "warn"),))])
            return
        if self.stop is None and self.course.stops:
            self.at = self.course.stops[0].key
        size = self.lines.size if self.lines.size.width else self.app.size
        view = View(self.course, self.context.person, self.context.zone, max(size.width - 3, 20), max(size.height, 10))
        step, now = self.step, self.context.board.now
        proofs = checklist.proofs_of(self.session, step) if step is not None else []
        self.lines.cursor_key = self.at
        self.lines.show(view.rows(self.at, proofs, now), now)
        self.lines.scroll_to(y=0, animate=False, immediate=True)
        self.paint_head()
        self.prompt.hint = self._hint()
        self.prompt.rest()

    def paint_head(self) -> None:
        """Which run, how far, and at which pause point."""
        if self.run is not None:
            lines = head_lines(self.course, self.run, self.stop, self.about, self.context.board.now)
            self.head.show(lines)

    def _hint(self) -> tuple[Cell, ...]:
        run, stop, step = self.run, self.stop, self.step
        prompt = Cell(f"{SIGNS.prompt} ", "accent")
        if run is None or stop is None:
            return ()
        if run.state == "closed":
            return (Cell("this run is closed; esc goes back", "muted"),)
        if step is None:
            end = "space closes the run" if stop.is_end else "space passes the pause point"
            return (prompt, Cell(end, "muted"))
        if any(other.id == step.id for other in self.course.repeats):
            return (prompt, Cell("asked again since the walk broke off: space where it is still so", "warn"))
        if step.state not in ("open", "deferred"):
            return (prompt, Cell(f"{step.state.replace('-', ' ')}; o opens it again", "muted"))
        if step.expected:
            return (prompt, Cell("space, and say the value that you see", "muted"))
        return (prompt, Cell("what is recorded stays recorded; esc leaves, and others go on", "muted"))

    # --- moving

    def go_on(self) -> None:
        """Goes to the stop that comes next."""
        following = self.course.following(self.at)
        if following is not None:
            self.at = following.key
        self.paint()

    def move(self, by: int) -> None:
        """Goes up or down by so many stops, without answering."""
        place = min(max(self.course.place(self.at) + by, 0), len(self.course.stops) - 1)
        if place >= 0:
            self.at = self.course.stops[place].key
            self.paint()

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.context.session(self.version)

    def do(self, command: Callable[[Session], Outcome], touched: Sequence[str]) -> Outcome | None:
        """Runs a command of the field, reads what it touched, and says what came of it; nothing where refused."""
        try:
            return self._run(command, touched)
        except (Rejected, BoardError) as refused:
            self.prompt.flash(str(refused), tone="warn", seconds=WARNING_S)
            return None

    def _run(self, command: Callable[[Session], Outcome], touched: Sequence[str]) -> Outcome:
        """The same for what was typed: a refusal is said by the line, and leaves the words in it. Raises Rejected."""
        told = command(self.session)
        self.course.refresh(touched)
        self.version = self.context.board.version
        self.prompt.told(told)
        return told

    def _answer(self, state: StepState | Other, note: str = "", *, asked_by: str = "", until: str = "") -> None:
        """Settles the step that is shown large, and goes on. Raises Rejected."""
        stop, step = self.stop, self.step
        if stop is None or step is None:
            raise Rejected("this is no step: space passes it, k goes up to one")
        barred = self.course.barred(step)
        if barred:
            named = ", ".join(f"{killer.label} {killer.text}" for killer in barred[:2])
            raise Rejected(f"an earlier pause point is not passed, it waits for {named}")
        told = self._run(
            lambda session: checklist.tick(session, step, state, note, asked_by=asked_by, until=until), (step.id,)
        )
        if state not in ("done", "not-applicable"):
            warning = f": {told.warning}" if told.warning else ""
            self.prompt.flash(f"{told.sentence}{warning}", tone="warn", seconds=WARNING_S)
        if state == "not-applicable":
            self.course.refresh_branch(step)
        elif state == "deferred":
            self.course.put_off(stop)
        self.go_on()
        if state == "failed" and step.rollback:
            self.prompt.flash(f"go back: {step.rollback}  {SIGNS.dot}  b back out", tone="warn", seconds=WARNING_S)

    def _answer_at_once(self, state: StepState | Other, note: str = "") -> None:
        try:
            self._answer(state, note)
        except (Rejected, BoardError) as refused:
            self.prompt.flash(str(refused), tone="warn", seconds=WARNING_S)

    def _ask_note(self, state: StepState) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("this is no step: k goes up to one")
            return
        word = state.replace("-", " ")
        self._ask(
            f"{state}:{step.id}",
            _ASKED_FOR[state],
            lambda note: f"step {step.label} is {word}: {note.strip()}" if note.strip() else "a word is enough",
            lambda note: self._noted(state, note),
        )

    def _noted(self, state: StepState, note: str) -> bool:
        if not note.strip():
            raise Rejected("Say why in a word or two, or esc.")
        self._answer(state, note.strip())
        return True

    def _ask(self, key: str, prompt: str, words: Callable[[str], str], done: Callable[[str], bool]) -> None:
        """Asks for a line; what is half typed is kept with the step."""
        board = self.context.board
        question = Question(prompt=prompt, words=words, done=done, keep=lambda typed: board.keep_draft(key, typed))
        self.prompt.ask(question, board.draft(key))

    def action_done(self) -> None:
        stop, step = self.stop, self.step
        if stop is None:
            self.prompt.flash("there is nothing to answer")
        elif step is None:
            self._end() if stop.is_end else self._pass(stop)
        elif step.state not in ("open", "deferred"):
            self._answer_at_once(step.state, step.note)
        elif step.expected:
            self.action_value()
        else:
            self._answer_at_once("done")

    def action_value(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("this is no step: space passes it")
            return
        empty = f"expected: {step.expected}" if step.expected else "enter: done without a value"

        def said(value: str) -> bool:
            if step.killer and step.expected and not value.strip():
                raise Rejected("A killer item is answered by the value that one sees: say it, or esc.")
            self._answer("done", value.strip())
            return True

        self._ask(
            f"value:{step.id}",
            "value seen",
            lambda value: f"step {step.label} done: {value.strip()}" if value.strip() else empty,
            said,
        )

    def action_failed(self) -> None:
        self._ask_note("failed")

    def action_skip(self) -> None:
        self._ask_note("skipped")

    def action_defer(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("this is no step: k goes up to one")
            return
        sections = [name for name in self.course.sections if name]
        ahead = sections[sections.index(step.section) + 1 :] if step.section in sections else sections

        def read(line: str) -> tuple[str, str]:
            return until_and_why(line, ahead, self.context.board.now)

        def words(line: str) -> str:
            if not line.strip():
                return "a word is enough; until After: … puts it off to that pause point, until 2w: … to a day"
            try:
                until, why = read(line)
            except Rejected as refused:
                return str(refused)
            return f"step {step.label} is put off to {until or 'the next pause point'}: {why}"

        def defer(line: str) -> bool:
            until, why = read(line)
            if not why:
                raise Rejected("Say why in a word or two, or esc.")
            self._answer("deferred", why, until=until)
            return True

        self._ask(f"deferred:{step.id}", _ASKED_FOR["deferred"], words, defer)

    def action_not_applicable(self) -> None:
        self._ask_note("not-applicable")

    def action_override(self) -> None:
        self._ask_note("overridden")

    def action_reopen(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("this is no step: k goes up to one")
        elif step.state == "open":
            self.prompt.flash(f"step {step.label} is open")
        elif self.do(lambda session: checklist.tick(session, step, "open"), (step.id,)):
            self.paint()

    # --- two people

    def action_ask(self) -> None:
        step, run = self.step, self.run
        if step is None or run is None:
            self.prompt.flash("only a step is asked: k goes up to one")
        elif step.asked_by.casefold() == self.context.person.casefold():
            self.prompt.flash(f"you asked step {step.label}: another answers it")
        elif step.asked_by and step.state == "open":
            self.prompt.flash(f"{step.asked_by} asked it: answer with space")
        elif self.do(lambda session: checklist.ask(session, step), (step.id,)):
            self.paint()

    def action_answered_with(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("only a step is asked: k goes up to one")
            return

        def asked(name: str) -> bool:
            if not name.strip():
                raise Rejected("Say who reads it aloud, or esc.")
            self._answer("done", asked_by=name.strip())
            return True

        self._ask(
            f"asked:{step.id}",
            "asked by",
            lambda name: (
                f"done: {name.strip()} asked, {self.context.person} answered" if name.strip() else "who reads it aloud?"
            ),
            asked,
        )

    def action_pair(self) -> None:
        run = self.run
        if run is not None and self.do(lambda session: checklist.pair(session, run, not run.paired), (run.id,)):
            self.paint()

    # --- what a step has

    def action_copy(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("nothing to copy here")
            return
        self.prompt.flash(self.context.copy(step.command or step.link or step.text), tone="good")

    def action_copy_link(self) -> None:
        step = self.step
        if step is None or not step.link:
            self.prompt.flash("no link here")
            return
        self.prompt.flash(self.context.copy(step.link), tone="good")

    def action_evidence(self) -> None:
        step = self.step
        if step is None:
            self.prompt.flash("evidence is of a step: k goes up to one")
            return

        def keep(text: str) -> bool:
            self._run(lambda session: checklist.prove(session, step, text), ())
            self.paint()
            return True

        def pasted(text: str) -> None:
            self.prompt.close()
            self._prove(step, text)

        key, board = f"evidence:{step.id}", self.context.board
        self.prompt.ask(
            Question(
                prompt="evidence",
                words=lambda text: f"keeps it with step {step.label}" if text.strip() else "type it, or paste it whole",
                done=lambda text: keep(text) if text.strip() else True,
                keep=lambda text: board.keep_draft(key, text),
                paste=pasted,
            ),
            board.draft(key),
        )

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted at a step is its evidence, whole."""
        event.stop()
        step = self.step
        if step is not None and event.text.strip():
            self._prove(step, event.text)

    def _prove(self, step: Step, text: str) -> None:
        if self.do(lambda session: checklist.prove(session, step, text), ()):
            self.paint()

    # --- the run

    def _pass(self, stop: Stop) -> None:
        run = self.run
        if run is None:
            return
        if self.do(lambda session: checklist.pass_point(session, run, stop.section), (run.id,)):
            self.go_on()

    def _end(self) -> None:
        run = self.run
        if run is None or run.state == "closed":
            self.prompt.flash("this run is closed")
        elif run.purpose == "checklist":
            if self.do(lambda session: checklist.close(session, run), (run.id,)):
                self.dismiss()
        else:
            what = "the drill" if run.purpose == "drill" else "the way back"
            self.prompt.choose(
                f"How did {what} go?",
                [
                    Choice("p", "passed", lambda: self._finish(run, "passed")),
                    Choice("f", "failed", lambda: self._ask_failure(run)),
                ],
            )

    def _finish(self, run: Run, result: RunResult, note: str = "") -> None:
        if self.do(lambda session: rollback.finish(session, run, result, note), (run.id,)):
            self.dismiss()

    def _ask_failure(self, run: Run) -> None:
        def failed(note: str) -> bool:
            if not note.strip():
                raise Rejected("Say what failed, or esc.")
            self._finish(run, "failed", note.strip())
            return True

        self._ask(f"result:{run.id}", "what failed?", lambda note: note.strip() or "a follow-up comes of it", failed)

    def action_close(self) -> None:
        self._end()

    def action_waive(self) -> None:
        run = self.run
        if run is None or run.state == "closed":
            self.prompt.flash("this run is closed")
            return
        if never_stopped(run):
            self.prompt.flash("nothing stops this run")
            return

        def waived(reason: str) -> bool:
            if not reason.strip():
                raise Rejected("Say what the emergency is, or esc.")
            self._run(lambda session: checklist.waive(session, run, reason), (run.id,))
            self.paint()
            return True

        self._ask(
            f"waive:{run.id}",
            "emergency",
            lambda reason: "killer items stop nothing any more; it is looked at within two working days",
            waived,
        )

    def action_pause(self) -> None:
        run = self.run
        if run is not None and self.do(lambda session: checklist.pause(session, run), (run.id,)):
            self.dismiss()

    def action_back_out(self) -> None:
        run = self.run
        if run is None or run.purpose != "checklist":
            self.prompt.flash("this is a way back already")
            return
        self.app.push_screen(Picking(self.context, run.incident, rollback=True, deployment=run.deployment))

    def action_undo(self) -> None:
        undone = self.context.undo.undo(self.context.person)
        self.course.read()
        self.version = self.context.board.version
        self.paint()
        self.prompt.flash(undone.sentence, tone="warn" if undone.left else "")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.context, WALK, LISTS))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


class StopLines(Lines):
    """The window of stops: moving in it moves the walk."""

    def __init__(self, walk: Walkthrough) -> None:
        super().__init__(id="steps")
        self._walk = walk

    @property
    def title_height(self) -> int:
        return 0

    def action_down(self, by: int = 1) -> None:
        self._walk.move(by)

    def action_up(self, by: int = 1) -> None:
        self._walk.move(-by)

    def action_page_down(self) -> None:
        self._walk.move(9)

    def action_page_up(self) -> None:
        self._walk.move(-9)

    def action_first(self) -> None:
        self._walk.move(-len(self._walk.course.stops))

    def action_last(self) -> None:
        self._walk.move(len(self._walk.course.stops))

    def on_click(self, event: events.Click) -> None:
        """The card is where one is; other lines are reached by keys."""


def _about(context: ConsoleContext, run: Run | None) -> str:
    """What a run is walked for: its deployment or planned change, else its incident."""
    if run is None:
        return ""
    item = about(context, run.deployment)
    if item is not None:
        version = f" {item.version}" if isinstance(item, Deployment) and item.version else ""
        return f"{item.mark} {item.title}{version}"
    incident = context.board.get(Incident, run.incident) if run.incident else None
    return incident.mark if incident else ""
