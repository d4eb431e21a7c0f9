"""Filling in a postmortem: one line typed, or one key, for the first thing that is missing; then for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from opsterm.command.capture import who_said
from opsterm.core.session import Attribution, Outcome, Rejected, Session
from opsterm.learn import postmortem as postmortems
from opsterm.learn import revising
from opsterm.learn.account import Cause, TrackedImprovement
from opsterm.learn.improvement_quality import check, kind_of, wish
from opsterm.learn.postmortem_walk import WHAT_MADE_IT_POSSIBLE, PostmortemQuestion, blames
from opsterm.learn.taxonomy import kinds, suggest
from opsterm.records import Factor, Improvement
from opsterm.records.improvement import TYPES
from opsterm.records.instant import Instant
from screens.keys.actions import POSTMORTEM
from screens.learn.step_lines import NEW, pointed, pointed_improvement, taxonomy
from screens.pages.page import Page
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice, Question

if TYPE_CHECKING:
    from screens.learn.postmortem_walk import PostmortemWalk

#: So many kinds of factor are offered by digits; all are one key away.
OFFERED_MAX = 4


class Filling:
    """Asks, on one walk."""

    def __init__(self, walk: PostmortemWalk) -> None:
        self._walk = walk

    def pointed(self, text: str) -> Sequence[str]:
        """What the language of a text points to, on this incident."""
        return pointed(text, self._walk.people)

    def say(
        self,
        prompt: str,
        empty: str,
        command: Callable[[Session, str], Outcome],
        *,
        text: str = "",
        of: str = "",
        then: Callable[[str], None] | None = None,
        pointed: Callable[[str], Sequence[str]] | None = None,
        cursor: int | None = None,
    ) -> None:
        """Asks for words about a record; what their language points to stands below it as they are typed."""

        def finish(typed: str) -> bool:
            if not typed.strip():
                self._end_typing()
                return True
            told = command(self._walk.session, typed.strip())
            self._walk.typing = None
            self._walk.repaint()
            if told.record:
                self._walk.lines.select(told.record)
            self._walk.prompt.told(told)
            if then is not None:
                self._walk.call_after_refresh(then, told.record)
            return True

        def follow(typed: str) -> None:
            if pointed is not None:
                self._walk.typing = (of, pointed(typed)) if typed.strip() else None
                self._walk.paint()
                self._walk.lines.select(of or NEW)

        def says(typed: str) -> str:
            found = pointed(typed) if pointed is not None and typed.strip() else ()
            if found:
                raise Rejected(found[0])
            return "enter notes it" if typed.strip() else empty

        asked = Question(
            prompt=prompt,
            words=says,
            done=finish,
            key=f"{POSTMORTEM}:{self._walk.incident}:{prompt}:{of}",
            follow=follow,
            left=self._end_typing,
        )
        self._walk.prompt.ask(asked, text, cursor=cursor)

    def _end_typing(self) -> None:
        self._walk.typing = None
        self._walk.paint()

    def ask_answer(self, question: PostmortemQuestion) -> None:
        """Asks for an answer to a question; others' answers stay, and one may type for all."""

        def note(session: Session, text: str) -> Outcome:
            words, by = who_said(text)
            return postmortems.answer(session, self._walk.incident, question.key, words, Attribution(by=by))

        self.say(
            "answer",
            "what people say, in their words; ~noor at the end says who",
            note,
            of=question.key,
            pointed=self.pointed,
        )

    def add_factor(self, session: Session, text: str) -> Outcome:
        """Notes a factor by its text."""
        return postmortems.add_factor(session, self._walk.incident, text)

    def add_improvement(self, session: Session, text: str) -> Outcome:
        """Notes an improvement by its text: an idea, until it has an owner and a date."""
        return postmortems.add_improvement(session, self._walk.incident, text)

    def take_cause(self, cause: Cause) -> None:
        """Takes a cause that was recorded with the incident, and asks what it lacks."""
        told = self._walk.do(lambda session: postmortems.add_factor(session, self._walk.incident, cause.text))
        if told is not None:
            self._walk.call_after_refresh(self.fill_factor, told.record)

    def take_line(self, item: TrackedImprovement) -> None:
        """Takes a follow-up that was recorded with the incident, and asks what it lacks."""
        sort = item.sort if item.sort in TYPES else ""
        told = self._walk.do(
            lambda session: postmortems.add_improvement(session, self._walk.incident, item.text, sort=sort)
        )
        if told is not None:
            self._walk.call_after_refresh(self.fill_improvement, told.record)

    def fill_factor(self, record: str) -> None:
        """Asks for the first thing that a factor lacks, then for the next."""
        item = self._walk.context.board.get(Factor, record)
        if item is None:
            return
        self._walk.lines.select(record)
        if blames(item.text, self._walk.account) and not item.behind:
            self.ask_behind(item, then=self.fill_factor)
        elif not item.name:
            self.choose_kind(item, then=self.fill_factor)
        elif not item.evidence:
            self.ask_shown_by(item, then=self.fill_factor)
        else:
            self._walk.prompt.flash(f"{item.mark} is told: n adds another, several conditions had to meet", tone="good")

    def ask_behind(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        """Asks what made a factor possible."""
        self.say(
            WHAT_MADE_IT_POSSIBLE.rstrip("?").lower() + "?",
            "a rule, a tool, a habit, a gap that anybody could have met",
            lambda session, text: revising.revise_factor(session, item, behind=text),
            text=item.behind,
            of=item.id,
            then=then,
            pointed=self.pointed,
        )

    def ask_shown_by(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        """Asks what shows a factor."""
        kind = kinds().get(item.name)
        self.say(
            "shown by",
            f"what shows it: {kind.evidence}" if kind else "what shows it: a graph, a line of the timeline",
            lambda session, text: revising.revise_factor(session, item, evidence=text),
            text=item.evidence,
            of=item.id,
            then=then,
        )

    def choose_kind(self, item: Factor, then: Callable[[str], None] | None = None) -> None:
        """Offers the kinds that a factor's words suggest, and all of them."""
        offered = suggest(item.text)[:OFFERED_MAX]
        choices = [
            Choice(str(place), kind.words, partial(self._set_kind, item, kind.name, then))
            for place, kind in enumerate(offered, 1)
        ]
        choices.append(Choice("m", "more" if offered else "pick one", partial(self._all_kinds, item, then)))
        self._walk.prompt.choose(f"{item.mark} is", choices)

    def _set_kind(self, item: Factor, kind: str, then: Callable[[str], None] | None) -> None:
        told = self._walk.do(lambda session: revising.revise_factor(session, item, kind=kind))
        if told is not None and then is not None:
            self._walk.call_after_refresh(then, item.id)

    def _all_kinds(self, item: Factor, then: Callable[[str], None] | None) -> None:
        def rows(columns: int, now: Instant) -> list[Row]:
            return taxonomy(columns, keys=True)

        def take(kind: str) -> None:
            self._set_kind(item, kind, then)

        self._walk.app.push_screen(Page(self._walk.context, "Kinds of factor: enter takes one", rows, take=take))

    def fill_improvement(self, record: str) -> None:
        """Asks for the first thing that an improvement lacks, then for the next."""
        item, told = self._walk.context.board.get(Improvement, record), self._walk.improving(record)
        if item is None or told is None:
            return
        self._walk.lines.select(record)
        onward = self.fill_improvement
        if not item.chosen:
            self._walk.prompt.flash(f"{item.mark} is kept as an idea: a takes it among the few")
        elif told.state == "done":
            self._walk.prompt.flash(f"{item.mark} is done: {told.evidence}", tone="good")
        elif wish(item.text):
            self._reword_wish(item)
        elif not item.sort:
            self.choose_type(item, then=onward)
        elif not told.due_at or not told.owner:
            self.ask_whose(item, then=onward)
        elif not item.done_when:
            self.ask_done_when(item, then=onward)
        elif not item.wanted:
            self.ask_wanted(item, then=onward)
        elif not item.factor and any(cause.record for cause in self._walk.account.causes):
            self.choose_factor(item)
        else:
            self._walk.prompt.flash(
                f"{item.mark} is told: d closes it once something shows that it is done", tone="good"
            )

    def _reword_wish(self, item: Improvement) -> None:
        better = (
            next((f.instead for f in check(TrackedImprovement(item.text, "")) if f.rule == "wish"), "") or item.text
        )
        place = better.find("‹")
        self.say(
            "better",
            f"“{item.text}” is a wish: what is done?",
            lambda session, text: revising.revise_improvement(session, item, text=text),
            text=better,
            of=item.id,
            then=self.fill_improvement,
            pointed=pointed_improvement,
            cursor=place if place >= 0 else None,
        )

    def choose_type(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        """Offers the types of improvement, the stronger first."""
        likely = kind_of(item.text)
        choices = [
            Choice(
                str(place), f"{sort}{' (likely)' if sort == likely else ''}", partial(self._set_type, item, sort, then)
            )
            for place, sort in enumerate(TYPES, 1)
        ]
        self._walk.prompt.choose("It would, the stronger first", choices)

    def _set_type(self, item: Improvement, sort: str, then: Callable[[str], None] | None) -> None:
        told = self._walk.do(lambda session: revising.revise_improvement(session, item, sort=sort))
        if told is not None and then is not None:
            self._walk.call_after_refresh(then, item.id)

    def ask_whose(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        """Asks for one owner and a day: from then on it is owed."""
        of, now = self._walk.account.incident, self._walk.context.board.now
        told = self._walk.improving(item.id)
        owner = told.owner if told and told.owner else self._walk.context.person
        due = (told.due_at if told and told.due_at else postmortems.suggested_due(of.severity, now))[:10]

        def promise(session: Session, line: str) -> Outcome:
            who, by = revising.whose_and_when(line, now)
            lead = self._walk.account.postmortem.owner if self._walk.account.postmortem else of.commander
            kept = postmortems.promise(session, item, by, who, lead=lead)
            return Outcome(kept.sentence, item.id, kept.warning)

        self.say(
            "whose, by when", "one owner and a day: noor 4w", promise, text=f"{owner} {due}", of=item.id, then=then
        )

    def ask_done_when(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        """Asks how one tells that an improvement is done."""
        self.say(
            "done when",
            "a number, a test, a thing that exists",
            lambda session, text: revising.revise_improvement(session, item, done_when=text),
            text=item.done_when,
            of=item.id,
            then=then,
        )

    def ask_wanted(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        """Asks what evidence will close an improvement."""
        self.say(
            "to be shown by",
            "what will close it: a link, a graph, a run",
            lambda session, text: revising.revise_improvement(session, item, wanted=text),
            text=item.wanted,
            of=item.id,
            then=then,
        )

    def choose_factor(self, item: Improvement) -> None:
        """Offers the factors that an improvement may answer."""
        known = [cause for cause in self._walk.account.causes if cause.record][:9]
        choices = [
            Choice(
                str(place),
                cause.mark,
                partial(self._set_factor, item, cause.record),
            )
            for place, cause in enumerate(known, 1)
        ]
        self._walk.prompt.choose(f"{item.mark} answers", choices)

    def _set_factor(self, item: Improvement, factor: str) -> None:
        self._walk.do(lambda session: revising.revise_improvement(session, item, factor=factor))
