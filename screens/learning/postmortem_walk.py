"""The walk through a postmortem, for one person or a meeting: a step a screen, the record beside the questions.

What is typed is reviewed as it is typed; nothing of that blocks. What is still asked for stands with what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal

from opsterm.command.session import Refused, Session, Told
from opsterm.learn import postmortem as postmortems
from opsterm.learn import revising
from opsterm.learn.account import Cause, Improving, gather
from opsterm.learn.improving import check, kind_of, prioritised, wish
from opsterm.learn.report import report
from opsterm.learn.taxonomy import kinds, suggest
from opsterm.learn.walk import WHAT_MADE_IT_POSSIBLE, Open, Question, Step, blames, open_points, steps
from opsterm.learn.wording import review
from opsterm.records import Answer, Factor, Improvement
from opsterm.records.improvement import TYPES
from opsterm.records.instant import Instant
from opsterm.records.postmortem import STATES
from screens.actions import POSTMORTEM, bindings
from screens.cells import Cell, Line
from screens.desk import Desk
from screens.foot import Choice
from screens.foot import Question as Asked
from screens.learning.blocks import section_spots
from screens.lines import Lines, Spot
from screens.operation_page import OperationPage
from screens.page import Page, fixed, heading, words
from screens.room_page import folded, row
from screens.signs import SIGNS

#: From so many columns on, the record stands beside the questions; else below them.
BESIDE_MIN = 120
#: So many kinds of factor are offered by digits; all are one key away.
OFFERED_MAX = 4
#: What a step shows of the record, by the sections of the postmortem.
_SECTIONS = {
    "numbers": "impact",
    "inquiries": "hypotheses",
    "roles": "people",
}
#: (step, part): what the questions' own side shows already.
_ON_THE_LEFT = frozenset({("factors", "causes"), ("improvements", "improvements")})
_NEW = "new"


class Record(Lines):
    """What is recorded, beside the questions: it scrolls, and nothing in it is selected."""

    def title(self) -> Line:
        tone = "accent" if self.has_focus else "rule"
        return Line((Cell(f"{SIGNS.rule} From the record ", tone),), fill=Cell(SIGNS.rule, tone))


class PostmortemWalk(OperationPage):
    """The steps: what went before, those of the walk, and each with what it still asks for."""

    BINDINGS = bindings(POSTMORTEM)
    place = POSTMORTEM

    def __init__(self, desk: Desk, incident: str, *, step: str = "") -> None:
        super().__init__(desk)
        self.incident = incident
        self.record = Record(id="record")
        keys = [item.key for item in steps()]
        #: 0 is what went before; then the steps of the walk.
        self.at = keys.index(step) + 1 if step in keys else 0
        #: What is typed now, and its findings.
        self._typing: tuple[str, Sequence[str]] | None = None

    def compose(self) -> ComposeResult:
        yield Horizontal(self.lines, self.record, id="walk-sides")
        yield self.foot

    # --- what it reads

    def read(self, now: Instant) -> None:
        board = self.desk.board
        self.account = gather(board, self.incident)
        self.document = report(self.account)
        self.people = frozenset(name for _, name in self.account.people) | {a.owner for a in self.account.actions}
        wanted = self.step is None or "earlier" in self.step.shows
        self.earlier = postmortems.earlier_improvements(board, self.incident) if wanted else []
        self.answers = board.all(Answer, self.incident)

    @property
    def step(self) -> Step | None:
        """The step of the walk; none before it begins."""
        return steps()[self.at - 1] if self.at else None

    # --- what it shows

    def heading(self, now: Instant) -> str:
        title = self.step.title if self.step else "Before it begins"
        mark = self.account.incident.mark
        return f"Postmortem {mark} {SIGNS.dot} {self.at + 1} of {len(steps()) + 1} {SIGNS.dot} {title}"

    def hint(self) -> tuple[Cell, ...]:
        left = sum(point.holds for item in steps() for point in open_points(self.account, item.key))
        told = f"{left} still asked for" if left else "nothing is asked for any more"
        return (Cell("→", "accent"), Cell(" next step   ", "muted"), Cell(told, "warn" if left else "good"))

    def paint(self) -> None:
        beside = self.app.size.width >= BESIDE_MIN
        if self.record.display != beside:
            self.record.display = beside
            self.call_after_refresh(self.paint)
        super().paint()
        if beside:
            columns = max((self.record.size.width or self.app.size.width // 2) - 3, 20)
            self.record.show(self._recorded(columns), self.desk.board.now)
            self.record.refresh()

    def tick(self, now: Instant) -> None:
        """Nothing on it counts."""

    def spots(self, columns: int, now: Instant) -> list[Spot]:
        step = self.step
        spots = [fixed(())]
        if step is None:
            spots += self._before(columns)
        else:
            spots += words(step.says, columns, "muted")
            spots += self._typed_block("")
            points = open_points(self.account, step.key)
            own = {q.key for q in step.questions}
            general = [point for point in points if not point.record]
            for point in general:
                spots += self._point(point, "", columns, indent=0)
            of_record: dict[str, list[Open]] = {}
            for point in points:
                if point.record and point.record not in own:
                    of_record.setdefault(point.record, []).append(point)
            if step.key == "factors":
                spots += self._factors(of_record, columns)
            if step.key == "improvements":
                spots += self._improvements(self.account.improvements, of_record, columns)
            if step.key == "priorities":
                spots += self._priorities(columns)
            for question in step.questions:
                spots += self._question(question, columns)
        if self.app.size.width < BESIDE_MIN:
            recorded = self._recorded(columns)
            spots += [*heading("From the record"), *recorded[1:]] if recorded else []
        return spots

    def _before(self, columns: int) -> list[Spot]:
        item, of = self.account.postmortem, self.account.incident
        if item is None:
            asked = postmortems.wanted(of)
            dates = postmortems.due_dates(of.severity, of.resolved_at or self.desk.board.now)
            who = of.review_owner or of.commander or "nobody yet"
            spots = folded("open", Cell("enter  ", "accent"), "open it: who drafts it, by when", columns, tone="strong")
            told = f"{asked.why}; {who} would draft it by {dates.draft[:10]}, people meet by {dates.meeting[:10]}"
            spots += folded("open", Cell("       "), told, columns, tone="muted")
        else:
            drafter = Cell(item.owner or "nobody yet", "name" if item.owner else "warn")
            spots = [row("owner", Cell("drafted by  ", "muted"), drafter, Cell(f"   {item.state}", "strong"))]
            told = f"draft by {item.draft_at[:10]}, meeting by {item.meet_at[:10]}, published by {item.publish_at[:10]}"
            spots += folded("owner", Cell("            "), told, columns)
            spots += folded("owner", Cell("            "), item.reason, columns, tone="muted") if item.reason else []
        spots += heading("What the last ones promised, for the same systems")
        for other, made in self.earlier:
            title = f"{other.title}, {(other.started_at or other.at)[:10]}"
            spots += folded("", Cell(f"{other.mark:<8}", "accent"), title, columns)
            for improvement in made:
                spots += self._promised(improvement, columns)
        if not self.earlier:
            spots += words("Nothing: no earlier incident of these systems left an improvement.", columns, "muted")
        spots += heading("The steps")
        for place, step in enumerate(steps(), 2):
            left = len([point for point in open_points(self.account, step.key) if point.holds])
            if left:
                state = Cell(f"  {left} asked for", "muted")
            elif self._begun(step):
                state = Cell(f"  {SIGNS.done} told", "good")
            else:
                state = Cell("  nothing yet", "muted")
            spots.append(row(f"step:{place}", Cell(f"{place}  ", "accent"), Cell(step.title), right=(state,)))
        return spots

    def _begun(self, step: Step) -> bool:
        """Whether anything was told at a step."""
        made = any(item.record for item in self.account.improvements)
        own = {"factors": bool(self.account.causes), "improvements": made, "priorities": made}
        return own.get(step.key, False) or any(self.account.answers_to(q.key) for q in step.questions)

    def _promised(self, item: Improving, columns: int) -> list[Spot]:
        now = self.desk.board.now
        late = item.state in ("open", "snoozed") and item.due_at and item.due_at < now
        tone = "alarm" if late else "good" if item.state == "done" else ""
        due = f", due {item.due_at[:10]}" if item.due_at and item.state != "done" else ""
        told = f"  {'late, ' if late else ''}{item.state}{f', {item.owner}' if item.owner else ''}{due}"
        return folded(item.record, Cell("        "), item.text, columns, right=(Cell(told, tone),))

    def _typed_block(self, key: str) -> list[Spot]:
        """What is found in the words that are typed just now, below what they are about."""
        if self._typing is None or self._typing[0] != key:
            return []
        found = self._typing[1]
        if not found:
            return [fixed((Cell(f"      {SIGNS.dot} as it is typed: nothing to point out", "muted"),), key=key or _NEW)]
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        return [
            spot
            for text in found
            for spot in folded(key or _NEW, Cell(f"      {SIGNS.alarm} ", "warn"), text, columns, tone="warn")
        ]

    def _point(self, point: Open, key: str, columns: int, *, indent: int = 6) -> list[Spot]:
        tone = "warn" if point.holds else "muted"
        spots = folded(key, Cell(f"{' ' * indent}{SIGNS.alarm} ", tone), point.what, columns, tone=tone)
        if point.instead:
            spots += folded(key, Cell(f"{' ' * indent}  {SIGNS.right} ", "accent"), point.instead, columns)
        return spots

    def _question(self, question: Question, columns: int) -> list[Spot]:
        told = [answer for answer in self.answers if answer.question == question.key and answer.text]
        state = () if told else (Cell("  asked for" if question.wanted else "  if it helps", "muted"),)
        spots = [
            fixed(()),
            *folded(question.key, Cell("? ", "accent"), question.ask, columns, tone="strong", right=state),
        ]
        spots += self._typed_block(question.key)
        for answer in told:
            spots += folded(answer.id, Cell("    "), answer.text, columns, right=(Cell(f"  {answer.by}", "muted"),))
            spots += self._typed_block(answer.id) or self._found(answer.text, answer.id, columns)
        return spots

    def _found(self, text: str, key: str, columns: int) -> list[Spot]:
        spots: list[Spot] = []
        for line in self._pointed(text):
            spots += folded(key, Cell(f"      {SIGNS.alarm} ", "warn"), line, columns, tone="warn")
        return spots

    def _pointed(self, text: str) -> list[str]:
        """What the language of a text points to, each with the better form."""
        return [
            f"{f.rule.replace('-', ' ')} “{f.text}”: {f.why}. {f.instead}" for f in review(text, people=self.people)
        ]

    def _factors(self, points: dict[str, list[Open]], columns: int) -> list[Spot]:
        spots = [fixed(())]
        for place, cause in enumerate(self.account.causes):
            key = cause.record or f"cause:{place}"
            kind = kinds().get(cause.kind)
            named = kind.words if kind else "no kind"
            right = (Cell(f"  {named}{'' if cause.chosen else '?'}", "name" if cause.chosen else "muted"),)
            start = Cell(f"{cause.mark or SIGNS.dot:<5} ", "accent")
            spots += folded(key, start, cause.text, columns, tone="strong", right=right)
            if not cause.record:
                spots += folded(
                    key, Cell("      "), "recorded with the incident: enter takes it", columns, tone="muted"
                )
            for label, text in (("made possible by: ", cause.behind), ("shown by: ", cause.evidence)):
                spots += folded(key, Cell(f"      {label}", "muted"), text, columns) if text else []
            for point in points.get(cause.record, []) if cause.record else []:
                told = f"“{point.instead}”" if point.what == WHAT_MADE_IT_POSSIBLE and point.instead else ""
                shown = Open(f"{told} {point.what}".strip(), holds=point.holds)
                spots += self._point(shown, key, columns)
            spots += self._typed_block(key)
        if not self.account.causes:
            spots += folded("", Cell("n  ", "accent"), "what had to be so for this to happen, or to last?", columns)
        return spots

    def _improvements(self, items: Sequence[Improving], points: dict[str, list[Open]], columns: int) -> list[Spot]:
        spots = [fixed(())]
        factors = {cause.record: cause.mark for cause in self.account.causes if cause.record}
        for factor in factors:
            for point in points.get(factor, []):
                spots += self._point(point, "", columns, indent=0)
        for place, item in enumerate(items):
            key = item.record or f"line:{place}"
            start = Cell(f"{item.mark or SIGNS.dot:<5} ", "accent")
            sort = Cell(f"  {item.sort or 'no type'}", "name" if item.sort else "muted")
            tone = "strong" if item.chosen else "muted"
            spots += folded(key, start, item.text, columns, tone=tone, right=(sort,))
            for text in self._about(item, factors):
                spots += folded(key, Cell("      "), text, columns, tone="muted")
            for point in points.get(item.record, []) if item.record and item.chosen else []:
                shown = Open(point.what.removesuffix(f": {item.text}"), instead=point.instead, holds=point.holds)
                spots += self._point(shown, key, columns)
            spots += self._typed_block(key)
        if not items:
            told = "verb first: what is changed so that it does not come back?"
            spots += folded("", Cell("n  ", "accent"), told, columns)
        return spots

    def _about(self, item: Improving, factors: dict[str, str]) -> Iterator[str]:
        if not item.record:
            yield "recorded with the incident: enter takes it"
            return
        if not item.chosen:
            yield "kept as an idea: a takes it among the few"
        if item.owner or item.due_at:
            yield f"{item.owner or 'nobody'}, due {item.due_at[:10]}, {item.state}"
        if item.done_when:
            yield f"done when: {item.done_when}"
        if item.evidence or item.wanted:
            yield f"shown by: {item.evidence}" if item.evidence else f"to be shown by: {item.wanted}"
        if item.factor in factors:
            yield f"answers {factors[item.factor]}"

    def _priorities(self, columns: int) -> list[Spot]:
        made = [item for item in self.account.improvements if item.record]
        chosen, ideas = prioritised([i for i in made if i.chosen]), [i for i in made if not i.chosen]
        whole = [point for point in open_points(self.account, "improvements") if not point.record]
        spots = [spot for point in whole for spot in self._point(point, "", columns, indent=0)]
        for title, items in (("Will be done", chosen), ("Kept as ideas", ideas)):
            spots += heading(title) if items else []
            for place, item in enumerate(items, 1):
                told = f"  {item.sort or 'no type'}, {item.owner or 'no owner'}, {item.due_at[:10] or 'no date'}"
                start = Cell(f"{place if item.chosen else SIGNS.dot!s:<3} {item.mark:<4} ", "accent")
                tone = "strong" if item.chosen else "muted"
                spots += folded(item.record, start, item.text, columns, tone=tone, right=(Cell(told, "muted"),))
                if item.state == "done":
                    spots += folded(item.record, Cell("         "), f"done: {item.evidence}", columns, tone="good")
                spots += self._typed_block(item.record)
        if not made:
            spots += words("No improvement yet: the step before holds them.", columns, "muted")
        return spots

    def _recorded(self, columns: int) -> list[Spot]:
        """What stands beside the questions."""
        if self.step is None:
            return section_spots(self.document, ("summary", "impact", "milestones"), columns)
        spots: list[Spot] = []
        for part in self.step.shows:
            if part == "taxonomy":
                spots += _taxonomy(columns)
            elif part == "earlier":
                for other, made in self.earlier:
                    spots += [*heading(f"{other.mark} {other.title}")]
                    spots += [spot for item in made for spot in self._promised(item, columns)]
            elif (self.step.key, part) not in _ON_THE_LEFT:
                spots += section_spots(self.document, (_SECTIONS.get(part, part),), columns)
        return spots

    # --- moving between steps

    def _go(self, place: int) -> None:
        self.at = min(max(place, 0), len(steps()))
        self._typing = None
        self.lines.cursor_key = ""
        self.lines.scroll_to(y=0, animate=False, immediate=True)
        self.record.scroll_to(y=0, animate=False, immediate=True)
        self.repaint()

    def action_next(self) -> None:
        if self.at == len(steps()):
            self.foot.flash("that was the last step: p shows it as text, S says that it is in review")
        else:
            self._go(self.at + 1)

    def action_before(self) -> None:
        if self.at == 0:
            self.foot.flash("this is the first step")
        else:
            self._go(self.at - 1)

    def action_go_to(self, key: str) -> None:
        if int(key) - 1 > len(steps()):
            self.foot.flash(f"there are {len(steps()) + 1} steps")
        else:
            self._go(int(key) - 1)

    def action_other_side(self) -> None:
        if not self.record.display:
            self.foot.flash("the record stands below the questions: G goes there")
        else:
            self.set_focus(self.lines if self.record.has_focus else self.record)
            self.lines.refresh()

    # --- what is selected

    @property
    def _question_here(self) -> Question | None:
        """The question that is selected, or whose answer is."""
        key = self.lines.selected
        answer = next((item for item in self.answers if item.id == key), None)
        wanted = answer.question if answer else key
        return next((q for q in (self.step.questions if self.step else ()) if q.key == wanted), None)

    def _answer(self) -> Answer | None:
        return next((item for item in self.answers if item.id == self.lines.selected), None)

    def _factor(self) -> Factor | None:
        return self.desk.board.get(Factor, self.lines.selected)

    def _improvement(self) -> Improvement | None:
        return self.desk.board.get(Improvement, self.lines.selected)

    def _improving(self, record: str) -> Improving | None:
        """An improvement with what its obligation says; of an earlier incident too."""
        every = [*self.account.improvements, *(item for _, made in self.earlier for item in made)]
        return next((item for item in every if item.record == record), None)

    def _no(self, what: str) -> None:
        self.foot.flash(f"choose {what} first, with j and k", tone="warn")

    # --- asking

    def say(
        self,
        prompt: str,
        empty: str,
        command: Callable[[Session, str], Told],
        *,
        text: str = "",
        of: str = "",
        then: Callable[[str], None] | None = None,
        pointed: Callable[[str], Sequence[str]] | None = None,
        cursor: int | None = None,
    ) -> None:
        """Asks for words about a record; what their language points to stands below it as they are typed."""
        board, key = self.desk.board, f"{self.place}:{self.incident}:{prompt}:{of}"

        def finish(typed: str) -> bool:
            if not typed.strip():
                self._end_typing()
                return True
            told = command(self.session, typed.strip())
            self._typing = None
            self.repaint()
            if told.record:
                self.lines.select(told.record)
            self.foot.told(told)
            if then is not None:
                self.call_after_refresh(then, told.record)
            return True

        def follow(typed: str) -> None:
            if pointed is not None:
                self._typing = (of, pointed(typed)) if typed.strip() else None
                self.paint()
                self.lines.select(of or _NEW)

        def says(typed: str) -> str:
            found = pointed(typed) if pointed is not None and typed.strip() else ()
            if found:
                raise Refused(found[0])
            return "enter notes it" if typed.strip() else empty

        asked = Asked(
            prompt=prompt,
            words=says,
            done=finish,
            keep=lambda typed: board.keep_draft(key, typed),
            follow=follow,
            left=self._end_typing,
        )
        self.foot.ask(asked, board.draft(key) or text, cursor=cursor)

    def _end_typing(self) -> None:
        self._typing = None
        self.paint()

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
            self._ask_answer(question)
        elif key.startswith("cause:"):
            self._take_cause(self.account.causes[int(key.removeprefix("cause:"))])
        elif key.startswith("line:"):
            self._take_line(self.account.improvements[int(key.removeprefix("line:"))])
        elif self._factor() is not None:
            self._fill_factor(key)
        elif self._improvement() is not None:
            self._fill_improvement(key)
        else:
            self.action_add()

    def action_add(self) -> None:
        key = self.step.key if self.step else ""
        question = self._question_here
        if key == "factors":
            self.say(
                "what was so",
                "one condition, such as: the pool had no limit of its own",
                self._add_factor,
                then=self._fill_factor,
                pointed=self._pointed,
            )
        elif key in ("improvements", "priorities"):
            self.say(
                "what is changed",
                "verb first: Limit the report job to 10 connections",
                self._add_improvement,
                then=self._fill_improvement,
                pointed=self._pointed_improvement,
            )
        elif question is not None:
            self._ask_answer(question)
        else:
            self.foot.flash("go to a question with j and k; factors are added at step 4, improvements at step 8")

    def _ask_answer(self, question: Question) -> None:
        self.say(
            "answer",
            "what people say, in their words; several answers may stand",
            lambda session, text: postmortems.answer(session, self.incident, question.key, text),
            of=question.key,
            pointed=self._pointed,
        )

    def _add_factor(self, session: Session, text: str) -> Told:
        return postmortems.add_factor(session, self.incident, text)

    def _add_improvement(self, session: Session, text: str) -> Told:
        return postmortems.add_improvement(session, self.incident, text)

    def _pointed_improvement(self, text: str) -> list[str]:
        found = [f for f in check(Improving(text, "")) if f.rule in ("wish", "verb")]
        return [f"{f.why}{f'. Better: {f.instead}' if f.instead else ''}" for f in found]

    def _take_cause(self, cause: Cause) -> None:
        told = self.do(lambda session: postmortems.add_factor(session, self.incident, cause.text, kind=cause.kind))
        if told is not None:
            self.lines.select(told.record)

    def _take_line(self, item: Improving) -> None:
        sort = item.sort if item.sort in TYPES else kind_of(item.text)
        told = self.do(lambda session: postmortems.add_improvement(session, self.incident, item.text, sort=sort))
        if told is not None:
            self.lines.select(told.record)

    def _fill_factor(self, record: str) -> None:
        """Asks for the first thing that a factor lacks, then for the next."""
        item = self.desk.board.get(Factor, record)
        if item is None:
            return
        self.lines.select(record)
        if blames(item.text, self.account) and not item.behind:
            self._ask_behind(item, then=self._fill_factor)
        elif not item.name:
            self._choose_kind(item, then=self._fill_factor)
        elif not item.evidence:
            self._ask_shown_by(item, then=self._fill_factor)
        else:
            self.foot.flash(f"{item.mark} is told: n adds another, several conditions had to meet", tone="good")

    def _ask_behind(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        self.say(
            WHAT_MADE_IT_POSSIBLE.rstrip("?").lower() + "?",
            "a rule, a tool, a habit, a gap that anybody could have met",
            lambda session, text: revising.revise_factor(session, item, behind=text),
            text=item.behind,
            of=item.id,
            then=then,
            pointed=self._pointed,
        )

    def _ask_shown_by(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        kind = kinds().get(item.name)
        self.say(
            "shown by",
            f"what shows it: {kind.evidence}" if kind else "what shows it: a graph, a line of the timeline",
            lambda session, text: revising.revise_factor(session, item, evidence=text),
            text=item.evidence,
            of=item.id,
            then=then,
        )

    def _choose_kind(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        offered = suggest(item.text)[:OFFERED_MAX]
        choices = [
            Choice(str(place), kind.words, partial(self._set_kind, item, kind.name, then))
            for place, kind in enumerate(offered, 1)
        ]
        choices.append(Choice("m", "more" if offered else "pick one", partial(self._all_kinds, item, then)))
        self.foot.choose(f"{item.mark} is", choices)

    def _set_kind(self, item: Factor, kind: str, then: Callable[[str], None] | None) -> None:
        told = self.do(lambda session: revising.revise_factor(session, item, kind=kind))
        if told is not None and then is not None:
            self.call_after_refresh(then, item.id)

    def _all_kinds(self, item: Factor, then: Callable[[str], None] | None) -> None:
        def rows(columns: int, now: Instant) -> list[Spot]:
            return _taxonomy(columns, keys=True)

        def take(kind: str) -> None:
            self._set_kind(item, kind, then)

        self.app.push_screen(Page(self.desk, "Kinds of factor: enter takes one", rows, take=take))

    def _fill_improvement(self, record: str) -> None:
        """Asks for the first thing that an improvement lacks, then for the next."""
        item, told = self.desk.board.get(Improvement, record), self._improving(record)
        if item is None or told is None:
            return
        self.lines.select(record)
        onward = self._fill_improvement
        if not item.chosen:
            self.foot.flash(f"{item.mark} is kept as an idea: a takes it among the few")
        elif told.state == "done":
            self.foot.flash(f"{item.mark} is done: {told.evidence}", tone="good")
        elif wish(item.text):
            self._reword_wish(item)
        elif not item.sort:
            self._choose_type(item, then=onward)
        elif not told.due_at or not told.owner:
            self._ask_whose(item, then=onward)
        elif not item.done_when:
            self._ask_done_when(item, then=onward)
        elif not item.wanted:
            self._ask_wanted(item, then=onward)
        elif not item.factor and any(cause.record for cause in self.account.causes):
            self._choose_factor(item)
        else:
            self.foot.flash(f"{item.mark} is told: d closes it once something shows that it is done", tone="good")

    def _reword_wish(self, item: Improvement) -> None:
        better = next((f.instead for f in check(Improving(item.text, "")) if f.rule == "wish"), "") or item.text
        place = better.find("‹")
        self.say(
            "better",
            f"“{item.text}” is a wish: what is done?",
            lambda session, text: revising.revise_improvement(session, item, text=text),
            text=better,
            of=item.id,
            then=self._fill_improvement,
            pointed=self._pointed_improvement,
            cursor=place if place >= 0 else None,
        )

    def _choose_type(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        likely = kind_of(item.text)
        choices = [
            Choice(
                str(place), f"{sort}{' (likely)' if sort == likely else ''}", partial(self._set_type, item, sort, then)
            )
            for place, sort in enumerate(TYPES, 1)
        ]
        self.foot.choose("It would, the stronger first", choices)

    def _set_type(self, item: Improvement, sort: str, then: Callable[[str], None] | None) -> None:
        told = self.do(lambda session: revising.revise_improvement(session, item, sort=sort))
        if told is not None and then is not None:
            self.call_after_refresh(then, item.id)

    def _ask_whose(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        of, now = self.account.incident, self.desk.board.now
        told = self._improving(item.id)
        owner = told.owner if told and told.owner else self.desk.person
        due = (told.due_at if told and told.due_at else postmortems.suggested_due(of.severity, now))[:10]

        def promise(session: Session, line: str) -> Told:
            who, by = revising.whose_and_when(line, now)
            lead = self.account.postmortem.owner if self.account.postmortem else of.commander
            kept = postmortems.promise(session, item, by, who, lead=lead)
            return Told(kept.sentence, item.id, kept.warning)

        self.say(
            "whose, by when", "one owner and a day: noor 4w", promise, text=f"{owner} {due}", of=item.id, then=then
        )

    def _ask_done_when(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        self.say(
            "done when",
            "a number, a test, a thing that exists",
            lambda session, text: revising.revise_improvement(session, item, done_when=text),
            text=item.done_when,
            of=item.id,
            then=then,
        )

    def _ask_wanted(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        self.say(
            "to be shown by",
            "what will close it: a link, a graph, a run",
            lambda session, text: revising.revise_improvement(session, item, wanted=text),
            text=item.wanted,
            of=item.id,
            then=then,
        )

    def _choose_factor(self, item: Improvement) -> None:
        known = [cause for cause in self.account.causes if cause.record][:9]
        choices = [
            Choice(
                str(place),
                cause.mark,
                partial(self._set_factor, item, cause.record),
            )
            for place, cause in enumerate(known, 1)
        ]
        self.foot.choose(f"{item.mark} answers", choices)

    def _set_factor(self, item: Improvement, factor: str) -> None:
        self.do(lambda session: revising.revise_improvement(session, item, factor=factor))

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
                pointed=self._pointed,
            )
        elif factor is not None:
            self.say(
                "what was so",
                "other words",
                lambda session, text: revising.revise_factor(session, factor, text=text),
                text=factor.text,
                of=factor.id,
                pointed=self._pointed,
            )
        elif item is not None:
            self.say(
                "what is changed",
                "other words, verb first",
                lambda session, text: revising.revise_improvement(session, item, text=text),
                text=item.text,
                of=item.id,
                pointed=self._pointed_improvement,
            )
        elif self.at == 0 or (self.step is not None and self.step.key == "happened"):
            self._edit_summary()
        else:
            self._no("an answer, a factor or an improvement")

    def _edit_summary(self) -> None:
        found = self.account.postmortem
        if found is None:
            self.foot.flash("no postmortem is open: enter on the first step opens it", tone="warn")
            return
        self.say(
            "summary",
            "in your words; the gathered one stands in the record",
            lambda session, text: postmortems.summarise(session, found, text),
            text=found.summary or self.account.summary,
            of="owner",
            pointed=self._pointed,
        )

    def action_kind(self) -> None:
        factor, item = self._factor(), self._improvement()
        if factor is not None:
            self._choose_kind(factor)
        elif item is not None:
            self._choose_type(item)
        else:
            self._no("a factor or an improvement")

    def action_give(self) -> None:
        item = self._improvement()
        if item is not None:
            self._ask_whose(item)
        elif self.account.postmortem is not None and self.at == 0:
            self.say(
                "drafted by",
                "who drafts it",
                lambda session, who: revising.give_postmortem(session, self.incident, who),
                of="owner",
            )
        else:
            self._no("an improvement")

    def action_done(self) -> None:
        item = self._improvement()
        if item is None:
            self._no("an improvement")
            return
        self.say(
            "done, shown by",
            f"wanted: {item.wanted or item.done_when or 'a link, a graph, a run'}",
            lambda session, text: Told(postmortems.close(session, item, text).sentence, item.id),
            of=item.id,
        )

    def action_remove(self) -> None:
        answer, factor, item = self._answer(), self._factor(), self._improvement()
        if item is not None:
            self.say(
                "an idea only, why?",
                "why it is not among the few",
                lambda session, why: postmortems.keep_as_idea(session, item, why),
                of=item.id,
            )
        elif answer is not None:
            self.do(lambda session: revising.take_away(session, answer))
        elif factor is not None:
            self.do(lambda session: revising.take_away(session, factor))
        else:
            self._no("an answer, a factor or an improvement")

    def action_choose(self) -> None:
        item = self._improvement()
        if item is None:
            self._no("an idea")
        else:
            self.do(lambda session: revising.choose(session, item))

    def action_shown_by(self) -> None:
        factor, item = self._factor(), self._improvement()
        if factor is not None:
            self._ask_shown_by(factor)
        elif item is not None:
            self._ask_wanted(item)
        else:
            self._no("a factor or an improvement")

    def action_done_when(self) -> None:
        item = self._improvement()
        if item is None:
            self._no("an improvement")
        else:
            self._ask_done_when(item)

    def action_link(self) -> None:
        item = self._improvement()
        if item is None:
            self._no("an improvement")
        elif not any(cause.record for cause in self.account.causes):
            self.foot.flash("no factor is noted yet: step 4", tone="warn")
        else:
            self._choose_factor(item)

    def action_behind(self) -> None:
        factor = self._factor()
        if factor is None:
            self._no("a factor")
        else:
            self._ask_behind(factor)

    def action_state(self) -> None:
        item = self.account.postmortem
        if item is None:
            self.foot.flash("no postmortem is open: enter on the first step opens it", tone="warn")
            return
        left = sum(point.holds for step in steps() for point in open_points(self.account, step.key))
        asked = f"It is {item.state}{f', {left} still asked for' if left else ''}; now"
        keys = dict(zip("drpx", STATES, strict=True))
        self.foot.choose(asked, [Choice(key, state, partial(self._set_state, state)) for key, state in keys.items()])

    def _set_state(self, state: str) -> None:
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
        from screens.learning.preview import Preview

        self.app.push_screen(Preview(self.desk, self.incident))


def _taxonomy(columns: int, *, keys: bool = False) -> list[Spot]:
    """The kinds of factor, by group."""
    spots: list[Spot] = []
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            spots += heading(group)
        start = Cell(f"  {kind.words:<24} ", "accent")
        spots += folded(kind.name if keys else "", start, kind.means, columns)
    return spots
