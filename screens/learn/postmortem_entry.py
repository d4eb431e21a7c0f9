"""Filling in a postmortem: one line typed, or one key, for the first thing that is missing; then for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from opsterm.command.capture import who_said
from opsterm.core.session import Attribution, Outcome, Rejected, Session
from opsterm.learn import postmortem as postmortems
from opsterm.learn import revising
from opsterm.learn.account import Account, Cause, TrackedImprovement
from opsterm.learn.improvement_quality import check, kind_of, wish
from opsterm.learn.postmortem_walk import WHAT_MADE_IT_POSSIBLE, PostmortemQuestion, blames
from opsterm.learn.taxonomy import kinds, suggest
from opsterm.records import Factor, Improvement
from opsterm.records.instant import Instant
from opsterm.records.postmortem import TYPES
from screens.learn.step_lines import NEW, pointed, pointed_improvement, taxonomy
from screens.pages.list_page import ListPage
from screens.pages.page import Page
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice, Question

#: So many kinds of factor are offered by digits; all are one key away.
OFFERED_MAX = 4


class PostmortemEntry(ListPage):
    """Asks. Subclasses say what they have read of a postmortem, and show what is typed."""

    #: The incident that it is about.
    incident: str
    account: Account
    #: Names that a factor should not be about.
    people: frozenset[str]
    #: The record that words are typed about now (empty: a new one), and what they point to.
    typing: tuple[str, Sequence[str]] | None

    def improving(self, record: str) -> TrackedImprovement | None:
        """An improvement with what its obligation says."""
        raise NotImplementedError

    def pointed(self, text: str) -> Sequence[str]:
        """What the language of a text points to, on this incident."""
        return pointed(text, self.people)

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
            told = command(self.session, typed.strip())
            self.typing = None
            self.repaint()
            if told.record:
                self.lines.select(told.record)
            self.prompt.told(told)
            if then is not None:
                self.call_after_refresh(then, told.record)
            return True

        def follow(typed: str) -> None:
            if pointed is not None:
                self.typing = (of, pointed(typed)) if typed.strip() else None
                self.paint()
                self.lines.select(of or NEW)

        def says(typed: str) -> str:
            found = pointed(typed) if pointed is not None and typed.strip() else ()
            if found:
                raise Rejected(found[0])
            return "enter notes it" if typed.strip() else empty

        asked = Question(
            prompt=prompt,
            words=says,
            done=finish,
            key=f"{self.place}:{self.incident}:{prompt}:{of}",
            follow=follow,
            left=self._end_typing,
        )
        self.prompt.ask(asked, text, cursor=cursor)

    def _end_typing(self) -> None:
        self.typing = None
        self.paint()

    def ask_answer(self, question: PostmortemQuestion) -> None:
        """Asks for an answer to a question; others' answers stay, and one may type for all."""

        def note(session: Session, text: str) -> Outcome:
            words, by = who_said(text)
            return postmortems.answer(session, self.incident, question.key, words, Attribution(by=by))

        self.say(
            "answer",
            "what people say, in their words; ~noor at the end says who",
            note,
            of=question.key,
            pointed=self.pointed,
        )

    def add_factor(self, session: Session, text: str) -> Outcome:
        """Notes a factor by its text."""
        return postmortems.add_factor(session, self.incident, text)

    def add_improvement(self, session: Session, text: str) -> Outcome:
        """Notes an improvement by its text: an idea, until it has an owner and a date."""
        return postmortems.add_improvement(session, self.incident, text)

    def take_cause(self, cause: Cause) -> None:
        """Takes a cause that was recorded with the incident, and asks what it lacks."""
        self._do_then(lambda session: self.add_factor(session, cause.text), self.fill_factor)

    def take_line(self, item: TrackedImprovement) -> None:
        """Takes a follow-up that was recorded with the incident, and asks what it lacks."""
        sort = item.sort if item.sort in TYPES else ""
        self._do_then(
            lambda session: postmortems.add_improvement(session, self.incident, item.text, sort=sort),
            self.fill_improvement,
        )

    def _do_then(self, command: Callable[[Session], Outcome], then: Callable[[str], None] | None) -> None:
        """Runs a command, then asks on about the record that it was done to."""
        told = self.do(command)
        if told is not None and then is not None:
            self.call_after_refresh(then, told.record)

    def fill_factor(self, record: str) -> None:
        """Asks for the first thing that a factor lacks, then for the next."""
        item = self.context.board.get(Factor, record)
        if item is None:
            return
        self.lines.select(record)
        if blames(item.text, self.account) and not item.behind:
            self.ask_behind(item, then=self.fill_factor)
        elif not item.name:
            self.choose_kind(item, then=self.fill_factor)
        elif not item.evidence:
            self.ask_shown_by(item, then=self.fill_factor)
        else:
            self.prompt.flash(f"{item.mark} is told: n adds another, several conditions had to meet", tone="good")

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
        self.prompt.choose(f"{item.mark} is", choices)

    def _set_kind(self, item: Factor, kind: str, then: Callable[[str], None] | None) -> None:
        self._do_then(lambda session: revising.revise_factor(session, item, kind=kind), then)

    def _all_kinds(self, item: Factor, then: Callable[[str], None] | None) -> None:
        def rows(columns: int, now: Instant) -> list[Row]:
            return taxonomy(columns, keys=True)

        def take(kind: str) -> None:
            self._set_kind(item, kind, then)

        self.app.push_screen(Page(self.context, "Kinds of factor: enter takes one", rows, take=take))

    def fill_improvement(self, record: str) -> None:
        """Asks for the first thing that an improvement lacks, then for the next."""
        item, told = self.context.board.get(Improvement, record), self.improving(record)
        if item is None or told is None:
            return
        self.lines.select(record)
        onward = self.fill_improvement
        if not item.chosen:
            self.prompt.flash(f"{item.mark} is kept as an idea: a takes it among the few")
        elif told.state == "done":
            self.prompt.flash(f"{item.mark} is done: {told.evidence}", tone="good")
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
        elif not item.factor and any(cause.record for cause in self.account.causes):
            self.choose_factor(item)
        else:
            self.prompt.flash(f"{item.mark} is told: d closes it once something shows that it is done", tone="good")

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
        self.prompt.choose("It would, the stronger first", choices)

    def _set_type(self, item: Improvement, sort: str, then: Callable[[str], None] | None) -> None:
        self._do_then(lambda session: revising.revise_improvement(session, item, sort=sort), then)

    def ask_whose(self, item: Improvement, then: Callable[[str], None] | None = None) -> None:
        """Asks for one owner and a day: from then on it is owed."""
        of, now = self.account.incident, self.context.board.now
        told = self.improving(item.id)
        owner = told.owner if told and told.owner else self.context.person
        due = (told.due_at if told and told.due_at else postmortems.suggested_due(of.severity, now))[:10]

        def promise(session: Session, line: str) -> Outcome:
            who, by = revising.whose_and_when(line, now)
            lead = self.account.postmortem.owner if self.account.postmortem else of.commander
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
        known = [cause for cause in self.account.causes if cause.record][:9]
        choices = [
            Choice(str(place), cause.mark, partial(self._set_factor, item, cause.record))
            for place, cause in enumerate(known, 1)
        ]
        self.prompt.choose(f"{item.mark} answers", choices)

    def _set_factor(self, item: Improvement, factor: str) -> None:
        self.do(lambda session: revising.revise_improvement(session, item, factor=factor))
