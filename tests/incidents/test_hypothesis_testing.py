"""Hypotheses: ranked by what speaks against them, tested by what tells most, and minds that are stuck."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsterm.command.attention import all_notices
from opsterm.core.session import Rejected
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import add_evidence, move, propose
from opsterm.incidents.hypothesis_testing import (
    begin_test,
    contradiction,
    end_test,
    fixation_notices,
    gain,
    next_test,
    plan_test,
    propose_under,
    ran_dry_notice,
    ranked,
    refine,
    undiagnostic,
    weights,
)
from opsterm.incidents.incident import asks_what_changed, declare, set_status, set_words
from opsterm.records import Evidence, HypothesisTest, Incident
from tests.support.incidents import Scene


def put(scene: Scene, *texts: str) -> list[str]:
    return [propose(scene.as_("noor"), scene.incident, text).record for text in texts]


def find(scene: Scene, record: str, text: str, supports: bool) -> None:
    add_evidence(scene.as_("noor"), [(scene.hypothesis(record), supports)], text)


def probe(scene: Scene, record: str) -> HypothesisTest:
    found = scene.board.get(HypothesisTest, record)
    assert found is not None
    return found


def stuck(scene: Scene, people: int = 2) -> list[str]:
    return [notice.family for notice in fixation_notices(scene.snapshot, scene.now, people=people)]


def test_the_least_contradicted_stands_first_however_much_supports_another(scene: Scene) -> None:
    first, second = put(scene, "pool", "network")
    for place in range(4):
        find(scene, first, f"for {place}", True)
    find(scene, first, "against", False)
    assert [item.id for item in ranked(scene.snapshot)] == [second, first]


def test_a_finding_that_fits_all_tells_nothing(scene: Scene) -> None:
    first, second = put(scene, "pool", "network")
    add_evidence(scene.as_("noor"), [(scene.hypothesis(first), True), (scene.hypothesis(second), True)], "slow")
    find(scene, first, "pool is full", True)
    assert undiagnostic(scene.snapshot) == {"slow"}


def finding(**fields: Any) -> Evidence:
    return Evidence(id="e", **fields)


def test_strong_and_doubtful_findings_weigh_as_they_should() -> None:
    def against(weight: int = 1, credibility: float = 1.0) -> Evidence:
        return finding(supports=False, weight=weight, credibility=credibility)

    assert contradiction([against()]) == 1
    assert contradiction([against(2), against(1, 0.5)]) == 2.5
    assert contradiction([finding(supports=True, weight=2)]) == 0
    assert contradiction([against(1, 99.0)]) == 1.5


def test_belief_adds_up_with_room_for_something_else(scene: Scene) -> None:
    first, second = put(scene, "pool", "network")
    find(scene, first, "pool is at 40 %", False)
    belief = weights(scene.snapshot)
    assert sum(belief.values()) == pytest.approx(0.9)
    assert belief[second] == pytest.approx(0.6)


BELIEF = {"a": 0.45, "b": 0.3, "c": 0.15}


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from("abc"), min_size=1), st.integers(1, 60))
def test_a_slower_or_riskier_test_never_gains_more(of: set[str], minutes: int) -> None:
    def test(minutes: int, risk: str) -> HypothesisTest:
        fields: dict[str, Any] = {"hypotheses": tuple(sorted(of)), "minutes": minutes, "risk": risk}
        return HypothesisTest(id="t", **fields)

    now = gain(test(minutes, "read-only"), BELIEF)
    assert now >= gain(test(minutes + 1, "read-only"), BELIEF)
    assert now == pytest.approx(2 * gain(test(minutes, "reversible"), BELIEF))
    assert now == pytest.approx(4 * gain(test(minutes, "risky"), BELIEF))
    assert 0 < now <= 0.5


def test_the_next_test_splits_belief_in_halves_and_looks_before_it_changes(scene: Scene) -> None:
    first, second, third = put(scene, "pool", "network", "bank")
    for text, of, risk in (
        ("restart", [first, second], "reversible"),
        ("trace one call", [first, second], "read-only"),
        ("read the graph", [third], "read-only"),
    ):
        plan_test(scene.as_("noor"), scene.incident, text, [scene.hypothesis(item) for item in of], risk=risk)
    found = next_test(scene.snapshot)
    assert found is not None
    assert found.text == "trace one call"
    assert found.why == "could rule out h1, h2, 60% of belief, in 5m, read-only"


def test_without_a_planned_test_the_untried_favourite_is_named(scene: Scene) -> None:
    assert next_test(scene.snapshot) is None
    first, second = put(scene, "pool", "network")
    scene.as_("noor").set(scene.hypothesis(second), {"if_false": "calls inside one rack fail too"})
    find(scene, first, "pool at 40 %", False)
    found = next_test(scene.snapshot)
    assert found is not None
    assert (found.hypotheses, found.text) == ((second,), "look for what h2 forbids: calls inside one rack fail too")
    assert found.why == "least contradicted, and nobody has tried to refute it"


def test_a_test_runs_is_told_and_ends_with_what_was_seen(scene: Scene) -> None:
    (first,) = put(scene, "pool")
    noor = scene.as_("noor")
    with pytest.raises(Rejected, match="which hypothesis"):
        plan_test(noor, scene.incident, "look", [])
    record = plan_test(noor, scene.incident, "look at the pool", [scene.hypothesis(first)], risk="risky").record
    assert begin_test(noor, probe(scene, record)).warning == ""
    assert scene.hypothesis(first).state == "testing"
    other = plan_test(noor, scene.incident, "drop caches", [scene.hypothesis(first)], risk="reversible").record
    assert begin_test(noor, probe(scene, other)).warning == "t1 changes the system too: one change at a time"
    end_test(noor, probe(scene, record), "at 40 %")
    assert [line.told for line in scene.board.moments(scene.incident_id) if line.kind == "test_result"] == [
        "t1 done, look at the pool: at 40 %"
    ]


@pytest.mark.parametrize(("minutes", "warned"), [(15, False), (15.1, True)])
def test_one_theory_alone_for_a_quarter_of_an_hour(scene: Scene, minutes: float, warned: bool) -> None:
    first, second = put(scene, "pool", "network")
    scene.wait(30)
    move(scene.as_("noor"), scene.hypothesis(first), "eliminated", "pool at 40 %")
    scene.wait(minutes)
    assert ("one theory" in stuck(scene)) is warned
    assert stuck(scene, people=1) == []
    put(scene, "bank")
    assert "one theory" not in stuck(scene)
    move(scene.as_("noor"), scene.hypothesis(second), "confirmed", "seen")
    assert "untested" not in stuck(scene)


@pytest.mark.parametrize(("minutes", "warned"), [(15, False), (15.1, True)])
def test_a_favourite_that_nobody_tries_to_refute(scene: Scene, minutes: float, warned: bool) -> None:
    first, _ = put(scene, "pool", "network")
    scene.wait(10)
    find(scene, first, "not on db-1", False)
    move(scene.as_("noor"), scene.hypothesis(first), confidence=0.7)
    scene.wait(minutes)
    assert ("untested" in stuck(scene)) is warned
    plan = plan_test(scene.as_("noor"), scene.incident, "look", [scene.hypothesis(first)]).record
    begin_test(scene.as_("noor"), probe(scene, plan))
    assert "untested" not in stuck(scene)


@pytest.mark.parametrize(("minutes", "warned"), [(20, False), (20.1, True)])
def test_no_finding_for_twenty_minutes(scene: Scene, minutes: float, warned: bool) -> None:
    put(scene, "pool", "network")
    scene.wait(minutes)
    assert ("no evidence" in stuck(scene)) is warned


@pytest.mark.parametrize("odd", range(5))
def test_five_findings_in_a_row_for_the_leader(scene: Scene, odd: int) -> None:
    first, second = put(scene, "pool", "network")
    find(scene, second, "x", False)
    for place in range(5):
        find(scene, second if place == odd else first, f"f{place}", place != odd)
    assert "one-sided" not in stuck(scene)
    for place in range(odd + 1):
        find(scene, first, f"g{place}", True)
    assert "one-sided" in stuck(scene)


def test_two_people_who_look_at_the_same_thing(scene: Scene) -> None:
    (first,) = put(scene, "pool")
    for owner in ("ben", "noor"):
        record = plan_test(scene.as_(owner), scene.incident, f"{owner} looks", [scene.hypothesis(first)]).record
        begin_test(scene.as_(owner), probe(scene, record))
    (notice,) = [n for n in fixation_notices(scene.snapshot, scene.now) if n.family == "same test"]
    assert notice.text == "ben and noor look at the same thing: t1 and t2"


def test_orders_with_the_same_words_are_the_same_test(scene: Scene) -> None:
    order(scene.as_("mia"), scene.incident, "the pool graphs: check", owner="ben")
    assert stuck(scene) == []
    order(scene.as_("mia"), scene.incident, "graphs the pool check", owner="noor")
    order(scene.as_("mia"), scene.incident, "check the pool graphs", owner="tom")
    assert stuck(scene) == ["same test"]


def test_fixation_is_watched_only_while_investigating(scene: Scene) -> None:
    put(scene, "pool")
    scene.wait(30)
    assert stuck(scene)
    set_status(scene.as_("mia"), scene.incident, "identified")
    assert stuck(scene) == []


def test_what_changed_is_asked_in_the_first_minutes(scene: Scene) -> None:
    mia = scene.as_("mia")
    scene.wait(31)
    new = scene.board.get(Incident, declare(mia, "Search is slow").record)
    assert new is not None
    scene.incident_id = new.id
    assert asks_what_changed(scene.incident, scene.now)
    scene.wait(15)
    assert asks_what_changed(scene.incident, scene.now)
    scene.wait(0.1)
    assert not asks_what_changed(scene.incident, scene.now)
    set_words(mia, scene.incident, "changed", "deploy of web 413")
    assert not asks_what_changed(scene.incident, new.at)


def test_a_hypothesis_says_more_only_if_somebody_wants_to(scene: Scene) -> None:
    noor = scene.as_("noor")
    (first,) = put(scene, "pool")
    refine(noor, scene.hypothesis(first), if_false="idle connections on db-1", scope="EU cards")
    assert scene.hypothesis(first).if_false == "idle connections on db-1"
    with pytest.raises(Rejected):
        refine(noor, scene.hypothesis(first), mood="bad")
    told = propose_under(noor, scene.incident, scene.hypothesis(first), "the report job holds connections")
    assert scene.hypothesis(told.record).parent == first


def test_a_strong_contradiction_that_nobody_takes_up_is_said_after_ten_minutes(scene: Scene) -> None:
    first, _ = put(scene, "pool", "network")
    add_evidence(scene.as_("li"), [(scene.hypothesis(first), False)], "the pool was empty all day", strong=True)
    scene.wait(10)
    assert "contradicted" not in stuck(scene)
    scene.wait(1)
    assert "contradicted" in stuck(scene)
    find(scene, first, "that graph is of another pool", True)
    assert "contradicted" not in stuck(scene)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("pool at 40 % [dashboard of db-2]", "dashboard of db-2"),
        ("连接池 40 %【监控】", "监控"),
        ("error[42] in the log", ""),
        ("[web] is slow", ""),
    ],
)
def test_what_stands_in_brackets_at_the_end_of_a_finding_is_its_source(scene: Scene, text: str, source: str) -> None:
    first, _ = put(scene, "pool", "network")
    find(scene, first, text, False)
    found = scene.board.all(Evidence)[0]
    assert (found.text, found.source) == (text, source)


def test_orders_that_stand_with_one_person_are_said(scene: Scene) -> None:
    put(scene, "pool", "network")
    for number in range(3):
        order(scene.as_("mia"), scene.incident, f"look {number}", owner="noor")
    assert "one person" not in stuck(scene)
    order(scene.as_("mia"), scene.incident, "call the bank", owner="ben")
    assert "one person" in stuck(scene)
    order(scene.as_("mia"), scene.incident, "look at the CDN", owner="li")
    assert "one person" not in stuck(scene)


# --- running dry


def dry(scene: Scene) -> list[str]:
    """What the rules tell mia, who is alone, of hypotheses that have run out."""
    told = all_notices(scene.snapshot, scene.board.moments(scene.incident_id), "mia", scene.now)
    return [notice.text for notice in told if notice.family == "ran dry" and notice.level == "warning"]


def test_a_room_with_no_hypothesis_left_says_so_while_it_investigates(scene: Scene) -> None:
    mia = scene.as_("mia")
    assert dry(scene) == []
    first, second = put(scene, "pool", "network")
    move(mia, scene.hypothesis(first), "eliminated", "pool at 40")
    assert dry(scene) == []
    move(mia, scene.hypothesis(second), "eliminated", "no loss")
    assert dry(scene) == ["every hypothesis is ruled out: h what else could explain it?"]
    for status, said in (("identified", 0), ("monitoring", 0), ("investigating", 1), ("resolved", 0)):
        set_status(mia, scene.incident, status, "")
        assert len(dry(scene)) == said
    set_status(mia, scene.incident, "investigating", "")
    put(scene, "the bank")
    assert dry(scene) == []


def test_what_is_parked_explains_nothing_and_is_not_called_ruled_out(scene: Scene) -> None:
    first, second = put(scene, "pool", "network")
    move(scene.mia, scene.hypothesis(first), "eliminated", "pool at 40")
    move(scene.mia, scene.hypothesis(second), "parked", "later")
    assert dry(scene) == ["every hypothesis is ruled out or parked (h2): h what else could explain it?"]


def test_a_state_that_is_not_known_here_may_be_alive(scene: Scene) -> None:
    [only] = put(scene, "pool")
    scene.mia.set(scene.hypothesis(only), {"state": "half-alive"})
    assert ran_dry_notice(scene.snapshot) is None
