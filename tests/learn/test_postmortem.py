"""A postmortem opens itself where the rules want one, fills itself, and lets nothing in it act."""

from __future__ import annotations

import re

import pytest

from opsterm.command.closing import resolve
from opsterm.core.session import Attribution, Rejected, Session
from opsterm.incidents.hypothesis import move, propose
from opsterm.incidents.incident import declare, set_milestone, set_severity, set_status, set_words
from opsterm.incidents.snapshot import read_snapshot
from opsterm.learn.account import gather
from opsterm.learn.as_json import as_json
from opsterm.learn.html import as_html
from opsterm.learn.markdown import as_markdown
from opsterm.learn.postmortem import (
    answer,
    due_dates,
    is_offered,
    open_postmortem,
    postmortem_of,
    set_state,
    summarise,
    wanted,
)
from opsterm.learn.postmortem_walk import open_points, questions, steps
from opsterm.learn.redaction import names_in, redact, redact_json
from opsterm.learn.report import report
from opsterm.learn.taxonomy import groups, kinds, missing_groups
from opsterm.obligations.obligation import open_obligations
from opsterm.records import Hypothesis, Incident
from opsterm.updates.update import sent
from tests.support.clock import HandClock


def _incident(session: Session, severity: str = "sev2", title: str = "Checkout fails", drill: bool = False) -> Incident:
    record = declare(session, title, severity=severity, services=["checkout"], drill=drill).record
    return _again(session, record)


def _again(session: Session, record: str) -> Incident:
    found = session.board.get(Incident, record)
    assert found
    return found


@pytest.mark.parametrize(
    ("severity", "level"),
    [("sev1", "required"), ("sev2", "required"), ("sev3", "offered"), ("sev4", "line"), ("", "line")],
)
def test_wanted_by_severity(session: Session, severity: str, level: str) -> None:
    assert wanted(_incident(session, severity)).level == level


def test_one_that_ended_lately_is_offered_a_postmortem(session: Session) -> None:
    running, small, over = (_incident(session, severity) for severity in ("sev2", "sev4", "sev3"))
    for of in (small, over):
        set_status(session, of, "resolved")
    found = [_again(session, of.id) for of in (running, small, over)]
    assert [is_offered(of, session.board.now) for of in found] == [False, False, True]
    assert [is_offered(found[2], at) for at in ("2026-04-01T12:00:00Z", "2026-04-01T12:00:01Z")] == [True, False]


def test_drills_and_cancelled_ones_want_none_and_lost_data_does(session: Session) -> None:
    assert wanted(_incident(session, "sev1", drill=True)).level == "none"
    of = _incident(session, "sev1")
    set_status(session, of, "cancelled", "a test")
    assert wanted(_again(session, of.id)).level == "none"
    lost = _incident(session, "sev4")
    set_words(session, lost, "data", "six hours of comments are lost")
    assert wanted(_again(session, lost.id)).level == "required"


def test_it_opens_on_resolving_with_owner_and_dates(session: Session) -> None:
    of = _incident(session, "sev1")
    set_words(session, of, "review", "tom")
    resolve(session, read_snapshot(session.board, of.id))
    item = postmortem_of(session.board, of.id)
    assert item
    assert (item.owner, item.draft_at, item.publish_at) == ("tom", "2026-03-05T12:00:00Z", "2026-03-09T12:00:00Z")
    assert [(owed.owner, owed.sort, owed.due_at) for owed in open_obligations(session.board)] == [
        ("tom", "review", "2026-03-05T12:00:00Z")
    ]
    with pytest.raises(Rejected, match="has a postmortem already"):
        open_postmortem(session, of)


def test_it_does_not_open_by_itself_below(session: Session) -> None:
    of = _incident(session, "sev3")
    resolve(session, read_snapshot(session.board, of.id))
    assert postmortem_of(session.board, of.id) is None
    open_postmortem(session, _again(session, of.id), "noor")
    item = postmortem_of(session.board, of.id)
    assert item
    assert (item.owner, item.required) == ("noor", False)


def test_reviewed_published_dropped(session: Session, clock: HandClock) -> None:
    of = _incident(session, "sev2")
    resolve(session, read_snapshot(session.board, of.id))
    item = postmortem_of(session.board, of.id)
    assert item
    with pytest.raises(Rejected):
        set_state(session, item, "dropped")
    set_state(session, item, "review")
    assert [owed.due_at for owed in open_obligations(session.board)] == [due_dates("sev2", of.at).publishing]
    clock.stand_at("2026-04-01T12:00:00Z")
    set_state(session, item, "published", "wiki/42")
    assert open_obligations(session.board) == []


def test_what_people_add_is_carried(session: Session) -> None:
    of = _incident(session)
    open_postmortem(session, of, "tom")
    item = postmortem_of(session.board, of.id)
    assert item
    answer(session, of.id, "factors.lucky", "It was a Sunday.")
    summarise(session, item, "Nobody could pay for ten minutes.")
    markdown = as_markdown(report(gather(session.board, of.id)))
    assert "It was a Sunday." in markdown
    assert "Nobody could pay for ten minutes." in markdown
    assert questions()["factors.lucky"].ask in markdown
    with pytest.raises(Rejected, match="no question"):
        answer(session, of.id, "no.such", "text")


def test_the_walk_asks_until_it_is_answered(session: Session) -> None:
    of = _incident(session)
    wants = [q.key for step in steps() for q in step.questions if q.wanted]
    before = gather(session.board, of.id)
    assert {p.record for step in steps() for p in open_points(before, step.key)} >= set(wants)
    for key in wants:
        answer(session, of.id, key, "as told")
    after = gather(session.board, of.id)
    assert not {p.record for step in steps() for p in open_points(after, step.key)} & set(wants)
    assert "why did you" not in " ".join(q.ask.lower() for q in questions().values())


def test_lateness_is_told(session: Session, clock: HandClock) -> None:
    of = _incident(session, "sev1")
    clock.stand_at("2026-03-02T12:25:00Z")
    sent(session, of, "customers", "Card payments fail. Next word by 13:00 UTC.")
    (heard,) = gather(session.board, of.id).words
    assert (heard.first_after, heard.late, heard.latest) == (25, 1, 20)
    assert "20 min late" in as_markdown(report(gather(session.board, of.id)))


def test_what_it_cost_to_follow_a_wrong_lead(session: Session, clock: HandClock) -> None:
    of = _incident(session)
    told = propose(session, of, "the CDN is at fault")
    clock.stand_at("2026-03-02T12:40:00Z")
    item = session.board.get(Hypothesis, told.record)
    assert item
    move(session, item, "eliminated", "errors with the CDN bypassed too")
    (inquiry,) = gather(session.board, of.id).eliminated
    assert inquiry.seconds == 40 * 60
    assert "followed for 40m" in inquiry.cost


HOSTILE = "<script>alert(1)</script> [x](javascript:1) | \x1b]52;c;aGk=\x07 ![i](http://e/x.png) &lt; _a_ `c`"


def test_nothing_in_a_text_acts(session: Session) -> None:
    of = _incident(session, title=HOSTILE)
    sent(session, of, "customers", f"{HOSTILE}\n# head\n- item\n1. one\n> quoted")
    set_words(session, of, "impact", HOSTILE)
    document = report(gather(session.board, of.id))
    page, markdown = as_html(document), as_markdown(document)
    assert "<script>" not in page
    assert "src=" not in page
    assert "http-equiv" in page
    assert "\x1b" not in page + markdown
    assert not re.search(r"(?<!\\)\[\w+\]\(", markdown)
    assert "\n# head" not in markdown
    table = [row for row in markdown.split("\n") if row.startswith("| 20")]
    assert table
    assert all(len(row.replace("\\|", "").split("|")) == 6 for row in table)


def test_names_are_taken_out(session: Session) -> None:
    of = _incident(session)
    set_milestone(session, of, "detected", "@mia saw it", Attribution(by="will"))
    propose(session, of, "Mia's change, and will the pool hold?")
    account = gather(session.board, of.id)
    names = names_in(account)
    assert names["mia"] == "commander"
    told = as_markdown(redact(report(account), names))
    assert "mia" not in told.lower()
    assert "will the pool hold" in told
    assert "mia" not in str(redact_json(as_json(account), names)).lower()


def test_the_taxonomy_is_whole() -> None:
    assert len(kinds()) >= 25
    assert {kind.group for kind in kinds().values()} == set(groups())
    assert all(kind.means and kind.evidence and kind.cues for kind in kinds().values())
    assert missing_groups(["saturation", "expiry"])
    assert not missing_groups(["saturation", "blind_spot"])


def test_severity_at_the_time_counts(session: Session, clock: HandClock) -> None:
    of = _incident(session, "sev3")
    sent(session, of, "customers", "Some payments are slow.")
    clock.stand_at("2026-03-02T13:30:00Z")
    set_severity(session, of, "sev1")
    sent(session, of, "customers", "Payments fail.")
    (heard,) = gather(session.board, of.id).words
    assert [judged.late for judged in heard.told] == [0, 0]
