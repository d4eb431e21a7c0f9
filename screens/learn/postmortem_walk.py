"""The walk through a postmortem, for one person or a meeting: a step a screen, the record beside the questions.

What is typed is reviewed as it is typed; nothing of that blocks. What is still asked for stands with what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal

from opsterm.board.store import Board
from opsterm.core.session import Outcome
from opsterm.learn import postmortem as postmortems
from opsterm.learn import revising
from opsterm.learn.account import TrackedImprovement, gather
from opsterm.learn.postmortem_walk import PostmortemQuestion, PostmortemStep, open_points, steps
from opsterm.learn.report import report
from opsterm.learn.seen_before import EarlierIncident, seen_before
from opsterm.records import Answer, Factor, Improvement
from opsterm.records.instant import Instant
from opsterm.records.postmortem import STATES, State
from screens.console import ConsoleContext
from screens.keys.actions import POSTMORTEM, bindings
from screens.learn.postmortem_entry import PostmortemEntry
from screens.learn.step_lines import StepLines, pointed_improvement
from screens.pages.background_work import BackgroundWork
from screens.pages.choosing import about
from screens.pages.rows import heading
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

#: From so many columns on, the record stands beside the questions; else below them.
BESIDE_MIN = 120
#: What a factor and an improvement take, most used first.
_KEYS_OF_FACTOR = (("t", "kind"), ("s", "shown by"), ("b", "behind it"), ("e", "words"), ("x", "take out"))
_KEYS_OF_IMPROVEMENT = (
    ("d", "done"),
    ("o", "whose, when"),
    ("t", "type"),
    ("w", "done when"),
    ("s", "shown by"),
    ("f", "factor"),
    ("x", "idea only"),
    ("e", "words"),
)


class RecordLines(Lines):
    """What is recorded, beside the questions: it scrolls, and nothing in it is selected."""

    def title(self) -> Line:
        tone = "accent" if self.has_focus else "rule"
        return Line((Cell(f"{SIGNS.rule} From the record ", tone),), fill=Cell(SIGNS.rule, tone))


class PostmortemWalk(PostmortemEntry):
    """The steps: what went before, those of the walk, and each with what it still asks for."""

    BINDINGS = bindings(POSTMORTEM)
    place = POSTMORTEM

    def __init__(self, context: ConsoleContext, incident: str, *, step: str = "") -> None:
        super().__init__(context)
        self.incident = incident
        self.record = RecordLines(id="record")
        keys = [item.key for item in steps()]
        #: 0 is what went before; then the steps of the walk.
        self.at = keys.index(step) + 1 if step in keys else 0
        #: Earlier incidents that it may repeat, looked for beside the console.
        self.seen: Sequence[EarlierIncident] = ()
        self._aside = BackgroundWork(self, context.board, self._look, self._saw)
        self.typing = None

    def compose(self) -> ComposeResult:
        yield Horizontal(self.lines, self.record, id="walk-sides")
        yield self.prompt

    def on_mount(self) -> None:
        self._aside.ask()

    def _look(self, board: Board) -> Sequence[EarlierIncident]:
        return seen_before(board, self.incident)

    def _saw(self, seen: Sequence[EarlierIncident]) -> None:
        if seen:
            self.seen = seen
            self.paint()

    # --- what it reads

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.account = gather(board, self.incident)
        self.document = report(self.account)
        self.people = frozenset(name for _, name in self.account.people) | {a.owner for a in self.account.actions}
        wanted = self.step is None or "earlier" in self.step.shows
        self.earlier = postmortems.earlier_improvements(board, self.incident) if wanted else []
        self.answers = board.all(Answer, self.incident)

    @property
    def step(self) -> PostmortemStep | None:
        """The step of the walk; none before it begins."""
        return steps()[self.at - 1] if self.at else None

    # --- what it shows

    def heading(self, now: Instant) -> str:
        title = self.step.title if self.step else "Before it begins"
        mark = self.account.incident.mark
        return f"Postmortem {mark} {SIGNS.dot} {self.at + 1} of {len(steps()) + 1} {SIGNS.dot} {title}"

    @property
    def left(self) -> int:
        """How much is still asked for before it can be published."""
        return sum(point.holds for item in steps() for point in open_points(self.account, item.key))

    def hint(self) -> tuple[Cell, ...]:
        keys = _KEYS_OF_FACTOR if self._factor() else _KEYS_OF_IMPROVEMENT if self._improvement() else ()
        if keys:
            return tuple(cell for key, verb in keys for cell in (Cell(key, "accent"), Cell(f" {verb}  ", "muted")))
        left = self.left
        told = f"{left} still asked for" if left else "nothing is asked for any more"
        return (Cell(SIGNS.right, "accent"), Cell(" next step   ", "muted"), Cell(told, "warn" if left else "good"))

    def paint(self) -> None:
        beside = self.app.size.width >= BESIDE_MIN
        if self.record.display != beside:
            self.record.display = beside
            self.call_after_refresh(self.paint)
        super().paint()
        if beside:
            columns = max((self.record.size.width or self.app.size.width // 2) - 3, 20)
            self.record.show(self.drawn.recorded(self.step, columns), self.context.board.now)
            self.record.refresh()

    def tick(self, now: Instant) -> None:
        """Nothing on it counts."""

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = self.drawn.rows(self.step, columns)
        if self.app.size.width < BESIDE_MIN:
            recorded = self.drawn.recorded(self.step, columns)
            rows += [*heading("From the record"), *recorded[1:]] if recorded else []
        return rows

    @property
    def drawn(self) -> StepLines:
        """The steps as they look now."""
        now = self.context.board.now
        return StepLines(
            self.account, self.document, self.earlier, self.answers, self.people, now, self.seen, self.typing
        )

    # --- moving between steps

    def _go(self, place: int) -> None:
        self.at = min(max(place, 0), len(steps()))
        self.typing = None
        self.lines.cursor_key = ""
        self.lines.scroll_to(y=0, animate=False, immediate=True)
        self.record.scroll_to(y=0, animate=False, immediate=True)
        self.repaint()

    def action_next(self) -> None:
        if self.at == len(steps()):
            self.prompt.flash("that was the last step: p shows it as text, S says that it is in review")
        else:
            self._go(self.at + 1)

    def action_before(self) -> None:
        if self.at == 0:
            self.prompt.flash("this is the first step")
        else:
            self._go(self.at - 1)

    def action_go_to(self, key: str) -> None:
        if int(key) - 1 > len(steps()):
            self.prompt.flash(f"there are {len(steps()) + 1} steps")
        else:
            self._go(int(key) - 1)

    def action_other_side(self) -> None:
        if not self.record.display:
            self.prompt.flash("the record stands below the questions: G goes there")
        else:
            self.set_focus(self.lines if self.record.has_focus else self.record)
            self.lines.refresh()

    # --- what is selected

    @property
    def _question_here(self) -> PostmortemQuestion | None:
        """The question that is selected, or whose answer is."""
        key = self.lines.selected
        answer = next((item for item in self.answers if item.id == key), None)
        wanted = answer.question if answer else key
        return next((q for q in (self.step.questions if self.step else ()) if q.key == wanted), None)

    def _answer(self) -> Answer | None:
        return next((item for item in self.answers if item.id == self.lines.selected), None)

    def _factor(self) -> Factor | None:
        return self.context.board.get(Factor, self.lines.selected)

    def _improvement(self) -> Improvement | None:
        return self.context.board.get(Improvement, self.lines.selected)

    def improving(self, record: str) -> TrackedImprovement | None:
        """An improvement with what its obligation says; of an earlier incident too."""
        every = [*self.account.improvements, *(item for _, made in self.earlier for item in made)]
        return next((item for item in every if item.record == record), None)

    def _no(self, what: str) -> None:
        self.prompt.flash(f"choose {what} first, with j and k", tone="warn")

    def _chosen(self, what: str = "an improvement") -> Improvement | None:
        """The improvement that is selected; where none is, says so."""
        item = self._improvement()
        if item is None:
            self._no(what)
        return item

    # --- filling in

    def action_fill(self) -> None:
        key = self.lines.selected
        question, answer = self._question_here, self._answer()
        if key.startswith("step:"):
            self._go(int(key.removeprefix("step:")) - 1)
        elif key == "open":
            self.do(lambda session: postmortems.open_postmortem(session, self.account.incident))
        elif key == "owner":
            self.action_give()
        elif answer is not None:
            self.action_edit()
        elif question is not None:
            self.ask_answer(question)
        elif key.startswith("cause:"):
            self.take_cause(self.account.causes[int(key.removeprefix("cause:"))])
        elif key.startswith("line:"):
            self.take_line(self.account.improvements[int(key.removeprefix("line:"))])
        elif self._factor() is not None:
            self.fill_factor(key)
        elif self._improvement() is not None:
            self.fill_improvement(key)
        else:
            self.action_add()

    def action_add(self) -> None:
        key = self.step.key if self.step else ""
        question = self._question_here
        if key == "factors":
            self.say(
                "what was so",
                "one condition, such as: the pool had no limit of its own",
                self.add_factor,
                then=self.fill_factor,
                pointed=self.pointed,
            )
        elif key in ("improvements", "priorities"):
            self.say(
                "what is changed",
                "verb first: Limit the report job to 10 connections",
                self.add_improvement,
                then=self.fill_improvement,
                pointed=pointed_improvement,
            )
        elif question is not None:
            self.ask_answer(question)
        else:
            self.prompt.flash("go to a question with j and k; factors are added at step 4, improvements at step 8")

    # --- the other keys

    def action_edit(self) -> None:
        answer, factor, item = self._answer(), self._factor(), self._improvement()
        if answer is not None:
            self.say(
                "answer",
                "other words",
                lambda session, text: revising.reword_answer(session, answer, text),
                text=answer.text,
                of=answer.id,
                pointed=self.pointed,
            )
        elif factor is not None:
            self.say(
                "what was so",
                "other words",
                lambda session, text: revising.revise_factor(session, factor, text=text),
                text=factor.text,
                of=factor.id,
                pointed=self.pointed,
            )
        elif item is not None:
            self.say(
                "what is changed",
                "other words, verb first",
                lambda session, text: revising.revise_improvement(session, item, text=text),
                text=item.text,
                of=item.id,
                pointed=pointed_improvement,
            )
        elif self.at == 0 or (self.step is not None and self.step.key == "happened"):
            self._edit_summary()
        else:
            self._no("an answer, a factor or an improvement")

    def _edit_summary(self) -> None:
        found = self.account.postmortem
        if found is None:
            self.prompt.flash("no postmortem is open: enter on the first step opens it", tone="warn")
            return
        self.say(
            "summary",
            "in your words; the gathered one stands in the record",
            lambda session, text: postmortems.summarise(session, found, text),
            text=found.summary or self.account.summary,
            of="owner",
            pointed=self.pointed,
        )

    def action_kind(self) -> None:
        factor, item = self._factor(), self._improvement()
        if factor is not None:
            self.choose_kind(factor)
        elif item is not None:
            self.choose_type(item)
        else:
            self._no("a factor or an improvement")

    def action_give(self) -> None:
        item = self._improvement()
        if item is not None:
            self.ask_whose(item)
        elif self.account.postmortem is not None and self.at == 0:
            self.say(
                "drafted by",
                "who drafts it",
                lambda session, who: revising.give_postmortem(session, self.incident, who),
                of="owner",
            )
        else:
            self._no("an improvement")

    @about(_chosen)
    def action_done(self, item: Improvement) -> None:
        self.say(
            "done, shown by",
            f"wanted: {postmortems.what_shows_it(item)}",
            lambda session, text: Outcome(postmortems.close(session, item, text).sentence, item.id),
            of=item.id,
        )

    def action_remove(self) -> None:
        told, item = self._answer() or self._factor(), self._improvement()
        if item is not None:
            self.say(
                "an idea only, why?",
                "why it is not among the few",
                lambda session, why: postmortems.keep_as_idea(session, item, why),
                of=item.id,
            )
        elif told is not None:
            self.do(lambda session: revising.take_away(session, told))
        else:
            self._no("an answer, a factor or an improvement")

    def action_choose(self) -> None:
        item = self._chosen("an idea")
        if item is not None:
            self.do(lambda session: revising.choose(session, item))

    def action_shown_by(self) -> None:
        factor, item = self._factor(), self._improvement()
        if factor is not None:
            self.ask_shown_by(factor)
        elif item is not None:
            self.ask_wanted(item)
        else:
            self._no("a factor or an improvement")

    @about(_chosen)
    def action_done_when(self, item: Improvement) -> None:
        self.ask_done_when(item)

    @about(_chosen)
    def action_link(self, item: Improvement) -> None:
        if any(cause.record for cause in self.account.causes):
            self.choose_factor(item)
        else:
            self.prompt.flash("no factor is noted yet: step 4", tone="warn")

    def action_behind(self) -> None:
        factor = self._factor()
        if factor is None:
            self._no("a factor")
        else:
            self.ask_behind(factor)

    def action_state(self) -> None:
        item = self.account.postmortem
        if item is None:
            self.prompt.flash("no postmortem is open: enter on the first step opens it", tone="warn")
            return
        left = self.left
        asked = f"It is {item.state}{f', {left} still asked for' if left else ''}; now"
        keys = dict(zip("drpx", STATES, strict=True))
        self.prompt.choose(asked, [Choice(key, state, partial(self._set_state, state)) for key, state in keys.items()])

    def _set_state(self, state: State) -> None:
        item = self.account.postmortem
        if item is None:
            return
        if state == "dropped":
            self.say(
                "dropped, why?",
                "why it is dropped",
                lambda s, why: postmortems.set_state(s, item, state, why),
                of="owner",
            )
        else:
            self.do(lambda session: postmortems.set_state(session, item, state))

    def action_preview(self) -> None:
        from screens.learn.preview import Preview

        self.app.push_screen(Preview(self.context, self.incident))
