"""Decisions put to the room."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.incidents.proposal import (
    answer_objection,
    carry,
    drop,
    object_to,
    objections_to,
    open_proposals,
    put_to_room,
)
from opsterm.records import Decision, Proposal
from tests.support.incidents import Scene


def proposal(scene: Scene, record: str) -> Proposal:
    found = scene.board.get(Proposal, record)
    assert found is not None
    return found


def test_hearing_none_we_proceed(scene: Scene) -> None:
    told = put_to_room(scene.as_("mia"), scene.incident, "we fail over to eu-west", why="db-2 is lost")
    assert told.sentence == "p1 The proposal is: we fail over to eu-west. Any strong objections?"
    assert scene.snapshot.decisions == []
    taken = carry(scene.as_("mia"), proposal(scene, told.record), instead_of="wait for the vendor")
    assert taken.warning == ""
    made = scene.board.get(Decision, taken.record)
    assert made is not None
    assert (made.text_why, made.instead_of) == ("db-2 is lost", "wait for the vendor")
    told_of = [line.text for line in scene.board.moments(scene.incident_id) if line.kind == "decision"]
    assert told_of == ["we fail over to eu-west (no strong objection): db-2 is lost"]
    assert proposal(scene, told.record).decision == made.id
    kinds = [line.kind for line in scene.board.moments(scene.incident_id)]
    assert kinds.count("decision") == 1
    with pytest.raises(Rejected, match="p1 is decided already"):
        carry(scene.as_("mia"), proposal(scene, told.record))


def test_an_objection_is_noted_and_never_blocks(scene: Scene) -> None:
    record = put_to_room(scene.as_("mia"), scene.incident, "we fail over").record
    object_to(scene.as_("noor"), proposal(scene, record), "the replica is an hour behind")
    ((item, objections),) = open_proposals(scene.snapshot)
    assert (item.mark, [o.by for o in objections]) == ("p1", ["noor"])
    told = carry(scene.as_("mia"), item)
    assert told.warning == "unanswered: noor: the replica is an hour behind"
    assert open_proposals(scene.snapshot) == []


def test_an_answered_objection_warns_no_more(scene: Scene) -> None:
    record = put_to_room(scene.as_("mia"), scene.incident, "we fail over").record
    object_to(scene.as_("noor"), proposal(scene, record), "the replica is an hour behind")
    (objection,) = objections_to(scene.as_("mia"), proposal(scene, record))
    answer_objection(scene.as_("mia"), objection, "we replay the hour from the queue")
    assert carry(scene.as_("mia"), proposal(scene, record)).warning == ""


def test_a_proposal_is_dropped_with_its_reason(scene: Scene) -> None:
    record = put_to_room(scene.as_("mia"), scene.incident, "we fail over").record
    with pytest.raises(Rejected, match="why p1 is dropped"):
        drop(scene.as_("mia"), proposal(scene, record), "")
    drop(scene.as_("mia"), proposal(scene, record), "db-2 is back")
    assert scene.board.moments(scene.incident_id)[-1].told == "p1 dropped, we fail over: db-2 is back"
