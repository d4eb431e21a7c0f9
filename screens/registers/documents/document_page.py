"""One document: first how far it can be trusted, then where it is, then the copy that the board keeps with its date."""

from __future__ import annotations

from opsterm.board.failure import BoardError
from opsterm.core.session import Refused
from opsterm.records import Document, Verification
from opsterm.records.instant import Instant
from opsterm.registers.documents.document import Standing, kept_text, opened, standings
from screens.console import Desk
from screens.keys.actions import DOCUMENT, bindings
from screens.pages.incident_page import folded
from screens.pages.page import fixed, heading
from screens.pages.register_page import facts
from screens.pages.text_page import nothing_spots, text_spots
from screens.registers.documents.document_actions import DocumentActs, trust_spots
from screens.widgets.cells import Cell
from screens.widgets.lines import Spot

#: So many of its last verifications are shown.
_VERIFIED_MAX = 5


class DocumentPage(DocumentActs):
    """One document, opened in an incident or in none."""

    BINDINGS = bindings(DOCUMENT)
    place = DOCUMENT

    def __init__(self, desk: Desk, record: str, incident: str = "") -> None:
        super().__init__(desk)
        self.record = record
        self.incident = incident

    def on_mount(self) -> None:
        self.call_next(self._note_opening)

    def _note_opening(self) -> None:
        """That it was opened says how much it is needed; it is no act that one would take back."""
        if self.document is None:
            return
        try:
            with self.desk.undo.aside():
                opened(self.session, self.document, self.incident)
        except (Refused, BoardError) as refused:
            self.foot.flash(str(refused), tone="warn")

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.desk.board
        self.document = board.get(Document, self.record)
        among = [self.document] if self.document is not None else []
        self.standing: Standing | None = next(iter(standings(board, self.today, among)), None)

    def heading(self, now: Instant) -> str:
        return self.document.title if self.document is not None else "Document"

    def spots(self, columns: int, now: Instant) -> list[Spot]:
        item = self.document
        if item is None:
            return [fixed(())]
        trust = trust_spots(self.standing, columns) if self.standing else nothing_spots("it is retired", columns)
        spots = [fixed(()), *trust, fixed(())]
        spots += facts(
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
        spots += self._verified(item, columns)
        kept = kept_text(self.desk.board, item)
        if kept is None:
            teach = "No copy on the board.  t  keeps one from a file; critical ones are kept by opsterm document scan"
            return [*spots, fixed(()), *nothing_spots(teach, columns)]
        cut = ", cut: there was more" if kept.cut else ""
        spots += heading(f"As it was on {kept.copied_at[:10]}{cut}")
        return [*spots, *text_spots(kept.text, columns)]

    def _verified(self, item: Document, columns: int) -> list[Spot]:
        past = self.desk.board.all(Verification, where="document = ?", args=(item.id,))[-_VERIFIED_MAX:]
        spots = heading("Verified") if past else []
        for one in reversed(past):
            begin = Cell(f"  {one.at[:10]}  {one.by}, {one.method}: ", "muted")
            spots += folded("", begin, f"{one.result}; {one.text}", columns)
        return spots

    def chosen(self) -> Document | None:
        if self.document is None:
            self.foot.flash("this document is no longer on the board")
        return self.document
