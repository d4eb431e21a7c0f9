"""The real incidents that come with opsterm, as files and on boards."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from opsterm.core.session import Session
from opsterm.demo.demo import incident_file, incidents
from opsterm.exchange.file_format import IncidentFile, parse
from opsterm.exchange.importing import Imported, import_incident
from tests.support.stations import NOWHERE, station

NAMES = incidents()


def incident_files() -> list[IncidentFile]:
    """Every incident that comes with opsterm."""
    return [incident_file(name) for name in NAMES]


def raw(name: str) -> dict[str, Any]:
    """The file's document."""
    text = (files("opsterm") / "data" / "incidents" / f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def take(session: Session, document: Any) -> Imported:
    """Imports a document as if it came from a file."""
    return import_incident(session, parse(json.dumps(document).encode()))


def empty(name: str = "importer", folder: Path = NOWHERE) -> Session:
    """Somebody at a board on which nothing was ever recorded."""
    return station(folder, name, person="importer")
