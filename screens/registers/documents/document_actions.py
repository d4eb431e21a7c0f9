"""What people do about a document, wherever it is before them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from opsterm.core.session import Outcome, Session
from opsterm.records import Document
from opsterm.registers.documents import document
from opsterm.registers.documents.document import DocumentState
from opsterm.registers.documents.staleness import STALE_FROM
from opsterm.registers.entry_line import DOCUMENT, VERIFIED
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.register_page import RegisterPage
from screens.pages.rows import folded
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class DocumentActs(Choosing[Document], RegisterPage):
    """Keys of a document. Subclasses say which one is before the person."""

    words = DOCUMENT

    @on_chosen
    def action_verify(self, found: Document) -> None:
        empty = "what was followed: steps 1 to 6 on db-2; result fixed, or retired; by drill"
        self.ask_words("checked", empty, VERIFIED, partial(_verify, found), named=True)

    @on_chosen
    def action_wrong(self, found: Document) -> None:
        self.ask("wrong", "what is wrong with it", lambda s, what: document.call_wrong(s, found, what))

    @on_chosen
    def action_edit(self, found: Document) -> None:
        empty = "at docs/checkout.md; on checkout; critical; @noor   ? lists the words"
        self.ask_edit(found, found.title, empty)

    @on_chosen
    def action_copy_link(self, found: Document) -> None:
        if found.path:
            self.prompt.flash(self.context.copy(found.path), tone="good")
        else:
            self.prompt.flash("nobody said where it is: e  at docs/checkout.md")

    @on_chosen
    def action_keep(self, found: Document) -> None:
        self.ask(
            "text from file",
            f"a file on this machine; at most {document.KEPT_MAX:,} characters are kept",
            lambda s, path: document.keep_file(s, found, Path(path)),
        )


def _verify(found: Document, session: Session, checked: str, fields: dict[str, Any]) -> Outcome:
    told = document.verify(session, found, checked, **fields)
    return Outcome(told.sentence, found.id)


def trust_rows(standing: DocumentState, columns: int, *, key: str = "", indent: int = 0) -> list[Row]:
    """How far it can be trusted, and why: shown before anything that it says."""
    stale = standing.staleness.stale >= STALE_FROM
    start = f"{'':<{indent}}{SIGNS.alarm if stale else SIGNS.dot} "
    tone = "warn" if stale else "muted"
    rows = folded(key, Cell(start, tone), standing.line, columns, tone=tone)
    for why in standing.staleness.why:
        rows += folded(key, Cell(f"{'':<{indent}}  "), why, columns, tone="muted")
    return rows
