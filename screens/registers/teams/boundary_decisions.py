"""Decisions that cross teams: who decides, who is asked, who is told, by when, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from opsterm.core.calendar_dates import day
from opsterm.core.session import Outcome, Session
from opsterm.core.valid_dates import is_day
from opsterm.records import BoundaryDecision
from opsterm.records.instant import Instant
from opsterm.registers.entry_line import DECIDED, QUESTION
from opsterm.registers.teams import boundary_decision
from opsterm.registers.teams.dependency import lint_decision
from screens.keys.actions import QUESTIONS, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.register_page import Lesson, RegisterPage, days_until
from screens.pages.rows import facts, listing, warned
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many that were taken are shown.
_TAKEN_MAX = 30


class Questions(Choosing[BoundaryDecision], RegisterPage):
    """What waits for a decision, the soonest first; then what was decided."""

    BINDINGS = bindings(QUESTIONS)
    place = QUESTIONS
    none_chosen = "no decision here: n puts a question"
    words = QUESTION
    lesson = Lesson(
        "No decision that crosses teams is on record.",
        (
            ("n", "put a question: one queue or two?; @mia; by 2026-12-01; asked noor, li; told billing; can stop ben"),
            ("", "exactly one decides; two at the most can stop it, five at the most are asked"),
        ),
    )

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.open: Sequence[BoundaryDecision] = boundary_decision.open_decisions(board)
        self.taken = boundary_decision.taken_decisions(board)[:_TAKEN_MAX]

    def heading(self, now: Instant) -> str:
        return f"Decisions across teams {SIGNS.dot} {len(self.open)} open" if self.open else "Decisions across teams"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.open and not self.taken:
            return self.rows_of_nothing(columns)
        groups = (("Open", self.open), ("Decided", self.taken))
        return listing(groups, self.lines.selected, columns, lambda item: item.id, self._first, self._rest)

    def _first(self, item: BoundaryDecision, columns: int, now: Instant) -> Line:
        if item.outcome:
            when = Cell(f"  {item.outcome_since[:10]}", "muted")
        else:
            by = days_until(day(item.due_on), self.today) if is_day(item.due_on) else "no day set"
            when = Cell(f"  {by:>10}", "alarm" if by.startswith("late") else "warn" if by == "no day set" else "")
        one_way = (Cell("  one way", "warn"),) if item.one_way else ()
        return Line(
            (Cell("  "), Cell(item.question, "" if item.outcome else "strong"), *one_way),
            (Cell(f"  {', '.join(item.decider) or 'nobody'} decides", "muted" if item.outcome else ""), when),
        )

    def _rest(self, item: BoundaryDecision, columns: int) -> list[Row]:
        told = (
            ("decided", f"{item.outcome} ({item.outcome_by})" if item.outcome else ""),
            ("prepared by", item.recommends),
            ("can stop it", ", ".join(item.agrees)),
            ("asked", ", ".join(item.asked)),
            ("told", ", ".join(item.told)),
            ("opened again", f"{item.reopened} times" if item.reopened else ""),
        )
        wrong = lint_decision(item) if not item.outcome else ()
        return [*facts(told, columns, key=item.id), *warned(wrong, columns, indent=4, key=item.id)]

    # --- what it does

    def listed(self) -> dict[str, BoundaryDecision]:
        return {item.id: item for item in (*self.open, *self.taken)}

    @on_chosen
    def action_take(self, item: BoundaryDecision) -> None:
        if item.outcome:
            self.prompt.flash("it is decided: o opens it again")
            return
        self.ask_words(
            "decided", "one queue; because two were never in step", DECIDED, partial(_take, item), named=True
        )  # fmt: skip

    def action_new(self) -> None:
        empty = "one queue or two?; @mia; by 2026-12-01; asked noor, li; told billing"
        self.ask_words("question", empty, QUESTION, boundary_decision.put, named=True)

    @on_chosen
    def action_reopen(self, item: BoundaryDecision) -> None:
        if not item.outcome:
            self.prompt.flash("it is open")
            return
        self.ask("open again, why?", "what is new", lambda s, why: boundary_decision.reopen(s, item, why))


def _take(item: BoundaryDecision, session: Session, outcome: str, fields: dict[str, Any]) -> Outcome:
    return boundary_decision.take(session, item, outcome, fields.get("why", ""))
