"""The invented incidents of the data files beside this page, as records and as files of the exchange format."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opsterm.records import Incident
from opsterm.records.instant import instant

HERE = Path(__file__).parent
ORG = "Invented Ltd"


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


def fields(name: str, line: str) -> dict[str, Any]:
    """A line of a data file as a record's fields."""
    title, services, impact, causes, change = _parts(line)
    return {
        "id": name,
        "mark": name,
        "title": title,
        "services": tuple(service.strip() for service in services.split(",")),
        "impact": impact,
        "causes": tuple(cause.strip() for cause in causes.split(";") if cause.strip()),
        "changed": change,
    }


def incident(name: str, line: str, **more: Any) -> Incident:
    """The same as a record, with further fields."""
    return Incident(**(fields(name, line) | more))


def document(name: str, line: str, place: int, org: str = ORG) -> dict[str, Any]:
    """The same in the exchange format, a day after the one before it."""
    made = incident(name, line)
    begun = datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(days=place)
    end = begun + timedelta(hours=2)
    event = {"at": instant(begun), "kind": "observation", "text": made.title, "by": "on-call"}
    return {
        "id": name,
        "org": org,
        "title": made.title,
        "source": "",
        "started_at": instant(begun),
        "detected_at": instant(begun),
        "declared_at": instant(begun),
        "mitigated_at": instant(end),
        "resolved_at": instant(end),
        "severity": "sev2",
        "severity_reason": "",
        "services": list(made.services),
        "impact": made.impact,
        "customer_visible": True,
        "people": [],
        "events": [event | {"ref": None, "confidence": None, "outcome": None, "status": None}],
        "contributing_causes": list(made.causes),
        "follow_ups": [],
        "triggering_change": made.changed or None,
        "recurrence_of": None,
    }


def families() -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = tomllib.loads((HERE / "families.toml").read_text(encoding="utf-8"))["family"]
    return found


def unlike() -> list[str]:
    found: list[str] = tomllib.loads((HERE / "unlike.toml").read_text(encoding="utf-8"))["incidents"]
    return found


def documents() -> Iterator[bytes]:
    """All families and all unlike ones as files: first, again and miss of a family are far apart in time."""
    place = 0
    for part in ("first", "miss", "again"):
        for number, family in enumerate(families()):
            place += 1
            yield json.dumps(document(f"{part}-{number}", family[part], place)).encode()
    for number, line in enumerate(unlike()):
        place += 1
        yield json.dumps(document(f"unlike-{number}", line, place)).encode()
