"""The register of documents as CSV: in and out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Session
from opsterm.records import Document
from opsterm.records.record import as_fields
from opsterm.registers.csv_file import CsvRow, as_csv, read_rows
from opsterm.registers.documents.document import record_of
from opsterm.registers.import_rows import import_rows

COLUMNS = ("title", "path", "owner", "systems", "kind", "verified_at", "cadence_days")
MORE = ("repository", "watches", "linked", "critical", "retired")
_CADENCE_MAX = 3650


def read_documents(raw: bytes, name: str) -> list[tuple[str, dict[str, Any]]]:
    """(id, fields) of each document in a file. Raises Rejected with the row and the column."""
    out: list[tuple[str, dict[str, Any]]] = []
    first: dict[str, int] = {}
    for row in read_rows(raw, name, COLUMNS, MORE):
        record = record_of(row["title"].some("what people call it"))
        if record in first:
            raise row["title"].refuse(f"the same title stands in row {first[record]}.")
        first[record] = row["title"].row
        out.append((record, _fields(row)))
    return out


def _fields(row: CsvRow) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": row["title"].text,
        "path": row["path"].text,
        "owner": row["owner"].text.lstrip("@"),
        "systems": row["systems"].several(),
        "sort": row["kind"].text.casefold(),
        "verified_at": row["verified_at"].moment(),
        "cadence_days": row["cadence_days"].whole(_CADENCE_MAX),
    }
    fields |= {"repository": row["repository"].text} if row["repository"] else {}
    fields |= {name: row[name].several() for name in ("watches", "linked") if row[name]}
    return fields | {name: row[name].yes() for name in ("critical", "retired") if row[name]}


def import_documents(session: Session, raw: bytes, name: str) -> Outcome:
    """Takes a file whole or not at all. A document that is known is brought up to date, but is never made less verified
    than somebody found it here. Raises Rejected."""
    rows = read_documents(raw, name)
    with session.board.transaction():
        for record, fields in rows:
            before = session.board.get(Document, record)
            if before is not None and before.verified_at[:10] >= fields["verified_at"][:10]:
                fields.pop("verified_at")
        return import_rows(session, Document, rows, "documents", name)


def export_documents(board: Board) -> Iterator[str]:
    """The lines of a CSV file with all documents, which imports again as it is."""
    named = {"kind": "sort"}
    columns = [*COLUMNS, *MORE]
    return as_csv(
        columns, ([as_fields(item)[named.get(column, column)] for column in columns] for item in board.all(Document))
    )
