"""All that one person answers for, and passing it on in one act that can be taken back."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from opsterm.core.session import Outcome, Session
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from opsterm.registers.teams import onboarding
from screens.console import ConsoleContext
from screens.keys.actions import HANDOVER, bindings
from screens.pages.register_page import RegisterPage
from screens.pages.rows import fixed, heading, warned
from screens.pages.text_page import nothing_rows
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Handover(RegisterPage):
    """One person's things, by kind."""

    BINDINGS = bindings(HANDOVER)
    place = HANDOVER

    def __init__(self, context: ConsoleContext, name: str) -> None:
        super().__init__(context)
        self.name_of = name

    def read(self, now: Instant) -> None:
        board, who = self.context.board, self.name_of
        self.held = onboarding.held_by(board, who)
        self.sole = [s for s in onboarding.sole_actors(board) if same_person(s.person, who)]

    def heading(self, now: Instant) -> str:
        return f"What {self.name_of} owns {SIGNS.dot} {len(self.held)}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows: list[Row] = []
        for kind, found in groupby(self.held, key=lambda item: item.kind):
            rows += heading(f"{kind.capitalize()}")
            for item in found:
                by = (Cell(f"  by {item.due_on}", "muted"),) if item.due_on else ()
                rows.append(fixed((Cell("  "), Cell(item.name)), by))
        if not self.held:
            rows += [fixed(()), *nothing_rows(f"{self.name_of} owns nothing on record.", columns)]
        rows += heading("Only this person ever acted on") if self.sole else []
        return [*rows, *warned([sole.why for sole in self.sole], columns, indent=2, tone="")]

    def action_hand_over(self) -> None:
        self._ask_heir(left=True)

    def action_hand_on(self) -> None:
        self._ask_heir(left=False)

    def _ask_heir(self, *, left: bool) -> None:
        rest = f"{self.name_of} {'leaves' if left else 'stays'}; u takes it back"
        self.ask("all goes to", f"who takes it on; {rest}", partial(self._hand_over, left))

    def _hand_over(self, left: bool, session: Session, heir: str) -> Outcome:
        return onboarding.hand_over(session, self.name_of, heir, self.today, left=left)
