"""What happened three times is a problem of the process: its owner, its cases, what was tried, what would end it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Session
from opsterm.learn import problems
from opsterm.learn.cases import prevention, told_cases
from opsterm.learn.problems import Group, problem_id
from opsterm.records import Incident, Problem
from opsterm.records.instant import Instant
from opsterm.records.problem import STATES, State
from screens.console import ConsoleContext
from screens.keys.actions import PROBLEMS, bindings
from screens.pages.background_work import BackgroundWork
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.list_page import ListPage
from screens.pages.rows import facts, fixed, folded, heading, words
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

_LABEL = 14
_RUNNING: tuple[State, ...] = ("open", "watched")
#: So many cases of a proposal are told.
_CASES_MAX = 12


class Problems(Choosing[Problem], ListPage):
    """Proposals first, each a key away from being one; then those that are open; then those that ended."""

    BINDINGS = bindings(PROBLEMS)
    place = PROBLEMS
    none_chosen = "no problem is selected here"

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self.proposed: Sequence[Group] = ()
        self.looking = True
        #: The one that is told in full.
        self._here = ""
        self._aside = BackgroundWork(self, context.board, proposals, self._took)

    def _took(self, proposed: Sequence[Group]) -> None:
        self.proposed, self.looking = proposed, False
        self.paint()

    # --- what it shows

    def read(self, now: Instant) -> None:
        self.known = self.context.board.all(Problem)
        self._aside.ask()

    def heading(self, now: Instant) -> str:
        open_ones = sum(problem.state in _RUNNING for problem in self.known)
        return f"Problems {SIGNS.dot} {open_ones} open" if open_ones else "Problems"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows: list[Row] = []
        running = [problem for problem in self.known if problem.state in _RUNNING]
        ended = [problem for problem in self.known if problem.state not in _RUNNING]
        keys = [*map(_key, self.proposed), *(problem.id for problem in (*running, *ended))]
        self._here = self.lines.selected if self.lines.selected in keys else next(iter(keys), "")
        if self.proposed:
            rows += heading("Three of a kind: enter makes it a problem that somebody sees to")
            for group in self.proposed:
                rows += self._proposal(group, columns)
        for title, some in (("Open", running), ("Ended or dropped", ended)):
            rows += heading(title) if some else []
            for problem in some:
                rows += self._problem(problem, columns)
        if rows:
            return rows
        if self.looking:
            return [fixed(()), fixed((Cell("Looking for what happened three times …", "muted"),))]
        return [
            *heading("Nothing happened three times."),
            fixed(()),
            *words(
                "Incidents that repeat, obligations that are missed, checklist items that fail, words that come late, "
                "emergency changes to one system, alerts that need nobody: three of a kind are proposed here.",
                columns,
                "muted",
            ),
        ]

    def _proposal(self, group: Group, columns: int) -> list[Row]:
        key = _key(group)
        known = next((problem for problem in self.known if problem.id == problem_id(group)), None)
        new = len(set(group.cases) - set(known.cases)) if known else 0
        told = f"{known.mark} came back: {new} more" if known else f"{len(group.cases)} times"
        right = (Cell(f"  {told}", "warn" if known else "accent"), Cell(f"  {group.sort}", "muted"))
        rows = folded(key, Cell(f"{SIGNS.right} ", "accent"), group.title, columns, tone="strong", right=right)
        if key == self._here:
            for _, text in told_cases(self.context.board, group.sort, group.cases)[-_CASES_MAX:]:
                rows += folded(key, Cell("      "), text, columns, tone="muted")
        return rows

    def _problem(self, problem: Problem, columns: int) -> list[Row]:
        board, key = self.context.board, problem.id
        back = problem.is_back
        state = Cell(f"  {'open again' if back else problem.state}", "warn" if back else "")
        owner = Cell(f"  {problem.owner or 'nobody sees to it'}", "name" if problem.owner else "warn")
        count = Cell(f"  {len(problem.cases)} times", "muted")
        start = Cell(f"{problem.mark:<5}", "accent")
        rows = folded(key, start, problem.title, columns, tone="strong", right=(owner, count, state))
        if key != self._here:
            return rows
        tried = [*problem.tried]
        if problem.sort == "incident":
            for of, item, doubted in prevention(board, problem.cases):
                became = "done, and it came back: did it work?" if doubted else item.state
                tried.append(f"{of.mark}: {item.text} ({became}{f', {item.owner}' if item.owner else ''})")
        told = (
            ("happened", [text for _, text in told_cases(board, problem.sort, problem.cases)]),
            ("tried", tried or "nothing yet: n says what"),
            ("ends when", problem.ends_when or "nobody said: w says what would show it"),
            (problem.state, problem.state_reason),
        )
        return [*rows, *facts(told, columns, indent=5, label_width=_LABEL, key=key)]

    # --- what it does

    def listed(self) -> dict[str, Problem]:
        return {problem.id: problem for problem in self.known}

    def chosen(self) -> Problem | None:
        if self._group() is not None:
            self.prompt.flash("enter makes it a problem first")
            return None
        return super().chosen()

    def _group(self) -> Group | None:
        return next((group for group in self.proposed if _key(group) == self.lines.selected), None)

    def action_open(self) -> None:
        group = self._group()
        if group is not None:
            told = self.do(lambda session: problems.open_problem(session, group, owner=self.context.person))
            if told is not None:
                self.proposed = [item for item in self.proposed if item != group]
                self.paint()
                self.lines.select(told.record)
            return
        found = self.chosen()
        if found is None:
            return
        last = next((c for c in reversed(found.cases) if self.context.board.get(Incident, c) is not None), "")
        if last:
            self.leave_for(last)
        else:
            self.prompt.flash("its cases are no incidents: they stand below it")

    @on_chosen
    def action_give(self, found: Problem) -> None:
        self.ask("give to", "who sees to it", lambda session, who: problems.give(session, found, who))

    @on_chosen
    def action_tried(self, found: Problem) -> None:
        self.ask("tried", "what was tried", lambda session, text: problems.note_tried(session, found, text))

    @on_chosen
    def action_ends(self, found: Problem) -> None:
        empty = "a number, a time without it, a thing that exists"
        self.ask("ends when", empty, lambda session, text: problems.set_end(session, found, text))

    @on_chosen
    def action_state(self, found: Problem) -> None:
        keys = dict(zip("owed", STATES, strict=True))
        self.prompt.choose(
            f"{found.mark} is {found.state}; now",
            [Choice(key, state, partial(self._move, found, state)) for key, state in keys.items()],
        )

    def _move(self, problem: Problem, state: State) -> None:
        def move(session: Session, why: str) -> Outcome:
            return problems.move(session, problem, state, why)

        self.ask(f"{state}, why?", "what shows it" if state == "ended" else "why", move)


def proposals(board: Board) -> Sequence[Group]:
    """Three of a kind that are no problem yet, or came back."""
    from opsterm.learn.seen_before import get_ready

    get_ready(board)
    return problems.unopened(board, board.now)


def _key(group: Group) -> str:
    return f"proposal:{problem_id(group)}"
