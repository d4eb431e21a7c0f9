"""Who comes and who leaves: milestones of newcomers, and how much hangs on each person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from opsterm.core.calendar_dates import day, team_holidays
from opsterm.core.session import Outcome, Session
from opsterm.obligations import obligation
from opsterm.records import Obligation
from opsterm.records.instant import Instant
from opsterm.registers.entry_line import NEWCOMER
from opsterm.registers.teams import onboarding
from opsterm.registers.teams.onboarding import Milestone, Owner
from screens.keys.actions import COMING, bindings
from screens.pages.register_page import Lesson, RegisterPage, days_until
from screens.pages.rows import fixed, heading, warned
from screens.pages.text_page import TextPage
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Whoever left with nothing to hand over is no longer listed; newcomers are, for so many days after the last milestone.
_NEW_DAYS = 90


class Onboarding(RegisterPage):
    """Newcomers with their milestones, those who left and still own something, then all who own anything."""

    BINDINGS = bindings(COMING)
    place = COMING
    words = NEWCOMER
    lesson = Lesson(
        "Nobody owns anything on record yet.",
        (
            ("n", "somebody begins: ada; from 2026-12-01; buddy noor; team payments"),
            ("m", "shows a newcomer's map: systems, documents, vendors, meetings and people, as far as recorded"),
            ("", "whoever owns a vendor, a document, a meeting or anything that is owed stands here"),
        ),
        works=("new", "map"),
    )

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        found = [o for o in onboarding.owners(board) if o.things or not o.left_on]
        self.new = [o for o in found if o.joined_on and not o.left_on and self._is_new(o)]
        self.gone = [o for o in found if o.left_on and o.things]
        self.owners = [o for o in found if o not in self.new and o not in self.gone]
        self.steps: dict[str, Sequence[Milestone]] = {
            o.name: onboarding.milestones(board, o.name, team_holidays()) for o in self.new
        }
        self.sole = onboarding.sole_actors(board)

    def _is_new(self, owner: Owner) -> bool:
        return (self.today - day(owner.joined_on)).days <= _NEW_DAYS

    def heading(self, now: Instant) -> str:
        told = [f"{len(self.new)} new"] if self.new else []
        told += [f"{len(self.gone)} left and still own something"] if self.gone else []
        return f"Coming and leaving {SIGNS.dot} {', '.join(told)}" if told else "Coming and leaving"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not (self.new or self.gone or self.owners):
            return self.rows_of_nothing(columns)
        rows: list[Row] = []
        for title, owners in (
            ("Beginning", self.new),
            ("Left, and what they owned is nobody's yet", self.gone),
            ("Who owns how much", self.owners),
        ):
            rows += heading(title) if owners else []
            for owner in owners:
                rows.append(Row(owner.record, partial(self._first, owner)))
                rows += [row for step in self.steps.get(owner.name, ()) for row in self._step(step)]
        rows += heading("Critical systems that hang on one person") if self.sole else []
        return [*rows, *warned([sole.why for sole in self.sole], columns, indent=2, tone="")]

    def _first(self, owner: Owner, columns: int, now: Instant) -> Line:
        gone = owner in self.gone
        since = f"left {owner.left_on}" if owner.left_on else f"since {owner.joined_on}" if owner.joined_on else ""
        things = f"{owner.things} thing{'' if owner.things == 1 else 's'}"
        return Line(
            (Cell(f"{SIGNS.alarm if gone else ' '} ", "warn"), Cell(owner.name, "strong"), Cell(f"  {since}", "muted")),
            (Cell(f"  owns {things}", "warn" if gone else "muted"),),
        )

    def _step(self, step: Milestone) -> list[Row]:
        if step.done_on:
            took = Cell(f"  done {step.done_on}, after {step.took} working days", "muted")
            return [fixed((Cell(f"    {SIGNS.done} ", "good"), Cell(step.what)), (took,), key=step.obligation.id)]
        by = days_until(day(step.due_on), self.today) if step.due_on else "no day set"
        tone = "alarm" if by.startswith("late") else ""
        sign = Cell(f"    {SIGNS.alarm if tone else SIGNS.dot} ", tone or "muted")
        return [fixed((sign, Cell(step.what)), (Cell(f"  {by}", tone),), key=step.obligation.id)]

    # --- what it does

    def _person(self) -> str:
        """The person under the cursor, or whose milestone it is."""
        selected = self.lines.selected
        for owner in (*self.new, *self.gone, *self.owners):
            steps = self.steps.get(owner.name, ())
            if selected == owner.record or any(step.obligation.id == selected for step in steps):
                return owner.name
        return ""

    def action_open(self) -> None:
        from screens.registers.teams.handover import Handover

        name = self._person()
        if name:
            self.app.push_screen(Handover(self.context, name))
        else:
            self.prompt.flash("nobody here: n notes that somebody begins")

    def action_done(self) -> None:
        steps = (step for found in self.steps.values() for step in found)
        step = next((s for s in steps if s.obligation.id == self.lines.selected), None)
        if step is None:
            self.prompt.flash("no milestone here: enter shows what a person owns")
            return
        item: Obligation = step.obligation
        self.ask("reached, shown by", "what shows it: the shift, the run, a sentence",
                 lambda s, shown: obligation.complete(s, item, shown))  # fmt: skip

    def action_new(self) -> None:
        self.ask_words("begins", "ada; from 2026-12-01; buddy noor; team payments", NEWCOMER, self._begin, named=True)

    def _begin(self, session: Session, name: str, fields: dict[str, Any]) -> Outcome:
        return onboarding.welcome(session, name, holidays=team_holidays(), **fields)

    def action_map(self) -> None:
        text = onboarding.map_of(self.context.board, self.today)
        self.app.push_screen(TextPage(self.context, "A newcomer's map", text))
