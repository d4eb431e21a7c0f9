"""Deployments, the incident that comes of one, and what changed before an incident."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.incidents.incident import declare
from opsterm.operations.deployments import deployment, rollback
from opsterm.operations.deployments.planned_change import open_change, stage
from opsterm.records import Deployment, Hypothesis, Incident, PlannedChange
from tests.support.bench import Bench


def made(bench: Bench, title: str, **kwargs: object) -> Deployment:
    found = bench.board.get(Deployment, deployment.deploy(bench.mia, title, **kwargs).record)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_deployment_is_planned_begun_and_ended(bench: Bench) -> None:
    item = made(bench, "web", sort="config", systems=["web", " web "], version="4.2", running=False)
    assert (item.mark, item.sort, item.systems, item.state) == ("DEP-1", "configuration", ("web",), "planned")
    assert item.rollback == "Roll back a configuration change"
    bench.wait(minutes=5)
    deployment.start(bench.mia, item)
    running = bench.board.get(Deployment, item.id)
    assert running is not None
    assert running.started_at == bench.now
    with pytest.raises(Rejected, match="Say what was seen"):
        deployment.finish(bench.mia, running, "failed")
    deployment.finish(bench.mia, running, "done")
    assert deployment.running(bench.board) == []


def test_one_that_turned_bad_is_an_incident_with_itself_as_the_first_hypothesis(bench: Bench) -> None:
    item = made(bench, "web", systems=["web"], version="4.2")
    told = deployment.turn_bad(bench.mia, item, severity="sev2")
    incident = bench.board.get(Incident, told.record)
    (guess,) = bench.board.all(Hypothesis, told.record)
    assert incident is not None
    assert (incident.services, incident.changed, incident.severity) == (("web",), "DEP-1 web 4.2", "sev2")
    assert (guess.mark, guess.text) == ("h1", "DEP-1 (web 4.2) broke it")
    assert told.warning == "go back: Roll back a service"
    after = bench.board.get(Deployment, item.id)
    assert after is not None
    assert (after.state, after.became) == ("failed", incident.id)
    with pytest.raises(Rejected, match="became an incident already"):
        deployment.turn_bad(bench.mia, after)


def test_what_changed_tells_the_hurt_service_first_then_the_shorter_span_then_the_later(bench: Bench) -> None:
    made(bench, "ages ago", systems=["web"])
    bench.wait(days=8)
    made(bench, "week", systems=["web"])
    bench.wait(days=5)
    made(bench, "day other", systems=["api"])
    bench.wait(minutes=60 * 20)
    made(bench, "hour", systems=["Web"])
    made(bench, "hour other", systems=["api"])
    bench.wait(minutes=30)
    incident = bench.board.get(Incident, declare(bench.mia, "web fails", services=["web"]).record)
    assert incident is not None
    bench.wait(minutes=10)
    made(bench, "since then", systems=["web"])
    made(bench, "planned", systems=["web"], running=False)
    found = deployment.what_changed(bench.board, incident, bench.now)
    assert [(c.what, c.within_h, c.after, c.shared) for c in found] == [
        ("since then", 2, True, ("web",)),
        ("hour", 2, False, ("web",)),
        ("week", 168, False, ("web",)),
        ("hour other", 2, False, ()),
        ("day other", 24, False, ()),
    ]
    assert {c.way_back for c in found} == {"Roll back a service"}


def test_a_planned_change_without_a_deployment_is_among_what_changed(bench: Bench) -> None:
    for title in ("carried", "alone"):
        open_change(bench.mia, title, {"blast": 1}, systems=["web"])
    carried, alone = bench.board.all(PlannedChange)
    stage(bench.mia, carried)
    stage(bench.mia, alone)
    made(bench, "its deployment", systems=["web"], planned=carried.id)
    incident = bench.board.get(Incident, declare(bench.mia, "web fails", services=["web"]).record)
    assert incident is not None
    found = deployment.what_changed(bench.board, incident, bench.now)
    assert {(c.kind, c.what) for c in found} == {("deployment", "its deployment"), ("planned change", "alone")}


def test_what_is_taken_back_first_became_the_incident_then_changed_last_before_it(bench: Bench) -> None:
    for title in ("first", "second", "third"):
        made(bench, title, systems=["api"])
        bench.wait(minutes=1)
    bad = made(bench, "bad", systems=["api"])
    incident = bench.board.get(Incident, deployment.turn_bad(bench.mia, bad).record)
    assert incident is not None

    def titles() -> list[str]:
        return [item.title for item in deployment.suspects(bench.board, incident, bench.now)]

    assert titles() == ["bad", "third", "second"]
    deployment.finish(bench.mia, bad, "rolled back", "500s")
    assert titles() == ["third", "second", "first"]


def test_a_record_names_its_deployment_or_those_that_carried_it_out(bench: Bench) -> None:
    open_change(bench.mia, "plan", {"blast": 1}, systems=["web"])
    (plan,) = bench.board.all(PlannedChange)
    carried = [made(bench, title, systems=["web"], planned=plan.id) for title in "abcd"]
    assert deployment.deployments_of(bench.board, carried[0].id) == [carried[0]]
    assert deployment.deployments_of(bench.board, plan.id) == carried[1:]
    assert deployment.deployment_or_change(bench.board, plan.id) == plan
    assert deployment.deployment_or_change(bench.board, carried[0].id) == carried[0]
    assert deployment.deployment_or_change(bench.board, "") is None


def test_how_one_ended_is_told_from_its_fields_with_the_words_of_people(bench: Bench) -> None:
    item = made(bench, "web 413", systems=["web"])

    def told() -> str:
        return deployment.how_it_ended(bench.board, bench.one(Deployment, item.id))

    assert told() == ""
    deployment.finish(bench.mia, item, "done")
    assert told() == "done"
    bad = bench.one(Incident, deployment.turn_bad(bench.mia, bench.one(Deployment, item.id), why="500s").record)
    assert told() == f"failed, it turned bad: {bad.mark}: 500s"
    run = bench.run(rollback.for_deployment(bench.mia, bench.one(Deployment, item.id)).record)
    rollback.finish(bench.mia, run, "passed", "2 % errors left")
    assert told() == f"rolled back by {run.mark}, it turned bad: {bad.mark}: 2 % errors left"
    assert bench.run(run.id).result_why == "2 % errors left"
