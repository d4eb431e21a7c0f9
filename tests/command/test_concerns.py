"""What concerns me, and what is new."""

from __future__ import annotations

from datetime import timedelta

from opsterm.command.concerns import concerns, since_last_look
from opsterm.core.session import Attribution
from opsterm.incidents.actions import move, order
from opsterm.incidents.hypothesis import move as move_hypothesis
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import offer_command, set_severity
from opsterm.incidents.proposal import put_to_room
from opsterm.incidents.responders import mark_call
from opsterm.incidents.timeline import decide, observe
from tests.support.incidents import Scene


def acts(scene: Scene, person: str) -> list[str]:
    return [notice.act for notice in concerns(scene.snapshot, person, scene.now)]


def test_orders_offers_decisions_and_calls_each_with_one_key(scene: Scene) -> None:
    mia = scene.as_("mia")
    order(mia, scene.incident, "look at db-2", owner="ben", within=timedelta(minutes=3))
    assert acts(scene, "ben") == ["acknowledge"]
    assert acts(scene, "tom") == []
    move(scene.as_("ben"), scene.snapshot.actions[0], "acknowledged")
    assert acts(scene, "ben") == ["report"]
    offer_command(mia, scene.incident, "ben")
    mark_call(mia, scene.incident, "ben", "called", role="deputy")
    assert acts(scene, "ben") == ["accept", "answer_call", "report"]
    put_to_room(scene.as_("li"), scene.incident, "we fail over")
    assert "decide" in acts(scene, "mia")
    scene.wait(4)
    late = [n for n in concerns(scene.snapshot, "ben", scene.now) if n.act == "report"]
    assert late[0].text == "a1 late 1m, say what came of it: look at db-2"


def test_approvals_are_asked_of_whom_they_are_asked(scene: Scene) -> None:
    (notice,) = concerns(scene.snapshot, "mia", scene.now, approvals=[("u1", "Some card payments fail.")])
    assert (notice.act, notice.text) == ("approve", "approve: Some card payments fail.")


def test_news_tells_turns_and_counts_the_rest_without_ones_own(scene: Scene) -> None:
    seen = scene.board.version
    assert since_last_look(scene.board, scene.incident_id, seen, "mia") == []
    observe(scene.as_("mia"), scene.incident, "mine")
    for place in range(12):
        observe(scene.as_("li"), scene.incident, f"line {place}")
    set_severity(scene.as_("ben"), scene.incident, "sev1", "down for all")
    decide(scene.as_("ben"), scene.incident, "we fail over")
    assert since_last_look(scene.board, scene.incident_id, seen, "mia") == [
        "13:00 ben: severity sev1: down for all",
        "13:00 ben: decided: we fail over",
        "and 12 lines logged",
    ]


def test_news_is_ten_lines_at_the_most_and_keeps_what_weighs(scene: Scene) -> None:
    seen = scene.board.version
    for place in range(30):
        record = propose(scene.as_("li"), scene.incident, f"theory {place}").record
        if place % 3 == 0:
            move_hypothesis(scene.as_("li"), scene.hypothesis(record), "eliminated", "no")
    set_severity(scene.as_("ben"), scene.incident, "sev1", "down for all")
    lines = since_last_look(scene.board, scene.incident_id, seen, "mia")
    assert len(lines) == 10
    assert "13:00 ben: severity sev1: down for all" in lines
    assert lines[-1].startswith("and ")


def test_what_was_recorded_late_is_news_though_it_is_old(scene: Scene) -> None:
    seen = scene.board.version
    decide(scene.as_("li"), scene.incident, "we waited", said=Attribution(at=scene.in_(-60)))
    assert since_last_look(scene.board, scene.incident_id, seen, "mia") == ["12:00 li: decided: we waited"]
