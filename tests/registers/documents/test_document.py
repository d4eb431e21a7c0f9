"""Documents: the field's worked examples, what the board and git say of them, and what people do."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opsterm.calendar.due import due
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import start_of
from opsterm.records import Deployment, Document, Person, Verification
from opsterm.records.record import columns
from opsterm.registers.documents.document import (
    KEPT_MAX,
    advice_on_cadence,
    call_wrong,
    documents_for,
    find_document,
    keep_text,
    kept_text,
    opened,
    review_queue,
    scan,
    standings,
    verify,
)
from opsterm.registers.documents.document_file import export_documents, import_documents
from opsterm.registers.documents.git_history import Repository, repository
from opsterm.registers.documents.repository import commits_since, dead_links, links, subjects_of, text_of
from opsterm.registers.documents.staleness import Since, cadence_of, staleness
from tests.support.bench import DOCUMENTS, TODAY, Bench, csv_of

ROWS = (
    "Checkout runbook,docs/checkout.md,mia,checkout;db,runbook,2026-01-01,90",
    "Wiki page,https://wiki.example/x,ben,,other,2025-01-07,365",
    "Decision 7,docs/7.md,ben,checkout,decision,,",
)


def page(**fields: Any) -> Document:
    defaults = {column.name: column.default for column in columns(Document)}
    return Document(**{**defaults, "id": "d", "title": "D", **fields})


def test_the_worked_examples() -> None:
    today = date(2026, 6, 1)
    runbook = page(
        sort="runbook",
        cadence_days=90,
        verified_at=(today - timedelta(days=120)).isoformat(),
        commits=40,
        dead_links=("a", "b"),
    )
    found = staleness(runbook, Since(deployments=12, incidents=1, opens=7, criticality=1), today)
    assert round(found.stale, 2) == 0.92
    assert round(found.danger) == 29
    assert len(found.why) == 5
    wiki = page(sort="other", cadence_days=365, verified_at=(today - timedelta(days=400)).isoformat())
    found = staleness(wiki, Since(), today)
    assert round(found.stale, 2) == 0.54
    assert round(found.danger, 1) == 0.5


def test_one_quiet_cadence_is_a_half_and_decisions_do_not_age() -> None:
    today = date(2026, 6, 1)
    quiet = page(sort="contacts", verified_at=(today - timedelta(days=90)).isoformat())
    assert staleness(quiet, Since(), today).stale == pytest.approx(0.5, abs=0.01)
    old = page(sort="decision", verified_at="2001-01-01")
    assert staleness(old, Since(), today).stale == 0
    never = page(sort="policy")
    assert staleness(never, Since(), today).stale > 0.9
    assert [cadence_of(page(sort=s)) for s in ("on-call guide", "runbooks", "contact list", "?")] == [180, 90, 90, 365]


def test_what_happened_on_its_systems_since_is_counted(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    before = standings(bench.board, TODAY)[0]
    assert before.document.title == "Checkout runbook"
    for day, systems in (("2025-12-31", ["checkout"]), ("2026-01-05", ["CHECKOUT"]), ("2026-01-06", ["web"])):
        fields = {"systems": systems, "state": "done", "started_at": f"{day}T10:00:00Z"}
        session.create(Deployment, "", fields)
    session.create(Deployment, "", {"systems": ["db", "checkout"], "state": "planned"})
    bench.declared("Pay fails", date(2026, 1, 9), services=["db"])
    session.create(Person, "", {"name": "Mia", "left_at": "2026-02-01"})
    found = standings(bench.board, TODAY)[0].staleness
    assert "1 deployment to its systems since" in found.why
    assert "1 incident on its systems since" in found.why
    assert "mia, who kept it, left" in found.why
    assert found.stale > before.staleness.stale
    then = {s.document.title: s.staleness.why for s in standings(bench.board, date(2026, 1, 4))}
    assert then["Checkout runbook"] == ("3 days since it was verified, of 90",)


def test_opened_in_an_incident_it_is_needed_more(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    wiki = find_document(bench.board, "wiki")
    before = standings(bench.board, TODAY, [wiki])[0].staleness
    incident = bench.declared("Pay fails", TODAY)
    opened(session, wiki, incident.id)
    found = standings(bench.board, TODAY, [wiki])[0].staleness
    assert (before.need, found.need) == (1, 4)
    names = [s.document.title for s in documents_for(bench.board, ["Checkout"], TODAY)]
    assert names == ["Checkout runbook", "Decision 7"]


def test_verifying_starts_anew_and_an_import_never_makes_it_older(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    runbook = find_document(bench.board, "checkout")
    call_wrong(session, runbook, "step 3 names a host that is gone")
    assert "Checkout runbook" in [s.document.title for s in review_queue(bench.board, TODAY)]
    late = [line.obligation.what for line in due(bench.board, start_of(TODAY + timedelta(days=1)))]
    assert any("put right: step 3" in what for what in late)
    with pytest.raises(Rejected, match="what was checked"):
        verify(session, runbook, " ")
    verify(session, bench.one(Document, runbook.id), "followed it in a drill", method="drill", result="fixed")
    found = standings(bench.board, TODAY, [bench.one(Document, runbook.id)])[0]
    assert found.staleness.stale < 0.01
    assert bench.board.all(Verification)[0].stale > 0.9
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    assert bench.one(Document, runbook.id).verified_at == "2026-02-11T09:00:00Z"
    assert not [line for line in due(bench.board, start_of(TODAY)) if "Checkout" in line.obligation.what
                and line.due_at < "2026-05"]  # fmt: skip


def test_a_csv_comes_back_and_a_bad_one_names_its_place(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    version = bench.board.version
    import_documents(session, "".join(export_documents(bench.board)).encode(), "d.csv")
    assert bench.board.version == version
    for row, place in (
        ("X,p,m,,runbook,yesterday,90", "column verified_at"),
        ("X,p,m,,runbook,,often", "column cadence_days"),
        (ROWS[0], "column title"),
    ):
        with pytest.raises(Rejected, match=f"row 3, {place}"):
            import_documents(session, csv_of(DOCUMENTS, ROWS[0], row), "d.csv")
    assert bench.board.version == version


def test_a_kept_text_is_bounded_and_dated(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, *ROWS), "d.csv")
    runbook = find_document(bench.board, "checkout")
    keep_text(session, runbook, "call the dba\x1b[2J\n" * 10_000)
    kept = kept_text(bench.board, runbook)
    assert kept is not None
    assert (len(kept.text), kept.cut, kept.copied_at[:10]) == (KEPT_MAX, True, "2026-02-11")
    assert "\x1b" not in kept.text
    version = bench.board.version
    keep_text(session, runbook, "call the dba\x1b[2J\n" * 10_000)
    assert bench.board.version == version


def test_reviews_tell_whether_people_look_too_early(bench: Bench) -> None:
    session = bench.as_("mia")
    import_documents(session, csv_of(DOCUMENTS, ROWS[0]), "d.csv")
    runbook = find_document(bench.board, "checkout")
    assert advice_on_cadence(bench.board) == ""
    for _ in range(10):
        verify(session, runbook, "read", method="read")
    assert "too early" in advice_on_cadence(bench.board)


# --- git


def git(folder: Path, *args: str, day: str = "2026-01-01") -> None:
    at = f"{day}T12:00:00Z"
    names = {f"GIT_{who}_{what}": "t" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, **names}
    subprocess.run(["git", "-C", str(folder), *args], check=True, capture_output=True, env={**env, "HOME": str(folder)})


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    root = tmp_path / "shop"
    for name, text in (
        ("src/pay.py", "1"),
        ("src/other.py", "1"),
        (
            "docs/checkout.md",
            "See [code](../src/pay.py), [gone](gone.md), `src/pay.py`, [out](../../x), [w](https://w).",
        ),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first", day="2025-12-01")
    for n, (name, day) in enumerate((("pay", "2026-01-10"), ("pay", "2026-01-11"), ("other", "2026-01-12"))):
        (root / f"src/{name}.py").write_text(str(n + 2))
        git(root, "commit", "-qam", "more", day=day)
    return repository(root / "docs")


def test_commits_to_what_a_document_tells_of(bench: Bench, checkout: Repository) -> None:
    session = bench.as_("mia")
    text = text_of(checkout, "docs/checkout.md")
    assert text is not None
    assert subjects_of(checkout, "docs/checkout.md", text) == ["src/pay.py"]
    assert dead_links(checkout, "docs/checkout.md", text) == ["gone.md"]
    assert commits_since(checkout, ["src/pay.py"], "2026-01-10T13:00:00Z") == 1
    assert commits_since(checkout, ["src", "../..", "-x"], "2026-01-01T00:00:00Z") == 3
    assert text_of(checkout, "../../etc/passwd") is None
    import_documents(session, csv_of(DOCUMENTS + ",critical", f"{ROWS[0]},yes", f"{ROWS[1]},"), "d.csv")
    (told,) = scan(session, checkout)
    assert told.sentence == "Checkout runbook: 2 commits, 1 dead links"
    runbook = find_document(bench.board, "checkout")
    assert (runbook.commits, runbook.dead_links) == (2, ("gone.md",))
    assert kept_text(bench.board, runbook) is not None
    version = bench.board.version
    scan(session, checkout)
    assert bench.board.version == version


def test_links_in_code_are_none() -> None:
    text = "[a](a.md#x)\n```\n[b](b.md)\n```\n[c]: <c.md>\n[d](#here) [e](mailto:x@y)\n"
    assert list(links(text)) == ["a.md", "c.md"]


def test_this_repository_s_own_documents(bench: Bench) -> None:
    try:
        here = repository(Path(__file__).parent)
    except Rejected:
        pytest.skip("not in a checkout with its history")
    if commits_since(here, ["opsterm"], "2000-01-01T00:00:00Z") < 2:
        pytest.skip("this checkout has no history")
    session = bench.as_("mia")
    columns_more = DOCUMENTS + ",watches"
    rows = ("Engine,README.md,mia,,other,2001-01-01,0,opsterm", "Law,LICENSE,mia,,decision,2001-01-01,0,no-such-path")
    import_documents(session, csv_of(columns_more, *rows), "d.csv")
    scan(session, here)
    engine, law = find_document(bench.board, "engine"), find_document(bench.board, "law")
    assert engine.commits >= 2
    assert law.commits == 0
    assert standings(bench.board, TODAY)[0].document.title == "Engine"


def test_no_repository_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="is in no git repository"):
        repository(tmp_path)


def test_a_link_to_a_heading_that_is_gone_is_dead(checkout: Repository) -> None:
    text = """# Restart

## Stop `the pool`, twice!

```
## not a heading
```

Twice
-----

## Twice

<a id="Way-Out"></a>
[ok](#stop-the-pool-twice) [ok](#twice) [ok](#twice-1) [ok](#Way-Out) [gone](#start) [no](#not-a-heading)
[ok](checkout.md) [gone](checkout.md#nowhere) [file](gone.md#x) [web](https://example.org/#x) [code](../web/app.py#L3)
"""
    assert dead_links(checkout, "docs/restart.md", text) == [
        "#start",
        "#not-a-heading",
        "checkout.md#nowhere",
        "gone.md",
        "../web/app.py",
    ]
