"""Tests of hypotheses: the next best one with its reason; planned, begun, ended, and what each showed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.core.times import parse_duration
from opsterm.incidents import hypothesis as hypotheses
from opsterm.incidents.hypothesis_testing import begin_test, drop_test, end_test, gain, next_test, plan_test, weights
from opsterm.incidents.snapshot import given_by
from opsterm.records import Hypothesis, HypothesisTest
from opsterm.records.hypothesis import ALIVE
from opsterm.records.hypothesis_test import OPEN, RISKS
from opsterm.records.instant import Instant
from screens.keys.actions import RECORD, TESTS, bindings
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

_MARK = re.compile(r"(?<!\S)(h\d{1,6}[a-z]{0,3})(?=[\s,;]|$)[,;]?", re.I)
_RISK = re.compile(rf"(?<!\S)({'|'.join(RISKS)})(?=\s|$)", re.I)
_BOX = re.compile(r"(?<!\S)in\s+(\d\S*)(?=\s|$)")
_OWNER = re.compile(r"(?<!\S)[@＠](\S+)")


class HypothesisTests(IncidentPage):
    """The tests of an incident, the one that tells most first."""

    BINDINGS = bindings(TESTS)
    place = TESTS

    # --- what it shows

    def heading(self, now: Instant) -> str:
        running = sum(test.state == "running" for test in self.snapshot.probes)
        return f"Tests {SIGNS.dot} {self.snapshot.incident.mark}{f', {running} running' if running else ''}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = [*heading("Next best test"), *self._next(columns)]
        running = [test for test in self.snapshot.probes if test.state == "running"]
        rows += self._listed("Running", running, columns, now)
        belief = weights(self.snapshot)
        planned = [test for test in self.snapshot.probes if test.state == "planned"]
        planned.sort(key=lambda test: -gain(test, belief))
        rows += self._listed("Planned, the most telling first", planned, columns, now)
        ended = [test for test in self.snapshot.probes if test.state in ("done", "dropped")]
        rows += self._listed("Ended", ended[::-1], columns, now)
        if not self.snapshot.probes:
            rows += [fixed(()), fixed((Cell("No test yet.  n  what could show a hypothesis to be false?", "muted"),))]
        return rows

    def _next(self, columns: int) -> list[Row]:
        best = next_test(self.snapshot)
        if best is None:
            return folded(
                "", Cell("  "), "No hypothesis waits for a test: h says what could explain this.", columns, tone="muted"
            )
        test = next((item for item in self.snapshot.probes if item.id == best.record), None)
        start = Cell(f"  {test.mark} " if test else f"  {SIGNS.right} ", "accent")
        return [
            *folded("", start, best.text, columns, tone="strong"),
            *folded("", Cell("     "), best.why, columns, tone="muted"),
        ]

    def _listed(self, title: str, tests: list[HypothesisTest], columns: int, now: Instant) -> list[Row]:
        if not tests:
            return []
        rows = heading(title)
        marks = {item.id: item.mark for item in self.snapshot.hypotheses}
        for test in tests:
            of = ", ".join(marks.get(name, "?") for name in test.hypotheses)
            if test.state == "planned":
                told = f"{of}  {test.minutes}m  {test.risk}"
            elif test.state == "running":
                told = f"{of}  {test.owner}  {age(test.state_since, now)}"
            else:
                told = f"{of}  {test.state}{f' by {given_by(test)}' if given_by(test) else ''}"
            rows += folded(test.id, Cell(f"  {test.mark} ", "strong"), test.text, columns, right=(Cell(f"  {told}"),))
            if test.outcome:
                rows += folded(test.id, Cell(f"     {SIGNS.right} "), test.outcome, columns, tone="muted")
        return rows

    def hint(self) -> tuple[Cell, ...]:
        test = self._test()
        if test is not None and test.state == "running":
            return (Cell("enter", "accent"), Cell(" says what it showed", "muted"))
        if test is not None and test.state == "planned":
            return (Cell("enter", "accent"), Cell(" begins it, by you", "muted"))
        return (Cell("n", "accent"), Cell(" plans a test;  esc back", "muted"))

    # --- what it does

    def under_keys(self) -> Mapping[str, object]:
        """The test as it stands: where another began it, the same key ends it."""
        return {**super().under_keys(), RECORD: self._test() or self.lines.selected}

    def _test(self) -> HypothesisTest | None:
        return next((test for test in self.snapshot.probes if test.id == self.lines.selected), None)

    def action_plan(self) -> None:
        best = next_test(self.snapshot)
        marks = [item.mark for item in self.snapshot.hypotheses if best and item.id in best.hypotheses]
        self.ask("test", self._plan_words, self._plan, f"{' '.join(marks)} " if marks else "")

    def _read(self, typed: str) -> tuple[str, list[Hypothesis], int, str, str]:
        """(what to look at, for which hypotheses, minutes, risk, by whom) of a line."""
        named = [found.lower() for found in _MARK.findall(typed)]
        chosen = []
        for name in named:
            item = self.snapshot.marked(name)
            if not isinstance(item, Hypothesis):
                raise Rejected(f"There is no hypothesis {name} here.")
            chosen.append(item)
        rest = _MARK.sub("", typed)
        box = _BOX.search(rest)
        span = parse_duration(box[1]) if box else None
        if box and span is not None:
            rest = rest[: box.start()] + rest[box.end() :]
        risk = _RISK.search(rest)
        rest = _RISK.sub("", rest)
        owner = _OWNER.search(rest)
        rest = _OWNER.sub("", rest)
        minutes = max(round(span.total_seconds() / 60), 1) if span is not None else 5
        who = person_name(owner[1]) if owner else ""
        return " ".join(rest.split()), chosen, minutes, risk[1].lower() if risk else "read-only", who

    def _plan_words(self, typed: str) -> str:
        text, chosen, minutes, risk, owner = self._read(typed)
        if not chosen:
            return "h2 h3 what to look at, in 5m, read-only (or reversible, risky)"
        by = f", by {owner}" if owner else ""
        return (
            f"could rule out {', '.join(h.mark for h in chosen)}: {text or 'what to look at?'}, {minutes}m, {risk}{by}"
        )

    def _plan(self, session: Session, typed: str) -> Outcome:
        text, chosen, minutes, risk, owner = self._read(typed)
        return plan_test(session, self.snapshot.incident, text, chosen, minutes=minutes, risk=risk, owner=owner)

    def action_go_on(self) -> None:
        test = self._test()
        if test is None:
            self.action_plan()
        elif test.state == "planned":
            self.do(lambda session: begin_test(session, test))
        elif test.state == "running":
            self.ask(f"{test.mark} showed", lambda typed: "what was seen, then enter", partial(self._end, test))
        else:
            self.prompt.flash(f"{test.mark} is {test.state} already", tone="warn")

    def _end(self, test: HypothesisTest, session: Session, typed: str) -> Outcome:
        told = end_test(session, test, typed)
        self.call_after_refresh(self._ask_what_it_means, test, typed)
        return told

    def _ask_what_it_means(self, test: HypothesisTest, outcome: str) -> None:
        """What a test showed becomes evidence by one key, for each hypothesis that it was about."""
        about = [item for item in self.snapshot.hypotheses if item.id in test.hypotheses and item.state in ALIVE]
        self._weigh(about, outcome)

    def _weigh(self, about: list[Hypothesis], outcome: str) -> None:
        if not about:
            return
        item, rest = about[0], about[1:]

        def found(supports: bool) -> None:
            self.do(lambda session: hypotheses.add_evidence(session, [(item, supports)], outcome))
            self._weigh(rest, outcome)

        self.prompt.choose(
            f"For {item.mark}, that speaks",
            [
                Choice("-", "against", lambda: found(False)),
                Choice("+", "for", lambda: found(True)),
                Choice("0", "neither", lambda: self._weigh(rest, outcome)),
            ],
        )

    def action_begin_by(self) -> None:
        test = self._test()
        if test is None or test.state != "planned":
            self.prompt.flash("choose a planned test", tone="warn")
            return
        self.ask(
            f"who begins {test.mark}",
            lambda typed: f"{person_name(typed) or 'who'} tests: {test.text}",
            lambda session, typed: begin_test(session, test, typed),
            test.owner,
        )

    def action_drop(self) -> None:
        test = self._test()
        if test is None or test.state not in OPEN:
            self.prompt.flash("choose a test that is planned or runs", tone="warn")
            return
        self.ask(
            f"leave {test.mark} out, why",
            lambda typed: "why, then enter",
            lambda session, typed: drop_test(session, test, typed),
        )
