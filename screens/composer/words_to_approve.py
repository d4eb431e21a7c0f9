"""Words that wait for the commander's yes, whole: nobody approves what was not before their eyes to the last line."""

from __future__ import annotations

from collections.abc import Mapping

from opsterm.core.session import Outcome, Session
from opsterm.records import TextApproval
from opsterm.records.instant import Instant
from opsterm.updates.approval import answer
from screens.console import ConsoleContext
from screens.keys.actions import APPROVING, ASKED, bindings
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, words
from screens.widgets.cells import Cell
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class WordsToApprove(IncidentPage):
    """One text that somebody asked about, and the yes or no to exactly that."""

    BINDINGS = bindings(APPROVING)
    place = APPROVING

    def __init__(self, context: ConsoleContext, asked: TextApproval) -> None:
        super().__init__(context, asked.incident)
        self._asked = asked

    @property
    def asked(self) -> TextApproval:
        """What was asked, as it stands now."""
        return next((item for item in self.snapshot.text_approvals if item.id == self._asked.id), self._asked)

    # --- what it shows

    def heading(self, now: Instant) -> str:
        return f"{self.asked.by}'s words to {self.asked.audience} {SIGNS.dot} asked {age(self.asked.at, now)} ago"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = [fixed(())]
        for line in self.asked.text.split("\n"):
            rows += words(line, columns - 2, indent=2) if line.strip() else [fixed(())]
        if self.asked.state != "asked":
            by = f" by {self.asked.state_by}" if self.asked.state_by else ""
            why = f": {self.asked.state_why}" if self.asked.state_why else ""
            rows += [fixed(()), *folded("", Cell(f"{SIGNS.dot} "), f"{self.asked.state}{by}{why}", columns)]
        return rows

    def hint(self) -> tuple[Cell, ...]:
        if self.asked.state != "asked":
            return super().hint()
        return (Cell(f"Approve the words to {self.asked.audience}?", "strong"), Cell("   esc back", "muted"))

    def under_keys(self) -> Mapping[str, object]:
        return {ASKED: (self.asked.text, self.asked.state)}

    # --- what it does

    def action_yes(self) -> None:
        if not self.lines.shows_all:
            self.lines.action_page_down()
            more = "" if self.lines.shows_all else ", and there is more below"
            self.prompt.flash(f"read on: the text goes on here{more}; then y")
            return
        told = self.do(lambda session: answer(session, self.asked, True))
        if told is not None:
            self.back_with(told)

    def action_no(self) -> None:
        self.ask("no, why?", "what to say otherwise; or just enter", self._refuse, may_be_empty=True)

    def _refuse(self, session: Session, why: str) -> Outcome:
        return answer(session, self.asked, False, why)
