"""The postmortem as text: read, copied, written to a file, with names or without."""

from __future__ import annotations

from opsterm.core.session import Outcome, Session
from opsterm.learn.account import gather
from opsterm.learn.export import export_file, export_text
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import PREVIEW, bindings
from screens.pages.list_page import ListPage
from screens.pages.rows import words
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Preview(ListPage):
    """Markdown, as it is copied."""

    BINDINGS = bindings(PREVIEW)
    place = PREVIEW

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context)
        self.incident = incident
        self.redacted = False

    def read(self, now: Instant) -> None:
        self.account = gather(self.context.board, self.incident)
        self.markdown = export_text(self.account, redacted=self.redacted)

    def heading(self, now: Instant) -> str:
        names = "names taken out" if self.redacted else "with names"
        return f"{self.account.incident.mark} as text {SIGNS.dot} {names}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows: list[Row] = []
        for line in self.markdown.split("\n"):
            rows += words(line, columns, "strong" if line.startswith("#") else "")
        return rows

    @property
    def text(self) -> str:
        return self.markdown

    def action_redact(self) -> None:
        self.redacted = not self.redacted
        self.repaint()

    def action_write(self) -> None:
        def write(session: Session, name: str) -> Outcome:
            return export_file(self.account, name, redacted=self.redacted)

        self.ask("to file", f"{self.account.incident.mark}-postmortem.md; .html and .json too", write)
