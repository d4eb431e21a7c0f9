"""What the runs of a checklist taught: what each item caught, and what is proposed to add, to drop, to look through."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.operations.checklists import editing
from opsterm.operations.checklists.lessons import ItemProposal, ItemStatistics, item_statistics, proposals, spotless
from opsterm.operations.checklists.template import find_template, review
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import TAUGHT, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded, heading
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_VERBS = {"add": "add", "retire": "drop", "review": "look through"}
#: Begins the keys of proposals among those of items.
_PROPOSED = "proposal:"


class Taught(Choosing[ItemProposal], ListPage):
    """One list: what is proposed, then its items with what they caught."""

    BINDINGS = bindings(TAUGHT)
    place = TAUGHT
    none_chosen = "nothing is proposed here: v notes that the list was looked through"

    def __init__(self, context: ConsoleContext, name: str) -> None:
        super().__init__(context)
        self.name_of_list = name

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.template = find_template(board, self.name_of_list)
        self.items: Sequence[ItemStatistics] = item_statistics(board, self.template)
        self.proposed: Sequence[ItemProposal] = proposals(board, self.template, now)
        self.is_spotless = spotless(board, self.template)

    def heading(self, now: Instant) -> str:
        return f"{self.template.name}, version {self.template.version}"

    def hint(self) -> tuple[Cell, ...]:
        if self.proposed:
            return (Cell("enter takes what is proposed as the next version; esc back", "muted"),)
        return super().hint()

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = heading("Proposed")
        for place, found in enumerate(self.proposed):
            key = f"{_PROPOSED}{place}"
            rows += folded(key, Cell(f"{_VERBS[found.kind]:<14}", "warn"), found.text, columns, tone="strong")
            rows += folded(key, Cell(" " * 14), found.why, columns)
        if not self.proposed:
            rows.append(fixed((Cell("Nothing yet: runs, incidents and deployments on its systems tell.", "muted"),)))
        if self.is_spotless:
            words = "no item of the last thirty runs failed or was put off: it is only ticked, or not needed"
            rows += [fixed(()), *folded("", Cell(f"{SIGNS.alarm} ", "warn"), words, columns, tone="warn")]
        rows += heading("Its items")
        for item in self.items:
            if item.runs:
                skipped = f", skipped in {item.skipped}" if item.skipped else ""
                told = f"caught {item.caught} in {item.runs} runs{skipped}"
            else:
                told = "no run ended yet"
            killer = "(K) " if item.killer else ""
            label = Cell(f"{item.label:<6}", "accent")
            rows += folded(item.key, label, f"{killer}{item.text}: {told}", columns)
        return rows

    # --- what it does

    def listed(self) -> dict[str, ItemProposal]:
        return {f"{_PROPOSED}{place}": item for place, item in enumerate(self.proposed)}

    @on_chosen
    def action_take(self, chosen: ItemProposal) -> None:
        if chosen.kind == "review":
            self.action_review()
            return
        template = self.template
        self.do(lambda session: editing.take(session, template, chosen))

    def action_review(self) -> None:
        template = self.template

        def note(session: Session, outcome: str) -> Outcome:
            if not outcome:
                raise Rejected("Say what came of it: still true, or what was changed.")
            return review(session, template, outcome)

        self.ask("looked through", "what came of it: still true, or what was changed", note)
