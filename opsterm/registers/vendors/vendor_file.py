"""The register of contracts as CSV: in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from opsterm.board.store import Board
from opsterm.core.lookup import named_id
from opsterm.core.session import Outcome, Session
from opsterm.records import Vendor
from opsterm.records.record import as_fields
from opsterm.records.vendor import DECISIONS, RENEWALS
from opsterm.registers.csv_file import CsvRow, as_csv, read_rows
from opsterm.registers.import_rows import Fields, import_rows
from opsterm.registers.vendors.contract import period
from opsterm.registers.vendors.vendor import due_diligence

#: Columns that a file must have, and those that it may have besides.
COLUMNS = (
    "name",
    "parent",
    "service",
    "tier",
    "owner",
    "term_end",
    "notice",
    "renewal",
    "renewal_term",
    "annual_cost",
    "currency",
    "systems",
)
MORE = (
    "backup",
    "term_start",
    "received",
    "delivery_days",
    "form",
    "address",
    "clause",
    "uplift",
    "price_clause",
    "contacts",
    "escalation",
    "documents",
    "alternatives",
    "exit_cost",
    "exit_tested_at",
    "reviewed_at",
    "decision",
    "decided_for",
    "ended",
)
_DAYS = ("term_start", "exit_tested_at", "reviewed_at", "decided_for")
_LISTS = ("contacts", "escalation", "documents", "alternatives")
_TEXTS = ("backup", "form", "address", "clause", "price_clause")
_COST_MAX = 1e12


def read_vendors(raw: bytes, name: str) -> list[tuple[str, dict[str, Any]]]:
    """(id, fields) of each contract in a file. Raises Rejected with the row and the column."""
    rows = read_rows(raw, name, COLUMNS, MORE)
    names = Counter(row["name"].some("who sells it").casefold() for row in rows)
    out: list[tuple[str, dict[str, Any]]] = []
    first: dict[str, int] = {}
    for row in rows:
        several = names[row["name"].text.casefold()] > 1
        record = named_id(Vendor, row["name"].text, row["service"].text if several else "")
        if record in first:
            raise row["service" if several else "name"].refuse(f"the same contract stands in row {first[record]}.")
        first[record] = row["name"].row
        out.append((record, _fields(row)))
    return out


def _fields(row: CsvRow) -> dict[str, Any]:
    """The fields that a row says; a column that the file does not have says nothing."""
    tier = row["tier"]
    if tier and tier.text not in ("1", "2", "3"):
        raise tier.refuse(f"{tier.text!r} is no tier: say 1, 2 or 3.")
    for column in ("notice", "renewal_term"):
        row[column].understood(period)
    renewal = row["renewal"].one_of(RENEWALS, "none")
    if renewal == "tacit" and not row["renewal_term"].understood(period):
        raise row["renewal_term"].refuse("a tacit renewal needs its length: say 12 months.")
    fields: dict[str, Any] = {
        "name": row["name"].text,
        "parent": row["parent"].text,
        "service": row["service"].text,
        "tier": int(tier.text or 3),
        "owner": row["owner"].text.lstrip("@"),
        "term_end": row["term_end"].day(),
        "notice": row["notice"].text,
        "renewal": renewal,
        "renewal_term": row["renewal_term"].text,
        "annual_cost": row["annual_cost"].number(_COST_MAX),
        "currency": row["currency"].text.upper(),
        "systems": row["systems"].several(),
    }
    more: dict[str, Any] = {name: row[name].day() for name in _DAYS}
    more |= {name: row[name].several() for name in _LISTS}
    more |= {name: row[name].text for name in _TEXTS}
    more |= {
        "received": row["received"].yes(),
        "ended": row["ended"].yes(),
        "delivery_days": row["delivery_days"].whole(365),
        "uplift": row["uplift"].number(1000),
        "exit_cost": row["exit_cost"].number(_COST_MAX),
        "decision": row["decision"].one_of(("", *DECISIONS), ""),
    }
    if len(fields["currency"]) not in (0, 3) or not fields["currency"].isascii():
        raise row["currency"].refuse(f"{row['currency'].text!r} is no currency: say EUR or USD.")
    return fields | {name: value for name, value in more.items() if row[name]}


def import_vendors(session: Session, raw: bytes, name: str) -> Outcome:
    """Takes a file whole or not at all. A contract that is known is brought up to date; one that the file does not have
    stays. A vendor that nobody knew is owed its due diligence. Raises Rejected."""
    rows = read_vendors(raw, name)
    with session.board.transaction():
        first_file = not session.board.all(Vendor)

        def made(record: str, fields: Fields) -> None:
            if not first_file:
                due_diligence(session, record, fields["name"], fields["owner"])

        return import_rows(session, Vendor, rows, "vendors", name, made=made)


def export_vendors(board: Board) -> Iterator[str]:
    """The lines of a CSV file with all contracts, which imports again as it is."""
    columns = [*COLUMNS, *MORE]
    return as_csv(columns, (_cells(vendor, columns) for vendor in board.all(Vendor)))


def _cells(vendor: Vendor, columns: Sequence[str]) -> list[Any]:
    fields = as_fields(vendor)
    return [fields[column] for column in columns]
