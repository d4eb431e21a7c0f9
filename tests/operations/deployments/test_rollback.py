"""Ways back: tested by running, timed, and seen to be untested where they were not."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.incidents.incident import declare
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import care_of, find_template, import_text
from opsterm.operations.deployments import deployment, rollback
from opsterm.records import Deployment, Obligation, Run
from tests.support.bench import Bench


def drill(bench: Bench, sort: str = "service", *, minutes: float = 10, result: str = "passed", note: str = "x") -> Run:
    run = bench.run(rollback.begin(bench.mia, sort, drill=True).record)
    bench.wait(minutes=minutes)
    rollback.finish(bench.mia, run, result, note)
    return bench.run(run.id)


def standing(bench: Bench, sort: str = "service") -> rollback.WayBack:
    template = rollback.procedure_for(bench.board, sort)
    assert template is not None
    return rollback.way_back(bench.board, template, bench.now)


def test_a_way_back_that_never_ran_is_untested(bench: Bench) -> None:
    way = standing(bench)
    assert (way.tested, way.untested, way.estimated_minutes, way.minutes) == (False, "it never ran", 15.0, 15.0)
    assert way.no_return.startswith("the new version wrote")


def test_a_drill_that_passed_makes_it_tested_for_180_days(bench: Bench) -> None:
    drill(bench, minutes=12)
    way = standing(bench)
    assert (way.tested, way.measured_minutes, way.minutes, way.drills) == (True, 12.0, 12.0, 1)
    bench.wait(days=181)
    assert standing(bench).untested == "it last ran 181 days ago"


def test_the_time_to_plan_for_is_the_90th_percentile_of_those_that_passed(bench: Bench) -> None:
    for minutes in range(1, 11):
        drill(bench, minutes=minutes)
    drill(bench, minutes=300, result="failed")
    assert standing(bench).measured_minutes == 9.0


def test_a_drill_that_passed_is_done_and_due_again_by_its_cadence(bench: Bench) -> None:
    run = drill(bench)
    record = find_template(bench.board, "Roll back a service").record
    care = care_of(bench.board, record)
    assert care is not None
    assert (care.sort, care.due_at[:10], care.evidence) == ("drill", "2027-02-22", f"{run.mark} passed: x")
    bench.wait(days=95)
    assert standing(bench).drill_state == "overdue"


def test_a_failed_drill_leaves_a_follow_up_with_an_owner_and_an_untested_way_back(bench: Bench) -> None:
    drill(bench)
    bench.wait(days=1)
    run = bench.run(rollback.begin(bench.mia, "service", drill=True).record)
    with pytest.raises(Rejected, match="what failed"):
        rollback.finish(bench.mia, run, "failed")
    rollback.finish(bench.mia, run, "failed", "the artifact was gone", owner="noor")
    owed = bench.board.get(Obligation, bench.run(run.id).follow_up)
    assert owed is not None
    assert (owed.owner, owed.reason, owed.due_at[:10]) == ("noor", "the artifact was gone", "2026-12-09")
    assert standing(bench).untested == "it failed on 2026-11-25"


def test_an_exception_for_a_system_goes_before_the_way_of_its_type(bench: Bench) -> None:
    import_text(
        bench.mia, "# Roll back payments\n\nrollback of: service\nsystems: payments\n\n- [ ] call the bank\n", "p"
    )
    own = rollback.procedure_for(bench.board, "service", ["Payments"])
    other = rollback.procedure_for(bench.board, "service", ["web"])
    assert own is not None
    assert other is not None
    assert (own.name, other.name) == ("Roll back payments", "Roll back a service")
    assert rollback.procedure_for(bench.board, "mainframe") is None


def test_an_untested_way_back_is_said_wherever_a_deployment_is_planned(bench: Bench) -> None:
    told = deployment.deploy(bench.mia, "web 4", running=False)
    assert told.warning == "the way back of service is untested: it never ran"
    assert "no way back is written for mainframe" in deployment.deploy(bench.mia, "x", sort="mainframe").warning
    drill(bench)
    assert deployment.deploy(bench.mia, "web 5").warning == ""


def test_going_back_in_an_incident_notes_its_deployment_as_rolled_back(bench: Bench) -> None:
    made = deployment.deploy(bench.mia, "web", systems=["web"], version="4.2")
    item = bench.board.get(Deployment, made.record)
    assert item is not None
    incident = deployment.turn_bad(bench.mia, item).record
    after = bench.board.get(Deployment, item.id)
    assert after is not None
    run = bench.run(rollback.for_deployment(bench.mia, after).record)
    assert (run.incident, run.purpose, run.deployment) == (incident, "rollback", item.id)
    bench.wait(minutes=8)
    rollback.finish(bench.mia, run, "passed")
    end = bench.board.get(Deployment, item.id)
    assert end is not None
    assert (end.state, end.became) == ("rolled back", incident)
    assert standing(bench).tested
    kinds = [line.kind for line in bench.board.moments(incident)]
    assert "checklist" in kinds


def test_a_rollback_ends_whatever_is_open(bench: Bench) -> None:
    incident = declare(bench.mia, "Checkout fails").record
    run = bench.run(rollback.begin(bench.mia, "database migration", incident=incident).record)
    assert any(step.killer for step in bench.steps(run))
    rollback.finish(bench.mia, run, "passed")
    assert bench.run(run.id).state == "closed"


def test_a_checklist_is_not_ended_as_a_way_back(bench: Bench) -> None:
    run = bench.run(checklist.begin(bench.mia, "", "Failover").record)
    with pytest.raises(Rejected, match="opsterm checklist close"):
        rollback.finish(bench.mia, run, "passed")


def test_the_deadline_leaves_time_for_the_way_back_and_a_check() -> None:
    assert rollback.decision_deadline("2026-11-24T15:00:00Z", 25, 10) == "2026-11-24T14:25:00Z"


def test_a_change_with_a_window_is_told_the_latest_decision_that_its_way_back_allows(bench: Bench) -> None:
    def latest(sort: str, window_to: str) -> tuple[str, float] | None:
        return rollback.latest_decision(bench.board, sort, ["web"], window_to, bench.now)

    estimated = standing(bench).estimated_minutes
    assert estimated is not None
    expected = rollback.decision_deadline("2026-11-24T23:00:00Z", estimated)
    assert latest("service", "2026-11-24T23:00:00Z") == (expected, estimated)
    assert latest("service", "") is None
    assert latest("mainframe", "2026-11-24T23:00:00Z") is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2 to 15 min", 15), ("5 min to 4 h", 240), ("2-15 min", 15), ("30 s", 0.5), ("1 h", 60), ("90", 90), ("", None)],
)
def test_a_time_in_words_is_its_longest(text: str, minutes: float | None) -> None:
    assert rollback.minutes_of(text) == minutes
