"""Where a thing that is owed is looked at: the page of what it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsterm.records import BoundaryDecision, Dependency, Document, Ritual, Vendor
from screens.console import ConsoleContext

if TYPE_CHECKING:
    from textual.screen import Screen


def page_of(context: ConsoleContext, record: str) -> Screen[None] | None:
    """The page of a record of a register; nothing for what is in none."""
    board = context.board
    if board.get(Vendor, record):
        from screens.registers.vendors.vendor_page import VendorPage

        return VendorPage(context, record)
    if board.get(Document, record):
        from screens.registers.documents.document_page import DocumentPage

        return DocumentPage(context, record)
    if board.get(Ritual, record):
        from screens.registers.teams.meetings import Meetings

        return Meetings(context, record)
    if board.get(Dependency, record):
        from screens.registers.teams.dependencies import Dependencies

        return Dependencies(context, record)
    if board.get(BoundaryDecision, record):
        from screens.registers.teams.boundary_decisions import Questions

        return Questions(context, record)
    if record.startswith("person:"):
        from screens.registers.teams.onboarding import Onboarding

        return Onboarding(context, record)
    return None
