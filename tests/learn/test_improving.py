"""An improvement says who does what by when, and how one tells that it is done; wishes get a better form."""

from __future__ import annotations

import json

import pytest

from opsterm.calendar.due import due
from opsterm.core.session import Rejected, Session
from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.learn.account import TrackedImprovement, gather
from opsterm.learn.improvement_quality import (
    better_form,
    check,
    kind_of,
    one_owner,
    point_out,
    prioritised,
    verb_first,
    wish,
)
from opsterm.learn.postmortem import add_factor, add_improvement, close, keep_as_idea, promise
from opsterm.learn.postmortem_walk import open_points
from opsterm.records import Improvement, Obligation
from tests.learn.invented import document, families


@pytest.fixture
def incident(session: Session) -> str:
    import_incident(session, parse(json.dumps(document("old", families()[0]["first"], 1)).encode()))
    return "old"


@pytest.mark.parametrize("text", ["be more careful", "Improve monitoring", "Consider more tests", "Better runbooks"])
def test_a_wish_is_pointed_out_with_a_form_that_can_be_done(text: str) -> None:
    assert wish(text)
    form = better_form(text)
    assert "done when" in form
    assert "‹" in form
    assert not wish(form)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Add an alert at 80 % of the pool", True),
        ("Remove the gateway from the path", True),
        ("The pool gets an alert", False),
        ("Monitoring of the pool", False),
        ("Documentation of the failover", False),
    ],
)
def test_verb_first(text: str, verb: bool) -> None:
    assert verb_first(text) is verb


@pytest.mark.parametrize(
    ("name", "one"), [("noor", True), ("Mia Chen", True), ("platform team", False), ("mia, ben", False), ("SRE", False)]
)
def test_one_owner(name: str, one: bool) -> None:
    assert one_owner(name) is one


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Remove the shared pool", "eliminate"),
        ("Limit connections per client to 10", "guard"),
        ("Alert at 80 % of the pool", "detect"),
        ("Document the failover", "document"),
        ("Train everyone on the new tool", "train"),
        ("Automate the renewal", "automate"),
    ],
)
def test_the_type_that_words_suggest(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_good_one_has_nothing_to_point_out() -> None:
    good = TrackedImprovement(
        "Limit the report job to 10 connections",
        "guard",
        "noor",
        "2026-04-01T23:59:59Z",
        "open",
        "a load test holds",
        factor="f",
    )
    assert list(check(good)) == []


def test_the_whole_is_judged_too(session: Session, incident: str) -> None:
    factor = add_factor(
        session, incident, "the pool has no limit per client", kind="saturation", evidence="graph"
    ).record
    lonely = add_factor(session, incident, "nobody was told", kind="blind_spot").record
    add_improvement(
        session, incident, "Train everyone on pools", sort="train", owner="noor", due_at="2026-04-01", factor=factor
    )
    rules = {(finding.rule, finding.record) for finding in point_out(gather(session.board, incident))}
    assert ("unanswered", lonely) in rules
    assert ("weak", "") in rules
    assert {"done"} <= {rule for rule, _ in rules}
    for number in range(6):
        add_improvement(session, incident, f"Remove job {number}", sort="eliminate")
    found = {finding.rule for finding in point_out(gather(session.board, incident))}
    assert "many" in found
    assert "weak" not in found
    first = prioritised([item for item in gather(session.board, incident).improvements if item.record])[0]
    assert first.sort == "eliminate"


def test_improvements_are_obligations_and_closing_wants_evidence(session: Session, incident: str) -> None:
    record = add_improvement(
        session,
        incident,
        "Limit the report job",
        owner="noor",
        due_at="2026-04-01",
        backup="ben",
        lead="mia",
        wanted_evidence="the load test's graph",
    ).record
    (line,) = due(session.board, session.board.now)
    assert (line.obligation.owner, line.obligation.backup, line.obligation.lead) == ("noor", "ben", "mia")
    assert line.obligation.sort == "improvement"
    item = session.board.get(Improvement, record)
    assert item
    with pytest.raises(Rejected, match="load test's graph"):
        close(session, item, " ")
    close(session, item, "https://graphs/7")
    (shown,) = [i for i in gather(session.board, incident).improvements if i.record]
    assert (shown.state, shown.evidence) == ("done", "https://graphs/7")


def test_an_idea_is_promised_and_set_aside(session: Session, incident: str) -> None:
    record = add_improvement(session, incident, "Split the pool").record
    item = session.board.get(Improvement, record)
    assert item
    with pytest.raises(Rejected, match="owner and a date"):
        close(session, item, "done")
    promise(session, item, "2026-05-01", "noor")
    item = session.board.get(Improvement, record)
    assert item
    assert item.obligation
    promise(session, item, "2026-06-01", "ben")
    owed = session.board.get(Obligation, item.obligation)
    assert owed
    assert (owed.owner, owed.due_at[:10]) == ("ben", "2026-06-01")
    keep_as_idea(session, item, "others first")
    owed = session.board.get(Obligation, item.obligation)
    assert owed
    assert owed.state == "dropped"
    assert point_out(gather(session.board, incident))


def test_a_person_in_a_factor_is_asked_behind(session: Session, incident: str) -> None:
    record = add_factor(session, incident, "human error while editing the table").record
    points = open_points(gather(session.board, incident), "factors")
    assert ("What made that possible?", record, "human error") in [(p.what, p.record, p.instead) for p in points]
    assert any("group" in point.what for point in points) or len({*points}) > 1
