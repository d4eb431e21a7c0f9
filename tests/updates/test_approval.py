"""The commander's yes to a text: who has to give it, who may send without it, and whose yes a sent text has."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.core.session import Rejected
from opsterm.incidents.incident import take_command
from opsterm.updates import approval
from opsterm.updates.next_update import first_to_tell
from opsterm.updates.update import sent
from tests.support.incidents import Scene

TEXT = "Card payments fail. Next update at 14:30 UTC."


@pytest.fixture(autouse=True)
def commanded(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mia commands, and the team wants her yes before customers are told."""
    settings = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(settings))
    settings.write_text('[updates]\napprove = ["customers"]\n')
    take_command(scene.as_("mia"), scene.incident)


def refusal(scene: Scene, text: str = TEXT, *, by: str = "tom", audience: str = "customers") -> str:
    return approval.refusal(scene.snapshot, audience, text, by, scene.now)


def test_without_her_yes_only_the_commander_tells_this_audience(scene: Scene) -> None:
    assert "mia has not approved" in refusal(scene)
    assert refusal(scene, by="mia") == ""
    assert refusal(scene, audience="executives") == ""


def test_a_yes_holds_for_exactly_the_text_that_was_approved(scene: Scene) -> None:
    tom, mia = scene.as_("tom"), scene.as_("mia")
    assert "is asked to approve" in approval.approve_or_ask(tom, scene.snapshot, "customers", TEXT).sentence
    assert "mia is asked" in refusal(scene)
    assert "are approved" in approval.approve_or_ask(mia, scene.snapshot, "customers", TEXT).sentence
    assert refusal(scene, f"{TEXT}\n") == ""
    assert "mia has not approved" in refusal(scene, f"{TEXT} Sorry.")


def test_whoever_is_not_in_command_asks_again_and_approves_nothing(scene: Scene) -> None:
    for person in ("tom", "li"):
        approval.approve_or_ask(scene.as_(person), scene.snapshot, "customers", TEXT)
    assert [item.state for item in scene.snapshot.text_approvals] == ["asked", "asked"]
    with pytest.raises(Rejected, match="Only mia approves"):
        approval.answer(scene.as_("tom"), scene.snapshot.text_approvals[0], True)


def test_a_text_goes_out_with_the_yes_that_it_has(scene: Scene) -> None:
    def yes(by: str, audience: str = "customers") -> str:
        return approval.approved_by(scene.snapshot, audience, TEXT, by)

    assert (yes("tom"), yes("mia"), yes("mia", "executives")) == ("", "mia", "")
    approval.approve_or_ask(scene.as_("tom"), scene.snapshot, "customers", TEXT)
    assert yes("tom") == ""
    approval.approve_or_ask(scene.as_("mia"), scene.snapshot, "customers", TEXT)
    assert yes("tom") == "mia"


def test_unanswered_for_long_enough_it_may_be_sent_with_nobodys_yes(scene: Scene) -> None:
    approval.approve_or_ask(scene.as_("tom"), scene.snapshot, "customers", TEXT)
    scene.wait(2.9)
    assert refusal(scene) != ""
    scene.wait(0.1)
    assert refusal(scene) == ""
    assert approval.approved_by(scene.snapshot, "customers", TEXT, "tom") == ""


def test_who_is_owed_a_word_first_is_told_first(scene: Scene) -> None:
    assert first_to_tell(scene.snapshot) == "customers"
    for audience, minutes in (("customers", 60), ("executives", 20)):
        sent(scene.as_("mia"), scene.incident, audience, TEXT, next_at=scene.in_(minutes))
    assert first_to_tell(scene.snapshot) == "executives"


def test_a_refused_text_is_sent_anyway_at_every_entry_and_on_record_as_that(scene: Scene) -> None:
    tom, mia = scene.as_("tom"), scene.as_("mia")
    approval.approve_or_ask(tom, scene.snapshot, "customers", TEXT)
    approval.answer(mia, scene.snapshot.text_approvals[0], False, "too early")
    assert refusal(scene) == ""
    assert approval.last_refusal(scene.snapshot, "customers", "tom") is not None
    told = sent(tom, scene.incident, "customers", f"{TEXT}\n")
    assert told.sentence == "told customers, though refused by mia: too early"
    (update,) = scene.snapshot.updates
    assert (update.refused_by, update.refused_why) == ("mia", "too early")
    assert approval.sent_anyway(update) == "refused by mia (too early), sent anyway"
    assert approval.last_refusal(scene.snapshot, "customers", "tom") is None


def test_who_refused_a_text_and_sends_it_says_yes(scene: Scene) -> None:
    approval.approve_or_ask(scene.as_("tom"), scene.snapshot, "customers", TEXT)
    approval.answer(scene.as_("mia"), scene.snapshot.text_approvals[0], False)
    sent(scene.as_("mia"), scene.incident, "customers", TEXT)
    assert scene.snapshot.updates[0].refused_by == ""


def test_a_refused_text_that_was_approved_after_all_is_sent_as_approved(scene: Scene) -> None:
    tom, mia = scene.as_("tom"), scene.as_("mia")
    approval.approve_or_ask(tom, scene.snapshot, "customers", TEXT)
    approval.answer(mia, scene.snapshot.text_approvals[0], False, "too early")
    scene.wait(1)
    approval.approve_or_ask(tom, scene.snapshot, "customers", TEXT)
    approval.approve_or_ask(mia, scene.snapshot, "customers", TEXT)
    sent(tom, scene.incident, "customers", TEXT)
    assert scene.snapshot.updates[0].refused_by == ""
