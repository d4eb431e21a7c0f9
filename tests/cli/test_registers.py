"""The registers by the command line: shapes that other tools read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opsterm.cli.main import main
from tests.support.bench import DOCUMENTS, HEADER, csv_of, written


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "b.sqlite"))
    monkeypatch.setenv("OPSTERM_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("OPSTERM_USER", "mia")

    def call(*words: str, code: int = 0) -> Any:
        assert main(words) == code
        out = capsys.readouterr()
        if code:
            assert out.err.count("\n") == 1
            return out.err
        return json.loads(out.out) if "--json" in words else out.out

    return call


def test_vendor_list(run: Any, tmp_path: Path) -> None:
    row = "A,Group,x,1,mia,2025-08-28,2 months,tacit,12 months,40,EUR,checkout"
    run("vendor", "import", written(tmp_path, "v.csv", csv_of(HEADER, row)))
    found = run("vendor", "list", "--today", "2026-02-11", "--json")
    (vendor,) = found["vendors"]
    assert {key: vendor[key] for key in ("name", "term_end", "notice_at", "act_by", "share_of_spend")} == {
        "name": "A",
        "term_end": "2026-08-28",
        "notice_at": "2026-06-26",
        "act_by": "2026-06-12",
        "share_of_spend": 1.0,
    }
    assert found["concentration"]["hhi_spend"] == 10_000
    assert found["concentration"]["hhi_systems"] == 10_000
    assert [p["system"] for p in found["concentration"]["single_points"]] == ["checkout"]
    bad = written(tmp_path, "w.csv", csv_of(HEADER, row.replace("2 months", "two")))
    assert "w.csv row 2, column notice" in run("vendor", "import", bad, code=2)
    assert run("vendor", "export").splitlines()[0].startswith(HEADER)
    assert "No vendor" not in run("vendor")


def test_holidays_and_rates_of_the_team_count(run: Any, tmp_path: Path) -> None:
    written(tmp_path, "settings.toml", b'[calendar]\ncountry = "DE"\n\n[rates]\nEUR = 1\nUSD = 0.5\n')
    rows = ("A,,x,3,mia,2027-03-25,90 days,none,,100,EUR,", "B,,x,3,mia,2027-03-25,,none,,200,USD,")
    run("vendor", "import", written(tmp_path, "v.csv", csv_of(HEADER, *rows)))
    found = {v["name"]: v for v in run("vendor", "list", "--today", "2026-02-11", "--json")["vendors"]}
    assert (found["A"]["notice_at"], found["A"]["share_of_spend"]) == ("2026-12-24", 0.5)


def test_document_list(run: Any, tmp_path: Path) -> None:
    rows = ("Run it,docs/r.md,mia,checkout,runbook,2025-10-14,90", "Wiki,w.md,ben,,other,2026-02-10,365")
    run("document", "import", written(tmp_path, "d.csv", csv_of(DOCUMENTS, *rows)))
    found = run("document", "list", "--today", "2026-02-11", "--json")["documents"]
    assert [d["title"] for d in found] == ["Run it", "Wiki"]
    assert found[0]["stale"] == pytest.approx(0.6067, abs=0.0001)
    assert found[0]["danger"] == pytest.approx(2 * 0.6067, abs=0.001)
    assert found[0]["why"] == ["120 days since it was verified, of 90"]
    assert "61% likely stale" in run("document", "open", "run", "--today", "2026-02-11")
    run("document", "verify", "run", "followed", "it")
    assert run("document", "queue", "--json")["documents"] == []


def test_meeting_assess(run: Any) -> None:
    words = ("meeting", "assess", "--minutes", "60", "--people", "10", "--every", "week", "--to-minutes", "30")
    found = run(*words, "--json")
    assert (found["hours_a_year"], found["saved_hours_a_year"]) == (520, 260)
    assert all(isinstance(text, str) for text in found["proposals"])
    assert "people" in run("meeting", "assess", "--minutes", "60", "--people", "0", "--every", "week", code=2)


def test_brief_and_due_as_of_a_day(run: Any, tmp_path: Path) -> None:
    row = "A,,x,1,mia,2025-08-28,2 months,tacit,12 months,40,EUR,checkout"
    run("vendor", "import", written(tmp_path, "v.csv", csv_of(HEADER, row)))
    owed = run("due", "--today", "2026-06-15", "--json")["obligations"]
    notice = next(o for o in owed if "/notice/" in o["id"])
    assert (notice["kind"], notice["owner"], notice["due_at"][:10], notice["state"]) == (
        "vendor",
        "mia",
        "2026-06-26",
        "notice",
    )
    assert "# 2026-06-15 to 2026-06-28" in run("brief", "--days", "14", "--today", "2026-06-15")
    (share,) = run("brief", "--today", "2026-06-15", "--json")["owners"]
    assert share["owner"] == "mia"
    assert "give notice or renew" in " ".join(item["what"] for item in share["items"])
    assert "is no date" in run("brief", "--today", "soon", code=2)


def test_the_calls_that_the_contract_leaves_out(run: Any, tmp_path: Path) -> None:
    catalog = b"kind: Component\nmetadata:\n  name: checkout\n  labels: \n    tier: '1'\nspec:\n  owner: shop\n"
    run("system", "import", written(tmp_path, "catalog-info.yaml", catalog))
    assert run("system", "list", "--json")["systems"][0]["critical"] is True
    assert run("system", "tree", "checkout").strip() == "checkout"
    run("vendor", "add", "New", "--owner", "noor", "--system", "checkout")
    run("vendor", "promise", "New", "time up", "--percent", "99.9", "--credit", "99.9=10")
    assert "missed" in run("vendor", "measure", "New", "2026-01", "99.1")
    run("vendor", "review", "New", "all well")
    assert "# New: renewal" in run("vendor", "brief", "New")
    run("declare", "Pay fails")
    assert "vendor New caused" in run("vendor", "involve", "New", "-", "it was down", "--caused")
    assert "vendor New caused: it was down" in run("show", "-")
    run("meeting", "add", "Sync", "--minutes", "30", "--every", "week", "--with", "mia", "--with", "ben")
    run("meeting", "note", "Sync", "--output", "a plan")
    assert run("meeting", "list", "--json")["meetings"][0]["hours_a_year"] == 52
    assert "# Weekly review" in run("meeting", "agenda", "weekly")
    run("dependency", "add", "web", "data", "export", "--needed-by", "2030-01-01")
    run("dependency", "line", "dep1", "[A] export - begun - 2029-01-01 - a reviewer")
    assert run("dependency", "list", "--json")["dependencies"][0]["colour"] == "amber"
    assert "web waits for data" in run("dependency", "tree")
    run("onboard", "begin", "zoe", "--buddy", "ben")
    assert len(run("onboard", "show", "zoe", "--json")["milestones"]) == 5
    assert "## Systems" in run("onboard", "map")
    assert "contract" in run("handover", "noor")
    assert "are ben's" in run("handover", "noor", "--to", "ben")
    assert "owns nothing" in run("handover", "noor")


def test_the_checklists_that_come_with_it(run: Any) -> None:
    names = [c["name"] for c in run("checklist", "list", "--json")["checklists"]]
    assert {"First week", "New vendor"} <= set(names)


def test_the_command_line_takes_the_same_lines(run: Any) -> None:
    run("vendor", "add", "Mailer")
    assert "owner noor" in run("vendor", "set", "Mailer", "costs 1200 EUR; @noor")
    run("vendor", "promise", "Mailer", "99.9 a month", "--percent", "99.9", "--credit", "99.9=10")
    run("vendor", "measure", "Mailer", "2026-10", "98")
    assert "credit for 2026-10: paid" in run("vendor", "claim", "Mailer", "2026-10", "paid")
    assert "missed nothing" in run("vendor", "claim", "Mailer", "2026-09", "paid", code=2)
    run("document", "add", "Restart", "at docs/a.md; on checkout")
    assert "kind" not in run("document", "set", "Restart", "critical", "--json")["said"]
    run("system", "add", "checkout", "critical 1; needs mail")
    assert "team payments" in run("system", "set", "checkout", "team payments")
    run("dependency", "add", "shop", "data", "export job")
    assert "needed by 2026-12-01" in run("dependency", "set", "dep1", "by 2026-12-01")
    run("meeting", "add", "Sync", "--minutes", "30", "--every", "week")
    assert "ends on 2027-01-31" in run("meeting", "set", "Sync", "until 2027-01-31")
