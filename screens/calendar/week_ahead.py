"""The week ahead by owner: all that will hurt if nobody acts, no more than each can act on, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from opsterm.calendar import week_ahead
from opsterm.calendar.week_ahead import NAMED_MAX, OwnersWeek, WeekLine
from opsterm.core.calendar_dates import day, team_holidays
from opsterm.core.session import Outcome, Session
from opsterm.obligations.obligation import DueItem
from opsterm.obligations.settle import part_of
from opsterm.records import Document, Incident, Obligation
from opsterm.records.instant import Instant, moment
from opsterm.records.person_name import same_person
from opsterm.registers.documents import document
from screens.calendar.due import DuePage
from screens.calendar.open_record import page_of
from screens.keys.actions import WEEK, bindings, of
from screens.pages.choosing import on_chosen
from screens.pages.register_page import days_until
from screens.pages.rows import facts, fixed, folded, heading
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: How far it can look, in days.
REACHES = (7, 30, 90)


class WeekAhead(DuePage, inherit_bindings=False):
    """What each owner acts on; what does not fit is named, so that somebody says what goes."""

    BINDINGS = bindings(WEEK)
    place = WEEK
    days = REACHES[0]
    only_mine = False

    # --- what it shows

    @property
    def today(self) -> date:
        """The day where this person is."""
        return moment(self.context.board.now).astimezone(self.context.zone).date()

    def read(self, now: Instant) -> None:
        self.holidays = team_holidays()
        self.brief = week_ahead.week_ahead(self.context.board, self.today, self.days, self.holidays)
        me = self.context.person
        shares = [s for s in self.brief.shares if not self.only_mine or same_person(s.owner, me)]
        # One's own first: that is what one came for.
        self.shares: Sequence[OwnersWeek] = sorted(shares, key=lambda s: not same_person(s.owner, me))
        self.due: Sequence[DueItem] = [line.due for s in self.shares for line in (*s.act, *s.over[:NAMED_MAX])]

    def heading(self, now: Instant) -> str:
        late = sum(line.late for line in self.due)
        told = f"{self.brief.today} to {self.brief.last}"
        whose = f"{self.context.person}'s week" if self.only_mine else "The week"
        whose = whose if self.days == REACHES[0] else whose.replace("week", f"{self.days} days")
        return f"{whose} ahead {SIGNS.dot} {told}{f' {SIGNS.dot} {late} late' if late else ''}"

    def hint(self) -> tuple[Cell, ...]:
        return (Cell("what is not here can wait; o on home lists all that is owed", "muted"),)

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.shares:
            return self._nothing(columns)
        here = self.lines.selected or self.due[0].obligation.id
        rows: list[Row] = []
        for share in self.shares:
            hours = f"{share.hours:g} h"
            rows += heading(f"{share.owner or 'Nobody owns these'}  {SIGNS.dot}  {hours}")
            for line in share.act:
                rows += self._lines(line, here, columns)
            if share.over:
                more = len(share.over) - NAMED_MAX
                rest = f"; {more} of them in o on home" if more > 0 else ""
                text = f"{share.hours_over:g} h over, {len(share.over)} left out. What goes?{rest}"
                rows += folded("", Cell(f"  {SIGNS.alarm} ", "warn"), text, columns, tone="warn")
                for line in share.over[:NAMED_MAX]:
                    rows += self._lines(line, here, columns, left_out=True)
        return rows

    def paint(self) -> None:
        works = ("mine", "longer", "help")
        unused = of(WEEK) if not self.shares else ()
        self.prompt.hinted = frozenset(action.keys[0] for action in unused if action.name not in works)
        super().paint()

    def _nothing(self, columns: int) -> list[Row]:
        whose = "of yours will hurt" if self.only_mine else "will hurt"
        rows = [*heading(f"Nothing {whose} if nobody acts."), fixed(())]
        teaches = (
            ("l", "looks further ahead"),
            ("", "notice days, documents, drills, meetings and lines from other teams come here by themselves"),
            ("", "V D m t on home record what they come from; o owes anything else by a day"),
        )
        for key, does in teaches:
            rows += folded("", Cell(f"{key:<3}", "accent"), does, columns, tone="muted")
        return rows

    def _lines(self, line: WeekLine, here: str, columns: int, *, left_out: bool = False) -> list[Row]:
        item = line.due.obligation
        rows = [Row(item.id, partial(self._ahead, line, left_out))]
        return [*rows, *self._more(line, columns)] if item.id == here else rows

    def _ahead(self, line: WeekLine, left_out: bool, columns: int, now: Instant) -> Line:
        item, late = line.due.obligation, line.due.late
        by = days_until(day(line.due.due_at), self.today) if line.due.due_at else "no date"
        tone = "alarm" if late else "warn" if item.hard_at else ""
        hard = "  too late after" if item.hard_at and not late else ""
        return Line(
            (
                Cell(f"{SIGNS.alarm if late else ' '} ", tone),
                Cell(item.what, "muted" if left_out else ""),
            ),
            (Cell(hard, "warn"), Cell(f"  {line.hours:g} h", "muted"), Cell(f"  {by:>9}", tone)),
        )

    def _more(self, line: WeekLine, columns: int) -> list[Row]:
        item = line.due.obligation
        told = (
            ("by", item.due_at[:10]),
            ("why", item.reason),
            ("if missed", item.missed),
            ("put off", f"{item.snoozes} of 3 times: {item.state_why}" if item.snoozes else ""),
        )
        return facts(told, columns, key=item.id)

    # --- what it does

    @on_chosen
    def action_open(self, item: Obligation) -> None:
        page = page_of(self.context, item.origin) if item.origin else None
        if page is not None:
            self.app.push_screen(page)
        elif self._procedure(item) is not None:
            self.action_walk()
        elif item.incident and self.context.board.get(Incident, item.incident):
            self.context.console.open_incident(item.incident)
        elif item.link:
            self.prompt.flash(self.context.copy(item.link), tone="good")
        else:
            self.prompt.flash("it came from nothing that can be opened: space says that it is done")

    def _done(self, item: Obligation, session: Session, evidence: str) -> Outcome:
        """A document's review that is done is a verification: it is no longer stale."""
        board = self.context.board
        followed = board.get(Document, item.origin) if part_of(item) == "review" else None
        if followed is None:
            return super()._done(item, session, evidence)
        with board.transaction():
            self._kept(session, item)
            told = document.verify(session, followed, evidence)
        return Outcome(f"{told.sentence}, verified", item.id)

    def action_mine(self) -> None:
        self.only_mine = not self.only_mine
        self.repaint()
        self.prompt.flash(f"only what is {self.context.person}'s" if self.only_mine else "what is everybody's")

    def show_all(self) -> bool:
        narrowed, self.only_mine = self.only_mine, False
        if narrowed:
            self.repaint()
        return super().show_all() or narrowed

    def action_longer(self) -> None:
        self.days = REACHES[(REACHES.index(self.days) + 1) % len(REACHES)]
        self.repaint()
        self.prompt.flash(f"looks {self.days} days ahead")

    def action_copy(self) -> None:
        shown = replace(self.brief, shares=tuple(self.shares))
        self.prompt.flash(self.context.copy(week_ahead.as_markdown(shown)), tone="good")
