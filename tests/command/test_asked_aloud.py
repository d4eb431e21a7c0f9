"""A step that is read aloud reaches whom it asks, in whatever room they are."""

from __future__ import annotations

import pytest

from opsterm.board.change import Write
from opsterm.command.asked_aloud import asked_aloud
from opsterm.incidents.actions import order
from opsterm.incidents.incident import declare, give_role, set_status
from opsterm.incidents.timeline import observe
from opsterm.operations.checklists import run as checklist
from opsterm.records import Incident, Run, Step
from tests.support.incidents import Scene


def a_list(who: str = "") -> str:
    return "\n".join(
        ["# Failover", "", "- [ ] Name the replica", *([f"  who: {who}"] if who else []), "- [ ] Say so", ""]
    )


def asked_step(scene: Scene, who: str = "", *, incident: bool = True, by: str = "mia") -> Step:
    run = scene.begin(a_list(who), incident=scene.incident_id if incident else "", by=by)
    checklist.ask(scene.as_(by), scene.step(run, "1"))
    return scene.step(run, "1")


def reached(scene: Scene, *people: str) -> list[str]:
    return [name for name in people if asked_aloud(scene.board, name)]


def test_a_step_reaches_everybody_else_in_the_incident_and_never_who_asks(scene: Scene) -> None:
    order(scene.mia, scene.incident, "look", owner="ben")
    observe(scene.as_("li"), scene.incident, "queue grows")
    give_role(scene.mia, scene.incident, "tom", "scribe")
    step = asked_step(scene)
    assert reached(scene, "mia", "Mia", "ben", "li", "tom", "noor") == ["ben", "li", "tom"]
    (notice,) = asked_aloud(scene.board, "ben")
    assert (notice.text, notice.act, notice.record, notice.to) == (
        "mia asks you step 1 of Failover (INC-1): Name the replica",
        "answer_step",
        step.id,
        ("ben",),
    )


@pytest.mark.parametrize("who", ["operations", "Ops", "noor", "Noor"])
def test_a_step_for_a_role_or_a_person_reaches_that_one_alone(scene: Scene, who: str) -> None:
    give_role(scene.mia, scene.incident, "noor", "operations")
    give_role(scene.mia, scene.incident, "tom", "scribe")
    asked_step(scene, who)
    assert reached(scene, "noor", "tom", "mia", "li") == ["noor"]


def test_a_step_that_names_a_person_reaches_them_wherever_they_are(scene: Scene) -> None:
    give_role(scene.mia, scene.incident, "tom", "scribe")
    asked_step(scene, "noor")
    assert reached(scene, "Noor", "tom", "li") == ["Noor", "tom"]


def test_a_step_for_a_role_that_nobody_holds_reaches_all_in_the_incident(scene: Scene) -> None:
    give_role(scene.mia, scene.incident, "tom", "scribe")
    asked_step(scene, "operations")
    assert reached(scene, "tom", "li") == ["tom"]


def test_where_nobody_else_is_there_everybody_is_asked(scene: Scene) -> None:
    asked_step(scene)
    assert reached(scene, "li", "mia") == ["li"]


def test_a_walk_outside_of_incidents_asks_whoever_walked_it(scene: Scene) -> None:
    run = scene.begin(a_list(), by="noor")
    checklist.ask(scene.mia, scene.step(run, "1"))
    assert reached(scene, "noor", "li", "mia") == ["noor"]


def test_what_is_answered_closed_or_over_asks_nobody_any_more(scene: Scene) -> None:
    step = asked_step(scene)
    run = scene.one(Run, step.run)
    checklist.tick(scene.as_("li"), step, "done")
    assert reached(scene, "li") == []
    checklist.tick(scene.as_("li"), scene.one(Step, step.id), "open")
    checklist.ask(scene.mia, scene.one(Step, step.id))
    assert reached(scene, "li") == ["li"]
    scene.mia.set(run, {"state": "closed"})
    assert reached(scene, "li") == []
    scene.mia.set(scene.one(Run, run.id), {"state": "open"})
    set_status(scene.mia, scene.incident, "cancelled", "the probe was wrong")
    assert reached(scene, "li") == []
    scene.board.record("mia", [Write("incident", scene.incident_id, "", {"deleted": True})])
    assert reached(scene, "li") == []


def test_steps_of_all_incidents_reach_me_the_longest_waiting_first(scene: Scene) -> None:
    asked_step(scene)
    scene.wait(1)
    other = scene.one(Incident, declare(scene.as_("tom"), "Mail late").record)
    run = checklist.begin(scene.as_("tom"), other.id, "Failover").record
    checklist.ask(scene.as_("tom"), scene.step(scene.one(Run, run), "1"))
    assert [notice.text.split(":")[0] for notice in asked_aloud(scene.board, "li")] == [
        "mia asks you step 1 of Failover (INC-1)",
        "tom asks you step 1 of Failover (INC-2)",
    ]
