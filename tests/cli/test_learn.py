"""The calls of this family: shapes, exit codes, files."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from opsterm.cli.main import main


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "b.sqlite"
    monkeypatch.setenv("OPSTERM_BOARD", str(path))
    monkeypatch.setenv("OPSTERM_USER", "mia")
    folder = files("opsterm") / "data" / "incidents"
    assert main(["import", *(str(f) for f in folder.iterdir() if "moj" in f.name)]) == 0
    capsys.readouterr()
    return path


def _json(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert main([*argv, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_recurrences_have_the_shape_of_the_contract(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pair,) = _json(capsys, "recurrences")["pairs"]
    assert pair["later"] == "moj-cloud-platform-2024-04-15"
    assert pair["earlier"] == "moj-cloud-platform-2023-11-01"
    assert 0.5 < pair["score"] <= 1
    assert pair["why"]
    assert pair["verdict"] is None
    assert (
        main(
            ["recurrences", "--confirm", "moj-cloud-platform-2024", "moj-cloud-platform-2023", "--why", "same", "probe"]
        )
        == 0
    )
    capsys.readouterr()
    (pair,) = _json(capsys, "recurrences")["pairs"]
    assert pair["verdict"] == "confirmed"


def test_postmortem_as_markdown_html_and_json(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["postmortem", "moj-cloud-platform-2024"]) == 0
    assert capsys.readouterr().out.startswith("# Postmortem: Prometheus restarts")
    page = board.parent / "p.html"
    assert main(["postmortem", "moj-cloud-platform-2024", "--format", "html", "--redact", "--out", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    capsys.readouterr()
    told = _json(capsys, "postmortem", "moj-cloud-platform-2024")
    assert {"incident", "summary", "durations", "contributing_factors", "timeline", "markdown"} <= set(told)


def test_a_postmortem_is_opened_once(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["postmortem", "moj-cloud-platform-2024", "--open", "--owner", "noor"]) == 0
    assert main(["postmortem", "moj-cloud-platform-2024", "--open"]) == 2
    assert "has a postmortem already" in capsys.readouterr().err


def test_wording_points_and_exits_one(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = board.parent / "t.md"
    text.write_text("The root cause was human error.\n", encoding="utf-8")
    assert main(["wording", str(text)]) == 1
    assert "single-cause" in capsys.readouterr().out
    text.write_text("The disk was full at 10:02.\n", encoding="utf-8")
    assert main(["wording", str(text)]) == 0


def test_measures_and_problems(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(capsys, "measures", "--days", "6000")
    assert told["incidents"] == 2
    assert "alert_load" in told
    assert _json(capsys, "problems") == {"problems": []}
