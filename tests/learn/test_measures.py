"""Counts, medians and p90 with n; no means; drills apart; three of a kind; alerts that need nobody."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.core.session import Attribution, Rejected, Session
from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.incidents.incident import declare, set_milestone
from opsterm.learn.alert_load import idle_alerts, is_night, shifts
from opsterm.learn.measures import ENOUGH, Spread, measures, measures_json, quantile
from opsterm.learn.open_improvements import open_improvements
from opsterm.learn.postmortem import add_improvement, close, earlier_improvements
from opsterm.learn.problems import found, move, note_tried, open_problem, problem_id, set_end, unopened
from opsterm.learn.recurrence import judge
from opsterm.obligations.obligation import complete, owe
from opsterm.records import Alert, Improvement, Incident, Obligation, Problem
from opsterm.records.instant import instant, moment
from tests.learn.invented import document, families, unlike
from tests.support.clock import HandClock
from tests.support.real_incidents import incident_files

SINCE, UNTIL = "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_a_quantile_is_a_value_that_was_measured(values: list[float], share: float) -> None:
    found_value = quantile(values, share)
    assert found_value in values
    assert sum(value <= found_value for value in values) >= share * len(values)


def test_few_values_have_no_median() -> None:
    few = Spread("to detect", "seconds", tuple(float(n) for n in range(ENOUGH - 1)))
    assert few.median is None
    assert "too few" in few.words
    assert f"n = {ENOUGH - 1}" in few.words
    assert Spread("x", "seconds", ()).words == "none recorded"
    many = Spread("x", "seconds", tuple(60.0 * n for n in range(1, 21)))
    assert many.words == "median 10m, p90 18m, n = 20"


def test_drills_are_apart_and_every_number_says_of_how_many(session: Session) -> None:
    for place, line in enumerate(unlike()[:6]):
        raw = document(f"u{place}", line, 0) | {"started_at": f"2026-02-0{place + 1}T09:00:00Z"}
        raw |= {
            "detected_at": f"2026-02-0{place + 1}T09:0{place}:00Z",
            "resolved_at": f"2026-02-0{place + 1}T10:00:00Z",
        }
        import_incident(session, parse(json.dumps(raw | {"declared_at": None, "mitigated_at": None}).encode()))
    declare(session, "exercise", severity="sev1", drill=True)
    told = measures(session.board, SINCE, UNTIL)
    assert (told.incidents, told.drills) == (6, 1)
    assert told.by_severity == {"sev2": 6}
    detect = next(spread for spread in told.durations if spread.name == "to detect")
    assert (detect.n, detect.median) == (6, 120.0)
    assert "mean" not in json.dumps(measures_json(told))


def test_improvements_in_time_and_open_ones(session: Session, clock: HandClock) -> None:
    of = declare(session, "Checkout fails", services=["checkout"]).record
    first = add_improvement(session, of, "Limit the pool", owner="noor", due_at="2026-03-10").record
    add_improvement(session, of, "Alert on the pool", owner="ben", due_at="2026-03-10")
    item = session.board.get(Improvement, first)
    assert item
    close(session, item, "graph")
    clock.stand_at("2026-03-20T12:00:00Z")
    told = measures(session.board, SINCE, UNTIL)
    assert told.improvements_in_time.words == "1 of 2"
    now = open_improvements(session.board, session.board.now)
    assert (now.open, now.late, now.words) == (1, 1, "1 improvement open, 1 late, the oldest for 18d00h")
    again = declare(session, "Checkout is slow", services=["Checkout"]).record
    ((earlier, improvements),) = earlier_improvements(session.board, again)
    assert earlier.id == of
    assert [item.state for item in improvements] == ["done", "open"]


def test_the_shipped_incidents_are_measured(session: Session) -> None:
    for file in incident_files():
        import_incident(session, file)
    told = measures(session.board, "2010-01-01T00:00:00Z", UNTIL)
    assert told.incidents == 7
    assert told.recurring.words == "1 of 7"
    assert told.late_words.whole > 0
    assert told.by_factor


def test_three_incidents_of_a_kind_open_one_problem_on_every_board(session: Session) -> None:
    for place, name in enumerate("abc"):
        import_incident(session, parse(json.dumps(document(name, families()[1]["first"], place * 30 + 1)).encode()))
    (group,) = [g for g in found(session.board, session.board.now) if g.sort == "incident"]
    assert group.cases == ("a", "b", "c")
    told = open_problem(session, group, "noor")
    assert told.record == problem_id(group)
    assert group not in unopened(session.board, session.board.now)
    problem = session.board.get(Problem, told.record)
    assert problem
    with pytest.raises(Rejected, match="what would end"):
        move(session, problem, "ended", "quiet")
    note_tried(session, problem, "renewal by a job")
    set_end(session, problem, "no expiry for a year")
    problem = session.board.get(Problem, told.record)
    assert problem
    move(session, problem, "ended", "a year without one")
    import_incident(session, parse(json.dumps(document("d", families()[1]["again"], 200)).encode()))
    (group,) = [g for g in unopened(session.board, session.board.now) if g.sort == "incident"]
    assert "1 more" in open_problem(session, group).sentence
    problem = session.board.get(Problem, told.record)
    assert problem
    assert (problem.state, problem.tried, len(problem.cases)) == ("open", ("renewal by a job",), 4)
    assert (problem.is_back, problem.state_why, problem.state_reason) == (True, "", "it came back: 1 more")
    move(session, problem, "watched", "a job renews it now")
    move(session, session.read(Problem, problem.id), "open", "it came back to mind")
    problem = session.read(Problem, problem.id)
    assert (problem.is_back, problem.state_reason) == (False, "it came back to mind")


def test_a_refused_link_makes_no_problem(session: Session) -> None:
    for place, name in enumerate("abc"):
        import_incident(session, parse(json.dumps(document(name, families()[1]["first"], place * 30 + 1)).encode()))
    for later, earlier in (("b", "a"), ("c", "a"), ("c", "b")):
        judge(session, later, earlier, "refused")
    assert [g for g in found(session.board, session.board.now) if g.sort == "incident"] == []


def test_missed_obligations_of_a_family(session: Session, clock: HandClock) -> None:
    for number in range(3):
        owe(session, f"drill {number}", "2026-03-05", sort="drill")
    clock.stand_at("2026-03-20T12:00:00Z")
    item = session.board.all(Obligation)[0]
    complete(session, item, "done late")
    (group,) = [g for g in found(session.board, session.board.now) if g.sort == "obligation"]
    assert (group.key, len(group.cases)) == ("drill", 3)


def _alert(session: Session, state: str, hour: int, dedupe: str = "disk") -> None:
    at = instant(moment("2026-03-01T00:00:00Z") + timedelta(hours=hour))
    record = session.create(
        Alert, "", {"title": f"{dedupe} fills", "dedupe": dedupe, "state": "waiting"}, said=Attribution(at=at)
    )
    alert = session.board.get(Alert, record)
    assert alert
    session.set(alert, {"state": state}, said=Attribution(at=at))


def test_alert_load_by_shift(session: Session) -> None:
    for hour, state in ((9, "over"), (10, "over"), (11, "declared"), (23, "over")):
        _alert(session, state, hour)
    day, night = shifts(session.board, "2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z")
    assert (day.begins, day.alerts, day.acted, day.at_night) == ("2026-03-01T08:00:00Z", 3, 1, 0)
    assert (night.alerts, night.acted, night.at_night) == (1, 0, 1)
    assert day.warnings
    assert is_night("2026-03-01T03:00:00Z")
    assert not is_night("2026-03-01T12:00:00Z")


def test_an_alert_that_never_needs_anybody_is_proposed_for_tuning(session: Session) -> None:
    for hour in range(3):
        _alert(session, "over", hour)
        _alert(session, "over", hour, "queue")
    _alert(session, "declared", 9, "queue")
    (idle,) = idle_alerts(session.board.all(Alert))
    assert (idle.dedupe, idle.times) == ("disk", 3)
    assert "tune" in idle.proposal


def test_a_milestone_out_of_order_is_left_out(session: Session) -> None:
    of = session.board.get(Incident, declare(session, "x").record)
    assert of
    set_milestone(session, of, "detected", said=Attribution(at="2026-03-02T11:00:00Z"))
    told = measures(session.board, SINCE, UNTIL)
    assert next(spread for spread in told.durations if spread.name == "to detect").n == 0
