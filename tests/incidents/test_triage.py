"""Three questions, answers on record, and proposals that know when to be quiet."""

from __future__ import annotations

from itertools import product

import pytest

from opsterm.core.session import Attribution, Rejected
from opsterm.incidents.incident import declare, set_milestone, set_severity, set_status
from opsterm.incidents.triage import (
    answer,
    answers_of,
    is_incident,
    log_anomaly,
    measured,
    override_severity,
    propose_severity,
    refuse_proposal,
    severity_notice,
    take_proposal,
)
from opsterm.records import Incident
from tests.support.incidents import Scene


@pytest.mark.parametrize("answers", list(product([True, False, None], repeat=3)))
def test_any_yes_is_an_incident_and_a_no_needs_all_three(answers: tuple[bool | None, ...]) -> None:
    fields = dict(zip(("second_team", "customer_visible", "unsolved_hour"), answers, strict=True))
    expected = True if True in answers else False if answers == (False, False, False) else None
    assert is_incident(fields).incident is expected
    assert is_incident(fields).because


def test_answers_stand_on_the_incident_and_on_the_timeline(scene: Scene) -> None:
    told = answer(scene.as_("mia"), scene.incident, {"breadth": "some", "depth": "gone", "second_team": True})
    assert (scene.incident.breadth, scene.incident.depth, scene.incident.second_team) == ("some", "gone", True)
    line = scene.board.moments(scene.incident_id)[-1]
    assert (line.kind, line.text) == ("triage", told.sentence)
    assert "second team: yes" in line.text
    with pytest.raises(Rejected, match="say one of half"):
        answer(scene.as_("mia"), scene.incident, {"breadth": "moon"})
    with pytest.raises(Rejected, match="no triage question"):
        answer(scene.as_("mia"), scene.incident, {"mood": "bad"})


def test_a_proposal_is_one_line_and_one_key_takes_it(scene: Scene) -> None:
    assert propose_severity(scene.snapshot, scene.now) is None
    answer(scene.as_("mia"), scene.incident, {"breadth": "some", "depth": "gone"})
    proposal = propose_severity(scene.snapshot, scene.now)
    assert proposal is not None
    assert proposal.line == "no severity yet → sev2: core gone, 5 to 25 %, or one key customer"
    assert "commander" in proposal.asks
    notice = severity_notice(scene.snapshot, proposal)
    assert notice is not None
    assert (notice.level, notice.to, notice.act) == ("warning", ("mia",), "take_severity")
    take_proposal(scene.as_("mia"), scene.incident, proposal)
    assert scene.incident.severity == "sev2"
    assert propose_severity(scene.snapshot, scene.now) is None


def test_a_refusal_is_quiet_for_half_an_hour_but_not_for_worse(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev4")
    scene.wait(1)
    answer(scene.as_("mia"), scene.incident, {"breadth": "few", "depth": "gone"})
    proposal = propose_severity(scene.snapshot, scene.now)
    assert proposal is not None
    assert proposal.level == "sev3"
    refuse_proposal(scene.as_("mia"), scene.incident, proposal)
    scene.wait(29.9)
    assert propose_severity(scene.snapshot, scene.now) is None
    scene.wait(0.2)
    again = propose_severity(scene.snapshot, scene.now)
    assert again is not None
    refuse_proposal(scene.as_("mia"), scene.incident, again)
    answer(scene.as_("mia"), scene.incident, {"exposure": "exposed"})
    worse = propose_severity(scene.snapshot, scene.now)
    assert worse is not None
    assert worse.level == "sev1"


def test_sev3_is_proposed_as_sev2_at_sixty_minutes_unless_nobody_is_hurt(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev3")
    scene.wait(59)
    assert propose_severity(scene.snapshot, scene.now) is None
    scene.wait(1)
    proposal = propose_severity(scene.snapshot, scene.now)
    assert proposal is not None
    assert proposal.level == "sev2"
    set_milestone(scene.as_("mia"), scene.incident, "mitigated", said=Attribution(at=scene.in_(-5)))
    assert propose_severity(scene.snapshot, scene.now) is None


def test_unknown_at_ten_minutes_is_proposed_as_sev2(scene: Scene) -> None:
    scene.wait(9.9)
    assert propose_severity(scene.snapshot, scene.now) is None
    scene.wait(0.1)
    proposal = propose_severity(scene.snapshot, scene.now)
    assert proposal is not None
    assert proposal.level == "sev2"


def test_an_override_needs_a_reason_and_stands_until_the_facts_change(scene: Scene) -> None:
    mia = scene.as_("mia")
    answer(mia, scene.incident, {"breadth": "half", "depth": "gone"})
    with pytest.raises(Rejected, match="The rules give sev1: say why it is sev3"):
        override_severity(mia, scene.incident, "sev3", " ")
    scene.wait(1)
    override_severity(mia, scene.incident, "sev3", "an exercise of the load test team")
    assert (scene.incident.severity, scene.incident.severity_ruled) == ("sev3", "sev1")
    scene.wait(30)
    assert propose_severity(scene.snapshot, scene.now) is None
    answer(mia, scene.incident, {"trend": "growing"})
    again = propose_severity(scene.snapshot, scene.now)
    assert again is not None
    assert again.level == "sev1"


def test_better_facts_offer_a_better_level_and_a_person_takes_it(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev1")
    scene.wait(1)
    answer(mia, scene.incident, {"breadth": "few", "depth": "slow"})
    proposal = propose_severity(scene.snapshot, scene.now)
    notice = severity_notice(scene.snapshot, proposal)
    assert notice is not None
    assert (notice.key, notice.level) == ("severity:sev4", "offer")


def test_nothing_is_proposed_once_it_is_over(scene: Scene) -> None:
    answer(scene.as_("mia"), scene.incident, {"breadth": "half", "depth": "gone"})
    set_status(scene.as_("mia"), scene.incident, "resolved")
    assert propose_severity(scene.snapshot, scene.now) is None


def test_a_recurrence_weighs_in(scene: Scene) -> None:
    before = declare(scene.as_("mia"), "Checkout fails", severity="sev1").record
    earlier = scene.board.get(Incident, before)
    answer(scene.as_("mia"), scene.incident, {"breadth": "few", "depth": "gone"})
    assert answers_of(scene.incident, scene.now, earlier).earlier == "sev1"
    proposal = propose_severity(scene.snapshot, scene.now, earlier=earlier)
    assert proposal is not None
    assert proposal.level == "sev2"


def test_an_anomaly_is_closed_at_once_and_is_load_not_an_incident(scene: Scene) -> None:
    told = log_anomaly(scene.as_("li"), "one late job", services=["reports"])
    made = scene.board.get(Incident, told.record)
    assert made is not None
    assert (made.status, made.commander, measured(made)) == ("closed", "", False)
    assert [line.text for line in scene.board.moments(made.id)] == ["one late job"]
