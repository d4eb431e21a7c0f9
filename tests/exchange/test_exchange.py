"""Incidents in and out: nothing is lost on the way in, out, or in again."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from opsterm.board.check import check
from opsterm.board.news import counts_since
from opsterm.board.search import search
from opsterm.board.undo import Undo
from opsterm.board.window import Tally
from opsterm.core.session import Rejected, Session
from opsterm.exchange.exporting import export_json, show
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import add_evidence, propose
from opsterm.incidents.incident import declare, give_role, set_severity, set_status
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.timeline import observe
from opsterm.operations.checklists import run as checklist
from opsterm.records import Incident, Observation
from opsterm.updates.update import sent
from tests.support.capture_field import Field
from tests.support.exchange_file import document_of, event
from tests.support.real_incidents import NAMES, empty, raw, take
from tests.support.stations import Pair, everything, folded_state


@pytest.mark.parametrize("name", NAMES)
def test_importing_twice_changes_nothing(name: str) -> None:
    session = empty()
    first = take(session, raw(name))
    before = folded_state(session.board)
    again = take(session, raw(name))
    assert first.added > len(raw(name)["events"])
    assert again.added == 0
    assert folded_state(session.board) == before
    assert check(session.board) == []


@pytest.mark.parametrize("name", NAMES)
def test_two_stations_may_import_the_same_file(name: str) -> None:
    one, two = empty("one"), empty("two")
    for session in (one, two):
        take(session, raw(name))
    alone = show(one.board, raw(name)["id"])
    one.board.merge(everything(two.board))
    two.board.merge(everything(one.board))
    assert folded_state(one.board) == folded_state(two.board)
    assert show(one.board, raw(name)["id"]) == alone


def test_a_line_that_two_stations_imported_is_found_and_counted_once() -> None:
    one, two = empty("one"), empty("two")
    for session in (one, two):
        take(session, raw(NAMES[0]))
    incident = one.board.all(Incident)[0].id
    tally = Tally(one.board, incident)
    lines, version = tally.count(), one.board.version
    found = [(line.moment.at, line.moment.text) for line in search(one.board, "the")]
    one.board.merge(everything(two.board))
    assert tally.count() == one.board.count_moments(incident) == lines
    assert [(line.moment.at, line.moment.text) for line in search(one.board, "the")] == found
    assert counts_since(one.board, incident, version) == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_event_is_on_the_timeline_in_order(name: str) -> None:
    session = empty()
    document = raw(name)
    take(session, document)
    expected = sorted(
        ((event["at"], place, event["kind"], event["text"]) for place, event in enumerate(document["events"]))
    )
    told = [(line["at"], line["kind"], line["text"]) for line in show(session.board, document["id"])["timeline"]]
    for at, _, kind, text in expected:
        line = next(told for told in told if told[:2] == (at, kind) and told[2].endswith(text))
        told = told[told.index(line) + 1 :]


@pytest.mark.parametrize("name", NAMES)
def test_hypotheses_and_orders_end_as_their_last_result_says(name: str) -> None:
    session = empty()
    document = raw(name)
    take(session, document)
    shown = show(session.board, document["id"])
    for kind, result, opened, usual in (
        ("hypotheses", "hypothesis_result", "hypothesis", "proposed"),
        ("actions", "action_done", "action_started", "ordered"),
    ):
        last: dict[str, str] = {}
        for item in sorted(document["events"], key=lambda item: item["at"]):
            if item["kind"] == opened:
                last.setdefault(item["ref"], usual)
            elif item["kind"] == result:
                last[item["ref"]] = item.get("outcome") or "done"
        assert {item["id"].upper(): item["state"] for item in shown[kind]} == last
    statuses = [
        event["status"] for event in sorted(document["events"], key=lambda e: e["at"]) if event["kind"] == "status"
    ]
    assert shown["incident"]["status"] == statuses[-1]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_file_says_of_the_incident_is_shown(name: str) -> None:
    session = empty()
    document = raw(name)
    take(session, document)
    shown = show(session.board, document["id"])
    of = shown["incident"]
    for key in (
        "id",
        "title",
        "severity",
        "started_at",
        "detected_at",
        "declared_at",
        "mitigated_at",
        "resolved_at",
        "services",
        "customer_visible",
        "recurrence_of",
    ):
        assert of[key] == document.get(key), key
    assert of["contributing_causes"] == document["contributing_causes"]
    assert of["follow_ups"] == document["follow_ups"]
    assert [(role["name"], role["role"]) for role in shown["roles"]] == [
        (person["name"], person["role"]) for person in document["people"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_an_export_on_an_empty_board_shows_the_same(name: str) -> None:
    session = empty()
    take(session, raw(name))
    exported = export_json(session.board, raw(name)["id"])
    other = empty("other")
    take(other, exported)
    assert show(other.board, raw(name)["id"]) == show(session.board, raw(name)["id"])
    assert export_json(other.board, raw(name)["id"])["events"] == exported["events"]


def round_trip(session: Session, incident: str) -> None:
    """Exports, imports on an empty board, and compares; importing again, here or there, adds nothing."""
    exported = export_json(session.board, incident)
    other = empty("other")
    other.board.clock = session.board.clock  # how long people are hurt goes by it
    take(other, exported)
    shown = show(session.board, incident)
    assert show(other.board, incident) == shown
    assert take(other, exported).added == 0
    assert take(session, exported).added == 0
    assert show(session.board, incident) == shown
    assert check(other.board) == []
    again = empty("again")
    again.board.clock = session.board.clock
    take(again, export_json(other.board, incident))
    assert show(again.board, incident) == shown


LIVE = [
    *("error rate at 3 %", "-h2 never above 40 %", "h2 eliminated pool at 40 %", "! @noor cap it in 10m ~ben"),
    *("a2 acknowledged", "a2 +5m", "a2 done capped", "= we fail over", "#sev1 all cards", "#impact cards fail"),
    *("-20m #started", ">customers We are on it.", "@ben commander", "@ben commander ~ben", "@noor scribe"),
    *("应急 🔥 日志", "h1 60% @noor", "#identified the job", "#workaround pay by PayPal"),
]


def test_a_live_incident_comes_back_whole(field: Field) -> None:
    for line in LIVE:
        field.clock.ms += 61_000
        field.type(line)
    round_trip(field.session, field.incident)


def test_a_checklist_run_comes_back_with_every_step(field: Field) -> None:
    run = checklist.begin(field.session, field.incident, "closing").record
    steps = read_snapshot(field.session.board, field.incident).steps[run]
    checklist.tick(field.session, steps[0], "done")
    checklist.tick(field.session, steps[1], "skipped", "does not apply here")
    shown = show(field.session.board, field.incident)["checklists"]
    assert [step["state"] for step in shown[0]["steps"]][:2] == ["done", "skipped"]
    round_trip(field.session, field.incident)


def test_what_was_undone_stays_undone(field: Field) -> None:
    undo = Undo(field.session.board)
    field.type("wrong window, sorry")
    undo.undo("mia")
    field.type("#sev1 all cards")
    undo.undo("mia")
    assert field.session.board.all(Observation) == []
    round_trip(field.session, field.incident)


def test_a_conflict_comes_back_as_one_and_can_be_settled_there(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    propose(pair.ben, pair.incident_at(pair.ben), "a full disk")
    pair.meet()
    assert show(pair.mia.board, pair.incident)["conflicts"]
    round_trip(pair.mia, pair.incident)
    round_trip(pair.ben, pair.incident)


def test_an_import_that_goes_on_live_comes_back_whole() -> None:
    session = empty()
    document = raw("cloudflare-2019-07-02")
    take(session, document)
    of = session.board.get(Incident, document["id"])
    assert of is not None
    set_status(session, of, "investigating", "it came back")
    observe(session, of, "again")
    order(session, of, "watch it", owner="ben", within=timedelta(minutes=10))
    add_evidence(session, [(read_snapshot(session.board, of.id).hypotheses[0], True)], "the regex again")
    sent(session, of, "customers", "It came back.", stage="first", next_at="2026-11-24T14:00:00Z")
    give_role(session, of, "noor", "scribe")
    round_trip(session, of.id)


def test_an_edited_export_is_read_by_its_events_alone(field: Field) -> None:
    field.type("error rate at 3 %")
    exported = export_json(field.session.board, field.incident)
    edited = copy.deepcopy(exported)
    (event,) = [event for event in edited["events"] if event["text"] == "error rate at 3 %"]
    event["text"] = "error rate at 30 %"
    other = empty("other")
    take(other, edited)
    texts = [line["text"] for line in show(other.board, field.incident)["timeline"]]
    assert "error rate at 30 %" in texts
    assert "error rate at 3 %" not in texts
    assert [h["text"] for h in show(other.board, field.incident)["hypotheses"]] == [
        "the pool is exhausted",
        "a bad deploy",
    ]


def test_an_export_without_its_log_is_an_ordinary_file(field: Field) -> None:
    field.type("h2 eliminated pool at 40 %")
    field.type("a1 done web is on 412")
    exported = export_json(field.session.board, field.incident)
    events = {key: value for key, value in exported.items() if key != "opsterm"}
    other = empty("other")
    take(other, events)
    for key in ("hypotheses", "actions"):
        mine, theirs = show(field.session.board, field.incident)[key], show(other.board, field.incident)[key]
        assert [(i["id"], i["text"], i["state"]) for i in mine] == [(i["id"], i["text"], i["state"]) for i in theirs]


@pytest.mark.parametrize("log", [None, [], {}, {"format": 99}, {"format": 1, "of": "", "changes": []}, "x"])
def test_a_log_of_another_form_is_passed_over(field: Field, log: Any) -> None:
    exported = {**export_json(field.session.board, field.incident), "opsterm": log}
    other = empty("other")
    take(other, exported)
    assert show(other.board, field.incident)["incident"]["title"] == "Checkout fails"


def test_an_incident_that_was_removed_is_not_brought_back_by_a_file(field: Field) -> None:
    exported = export_json(field.session.board, field.incident)
    undo = Undo(field.session.board)
    other = declare(field.session, "Search is slow").record
    undo.undo("mia")
    with pytest.raises(Rejected, match="removed from this board"):
        take(field.session, {**exported, "id": other})


def test_a_hypothesis_an_order_and_an_event_may_have_the_same_name() -> None:
    session = empty()
    take(session, document_of(
        event("hypothesis", "pool", "e2"), event("action_started", "roll back", "e2", 1),
        event("observation", "slow", "", 2), event("hypothesis_result", "no", "e2", 3, outcome="eliminated"),
        event("action_done", "done", "e2", 4),
    ))  # fmt: skip
    shown = show(session.board, "x")
    assert [(h["text"], h["state"]) for h in shown["hypotheses"]] == [("pool", "eliminated")]
    assert [(a["text"], a["state"]) for a in shown["actions"]] == [("roll back", "done")]
    assert "slow" in [line["text"] for line in shown["timeline"]]
    assert check(session.board) == []


def test_milestones_out_of_order_are_taken_and_warned_of() -> None:
    session = empty()
    told = take(session, {**document_of(), "detected_at": "2026-11-24T12:00:00Z"})
    assert told.warnings == ("detected (2026-11-24T12:00:00Z) lies before started (2026-11-24T13:00:00Z)",)


def test_what_could_act_on_a_terminal_is_left_out() -> None:
    session = empty()
    take(session, {**document_of(event("observation", "a\x1b]52;c;ZXZpbA==\x07b", "")), "title": "X\x1b[31m\u202eY"})
    shown = show(session.board, "x")
    assert shown["incident"]["title"] == "X[31mY"
    assert shown["timeline"][-1]["text"] == "a]52;c;ZXZpbA==b"
