"""Real incidents, told again in the capture language alone: the same as by importing them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opsterm.cli.main import main
from opsterm.demo.demo import incident_file, incidents
from opsterm.exchange.file_format import IncidentFile

#: How a person would type each kind of event; a hypothesis or an order that is opened again is moved back instead.
TYPED = {
    "observation": "\\{text}",
    "role_change": "\\{text}",
    "status": "#{status} {text}",
    "hypothesis": "? {text}",
    "hypothesis_result": "{mark} {outcome} {text}",
    "action_started": "! {text}",
    "action_done": "{mark} {outcome} {text}",
    "update_posted": ">customers {text}",
    "decision": "= {text}",
}
AGAIN = {"hypothesis": "{mark} proposed {text}", "action_started": "{mark} ordered {text}"}


def lines_of(file: IncidentFile) -> Iterator[str]:
    """Each event as it would be typed, with the marks that the board will give."""
    marks: dict[str, str] = {}
    for event in file.events:
        template = TYPED[event.kind]
        if event.kind in AGAIN:
            letter = event.kind[0]
            number = sum(mark.startswith(letter) for mark in marks.values()) + 1
            template = AGAIN[event.kind] if event.ref in marks else template
            marks.setdefault(event.ref, f"{letter}{number}")
        text = " ".join(event.text.split())
        line = template.format(
            text=text, status=event.status, mark=marks.get(event.ref, ""), outcome=event.outcome or "done"
        )
        by = f' ~"{event.by}"' if event.by else ""
        yield f"{event.at} {line}{by}"


def told(document: dict[str, Any]) -> Any:
    def states(items: list[dict[str, Any]]) -> list[tuple[list[str], str]]:
        return [(item["text"].split(), item["state"]) for item in items]

    return states(document["hypotheses"]), states(document["actions"]), document["incident"]["status"]


@pytest.mark.parametrize("name", incidents())
def test_an_incident_told_again_is_the_incident_imported(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = incident_file(name)

    def show(board: str, incident: str) -> Any:
        capsys.readouterr()
        assert main(["--board", str(tmp_path / board), "show", incident, "--json"]) == 0
        return told(json.loads(capsys.readouterr().out))

    exported = tmp_path / "incident.json"
    exported.write_text(json.dumps(dict(file.raw)), encoding="utf-8")
    assert main(["--board", str(tmp_path / "imported.sqlite"), "import", str(exported)]) == 0
    typed = ["--board", str(tmp_path / "typed.sqlite")]
    assert main([*typed, "declare", file.title]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines_of(file))))
    assert main([*typed, "log", "INC-1"]) == 0
    assert show("typed.sqlite", "INC-1") == show("imported.sqlite", file.id)
