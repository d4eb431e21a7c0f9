"""The risk of a change: a few questions answered by digits, the score live, what is asked, and what would lower it.

Nothing is recorded until `enter`; what was answered is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from opsterm.core.session import Outcome, Session
from opsterm.operations.deployments.change_risk import Formula, RiskAssessment, RiskFactor, assess, team_formula
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import RISK, bindings
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, flowing, folded, warned
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_TONES = {"routine": "good", "moderate": "strong", "high": "warn", "critical": "alarm"}

#: Records a change with its answers.
Take = Callable[[Session, Mapping[str, int]], Outcome]


class Risk(ListPage):
    """The questions, the selected one with its answers; below them what they amount to."""

    BINDINGS = bindings(RISK)
    place = RISK

    def __init__(
        self,
        context: ConsoleContext,
        title: str,
        take: Take,
        *,
        answers: Mapping[str, int] | None = None,
        warning: str = "",
        formula: Formula | None = None,
    ) -> None:
        super().__init__(context)
        self.title_of = title
        self.take = take
        self.warning = warning
        self.formula = formula or team_formula()
        self._key = f"risk:{title}"
        known = {factor.name: factor.most for factor in self.formula.factors}
        kept = json.loads(context.board.draft(self._key) or "{}")
        given = {**(answers or {}), **kept}
        self.answers: dict[str, int] = {n: min(int(p), known[n]) for n, p in given.items() if n in known}

    # --- what it shows

    def read(self, now: Instant) -> None:
        """The answers are all here."""

    def heading(self, now: Instant) -> str:
        found = self.found
        left = len(found.unanswered)
        open_words = f", {left} unanswered" if left else ""
        return f"{self.title_of} {SIGNS.dot} {found.score} points {SIGNS.dot} {found.level}{open_words}"

    @property
    def found(self) -> RiskAssessment:
        """What the answers amount to."""
        return assess(self.answers, self.formula)

    @property
    def factor(self) -> RiskFactor:
        """The question that is selected."""
        return next((f for f in self.formula.factors if f.name == self.lines.selected), self.formula.factors[0])

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = [fixed(())]
        for factor in self.formula.factors:
            rows += self._question(factor, columns)
        return [*rows, *self._result(columns)]

    def _question(self, factor: RiskFactor, columns: int) -> list[Row]:
        points = self.answers.get(factor.name)
        told = SIGNS.dot if points is None else factor.answers[points]
        counted = f"{points * factor.weight:>4}" if points is not None else "    "
        right = (Cell(f"  {told}", "muted" if points is None else "strong"), Cell(counted, "muted"))
        rows = folded(factor.name, Cell("  "), factor.title, columns, right=right)
        if factor.name != self.factor.name:
            return rows
        answers = []
        for number, words in enumerate(factor.answers, 1):
            sign = f"{SIGNS.done} " if points == number - 1 else ""
            answers.append((Cell(f"{number}", "accent"), Cell(f" {sign}{words}   ", "strong" if sign else "")))
        return [*rows, *flowing(answers, columns, start=(Cell("    "),), key=factor.name)]

    def _result(self, columns: int) -> list[Row]:
        found = self.found
        level = Cell(f"{found.score} points: {found.level}", _TONES[found.level])
        steps = "  ".join(f"{name} from {least}" for name, least in self.formula.levels.items())
        rows = [fixed(()), fixed((level,), (Cell(f"  {steps}", "muted"),))]
        rows += warned(self.formula.warnings, columns, indent=2, tone="")
        rows += warned([self.warning] if self.warning else (), columns, indent=2)
        least_wanted = [text for text in found.because if text.startswith("at least")]
        rows += warned(least_wanted, columns, indent=2, tone="")
        for place, lower in enumerate(found.lowers[:3]):
            label = "  l  " if place == 0 else "     "
            begin = "one answer lowers it: " if place == 0 else "or "
            rows += folded("", Cell(label, "accent"), f"{begin}{lower.text} {SIGNS.right} {lower.level}", columns)
        rows += [fixed(()), fixed((Cell("What is asked", "strong"),))]
        for text in found.asks:
            rows += folded("", Cell(f"  {SIGNS.dot} "), text, columns)
        return rows

    def hint(self) -> tuple[Cell, ...]:
        return (
            Cell("enter", "accent"),
            Cell(f" records it as {self.found.level};  esc leaves, answers are kept", "muted"),
        )

    # --- what it does

    def _give(self, points: int | None) -> None:
        factors = self.formula.factors
        factor = self.factor
        if points is None:
            self.answers.pop(factor.name, None)
        else:
            self.answers[factor.name] = points
        self.context.board.keep_draft(self._key, json.dumps(self.answers))
        following = factors[min(factors.index(factor) + 1, len(factors) - 1)]
        self.lines.select(following.name)
        self.paint()

    def action_answer(self, key: str) -> None:
        if int(key) > len(self.factor.answers):
            self.prompt.flash(f"answer with 1 to {len(self.factor.answers)}")
            return
        self._give(int(key) - 1)

    def action_unknown(self) -> None:
        self._give(None)

    def action_lower(self) -> None:
        lowers = self.found.lowers
        if not lowers:
            self.prompt.flash("no single answer lowers it")
            return
        self.lines.select(lowers[0].answer)
        self.paint()

    def action_take(self) -> None:
        told = self.do(lambda session: self.take(session, self.answers))
        if told is not None:
            self.context.board.keep_draft(self._key, "")
            self.dismiss()
