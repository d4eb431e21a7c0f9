"""The keys of a walk through a checklist: answers, why and evidence, two people, pause points, the run and its end.

Every answer is on the board before the next step is shown, so that another console can go on where this one ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from opsterm.board.failure import BoardError
from opsterm.core.session import Rejected
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import LEFT, needs_value, never_stopped, points_ahead
from opsterm.operations.checklists.walkthrough import Stop
from opsterm.operations.deployments import rollback
from opsterm.operations.deployments.entry_line import until_and_why
from opsterm.records import Run, Step
from opsterm.records.checklist import StepState
from opsterm.records.person_name import same_person
from opsterm.records.record import Other
from screens.checklists.checklist_picker import ChecklistPicker
from screens.checklists.course_screen import CourseScreen
from screens.keys.actions import WALK, bindings
from screens.pages.console_screen import until_typed
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

#: The prompt for a note, and what the state is called in it.
_ASKED_FOR = {
    "failed": "failed, how?",
    "skipped": "skipped, why?",
    "deferred": "deferred, why?",
    "not-applicable": "does not apply, why?",
    "overridden": "overridden, why?",
}
_SAY_WHY = "Say why in a word or two, or esc."
_NO_STEP = "this is no step: k goes up to one"


class Walkthrough(CourseScreen):
    """One run of a checklist, of a way back, or of its rehearsal."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(WALK)

    def _step_here(self, otherwise: str = _NO_STEP) -> Step | None:
        """The step that is shown large; where there is none, it is said why nothing is done."""
        step = self.step
        if step is None:
            self.prompt.flash(otherwise)
        return step

    # --- answers

    def _answer(self, state: StepState | Other, note: str = "", *, asked_by: str = "", until: str = "") -> None:
        """Settles the step that is shown large, and goes on. Raises Rejected."""
        stop, step = self.stop, self.step
        if stop is None or step is None:
            raise Rejected("this is no step: space passes it, k goes up to one")
        outcome = self.course.answer(self.session, stop, state, note, asked_by=asked_by, until=until)
        self.catch_up()
        self.go_on()
        if state in ("done", "not-applicable"):
            self.prompt.told(outcome)
            return
        warning = f": {outcome.warning}" if outcome.warning else ""
        told = f"{outcome.sentence}{warning}"
        if state == "failed" and step.rollback:
            told = f"go back: {step.rollback}  {SIGNS.dot}  b back out"
        self.prompt.flash(told, tone="warn")

    def _answer_at_once(self, state: StepState | Other, note: str = "") -> None:
        try:
            self._answer(state, note)
        except (Rejected, BoardError) as refused:
            self.refuse(refused)

    def _ask(
        self,
        key: str,
        prompt: str,
        words: Callable[[str], str],
        done: Callable[[str], None],
        *,
        empty: str = "",
        wants: str = "",
        paste: Callable[[str], None] | None = None,
    ) -> None:
        """Asks for a line; what is half typed is kept with the step. `empty` stands there before anything is typed, and
        `wants` is what refuses to be done without a word."""

        def finish(typed: str) -> bool:
            if wants and not typed.strip():
                raise Rejected(wants)
            done(typed)
            return True

        self.prompt.ask(Question(prompt, until_typed(empty, words), finish, key, paste=paste))

    def _ask_note(self, state: StepState) -> None:
        step = self._step_here()
        if step is None:
            return
        word = state.replace("-", " ")
        self._ask(
            f"{state}:{step.id}",
            _ASKED_FOR[state],
            lambda note: f"step {step.label} is {word}: {note.strip()}",
            lambda note: self._answer(state, note),
            empty="a word is enough",
            wants=_SAY_WHY,
        )

    def action_done(self) -> None:
        stop, step = self.stop, self.step
        if stop is None:
            self.prompt.flash("there is nothing to answer")
        elif stop.is_end:
            self.action_close()
        elif step is not None and step in self.course.repeats and step.state not in LEFT:
            self._answer_at_once(step.state, step.note)
        elif not self.course.waits(stop):
            self.go_on()
        elif step is None:
            self._pass(stop)
        elif step.expected:
            self.action_value()
        else:
            self._answer_at_once("done")

    def action_value(self) -> None:
        step = self._step_here("this is no step: space passes it")
        if step is None:
            return
        self._ask(
            f"value:{step.id}",
            "value seen",
            lambda value: f"step {step.label} done: {value.strip()}",
            lambda value: self._answer("done", value),
            empty=f"expected: {step.expected}" if step.expected else "enter: done without a value",
            wants="A killer item is answered by the value that one sees: say it, or esc." if needs_value(step) else "",
        )

    def action_failed(self) -> None:
        self._ask_note("failed")

    def action_skip(self) -> None:
        self._ask_note("skipped")

    def action_defer(self) -> None:
        step = self._step_here()
        if step is None:
            return
        ahead = points_ahead(self.course.steps, step)

        def words(line: str) -> str:
            until, why = until_and_why(line, ahead, self.context.board.now)
            return f"step {step.label} is put off to {until or 'the next pause point'}: {why}"

        def defer(line: str) -> None:
            until, why = until_and_why(line, ahead, self.context.board.now)
            if not why:
                raise Rejected(_SAY_WHY)
            self._answer("deferred", why, until=until)

        self._ask(
            f"deferred:{step.id}",
            _ASKED_FOR["deferred"],
            words,
            defer,
            empty="a word is enough; until After: … puts it off to that pause point, until 2w: … to a day",
        )

    def action_not_applicable(self) -> None:
        self._ask_note("not-applicable")

    def action_override(self) -> None:
        self._ask_note("overridden")

    def action_reopen(self) -> None:
        step = self._step_here()
        if step is not None and step.state == "open":
            self.prompt.flash(f"step {step.label} is open")
        elif step is not None:
            self.do(lambda session: checklist.tick(session, step, "open"))

    # --- two people

    def action_ask(self) -> None:
        step = self._step_here("only a step is asked: k goes up to one")
        if step is None:
            return
        if same_person(step.asked_by, self.context.person):
            self.prompt.flash(f"you asked step {step.label}: another answers it")
        elif step.asked_by and step.state == "open":
            self.prompt.flash(f"{step.asked_by} asked it: answer with space")
        else:
            self.do(lambda session: checklist.ask(session, step))

    def action_answered_with(self) -> None:
        step = self._step_here("only a step is asked: k goes up to one")
        if step is None:
            return
        self._ask(
            f"asked:{step.id}",
            "asked by",
            lambda name: f"done: {name.strip()} asked, {self.context.person} answered",
            lambda name: self._answer("done", asked_by=name),
            empty="who reads it aloud?",
            wants="Say who reads it aloud, or esc.",
        )

    def action_pair(self) -> None:
        run = self.run
        if run is not None:
            self.do(lambda session: checklist.pair(session, run, not run.paired))

    # --- what a step has

    def action_copy(self) -> None:
        step = self._step_here("nothing to copy here")
        if step is not None:
            self.prompt.flash(self.context.copy(step.command or step.link or step.text), tone="good")

    def action_copy_link(self) -> None:
        step = self.step
        if step is None or not step.link:
            self.prompt.flash("no link here")
        else:
            self.prompt.flash(self.context.copy(step.link), tone="good")

    def action_evidence(self) -> None:
        step = self._step_here("evidence is of a step: k goes up to one")
        if step is None:
            return

        def keep(text: str) -> None:
            if text.strip():
                self.done(checklist.prove(self.session, step, text))

        def pasted(text: str) -> None:
            self.prompt.close()
            self._prove(step, text)

        self._ask(
            f"evidence:{step.id}",
            "evidence",
            lambda text: f"keeps it with step {step.label}",
            keep,
            empty="type it, or paste it whole",
            paste=pasted,
        )

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted at a step is its evidence, whole."""
        event.stop()
        step = self.step
        if step is not None and event.text.strip():
            self._prove(step, event.text)

    def _prove(self, step: Step, text: str) -> None:
        self.do(lambda session: checklist.prove(session, step, text))

    # --- the run

    def _pass(self, stop: Stop) -> None:
        run = self.run
        if run is not None and self.do(lambda session: checklist.pass_point(session, run, stop.section)):
            self.go_on()

    def action_close(self) -> None:
        run = self.run
        if run is None or run.state == "closed":
            self.prompt.flash("this run is closed")
        elif run.purpose == "checklist":
            if self.do(lambda session: checklist.close(session, run)):
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

    def _finish(self, run: Run, result: str, note: str = "") -> None:
        if self.do(lambda session: rollback.finish(session, run, result, note)):
            self.dismiss()

    def _ask_failure(self, run: Run) -> None:
        self._ask(
            f"result:{run.id}",
            "what failed?",
            str.strip,
            lambda note: self._finish(run, "failed", note),
            empty="a follow-up comes of it",
            wants="Say what failed, or esc.",
        )

    def action_waive(self) -> None:
        run = self.run
        if run is None or run.state == "closed":
            self.prompt.flash("this run is closed")
            return
        if never_stopped(run):
            self.prompt.flash("nothing stops this run")
            return
        told = "killer items stop nothing any more; it is looked at within two working days"
        self._ask(
            f"waive:{run.id}",
            "emergency",
            lambda reason: told,
            lambda reason: self.done(checklist.waive(self.session, run, reason)),
            empty=told,
            wants="Say what the emergency is, or esc.",
        )

    def action_pause(self) -> None:
        run = self.run
        if run is not None and self.do(lambda session: checklist.pause(session, run)):
            self.dismiss()

    def action_back_out(self) -> None:
        run = self.run
        if run is None or run.purpose != "checklist":
            self.prompt.flash("this is a way back already")
            return
        self.app.push_screen(
            ChecklistPicker(self.context, self._walk_back, run.incident, rollback=True, deployment=run.deployment)
        )

    def _walk_back(self, run: str) -> None:
        self.app.push_screen(Walkthrough(self.context, run))
