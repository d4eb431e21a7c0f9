"""What repeats is found and told with reasons; what only looks alike is left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from opsterm.core.session import Rejected, Session
from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.incidents.hypothesis import move, propose
from opsterm.incidents.incident import declare, set_status
from opsterm.incidents.timeline import observe
from opsterm.learn.recurrence import catch_up, doubted, judge, last_time, repeats, similar_incidents, still_owed
from opsterm.learn.signature import signature
from opsterm.learn.similarity import compare
from opsterm.records import Hypothesis, Incident
from tests.learn.invented import document, documents, families, incident, unlike
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.real_incidents import incident_files

PRECISION_MIN = 0.9


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A board with the shipped incidents, all families, and fifty that are like none."""
    board = open_board(tmp_path_factory.mktemp("everything") / "board.sqlite", HandClock())
    session = Session(board, "mia")
    for file in [*incident_files(), *map(parse, documents())]:
        import_incident(session, file)
    return session


def test_there_are_enough_to_tune_on() -> None:
    assert len(families()) >= 30
    assert len(unlike()) >= 50


def test_every_pair_is_found_and_hardly_anything_else(everything: Session) -> None:
    found = {(pair.later, pair.earlier) for pair in repeats(everything.board)}
    true = {(f"again-{n}", f"first-{n}") for n in range(len(families()))}
    true |= {(file.id, file.raw["recurrence_of"]) for file in incident_files() if file.raw["recurrence_of"]}
    assert not true - found
    assert len(true & found) / len(found) >= PRECISION_MIN


def test_likeliest_first_each_with_reasons(everything: Session) -> None:
    pairs = repeats(everything.board)
    assert [pair.score for pair in pairs] == sorted((pair.score for pair in pairs), reverse=True)
    assert all(pair.why and 0 <= pair.score <= 1 and pair.verdict == "" for pair in pairs)


def test_the_link_that_a_file_names_is_no_evidence() -> None:
    later, earlier = (signature(incident(name, families()[0][part])) for name, part in (("b", "miss"), ("a", "first")))
    named = signature(incident("b", families()[0]["miss"], recurrence_of="a"))
    assert compare(named, earlier).score == compare(later, earlier).score


def test_the_same_trouble_of_another_organisation_is_none_of_ours() -> None:
    def of(org: str, part: str) -> Incident:
        return incident(org, families()[0][part], org=org)

    ours = compare(signature(of("ours", "again")), signature(of("ours", "first"))).score
    theirs = compare(signature(of("ours", "again")), signature(of("theirs", "first"))).score
    assert ours > 0.9
    assert theirs < 0.2


def test_what_was_ruled_out_is_no_likeness() -> None:
    line = "Checkout fails | checkout, payments-db | Cards are refused. | | "
    first = signature(incident("a", families()[0]["first"]))
    text = "The connection pool of the payments database is exhausted by a job"
    said: dict[str, Any] = {"id": "h", "text": text}
    told = {state: Hypothesis(**(said | {"state": state})) for state in ("confirmed", "eliminated")}
    assert compare(signature(incident("b", line), [told["confirmed"]]), first).score > 0.8
    assert compare(signature(incident("b", line), [told["eliminated"]]), first).score < 0.3


def _imported(session: Session, name: str, line: str, place: int) -> str:
    import_incident(session, parse(json.dumps(document(name, line, place)).encode()))
    return name


def test_a_running_incident_is_shown_what_was_done_last_time(session: Session) -> None:
    _imported(session, "old", families()[0]["first"], 1)
    made = declare(session, "Card payments time out at checkout", services=["checkout", "payments-db"]).record
    of = session.board.get(Incident, made)
    assert of
    assert similar_incidents(session.board, made) == []
    observe(session, of, "all connections of the payments database pool are taken by a report job")
    told = propose(session, of, "the connection pool is exhausted by a report job")
    assert [found.earlier for found in similar_incidents(session.board, made)] == ["old"]
    hypothesis = session.board.get(Hypothesis, told.record)
    assert hypothesis
    move(session, hypothesis, "eliminated", "only 3 of 20 connections are in use")
    before = last_time(session.board, "old")
    assert before
    assert before.incident.id == "old"


def test_a_verdict_is_remembered_and_can_be_taken_back(session: Session) -> None:
    _imported(session, "old", families()[1]["first"], 1)
    _imported(session, "new", families()[1]["again"], 40)
    judge(session, "new", "old", "refused", "another gateway")
    assert similar_incidents(session.board, "new") == []
    assert [(pair.verdict, pair.verdict_by) for pair in repeats(session.board)] == [("refused", "mia")]
    judge(session, "new", "old", "confirmed")
    assert [pair.verdict for pair in repeats(session.board)] == ["confirmed"]
    judge(session, "new", "old", "")
    assert [pair.verdict for pair in repeats(session.board)] == [""]


def test_a_pair_that_only_a_person_sees_is_listed(session: Session) -> None:
    _imported(session, "old", unlike()[0], 1)
    _imported(session, "new", unlike()[1], 40)
    assert repeats(session.board) == []
    judge(session, "new", "old", "confirmed", "both by the same contractor")
    (pair,) = repeats(session.board)
    assert pair.why == ("both by the same contractor",)
    with pytest.raises(Rejected):
        judge(session, "new", "new", "confirmed")
    with pytest.raises(Rejected):
        judge(session, "new", "old", "perhaps")


def test_drills_and_cancelled_ones_repeat_nothing(session: Session) -> None:
    _imported(session, "old", families()[0]["first"], 1)
    title, services = "Checkout fails for one in three card payments", ["checkout", "payments-db"]
    drill = declare(session, title, services=services, drill=True).record
    real = declare(session, title, services=services).record
    of = session.board.get(Incident, real)
    assert of
    observe(session, of, "the connection pool of the payments database was exhausted by a report job")
    assert similar_incidents(session.board, drill) == []
    assert similar_incidents(session.board, real)
    set_status(session, of, "cancelled", "it was a test")
    assert similar_incidents(session.board, real) == []
    assert repeats(session.board) == []


def test_what_changed_is_told_anew_and_nothing_else(session: Session) -> None:
    _imported(session, "old", families()[0]["first"], 1)
    _imported(session, "other", families()[3]["first"], 2)
    assert catch_up(session.board) == 2
    assert catch_up(session.board) == 0
    of = session.board.get(Incident, "old")
    assert of
    observe(session, of, "one more thing")
    assert catch_up(session.board) == 1


def test_a_closed_improvement_is_doubted_when_it_comes_back(session: Session, clock: HandClock) -> None:
    from opsterm.learn.postmortem import add_improvement, close
    from opsterm.records import Improvement

    _imported(session, "old", families()[1]["first"], 1)
    clock.stand_at("2025-01-05T09:00:00Z")
    done = add_improvement(session, "old", "Renew certificates by a job", owner="noor", due_at="2025-01-20").record
    late = add_improvement(session, "old", "Alert 30 days before expiry", owner="ben", due_at="2025-01-20").record
    made = session.board.get(Improvement, done)
    assert made
    close(session, made, "https://ci/renew/1")
    clock.stand_at("2025-03-01T09:00:00Z")
    _imported(session, "new", families()[1]["again"], 50)
    (pair,) = repeats(session.board)
    assert [item.id for item in doubted(session.board, pair)] == [done]
    assert [item.id for item in still_owed(session.board, pair)] == [late]
