"""Triage in twenty seconds: is it an incident at all, and how bad is it by the rules.

It comes after declaring and can be left at any time; what was answered is kept. Nothing is recorded until `enter` takes
the severity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsterm.command import closing
from opsterm.core.session import Outcome, Session
from opsterm.core.thresholds import load_settings
from opsterm.incidents.severity import Answers, Assessed, assess, read_rules
from opsterm.incidents.triage import (
    QUESTIONS,
    SeverityProposal,
    answer,
    answers_of,
    choices,
    earlier_of,
    is_incident,
    take_proposal,
)
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, TRIAGE, bindings
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, flowing, folded, heading, row
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: What is asked for each answer about weight.
_ASKED = {
    "breadth": "How many are hurt?",
    "depth": "How badly?",
    "easy_way": "Is there an easy way around it, and do people know?",
    "trend": "Where does it go?",
    "redundancy": "What redundancy is left?",
    "exposure": "Is customers' data exposed, lost or corrupted?",
    "blind": "Are monitoring or paging blind?",
    "stakes": "What else weighs? (several)",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: yes or no where it has no choices."""

    field: str
    text: str
    choices: Mapping[str, str]


class Triage(IncidentPage):
    """Three yes/no questions, then answers by their numbers; below them the severity, its rule, what it asks for."""

    BINDINGS = bindings(TRIAGE)
    place = TRIAGE

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        team = load_settings()
        self.limits = team.thresholds
        self.rules, _ = read_rules(team.severity)
        self._known = choices(self.rules)
        order = ("breadth", "depth", "easy_way", "trend", "redundancy", "exposure", "blind", "stakes")
        self.questions = [
            *(Asked(question.field, question.text, {}) for question in QUESTIONS),
            *(Asked(name, _ASKED[name], self._known.get(name, {})) for name in order),
        ]
        #: The severity that is painted as what the rules say.
        self._level = ""
        self._key = f"triage:{incident}"
        kept = json.loads(context.board.draft(self._key) or "{}")
        #: What was answered here and is not recorded yet.
        self.given: dict[str, Any] = {q.field: kept[q.field] for q in self.questions if q.field in kept}

    # --- what it shows

    def heading(self, now: Instant) -> str:
        return f"Triage {SIGNS.dot} {self.snapshot.incident.mark} {self.snapshot.incident.title}"

    def value(self, field: str) -> Any:
        """What is answered: here, else as it is recorded."""
        return self.given[field] if field in self.given else getattr(self.snapshot.incident, field)

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = heading("Is it an incident?  any yes makes it one")
        for place, question in enumerate(self.questions):
            if place == len(QUESTIONS):
                rows += heading("How bad is it?  as far as one knows")
            rows += self._question(question, columns)
        return [*rows, *self._result(columns, now)]

    def _question(self, question: Asked, columns: int) -> list[Row]:
        value = self.value(question.field)
        selected = question.field == (self.lines.selected or self.questions[0].field)
        told = self._told(question, value)
        right = (Cell("  "), Cell(told or SIGNS.dot, "strong" if told else "muted"))
        rows = folded(question.field, Cell("  "), question.text, columns, right=right)
        if selected and question.choices:
            rows += self._choices(question, value, columns)
        elif selected:
            rows.append(row(question.field, Cell("    y", "accent"), Cell(" yes   "), Cell("n", "accent"), Cell(" no")))
        return rows

    def _told(self, question: Asked, value: Any) -> str:
        if question.field == "stakes":
            return ", ".join(question.choices.get(item, item) for item in value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return question.choices.get(value, value) if value else ""

    def _choices(self, question: Asked, value: Any, columns: int) -> list[Row]:
        """The answers with their numbers, in as many lines as they need."""
        answers = []
        for number, (name, words) in enumerate(question.choices.items(), 1):
            chosen = name in value if isinstance(value, (list, tuple)) else name == value
            sign = f"{SIGNS.done} " if chosen else ""
            answers.append((Cell(f"{number}", "accent"), Cell(f" {sign}{words}   ", "strong" if chosen else "")))
        return flowing(answers, columns, start=(Cell("    "),), key=question.field)

    def _result(self, columns: int, now: Instant) -> list[Row]:
        verdict = self.verdict()
        found = self.assessed(now)
        self._level = found.level
        rows = heading("What the rules say")
        if verdict.incident is False:
            return [*rows, *folded("", Cell("  no incident  ", "good"), verdict.because, columns)]
        if verdict.incident and not found.level:
            rows += folded("", Cell("  an incident  ", "warn"), verdict.because, columns)
        if not found.level:
            return [*rows, *folded("", Cell("  "), found.because, columns, tone="muted")]
        rows += folded("", Cell(f"  {found.level.upper()}  ", "strong"), found.because, columns)
        if found.asks:
            rows += folded("", Cell("  asks for  ", "muted"), found.asks, columns)
        if found.also:
            rows += folded("", Cell(f"  {SIGNS.alarm} ", "warn"), found.also, columns)
        stands = self.snapshot.incident.severity
        if stands and stands != found.level:
            rows.append(fixed((Cell(f"  {stands} stands now", "muted"),)))
        return rows

    def hint(self) -> tuple[Cell, ...]:
        found = self.assessed(self.context.board.now)
        if self.verdict().incident is False:
            return (Cell("c", "accent"), Cell(" closes it as no incident; nobody is paged", "muted"))
        if found.level:
            return (Cell("enter", "accent"), Cell(f" takes {found.level}: {found.because}", "muted"))
        return (Cell("how many, and how badly: two digits give a severity", "muted"),)

    def under_keys(self) -> Mapping[str, object]:
        """The question that is answered, and the severity that is taken."""
        return {ASKED: (self.question.field, self._level)} if self.lines.rows else {}

    # --- what follows from the answers

    def verdict(self) -> Any:
        """Whether it is an incident, as far as it was answered."""
        return is_incident({question.field: self.value(question.field) for question in QUESTIONS})

    def assessed(self, now: Instant) -> Assessed:
        """The severity that the rules give for what is answered."""

        incident = self.snapshot.incident
        recorded = answers_of(incident, now, earlier_of(self.context.board, incident))
        names = {q.field for q in self.questions} & set(Answers.__dataclass_fields__)
        weights = {name: self.value(name) for name in names}
        weights["easy_way"] = weights["easy_way"] is True
        weights["stakes"] = tuple(weights["stakes"])
        return assess(replace(recorded, **weights), self.rules, self.limits)

    # --- what it does

    @property
    def question(self) -> Asked:
        selected = self.lines.selected
        return next((q for q in self.questions if q.field == selected), self.questions[0])

    def _give(self, value: Any, *, stay: bool = False) -> None:
        question = self.question
        self.given[question.field] = value
        self.context.board.keep_draft(self._key, json.dumps(self.given))
        if not stay:
            place = self.questions.index(question)
            following = self.questions[min(place + 1, len(self.questions) - 1)]
            self.lines.select(following.field)
        self.paint()

    def _yes_no(self, value: bool) -> None:
        if self.question.choices:
            self.prompt.flash("this one is answered by a number")
        else:
            self._give(value)

    def action_yes(self) -> None:
        self._yes_no(True)

    def action_no(self) -> None:
        self._yes_no(False)

    def action_answer(self, key: str) -> None:
        question = self.question
        names = list(question.choices)
        if not names or int(key) > len(names):
            self.prompt.flash(f"answer with 1 to {len(names)}" if names else "this one is yes or no: y, n")
            return
        name = names[int(key) - 1]
        if question.field == "stakes":
            before: Sequence[str] = self.value("stakes")
            self._give([n for n in names if (n in before) != (n == name)], stay=True)
        else:
            self._give(name)

    def action_unknown(self) -> None:
        question = self.question
        self._give([] if question.field == "stakes" else "" if question.choices else None)

    def action_take(self) -> None:
        found = self.assessed(self.context.board.now)
        if not found.level:
            self.prompt.flash(f"{found.because}; or esc, and v sets a severity by hand", tone="warn")
            return
        told = self.do(lambda session: self._take(session, found))
        if told is not None:
            self.context.board.keep_draft(self._key, "")
            self.back_with(told)

    def _take(self, session: Session, found: Assessed) -> Outcome:
        incident = self.snapshot.incident
        changed = {name: value for name, value in self.given.items() if not _same(value, getattr(incident, name))}
        with session.board.transaction():
            if changed:
                answer(session, incident, changed, rules=self.rules)
            return take_proposal(session, incident, SeverityProposal(found.level, found.because, found.asks, ""))

    def action_anomaly(self) -> None:
        if self.verdict().incident is not False:
            self.prompt.flash("it is one by these answers; #cancelled and why ends a false alarm", tone="warn")
            return
        because = self.verdict().because
        told = self.do(lambda session: closing.withdraw_by_rule(session, self.snapshot.incident, because))
        if told is not None:
            self.context.board.keep_draft(self._key, "")
            self.back_with(told)


def _same(given: Any, recorded: Any) -> bool:
    return list(given) == list(recorded) if isinstance(given, (list, tuple)) else bool(given == recorded)
