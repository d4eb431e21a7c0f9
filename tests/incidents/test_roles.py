"""Command: who has it, for how long, over how many; and handing it over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.command.attention import all_notices
from opsterm.command.transfer import DECISIONS_SHOWN, announcement, brief, offer_of, transfer_notices, what_holds
from opsterm.core.session import Rejected, Session
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import move, propose
from opsterm.incidents.incident import (
    accept_command,
    declare,
    give_role,
    know_role,
    know_taken,
    offer_command,
    set_severity,
    set_words,
    stand_down,
    take_command,
)
from opsterm.incidents.roles import duties, form_team, reports, role_clashes, role_notices
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.timeline import decide, observe
from opsterm.records import Incident, Role
from opsterm.records.incident import ROLES
from opsterm.updates.update import sent
from tests.support.incidents import Scene


def keys(scene: Scene) -> dict[str, str]:
    moments = scene.board.moments(scene.incident_id)
    return {notice.key: notice.level for notice in role_notices(scene.snapshot, moments, scene.now)}


def nobody(scene: Scene) -> None:
    scene.as_("mia").set(scene.incident, {"commander": ""})


def test_every_role_has_its_duties_and_what_it_never_does() -> None:
    assert set(duties()) == set(ROLES)
    assert all(item.does and item.never for item in duties().values())


@pytest.mark.parametrize(
    ("severity", "minutes", "alarm"), [("sev1", 4.9, False), ("sev1", 5, True), ("sev2", 5, True), ("sev3", 60, False)]
)
def test_nobody_in_command_for_five_minutes_is_an_alarm_at_sev1_and_sev2(
    scene: Scene, severity: str, minutes: float, alarm: bool
) -> None:
    set_severity(scene.as_("mia"), scene.incident, severity)
    nobody(scene)
    scene.wait(minutes)
    assert (keys(scene).get("no commander") == "alarm") is alarm
    take_command(scene.as_("ben"), scene.incident)
    assert "no commander" not in keys(scene)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (3.9, None),
        (4, ("long in command:1", "offer")),
        (6, ("long in command:2", "warning")),
        (8, ("long in command:3", "alarm")),
    ],
)
def test_hours_in_command(scene: Scene, hours: float, expected: tuple[str, str] | None) -> None:
    scene.wait(hours=hours)
    found = [(key, level) for key, level in keys(scene).items() if key.startswith("long in command")]
    assert found == ([expected] if expected else [])


def test_a_commander_silent_for_fifteen_minutes_has_the_deputy_asked(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev1")
    give_role(scene.as_("mia"), scene.incident, "ben", "deputy")
    scene.wait(14.9)
    assert "silent commander" not in keys(scene)
    scene.wait(0.1)
    assert keys(scene)["silent commander"] == "warning"
    observe(scene.as_("mia"), scene.incident, "still here")
    assert "silent commander" not in keys(scene)


def test_the_commander_holds_no_other_role(scene: Scene) -> None:
    give_role(scene.as_("mia"), scene.incident, "mia", "scribe")
    assert keys(scene)["second role"] == "warning"
    take_command(scene.as_("ben"), scene.incident)
    assert "second role" not in keys(scene)


@pytest.mark.parametrize(("people", "expected"), [(5, set()), (6, {"span:1"}), (7, {"span:1"}), (8, {"span:2"})])
def test_span_of_control(scene: Scene, people: int, expected: set[str]) -> None:
    for place in range(people - 1):
        give_role(scene.as_("mia"), scene.incident, f"p{place}", "expert")
    order(scene.as_("mia"), scene.incident, "look at the graphs", owner="noor")
    assert {key for key in keys(scene) if key.startswith("span")} == expected
    form_team(
        scene.as_("mia"), scene.incident, "noor", ["p0", "p1", "p2"], "find the slow query", timedelta(minutes=20)
    )
    assert len(reports(scene.snapshot)) == people - 3
    assert scene.snapshot.actions[-1].due_at == scene.in_(20)


def test_nobody_is_told_of_reports_while_nobody_commands(scene: Scene) -> None:
    for place in range(9):
        give_role(scene.as_("mia"), scene.incident, f"p{place}", "expert")
    scene.as_("mia").set(scene.incident, {"commander": ""})
    assert not {key for key in keys(scene) if key.startswith("span")}


def test_twelve_hours_in_a_role_want_relief(scene: Scene) -> None:
    give_role(scene.as_("mia"), scene.incident, "li", "scribe")
    scene.wait(hours=12)
    assert any(key.startswith("long in role") for key in keys(scene))


def test_one_active_role_a_person_over_all_incidents(scene: Scene) -> None:
    other = declare(scene.as_("mia"), "Search is slow").record
    rooms = [scene.snapshot, read_snapshot(scene.board, other)]
    assert [notice.key for notice in role_clashes(rooms)] == ["clash:mia"]
    found = scene.board.get(Incident, other)
    assert found is not None
    take_command(scene.as_("ben"), found)
    assert role_clashes([scene.snapshot, read_snapshot(scene.board, other)]) == []


def test_two_who_both_believe_to_command_are_an_alarm(scene: Scene, tmp_path: Path) -> None:
    with Board.open(tmp_path / "other.sqlite", clock=scene.clock, machine="n", any_disk=True) as other:
        other.merge(scene.board.all_changes())
        scene.wait(1)
        take_command(scene.as_("ben"), scene.incident)
        theirs = other.get(Incident, scene.incident_id)
        assert theirs is not None
        take_command(Session(other, "noor"), theirs)
        scene.board.merge(list(other.all_changes()))
        assert keys(scene)["two commanders"] == "alarm"


def test_an_offer_is_accepted_within_ten_minutes_or_expires(scene: Scene) -> None:
    offer_command(scene.as_("mia"), scene.incident, "ben")
    to_ben, to_mia = transfer_notices(scene.snapshot, scene.now)
    assert (to_ben.to, to_ben.act, to_mia.to) == (("ben",), "accept", ("mia",))
    scene.wait(10)
    offer = offer_of(scene.incident, scene.now)
    assert offer is not None
    assert offer.expired
    scene.wait(0.1)
    assert [notice.key for notice in transfer_notices(scene.snapshot, scene.now)] == ["offer expired"]
    with pytest.raises(Rejected, match="has expired after 10 min"):
        accept_command(scene.as_("ben"), scene.incident)
    assert scene.incident.commander == "mia"
    offer_command(scene.as_("mia"), scene.incident, "ben")
    scene.wait(9)
    accept_command(scene.as_("ben"), scene.incident)
    assert announcement(scene.incident) == f"ben is the incident commander of INC-1 since {scene.now[11:16]} UTC."


def test_a_yes_that_was_heard_says_by_whom(scene: Scene) -> None:
    offer_command(scene.as_("mia"), scene.incident, "ben")
    accept_command(scene.as_("li"), scene.incident)
    assert scene.incident.commander == "ben"
    assert "as li heard" in scene.board.moments(scene.incident_id)[-1].text


def test_the_brief_says_what_was_ruled_out_and_why(scene: Scene) -> None:
    mia = scene.as_("mia")
    first = propose(mia, scene.incident, "web 413 broke tokens").record
    propose(mia, scene.incident, "pool exhausted")
    move(mia, scene.hypothesis(first), "eliminated", "rolled back, still failing")
    order(mia, scene.incident, "restart db-2", owner="noor", within=timedelta(minutes=5), undo="start the old one")
    set_words(mia, scene.incident, "exit", "failures under 0.5 % for 30m")
    set_words(mia, scene.incident, "plan-b", "serve from eu-west")
    sent(mia, scene.incident, "customers", "Some card payments fail.")
    scene.wait(7)
    parts = {
        part.title: part.lines for part in brief(scene.snapshot, scene.board.moments(scene.incident_id), scene.now)
    }
    assert parts["Ruled out, and why"] == ("h1 web 413 broke tokens: rolled back, still failing",)
    assert parts["Open hypotheses"][0].startswith("h2 proposed: pool exhausted")
    assert parts["Orders out"] == ("a1 noor: restart db-2, late 2m, not acknowledged; undo: start the old one",)
    assert parts["Last word"][0] == "customers, 7m ago: Some card payments fail."
    assert parts["Over when"] == ("failures under 0.5 % for 30m (not met)",)
    assert parts["Plan B"] == ("serve from eu-west",)
    assert parts["Constraints"] == ("none",)
    assert all(lines for lines in parts.values())


def test_what_a_brief_leaves_out_is_counted_as_one_would_say_it(scene: Scene) -> None:
    mia = scene.as_("mia")

    def left_out() -> list[str]:
        parts = [*brief(scene.snapshot, scene.board.moments(scene.incident_id), scene.now)]
        parts += what_holds(scene.snapshot, scene.now)
        return [part.lines[0] for part in parts if "on the timeline" in part.lines[0]]

    for number in range(DECISIONS_SHOWN):
        decide(mia, scene.incident, f"no failover before {number}")
    assert left_out() == []
    decide(mia, scene.incident, "failover now")
    assert left_out() == ["1 earlier decision is on the timeline"]
    while len(left_out()) < 2:
        decide(mia, scene.incident, "wait for it")
    assert left_out()[0] == "1 earlier turn is on the timeline"
    decide(mia, scene.incident, "it holds")
    assert left_out()[0] == "2 earlier turns are on the timeline"


def test_naming_oneself_accepts_an_offer_and_takes_command_where_there_is_none(scene: Scene) -> None:
    offer_command(scene.as_("mia"), scene.incident, "ben")
    give_role(scene.as_("ben"), scene.incident, "ben", "commander")
    assert scene.board.moments(scene.incident_id)[-1].text == "ben accepted command from mia"
    assert scene.incident.taken_from == ""
    give_role(scene.as_("noor"), scene.incident, "noor", "commander")
    scene.wait(2)
    (notice,) = transfer_notices(scene.snapshot, scene.now)
    assert (notice.level, notice.to, notice.text) == ("alarm", ("ben",), "noor took command from you 2m ago")
    know_taken(scene.as_("ben"), scene.incident)
    assert transfer_notices(scene.snapshot, scene.now) == []
    assert len(scene.board.moments(scene.incident_id)) == 4


def test_a_team_is_told_in_words(scene: Scene) -> None:
    give_role(scene.as_("mia"), scene.incident, "li", "expert")
    form_team(scene.as_("mia"), scene.incident, "noor", ["li"], "find the slow query")
    assert "li is in noor's team" in [line.text for line in scene.board.moments(scene.incident_id)]


def told(scene: Scene, person: str) -> list[str]:
    return [notice.text for notice in all_notices(scene.snapshot, [], person, scene.now) if notice.act == "know_role"]


def test_who_is_given_a_role_is_told_and_only_they_until_they_know(scene: Scene) -> None:
    give_role(scene.mia, scene.incident, "kim", "scribe")
    give_role(scene.as_("li"), scene.incident, "li", "deputy")
    assert told(scene, "KIM") == ["you are the scribe, given by mia"]
    assert [told(scene, name) for name in ("mia", "li", "tom")] == [[], [], []]
    lines = len(scene.board.moments(scene.incident_id))
    know_role(scene.as_("kim"), scene.snapshot.roles[0])
    assert told(scene, "kim") == []
    assert len(scene.board.moments(scene.incident_id)) == lines
    scene.wait(5)
    give_role(scene.mia, scene.incident, "tom", "scribe")
    assert (told(scene, "kim"), told(scene, "tom")) == ([], ["you are the scribe, given by mia"])
    scene.wait(5)
    give_role(scene.mia, scene.incident, "kim", "scribe")
    assert told(scene, "kim") == ["you are the scribe, given by mia"]
    stand_down(scene.mia, next(role for role in scene.snapshot.roles if role.role == "scribe"))
    assert told(scene, "kim") == []


@pytest.mark.parametrize("role", [name for name in ROLES if name != "commander"])
def test_every_role_is_told_in_words(scene: Scene, role: str) -> None:
    give_role(scene.mia, scene.incident, "kim", role)
    assert told(scene, "kim")[0].startswith("you are ")
    assert role in told(scene, "kim")[0]


def test_a_silent_commander_has_one_deputy_asked_by_name(scene: Scene) -> None:
    set_severity(scene.mia, scene.incident, "sev1")
    give_role(scene.mia, scene.incident, "ben", "deputy")
    scene.mia.create(Role, scene.incident_id, {"role": "deputy", "name": "tom"})
    scene.wait(16)
    (notice,) = [n for n in role_notices(scene.snapshot, [], scene.now) if n.family == "silent commander"]
    assert notice.text.endswith("ben, are you in command?")
    assert (notice.concerns("ben"), notice.concerns("tom")) == (True, False)


def test_who_is_named_commander_is_told_and_only_they_until_they_write(scene: Scene) -> None:
    scene.incident_id = declare(scene.mia, "Mail is late", commander="noor").record

    def asked(person: str) -> list[str]:
        moments = scene.board.moments(scene.incident_id)
        found = all_notices(scene.snapshot, moments, person, scene.now)
        return [notice.text for notice in found if notice.family == "in command"]

    assert asked("Noor") == ["you are in command, named by mia"]
    assert (asked("mia"), asked("ben")) == ([], [])
    scene.wait(1)
    observe(scene.noor, scene.incident, "I have it")
    assert asked("noor") == []
    take_command(scene.as_("ben"), scene.incident)
    assert asked("ben") == []
