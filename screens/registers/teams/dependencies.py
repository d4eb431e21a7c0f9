"""What teams need of each other: blockers and the least slack first; a line a week, asked for and pasted back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from opsterm.core.calendar_dates import day, team_holidays
from opsterm.core.session import Outcome, Session
from opsterm.records import Dependency
from opsterm.records.instant import Instant
from opsterm.registers.entry_line import DEPENDENCY, NEW_DEPENDENCY, PROMISED, amend
from opsterm.registers.teams import dependency
from opsterm.registers.teams.boundary_decision import open_decisions
from opsterm.registers.teams.dependency import CHAIN_LOW, Slack, blocker_step, mechanism
from screens.keys.actions import DEPENDENCIES, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.console_screen import until_typed
from screens.pages.page import Page
from screens.pages.register_page import Lesson, RegisterPage, days_until
from screens.pages.rows import facts, fixed, heading, listing
from screens.pages.text_page import nothing_rows, tree_rows
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

_TONES = {"red": "alarm", "amber": "warn", "green": "good"}
#: So many of the last lines are shown.
_LINES_MAX = 3


class Dependencies(Choosing[Dependency], RegisterPage):
    """All that is open: what is blocked, then red, amber, green."""

    BINDINGS = bindings(DEPENDENCIES)
    place = DEPENDENCIES
    none_chosen = "nothing is needed here: n records it"
    words = NEW_DEPENDENCY
    lesson = Lesson(
        "No team needs anything of another, on record.",
        (
            ("n", "record it: export job with totals; of data; for billing; by 2026-12-15; promised 2026-12-04; "
             "sure 80 %; @noor"),
            ("a", "then copies the text that asks the team for its line of the week; enter keeps what came back"),
            ("d", "decisions that cross teams: who decides, who is asked, who is told"),
        ),
        works=("new", "questions"),
    )  # fmt: skip

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.holidays = team_holidays()
        found = dependency.by_slack(board, self.today, self.holidays)
        # What is blocked surfaces first, the longest wait first; by_slack has ordered the others.
        self.slacks: Sequence[Slack] = sorted(
            found, key=lambda s: (not s.dependency.blocked, s.dependency.blocked and s.dependency.blocked_since)
        )
        self.waiting = len(open_decisions(board))

    def heading(self, now: Instant) -> str:
        blocked = sum(bool(s.dependency.blocked) for s in self.slacks)
        red = sum(s.colour == "red" for s in self.slacks)
        told = [f"{blocked} blocked"] if blocked else []
        told += [f"{red} red"] if red else []
        told += [f"{self.waiting} decision{'' if self.waiting == 1 else 's'} open (d)"] if self.waiting else []
        return (
            f"What teams need of each other {SIGNS.dot} {', '.join(told)}" if told else "What teams need of each other"
        )

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.slacks:
            return self.rows_of_nothing(columns)
        groups = [("", self.slacks)]
        told = listing(groups, self.lines.selected, columns, lambda s: s.dependency.id, self._first, self._rest)
        return [fixed(()), *told]

    def _first(self, slack: Slack, columns: int, now: Instant) -> Line:
        item = slack.dependency
        tone = _TONES[slack.colour]
        days = "slack unknown" if slack.working_days is None else f"slack {slack.working_days:g} working days"
        stuck = (Cell("  blocked", "alarm"),) if item.blocked else ()
        return Line(
            (
                Cell(f"{slack.colour:<6}", tone),
                Cell(f"{item.mark:<7}", "accent"),
                Cell(item.what, "strong"),
                Cell(f"  {item.giver} {SIGNS.right} {item.taker}", "muted"),
            ),
            (
                *stuck,
                Cell(f"  {days}" if columns >= 100 or not stuck else "", "" if slack.colour == "green" else tone),
                Cell(f"  {item.needed_by or 'no date'}", "muted"),
            ),
        )

    def _rest(self, slack: Slack, columns: int) -> list[Row]:
        item, board = slack.dependency, self.context.board
        likely, links = dependency.chain_of(board, item) if item.needs else (1.0, ())
        chain = f"{likely:.0%} that all {len(links)} links hold" if len(links) > 1 else ""
        step = blocker_step(item, self.today, self.holidays)
        needed = f"{item.needed_by}, {days_until(day(item.needed_by), self.today)}" if item.needed_by else "no day set"
        promised = f"{item.promised}, sure to {item.confidence:.0%}" if item.promised else "no day promised"
        stuck = f"{item.blocked}, since {item.blocked_since[:10]}{f'; now: {step}' if step else ''}"
        told = [
            ("blocked", stuck if item.blocked else ""),
            ("why", "; ".join(slack.why)),
            ("needed by", needed),
            ("promised", promised),
            ("chain", f"{chain}{': low' if chain and likely < CHAIN_LOW else ''}"),
            ("owner", item.owner or "nobody sees to it"),
            ("if late", item.risk),
            ("else", item.fallback),
            ("held by", mechanism(item)),
        ]
        said = dependency.lines_of(board, item)[-_LINES_MAX:]
        for place, line in enumerate(reversed(said)):
            text = " - ".join(filter(None, (line.outcome, line.change, line.next_on, line.ask)))
            told.append(("lines" if place == 0 else "", f"{line.on}  {line.colour}: {text}"))
        return facts(told, columns, key=item.id)

    # --- what it does

    def listed(self) -> dict[str, Dependency]:
        return {slack.dependency.id: slack.dependency for slack in self.slacks}

    @on_chosen
    def action_line(self, item: Dependency) -> None:
        empty = f"[A] {item.what} - what changed - 2026-12-04 - what is asked; {dependency.LINE_MAX} at most"
        words = until_typed(empty, _in_words)
        self.ask("line", words, lambda s, text: _under(item, dependency.note_line(s, item, text)))

    @on_chosen
    def action_ask_line(self, item: Dependency) -> None:
        where = self.context.copy(dependency.ask_for_line(item))
        self.prompt.flash(f"{where}; enter keeps the line that comes back", tone="good")

    @on_chosen
    def action_promise(self, item: Dependency) -> None:
        self.ask_words("promised for", "2026-12-04; sure 80 %", PROMISED, partial(_promise, item), named=True)

    @on_chosen
    def action_block(self, item: Dependency) -> None:
        if item.blocked:
            self.ask("answer", f"to: {item.blocked}", lambda s, text: dependency.unblock(s, item, text))
        else:
            self.ask("blocked", "what was asked and not answered", lambda s, text: dependency.block(s, item, text))

    def action_new(self) -> None:
        empty = "export job with totals; of data; for billing; by 2026-12-15; promised 2026-12-04; sure 80 %"
        self.ask_words("needed", empty, NEW_DEPENDENCY, _add, named=True)

    @on_chosen
    def action_edit(self, item: Dependency) -> None:
        empty = "by 2026-12-20; strength strong; else the old job; after dep2; @noor   ? lists the words"
        self.ask_words("edit", empty, DEPENDENCY, partial(_amend, item))

    @on_chosen
    def action_close(self, item: Dependency) -> None:
        def end(state: str) -> None:
            self.ask(state, "what shows it, or why", lambda s, why: dependency.close(s, item, state, why))

        self.prompt.choose(
            f"{item.mark} was",
            [Choice("d", "delivered", partial(end, "delivered")), Choice("x", "dropped", partial(end, "dropped"))],
        )

    def action_tree(self) -> None:
        self.app.push_screen(Page(self.context, "Who waits for whom", self._tree))

    def _tree(self, columns: int, now: Instant) -> list[Row]:
        found = dependency.who_blocks_whom(self.context.board)
        green, reds = dependency.watermelons(self.context.board)
        rows = [fixed(()), *(tree_rows(found, columns) or nothing_rows("Nobody waits for anybody.", columns))]
        if reds and green / reds > dependency.WATERMELON:
            rows += heading(f"{green} of {reds} reds were green a week before: the lines do not tell")
        return rows


def _in_words(text: str) -> str:
    """What a pasted line says, in words."""
    line = dependency.read_line(text)
    return ", ".join(
        filter(None, (line.colour, line.outcome, line.change, line.next_on, line.ask and f"asks {line.ask}"))
    )


def _under(item: Dependency, told: Outcome) -> Outcome:
    return Outcome(told.sentence, item.id, told.warning)


def _add(session: Session, what: str, fields: dict[str, Any]) -> Outcome:
    giver, taker = fields.pop("giver", ""), fields.pop("taker", "")
    given = {"owner": session.person, **dependency.resolve_needs(session.board, fields)}
    return dependency.need(session, taker, giver, what, given)


def _amend(item: Dependency, session: Session, name: str, fields: dict[str, Any]) -> Outcome:
    return amend(session, item, dependency.resolve_needs(session.board, fields), item.mark)


def _promise(item: Dependency, session: Session, on: str, fields: dict[str, Any]) -> Outcome:
    return dependency.promise(session, item, on, fields.get("confidence", dependency.CONFIDENCE_ELSE))
