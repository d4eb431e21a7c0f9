"""Who does what, who is free, whom to call."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.incidents.actions import move, order
from opsterm.incidents.incident import give_role, set_severity, set_words
from opsterm.incidents.responders import (
    add_contact,
    called_for,
    contacts,
    exposure_notice,
    mark_call,
    page_text,
    people,
)
from opsterm.incidents.triage import answer
from tests.support.incidents import Scene


def test_one_line_a_person_and_who_is_free(scene: Scene) -> None:
    mia = scene.as_("mia")
    give_role(mia, scene.incident, "noor", "operations")
    give_role(mia, scene.incident, "ben", "expert")
    record = order(mia, scene.incident, "look at db-2", owner="ben").record
    mark_call(mia, scene.incident, "tom", "reached")
    scene.wait(7)
    lines = [person.words(scene.now) for person in people(scene.snapshot, scene.now)]
    assert lines == [
        "mia  commander  for 7m",
        "noor  operations  for 7m",
        "ben  expert  a1 look at db-2  for 7m",
        "tom  free  for 7m",
    ]
    move(scene.as_("ben"), scene.order(record), "done", "seen")
    assert [person.name for person in people(scene.snapshot, scene.now) if person.free] == ["ben", "tom"]


def test_whom_the_severity_calls_for(scene: Scene) -> None:
    mia = scene.as_("mia")
    add_contact(mia, "li", "@li", roles=["scribe"])
    add_contact(mia, "ana", "+44 1", roles=["scribe", "customer liaison"], services=["Checkout"])
    assert called_for(scene.snapshot, contacts(scene.board)) == []
    set_severity(mia, scene.incident, "sev2")
    assert [wanted.words(scene.now) for wanted in called_for(scene.snapshot, contacts(scene.board))] == [
        "scribe: ana (+44 1), li (@li)",
        "customer liaison: ana (+44 1)",
    ]
    mark_call(mia, scene.incident, "ana", "called", role="scribe")
    scene.wait(3)
    mark_call(mia, scene.incident, "ana", "no answer", role="scribe")
    scene.wait(2)
    first = called_for(scene.snapshot, contacts(scene.board))[0]
    assert first.words(scene.now) == "scribe: ana (+44 1, no answer 2m ago), li (@li)"
    give_role(mia, scene.incident, "li", "scribe")
    assert [wanted.role for wanted in called_for(scene.snapshot, contacts(scene.board))] == ["customer liaison"]
    with pytest.raises(Rejected, match="say one of called"):
        mark_call(mia, scene.incident, "ana", "asleep")


def test_a_contact_is_one_however_often_it_is_said(scene: Scene) -> None:
    add_contact(scene.as_("mia"), "@li", "@li")
    add_contact(scene.as_("mia"), "li", "+44 2", roles=["scribe"])
    assert [(c.name, c.reach, c.roles) for c in contacts(scene.board)] == [("li", "+44 2", ("scribe",))]


def test_the_page_says_what_is_hurt_and_what_is_wanted(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev1")
    set_words(scene.as_("mia"), scene.incident, "impact", "3 in 10 card payments fail")
    assert page_text(scene.snapshot, "ana", "scribe") == (
        "ana, you are asked to join as scribe: SEV1 INC-1, 3 in 10 card payments fail. "
        "mia is in command. Say yes or no now, please."
    )


def test_at_a_data_exposure_everybody_is_told_who_reads_along(scene: Scene) -> None:
    assert exposure_notice(scene.snapshot, shared=True) is None
    answer(scene.as_("mia"), scene.incident, {"exposure": "exposed"})
    found = exposure_notice(scene.snapshot, shared=True)
    assert found is not None
    assert found.text.startswith("everyone in the share reads everything here")
    assert exposure_notice(scene.snapshot, shared=False) is None
