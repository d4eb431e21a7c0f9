"""One document: first how far it can be trusted, then where it is, then the copy that the board keeps with its date."""

from __future__ import annotations

from opsterm.board.failure import BoardError
from opsterm.core.session import Rejected
from opsterm.records import Document
from opsterm.records.instant import Instant
from opsterm.registers.documents.document import DocumentState, kept_text, opened, standings, verifications_of
from screens.console import ConsoleContext
from screens.keys.actions import DOCUMENT, bindings
from screens.pages.rows import facts, fixed, folded, heading
from screens.pages.text_page import nothing_rows, text_rows
from screens.registers.documents.document_actions import DocumentActs, trust_rows
from screens.widgets.cells import Cell
from screens.widgets.lines import Row

#: So many of its last verifications are shown.
_VERIFIED_MAX = 5


class DocumentPage(DocumentActs):
    """One document, opened in an incident or in none."""

    BINDINGS = bindings(DOCUMENT)
    place = DOCUMENT
    none_chosen = "this document is no longer on the board"

    def __init__(self, context: ConsoleContext, record: str, incident: str = "") -> None:
        super().__init__(context)
        self.record = record
        self.incident = incident

    def on_mount(self) -> None:
        self.call_next(self._note_opening)

    def _note_opening(self) -> None:
        """That it was opened says how much it is needed; it is no act that one would take back."""
        if self.document is None:
            return
        try:
            with self.context.undo.aside():
                opened(self.session, self.document, self.incident)
        except (Rejected, BoardError) as refused:
            self.refuse(refused)

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.document = board.get(Document, self.record)
        among = [self.document] if self.document is not None else []
        self.standing: DocumentState | None = next(iter(standings(board, self.today, among)), None)

    def heading(self, now: Instant) -> str:
        return self.document.title if self.document is not None else "Document"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        item = self.document
        if item is None:
            return [fixed(())]
        trust = trust_rows(self.standing, columns) if self.standing else nothing_rows("it is retired", columns)
        rows = [fixed(()), *trust, fixed(())]
        rows += facts(
            (
                ("at", item.path or "nobody said where: e  at docs/checkout.md"),
                ("repository", item.repository),
                ("owner", item.owner or "nobody keeps it"),
                ("covers", ", ".join(item.systems)),
                ("kind", item.sort),
                ("leans on", ", ".join(item.linked)),
                ("watches", ", ".join(item.watches)),
                ("scanned", item.scanned_at[:10]),
            ),
            columns,
            indent=2,
        )
        rows += self._verified(item, columns)
        kept = kept_text(self.context.board, item)
        if kept is None:
            teach = "No copy on the board.  t  keeps one from a file; critical ones are kept by opsterm document scan"
            return [*rows, fixed(()), *nothing_rows(teach, columns)]
        cut = ", cut: there was more" if kept.cut else ""
        rows += heading(f"As it was on {kept.copied_at[:10]}{cut}")
        return [*rows, *text_rows(kept.text, columns)]

    def _verified(self, item: Document, columns: int) -> list[Row]:
        past = verifications_of(self.context.board, item)[-_VERIFIED_MAX:]
        rows = heading("Verified") if past else []
        for one in reversed(past):
            begin = Cell(f"  {one.at[:10]}  {one.by}, {one.method}: ", "muted")
            rows += folded("", begin, f"{one.result}; {one.text}", columns)
        return rows

    @property
    def here(self) -> Document | None:
        return self.document
