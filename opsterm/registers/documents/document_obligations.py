"""What is owed of documents by their dates."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS
from opsterm.core.valid_dates import sound
from opsterm.obligations.owed_by_date import owed_by_date
from opsterm.obligations.settle import last_done
from opsterm.records import Document, Obligation
from opsterm.registers.documents.document import review_by
from opsterm.registers.documents.staleness import cadence_of


def obligations_of_documents(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Obligation]:
    """Each document is followed by its cadence; one that a reader called wrong at once."""
    out = []
    documents = [sound(item, "verified_at") for item in board.all(Document, where="NOT retired")]
    done = last_done(board) if documents else {}
    for document in documents:
        by = review_by(document)
        if by and (seen := done.get((document.id, "review"))):
            by = max(by, seen + timedelta(days=cadence_of(document)))
        if document.wrong:
            by = min(by or today, today)
        if by is None:
            continue
        what = f"put right: {document.wrong}" if document.wrong else "follow it, and say what was checked"
        out.append(
            owed_by_date(
                document.id,
                f"review/{by if not document.wrong else 'wrong'}",
                f"{document.title}: {what}",
                by,
                sort="document",
                owner=document.owner,
                reason=f"verified {document.verified_at[:10]}" if document.verified_at else "nobody ever followed it",
                missed="somebody trusts it in an incident",
                holidays=holidays,
            )
        )
    return out
