"""The changes that set off real incidents, assessed with what was known before: at least one thing asked would have
helped. The table in docs/checklists.md is made here."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import opsterm
from opsterm.operations.deployments.change_risk import assess

HERE = Path(__file__).parent
CHANGES: list[dict[str, Any]] = tomllib.loads((HERE / "changes_before_incidents.toml").read_text())["change"]
INCIDENTS = Path(opsterm.__file__).parent / "data" / "incidents"
DOCS = Path(opsterm.__file__).parent.parent / "docs" / "checklists.md"


def table() -> str:
    rows = ["| incident | the change before it | risk | asked, and would have helped | why |", "|---|---|---|---|---|"]
    for change in CHANGES:
        found = assess(change["answers"])
        cells = (
            change["incident"],
            change["change"],
            f"{found.level}, {found.score}",
            "; ".join(change["helped"]),
            change["because"],
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def test_every_open_incident_that_a_change_set_off_is_assessed() -> None:
    told = {
        document["id"]
        for file in INCIDENTS.glob("*.json")
        if (document := json.loads(file.read_text(encoding="utf-8")))["triggering_change"]
    }
    assert {change["incident"] for change in CHANGES} == told


@pytest.mark.parametrize("change", CHANGES, ids=[c["incident"] for c in CHANGES])
def test_the_change_before_an_incident_is_asked_for_something_that_would_have_helped(change: dict[str, Any]) -> None:
    found = assess(change["answers"])
    assert found.level != "routine"
    assert change["helped"]
    assert set(change["helped"]) <= set(found.asks)


def test_the_table_in_the_docs_is_that_of_today() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")


if __name__ == "__main__":
    print(table())
