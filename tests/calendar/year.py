"""A year of an organisation of fifty people, the same each time: contracts, documents, rituals, dependencies,
incidents and deployments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from opsterm.board.change import Write
from opsterm.core.calendar_dates import add_working_days
from opsterm.core.session import Session
from opsterm.obligations.obligation import owe
from opsterm.registers.documents.document_file import import_documents
from opsterm.registers.vendors.vendor_file import import_vendors
from tests.support.bench import DOCUMENTS, HEADER, Bench, csv_of

BEGIN = date(2026, 1, 5)
VENDORS, DOCS, RITUALS, DEPENDENCIES, INCIDENTS, DEPLOYMENTS = 40, 120, 25, 60, 80, 900
PEOPLE = tuple(f"person {n:02d}" for n in range(50))
SYSTEMS = tuple(f"system {n:02d}" for n in range(30))


@dataclass(slots=True)
class Year:
    """What was generated, by id."""

    random: Random
    counts: dict[str, int] = field(default_factory=dict)

    def day(self, first: int = 0, last: int = 360) -> date:
        return BEGIN + timedelta(days=self.random.randint(first, last))


def make_year(bench: Bench, seed: int = 2026) -> Year:
    """Fills a board with the records of a year. All of it is known on its first day, or comes on its own."""
    year = Year(Random(seed))
    bench.on(BEGIN)
    session = bench.as_("mia")
    _vendors(session, year)
    _documents(session, year)
    writes = [*_rituals(year), *_dependencies(year), *_incidents(year), *_deployments(year)]
    bench.board.record("mia", writes)
    with bench.board.transaction():
        for n in range(40):
            by = add_working_days(year.day(10), 0)
            sort = "drill" if n % 2 else "improvement"
            every = "90d" if n % 2 else ""
            owe(session, f"{sort} {n}", by.isoformat(), sort=sort, owner=year.random.choice(PEOPLE), every=every)
    return year


def _vendors(session: Session, year: Year) -> None:
    rows = []
    for n in range(VENDORS):
        r = year.random
        renewal = r.choice(("tacit", "tacit", "express", "none"))
        cells = (
            f"vendor {n:02d}",
            f"group {n % 7}" if n % 3 == 0 else "",
            "service",
            r.choice((1, 2, 3, 3)),
            r.choice(PEOPLE),
            year.day(100, 500),
            r.choice(("30 days", "60 days", "90 days", "3 months")),
            renewal,
            "12 months" if renewal == "tacit" else "",
            r.randint(1, 200) * 1000,
            "EUR",
            ";".join(r.sample(SYSTEMS, 2)),
        )
        rows.append(",".join(str(cell) for cell in cells))
    import_vendors(session, csv_of(HEADER, *rows), "vendors.csv")


def _documents(session: Session, year: Year) -> None:
    rows = []
    for n in range(DOCS):
        r = year.random
        verified = BEGIN - timedelta(days=r.randint(1, 80))
        sort = r.choice(("runbook", "contacts", "policy", "architecture", "decision"))
        systems = ";".join(r.sample(SYSTEMS, 2))
        rows.append(f"document {n:03d},docs/{n}.md,{r.choice(PEOPLE)},{systems},{sort},{verified},")
    import_documents(session, csv_of(DOCUMENTS, *rows), "documents.csv")


def _rituals(year: Year) -> list[Write]:
    out = []
    for n in range(RITUALS):
        fields: dict[str, Any] = {
            "name": f"ritual {n}",
            "owner": year.random.choice(PEOPLE),
            "minutes": 30,
            "people": list(year.random.sample(PEOPLE, 6)),
            "every": year.random.choice(("week", "fortnight", "month", "quarter")),
            "anchor": year.day(0, 20).isoformat(),
            "ends_on": year.day(200, 350).isoformat(),
        }
        out.append(Write("ritual", f"ritual:{n}", "", fields))
    return out


def _dependencies(year: Year) -> list[Write]:
    out = []
    for n in range(DEPENDENCIES):
        needed = year.day(40, 350)
        fields = {
            "number": n + 1,
            "giver": f"team {n % 6}",
            "taker": f"team {(n + 1) % 6}",
            "what": f"thing {n}",
            "needed_by": needed.isoformat(),
            "promised": (needed - timedelta(days=year.random.randint(-10, 30))).isoformat(),
            "confidence": 0.8,
            "owner": year.random.choice(PEOPLE),
            "next_check": (needed - timedelta(days=28)).isoformat(),
        }
        out.append(Write("dependency", f"dependency:{n}", "", fields))
    return out


def _incidents(year: Year) -> list[Write]:
    out = []
    for n in range(INCIDENTS):
        at = f"{year.day()}T10:00:00Z"
        severity = f"sev{year.random.randint(1, 4)}"
        services = list(year.random.sample(SYSTEMS, 1))
        fields = {"number": n + 1, "title": f"incident {n}", "severity": severity, "services": services,
                  "status": "resolved", "started_at": at, "declared_at": at, "resolved_at": at}  # fmt: skip
        out.append(Write("incident", f"incident:{n}", "", fields))
    return out


def _deployments(year: Year) -> list[Write]:
    out = []
    for n in range(DEPLOYMENTS):
        fields = {"number": n + 1, "title": f"deploy {n}", "systems": list(year.random.sample(SYSTEMS, 1)),
                  "state": "done", "started_at": f"{year.day()}T09:00:00Z", "owner": PEOPLE[n % 50]}  # fmt: skip
        out.append(Write("deployment", f"deployment:{n}", "", fields))
    return out
