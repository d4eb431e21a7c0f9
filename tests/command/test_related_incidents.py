"""Several incidents: their truth, folding, linking, splitting; and severity rules replayed over them."""

from __future__ import annotations

import pytest

from opsterm.command.related_incidents import (
    collisions,
    fold_into,
    fold_offers,
    fold_offers_to,
    link,
    links_of,
    open_part,
    running,
    split,
    unfold,
)
from opsterm.core.session import Rejected
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare, set_services, set_severity, set_status
from opsterm.incidents.severity import own_rules, read_rules
from opsterm.incidents.severity_replay import replay_severity
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.triage import answer, log_anomaly, override_severity
from opsterm.records import Incident
from tests.support.incidents import Scene


def another(scene: Scene, title: str = "Refunds fail", services: tuple[str, ...] = ("checkout",)) -> Incident:
    made = scene.board.get(Incident, declare(scene.as_("ben"), title, services=services).record)
    assert made is not None
    return made


def test_a_drill_stands_last(scene: Scene) -> None:
    declare(scene.as_("li"), "Game day", severity="sev1", drill=True)
    assert [item.mark for item in running(scene.board)] == ["INC-1", "INC-2"]


@pytest.mark.parametrize(
    ("minutes", "services", "offered"),
    [(15, ("Checkout",), True), (15.1, ("checkout",), False), (1, ("search",), False)],
)
def test_two_that_may_be_one(scene: Scene, minutes: float, services: tuple[str, ...], offered: bool) -> None:
    scene.wait(minutes)
    another(scene, services=services)
    found = fold_offers(scene.board)
    assert bool(found) is offered
    if found:
        assert found[0].text == "INC-2 and INC-1 are both on checkout: are they one?"
        assert set(found[0].to) == {"mia", "ben"}


@pytest.mark.parametrize(
    ("title", "offered"),
    [("Checkout fails for cards", True), ("Card checkout is down", True), ("Search fails", False), ("失败", False)],
)
def test_two_that_are_called_alike_may_be_one(scene: Scene, title: str, offered: bool) -> None:
    scene.wait(5)
    other = another(scene, title, services=())
    found = fold_offers(scene.board)
    assert [notice.text for notice in found] == ["INC-2 and INC-1 are called alike: are they one?"] * offered
    assert [notice.key for notice in found] == [f"fold:{other.id}:{scene.incident.id}"] * offered


def test_that_two_may_be_one_is_said_in_both_rooms_to_who_commands_while_it_is_young(scene: Scene) -> None:
    scene.wait(5)
    other = another(scene, "Checkout is down", services=())
    for record, person in ((scene.incident.id, "mia"), (other.id, "ben")):
        room = read_snapshot(scene.board, record)
        assert len(fold_offers_to(scene.board, room, person, scene.board.now)) == 1
        assert fold_offers_to(scene.board, room, "tom", scene.board.now) == []
    scene.wait(31)
    assert fold_offers_to(scene.board, read_snapshot(scene.board, other.id), "ben", scene.board.now) == []
    link(scene.as_("mia"), other, scene.incident)
    assert fold_offers(scene.board) == []


def test_folding_keeps_both_timelines_and_names_open_orders(scene: Scene) -> None:
    other = another(scene, services=("refunds",))
    order(scene.as_("ben"), other, "look at refunds", owner="tom")
    told = fold_into(scene.as_("mia"), other, scene.incident, "the same pool")
    assert told.warning.startswith("open orders of INC-2: a1")
    assert [item.mark for item in running(scene.board)] == ["INC-1"]
    assert scene.incident.services == ("checkout", "refunds")
    assert scene.board.count_moments(other.id) >= 2
    now = scene.board.get(Incident, other.id)
    assert now is not None
    for refused, into in ((now, scene.incident), (scene.incident, now), (scene.incident, scene.incident)):
        with pytest.raises(Rejected):
            fold_into(scene.as_("mia"), refused, into)
    unfold(scene.as_("mia"), now, "two pools")
    assert len(running(scene.board)) == 2


def test_what_was_linked_is_two_and_is_not_offered_again(scene: Scene) -> None:
    other = another(scene)
    assert fold_offers(scene.board)
    link(scene.as_("mia"), other, scene.incident, "caused by", "refunds wait for checkout")
    assert fold_offers(scene.board) == []
    assert [(how, item.mark) for how, item in links_of(scene.board, other)] == [("caused by", "INC-1")]
    assert [(how, item.mark) for how, item in links_of(scene.board, scene.incident)] == [("caused", "INC-2")]
    with pytest.raises(Rejected, match="say one of related"):
        link(scene.as_("mia"), other, scene.incident, "hates")


def test_a_part_has_its_own_commander_under_its_whole(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev2")
    another(scene, services=("search",))
    part = scene.board.get(Incident, open_part(scene.as_("mia"), scene.incident, "Refund queue", "noor").record)
    assert part is not None
    assert (part.commander, part.severity, part.parent) == ("noor", "sev2", scene.incident_id)
    assert [item.mark for item in running(scene.board)] == ["INC-1", "INC-3", "INC-2"]
    assert ("has part", part.mark) in [(how, item.mark) for how, item in links_of(scene.board, scene.incident)]


def test_splitting_takes_its_hypotheses_along_and_parks_them_here(scene: Scene) -> None:
    first = propose(scene.as_("noor"), scene.incident, "the bank is slow", confidence=0.4).record
    told = split(scene.as_("mia"), scene.incident, "Bank transfers fail", hypotheses=[scene.hypothesis(first)])
    snapshot = read_snapshot(scene.board, told.record)
    assert [(h.text, h.confidence) for h in snapshot.hypotheses] == [("the bank is slow", 0.4)]
    assert scene.hypothesis(first).state == "parked"
    assert [how for how, _ in links_of(scene.board, snapshot.incident)] == ["split from"]


def test_two_incidents_that_change_one_service_collide(scene: Scene) -> None:
    other = another(scene)
    order(scene.as_("mia"), scene.incident, "restart checkout", owner="noor")
    rooms = [scene.snapshot, read_snapshot(scene.board, other.id)]
    assert collisions(rooms) == []
    order(scene.as_("ben"), other, "roll back checkout", owner="tom")
    (alarm,) = collisions([scene.snapshot, read_snapshot(scene.board, other.id)])
    assert (alarm.level, alarm.text) == ("alarm", "INC-1 and INC-2 both change checkout: one at a time")


def test_rules_are_replayed_over_the_past(scene: Scene) -> None:
    mia = scene.as_("mia")
    answer(mia, scene.incident, {"breadth": "few", "depth": "gone"})
    override_severity(mia, scene.incident, "sev4", "only testers")
    set_status(mia, scene.incident, "resolved")
    other = another(scene)
    set_severity(mia, other, "sev3")
    set_severity(mia, other, "sev2")
    set_status(mia, other, "closed")
    for drop in (declare(mia, "Drill", drill=True).record, log_anomaly(mia, "odd").record):
        item = scene.board.get(Incident, drop)
        assert item is not None
        set_status(mia, item, "resolved")
    found = replay_severity(scene.board)
    assert [(i.mark, i.first, i.final, i.ruled, i.overridden) for i in found.incidents] == [
        ("INC-1", "sev4", "sev4", "sev3", True),
        ("INC-2", "sev3", "sev2", "", False),
    ]
    assert (found.judged, len(found.changed), found.overridden) == (1, 1, 1.0)
    assert found.words()[3] == "1 ended at another severity than they began with"
    milder, _ = read_rules({"base": {**own_rules().base, "few": [4, 4, 4, 4, 5]}})
    assert replay_severity(scene.board, milder).changed == ()
    set_services(mia, other, ["x"])
