"""The calls of a pipeline: shapes, exit codes, and what stops it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opsterm.cli.main import main

Call = Callable[..., tuple[int, Any]]

WILD = (
    b"\xef\xbb\xbf# Wild list\r\n\r\n* [ ] (K) one  \r\n\t- [X] kid\r\n\r\n"
    b"## Later\r\n1) [ ] \xe6\xbc\xa2 <!-- id:k -->"
)


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs one call with `--json` on a board of the test's own: (exit code, what it answered)."""

    def run(*words: str, person: str = "mia") -> tuple[int, Any]:
        code = main(["--board", str(tmp_path / "calls.sqlite"), "--as", person, *words, "--json"])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, json.loads(out) if out else err

    return run


@pytest.fixture
def wild(tmp_path: Path) -> Path:
    path = tmp_path / "wild.md"
    path.write_bytes(WILD)
    return path


def test_a_list_is_imported_shown_and_exported_byte_for_byte(call: Call, wild: Path, tmp_path: Path) -> None:
    code, answer = call("checklist", "import", str(wild))
    (taken,) = answer["checklists"]
    assert (code, taken["name"], taken["version"]) == (0, "Wild list", 1)
    assert [(i["mark"], i["text"], i["killer"], i["section"]) for i in taken["items"]] == [
        ("1", "one", True, ""),
        ("1.1", "kid", False, ""),
        ("2", "漢", False, "Later"),
    ]
    assert call("checklist", "show", "Wild list")[1]["checklists"][0]["items"] == taken["items"]
    assert "Wild list" in [c["name"] for c in call("checklist", "list")[1]["checklists"]]
    out = subprocess.run(
        [sys.executable, "-m", "opsterm", "--board", str(tmp_path / "calls.sqlite"), "checklist", "export", "wild"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert out.stdout == WILD


def test_a_pipeline_is_stopped_by_an_open_killer_item(call: Call, wild: Path) -> None:
    call("checklist", "import", str(wild))
    code, run = call("checklist", "run", "Wild list")
    assert (code, run["name"], run["version"]) == (0, "Wild list", 1)
    assert run["steps"][0] | {"mark": "1", "text": "one", "state": "open", "killer": True} == run["steps"][0]
    code, stopped = call("checklist", "close", run["run"])
    assert (code, [s["text"] for s in stopped["open"]]) == (1, ["one"])
    code, step = call("checklist", "tick", run["run"], "1", "--note", "412")
    assert (code, step["state"], step["note"], step["by"]) == (0, "done", "412", "mia")
    code, closed = call("checklist", "close", run["run"])
    assert (code, closed["state"]) == (0, "closed")
    assert call("checklist", "close", run["run"])[0] == 2


def test_all_states_but_done_and_open_want_a_note(call: Call, wild: Path) -> None:
    call("checklist", "import", str(wild))
    run = call("checklist", "run", "wild")[1]["run"]
    for state in ("failed", "skipped", "deferred", "not-applicable", "overridden"):
        assert call("checklist", "tick", run, "2", "--state", state)[0] == 2
        assert call("checklist", "tick", run, "2", "--state", state, "--note", "so it is")[1]["state"] == state
    assert call("checklist", "tick", run, "2", "--state", "open")[1]["state"] == "open"
    assert call("checklist", "tick", run, "2", "--state", "perhaps")[0] == 2
    assert call("checklist", "tick", run, "9")[0] == 2


def test_an_emergency_closes_and_is_due_for_review(call: Call, wild: Path) -> None:
    call("checklist", "import", str(wild))
    run = call("checklist", "run", "wild")[1]["run"]
    assert call("checklist", "close", run, "--emergency", "users are locked out")[0] == 0
    found = [o for o in call("due")[1]["obligations"] if o["why"] == "users are locked out"]
    assert [(o["kind"], o["owner"], o["state"]) for o in found] == [("review", "mia", "notice")]


def test_a_run_in_an_incident_is_on_its_timeline(call: Call) -> None:
    incident = call("declare", "Checkout fails")[1]["incidents"][0]["id"]
    run = call("checklist", "run", "First fifteen minutes", "--incident", incident)[1]["run"]
    call("checklist", "tick", run, "1", "--note", "sev2, mia", person="noor")
    shown = call("show", incident)[1]
    assert shown["checklists"][0]["steps"][0]["state"] == "done"
    assert any(
        line["kind"] == "step" and line["by"] == "noor" and "sev2, mia" in line["text"] for line in shown["timeline"]
    )


def test_a_pause_point_stops_a_pipeline_too(call: Call, wild: Path) -> None:
    call("checklist", "import", str(wild))
    run = call("checklist", "run", "wild")[1]["run"]
    assert call("checklist", "pass", run)[0] == 1
    call("checklist", "tick", run, "1")
    assert call("checklist", "pass", run)[1]["passed"] is True
    assert call("checklist", "pause", run)[0] == 0
    assert [s["mark"] for s in call("checklist", "resume", run)[1]["again"]] == ["1"]


def test_the_risk_of_a_change_is_answered_as_the_contract_says(call: Call) -> None:
    words = ["--blast", "4", "--reverse", "4", "--evidence", "3", "--data", "3", "--novelty", "2", "--dependents", "2"]
    code, answer = call("change", "assess", *words)
    assert (code, answer["score"], answer["level"]) == (0, 58, "high")
    assert all(isinstance(text, str) for key in ("because", "asks") for text in answer[key])
    assert {"answer": "reverse", "to": 0, "level": "moderate"}.items() <= answer["lowers"][1].items()
    assert call("change", "assess")[1]["level"] == "routine"
    assert call("change", "assess", "--blast", "6")[0] == 2
    assert call("change", "assess", "--blast", "many")[0] == 2


def test_a_change_is_opened_approved_staged_and_closed(call: Call) -> None:
    code, change = call("change", "open", "Bigger", "pool", "--blast", "4", "--reverse", "3", "--version", "a1")
    assert (code, change["mark"], change["level"], change["version"]) == (0, "CHG-1", "moderate", "a1")
    code, stopped = call("change", "stage", "CHG-1")
    assert code == 1
    assert any("approval" in text for text in stopped["missing"])
    assert call("change", "approve", "CHG-1")[0] == 2
    assert call("change", "approve", "CHG-1", "--version", "a0", person="noor")[0] == 2
    assert call("change", "approve", "CHG-1", "--version", "a1", person="noor")[0] == 0
    run = call("checklist", "run", "Configuration change", "--for", "CHG-1")[1]
    assert call("change", "stage", "CHG-1")[0] == 1
    for step in run["steps"]:
        call("checklist", "tick", run["run"], step["mark"])
    assert call("change", "stage", "CHG-1")[1]["stage"] == 1
    assert call("change", "close", "CHG-1")[1]["state"] == "done"
    assert call("change", "stats")[1]["levels"][1]["ended"] == 1


def test_a_deployment_turned_bad_is_an_incident_and_goes_back(call: Call) -> None:
    made = call("deploy", "begin", "web", "--system", "web", "--version", "4.2")[1]
    assert (made["mark"], made["state"]) == ("DEP-1", "running")
    assert "untested" in made["warning"]
    code, bad = call("deploy", "bad", "DEP-1", "--severity", "sev2")
    incident = bad["incidents"][0]["id"]
    assert (code, bad["deployment"]["incident"]) == (0, incident)
    assert call("show", incident)[1]["hypotheses"][0]["text"] == "DEP-1 (web 4.2) broke it"
    assert [c["mark"] for c in call("deploy", "changed", incident)[1]["changes"]] == ["DEP-1"]
    run = call("rollback", "run", "DEP-1")[1]
    assert (run["incident"], run["purpose"]) == (incident, "rollback")
    assert call("rollback", "tick", run["run"], "1")[1]["state"] == "done"
    assert call("rollback", "close", run["run"])[0] == 0
    assert call("deploy", "show", "DEP-1")[1]["state"] == "rolled back"


def test_a_failed_drill_is_due_to_be_mended(call: Call) -> None:
    assert all(not way["tested"] for way in call("rollback", "list")[1]["rollbacks"])
    run = call("rollback", "drill", "service")[1]["run"]
    closed = call("rollback", "close", run, "--result", "failed", "--note", "the artifact was gone")[1]
    assert closed["follow_up"] in [o["id"] for o in call("due")[1]["obligations"]]
    assert call("rollback", "show", "service")[1]["last_result"] == "failed"


def test_a_list_that_does_not_say_what_it_takes_back_is_no_way_back(call: Call, wild: Path) -> None:
    assert call("rollback", "import", str(wild))[0] == 2
    assert "Wild list" not in [c["name"] for c in call("checklist", "list")[1]["checklists"]]


def test_what_is_due_is_answered_as_of_a_day(call: Call, tmp_path: Path) -> None:
    for what, by in (("later", "2026-12-20"), ("sooner", "2026-12-10")):
        call("due", "add", what, "--by", by, "--notice", "2026-12-01")
    answer = call("due", "--today", "2026-12-15", "--ics", str(tmp_path / "due.ics"))[1]
    keys = {"id", "what", "kind", "owner", "notice_at", "due_at", "state"}
    assert all(keys <= o.keys() for o in answer["obligations"])
    assert [(o["what"], o["state"]) for o in answer["obligations"]] == [("sooner", "overdue"), ("later", "notice")]
    assert [o["state"] for o in call("due", "--today", "2026-11-30")[1]["obligations"]] == ["ahead", "ahead"]
    assert (tmp_path / "due.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert call("due", "--today", "soon")[0] == 2
    first = answer["obligations"][0]["id"]
    assert call("due", "done", first, "see", "log")[1]["state"] == "done"
    assert call("due", "show", first)[1]["history"][-1]["text"] == "done, sooner: see log"


def test_no_call_loads_what_it_does_not_need() -> None:
    code = (
        "import sys, json; from opsterm.cli.main import build_parser; build_parser();"
        "import opsterm.operations.checklists.run;"
        "import opsterm.operations.deployments.planned_change, opsterm.obligations.obligation, opsterm.calendar.ical;"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(json.loads(out.stdout))
    assert not loaded & {"markdown_it", "icalendar", "holidays", "dateutil", "textual", "sqlmodel", "sqlalchemy"}
