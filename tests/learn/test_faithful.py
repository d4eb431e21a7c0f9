"""What the originals record is in the postmortem, word for word."""

from __future__ import annotations

import re

import pytest

from opsterm.core.session import Session
from opsterm.exchange.file_format import IncidentFile
from opsterm.exchange.importing import import_incident
from opsterm.learn.account import gather
from opsterm.learn.as_json import as_json
from opsterm.learn.html import as_html
from opsterm.learn.markdown import as_markdown
from opsterm.learn.report import report
from tests.support.real_incidents import incident_files

FILES = incident_files()


def _plain(markdown: str) -> str:
    """Markdown as it reads: escapes undone, white space folded."""
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", markdown).replace("\n>", "\n").split())


@pytest.fixture(params=FILES, ids=lambda file: file.id)
def file(request: pytest.FixtureRequest) -> IncidentFile:
    found: IncidentFile = request.param
    return found


def _facts(file: IncidentFile) -> list[str]:
    raw = file.raw
    facts = [raw["title"], raw["impact"], raw["severity"], raw["severity_reason"], raw["triggering_change"]]
    facts += [raw[f"{name}_at"] for name in ("started", "detected", "declared", "mitigated", "resolved")]
    facts += raw["services"] + raw["contributing_causes"] + raw["source"].split()
    facts += [follow["text"] for follow in raw["follow_ups"]] + [follow["type"] for follow in raw["follow_ups"]]
    facts += [event["text"] for event in raw["events"]] + [event["at"] for event in raw["events"]]
    facts += [event["by"] for event in raw["events"]] + [person["name"] for person in raw["people"]]
    facts += [person["role"] for person in raw["people"]] + [raw["recurrence_of"]]
    return [" ".join(fact.split()) for fact in facts if fact]


def test_every_fact_of_the_file_is_in_the_postmortem(session: Session, file: IncidentFile) -> None:
    import_incident(session, file)
    account = gather(session.board, file.id)
    markdown = _plain(as_markdown(report(account)))
    missing = [fact for fact in _facts(file) if fact not in markdown]
    assert not missing


def test_every_hypothesis_stands_with_its_outcome(session: Session, file: IncidentFile) -> None:
    import_incident(session, file)
    account = gather(session.board, file.id)
    outcomes = {event["ref"]: event["outcome"] for event in file.raw["events"] if event["kind"] == "hypothesis_result"}
    by_ref = {inquiry.mark.upper(): inquiry for inquiry in account.inquiries}
    assert {ref: by_ref[ref].state for ref in outcomes} == outcomes
    assert all(inquiry.seconds is not None for inquiry in account.eliminated)


def test_html_and_json_carry_the_same(session: Session, file: IncidentFile) -> None:
    import html

    import_incident(session, file)
    account = gather(session.board, file.id)
    page = " ".join(html.unescape(as_html(report(account))).split())
    told = as_json(account)
    assert all(fact in page for fact in _facts(file))
    assert [cause["text"] for cause in told["contributing_factors"]] == file.raw["contributing_causes"]
    assert [item["text"] for item in told["improvements"]] == [f["text"] for f in file.raw["follow_ups"]]
