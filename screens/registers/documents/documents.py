"""Documents: which to follow first, how likely each is stale and why; in an incident those of its systems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from opsterm.core.session import Outcome, Session
from opsterm.records import Document, Incident
from opsterm.records.instant import Instant
from opsterm.registers.documents.document import (
    DocumentState,
    add_document,
    documents_for,
    kept_text,
    standings,
    to_follow,
)
from opsterm.registers.documents.staleness import STALE_FROM
from screens.console import ConsoleContext
from screens.keys.actions import DOCUMENTS, bindings
from screens.pages.choosing import on_chosen
from screens.pages.console_screen import ConsoleScreen
from screens.pages.incident_screen import IncidentScreen
from screens.pages.register_page import Lesson
from screens.pages.rows import facts, fixed, listing
from screens.registers.documents.document_actions import DocumentActs, trust_rows
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Documents(DocumentActs):
    """The review queue, then all others by danger."""

    BINDINGS = bindings(DOCUMENTS)
    place = DOCUMENTS
    none_chosen = "no document here: n records one"
    lesson = Lesson(
        "No document yet.",
        (
            ("n", "record one: Restart of checkout; at docs/checkout.md; on checkout; kind runbook; critical; @noor"),
            ("", "it grows stale by its age, and by deployments, incidents and commits on what it covers"),
            ("", "opsterm document import FILE.csv  takes a list; opsterm document scan  looks at a repository"),
        ),
    )

    def __init__(self, context: ConsoleContext, selected: str = "", *, incident: str = "") -> None:
        super().__init__(context, selected)
        self.incident = incident

    @classmethod
    def opened_from(cls, screen: ConsoleScreen) -> Self:
        return cls(screen.context, incident=screen.incident if isinstance(screen, IncidentScreen) else "")

    # --- what it shows

    def read(self, now: Instant) -> None:
        board, today = self.context.board, self.today
        self.of: Incident | None = board.get(Incident, self.incident) if self.incident else None
        if self.of is not None:
            self.queue: Sequence[DocumentState] = ()
            self.others: Sequence[DocumentState] = documents_for(board, self.of.services, today)
            return
        found = standings(board, today)
        self.queue = to_follow(found, today)
        first = {standing.document.id for standing in self.queue}
        self.others = [standing for standing in found if standing.document.id not in first]

    def heading(self, now: Instant) -> str:
        if self.of is not None:
            return f"Documents on {', '.join(self.of.services) or 'no system named'} {SIGNS.dot} {self.of.mark}"
        stale = sum(s.staleness.stale >= STALE_FROM for s in (*self.queue, *self.others))
        return f"Documents {SIGNS.dot} {stale} likely stale" if stale else "Documents"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.queue and not self.others:
            return self._none_here() if self.of is not None else self.rows_of_nothing(columns)
        groups = (
            ("To follow this week, the most dangerous first", self.queue),
            ("All others" if self.queue else "", self.others),
        )
        rows = [] if self.queue else [fixed(())]
        selected = self.lines.selected
        return [*rows, *listing(groups, selected, columns, lambda s: s.document.id, self._first, self._rest)]

    def _none_here(self) -> list[Row]:
        assert self.of is not None
        covers = f"No document covers {', '.join(self.of.services)}." if self.of.services else "It names no system."
        keys = "D on home records one" if self.of.services else "its services say which documents belong to it"
        return [fixed(()), fixed((Cell(covers, "strong"),)), fixed((Cell(keys, "muted"),))]

    def _rest(self, standing: DocumentState, columns: int) -> list[Row]:
        item = standing.document
        kept = kept_text(self.context.board, item)
        told = (
            ("at", item.path),
            ("covers", ", ".join(item.systems)),
            ("copy", f"kept on {kept.copied_at[:10]}" if kept else "none on the board: t keeps one"),
        )
        return [*trust_rows(standing, columns, key=item.id, indent=4), *facts(told, columns, key=item.id)]

    def _first(self, standing: DocumentState, columns: int, now: Instant) -> Line:
        item, stale = standing.document, standing.staleness
        likely = stale.stale >= STALE_FROM
        kind = f"  {item.sort}" if item.sort else ""
        return Line(
            (
                Cell(f"{SIGNS.alarm if likely else ' '} ", "warn"),
                Cell(item.title, "strong"),
                Cell(kind, "muted"),
            ),
            (
                Cell(f"  {item.owner or 'nobody'}", "" if item.owner else "warn"),
                Cell(f"  {stale.stale:>4.0%} stale", "warn" if likely else "muted"),
                Cell(f"  danger {stale.danger:>5.1f}", "muted"),
            ),
        )

    # --- what it does

    def listed(self) -> dict[str, Document]:
        return {standing.document.id: standing.document for standing in (*self.queue, *self.others)}

    @on_chosen
    def action_open(self, found: Document) -> None:
        from screens.registers.documents.document_page import DocumentPage

        self.app.push_screen(DocumentPage(self.context, found.id, self.incident))

    def action_new(self) -> None:
        empty = "Restart of checkout; at docs/checkout.md; on checkout; kind runbook; @noor"
        self.ask_words("new document", empty, self.words, self._add, named=True)

    def _add(self, session: Session, title: str, fields: dict[str, Any]) -> Outcome:
        on = {"systems": list(self.of.services)} if self.of is not None else {}
        return add_document(session, title, {"owner": session.person, **on, **fields})
