"""The end: what is unmet, what is passed on, opened again, a false alarm, a night watch."""

from __future__ import annotations

from datetime import UTC

import pytest

from opsterm.command.capture import parse, perform, scripted
from opsterm.command.closing import (
    asked_first,
    before_resolve,
    change_status,
    exit_notices,
    pass_all,
    pass_unmet,
    reopen,
    resolve,
    withdraw_by_rule,
)
from opsterm.core.session import Outcome, Rejected
from opsterm.incidents.actions import make_temporary, move, order
from opsterm.incidents.incident import set_severity, set_status, set_words
from opsterm.incidents.triage import answer
from opsterm.obligations.obligation import complete, open_obligations, state_of
from opsterm.records import Obligation
from opsterm.updates.next_update import next_word
from opsterm.updates.update import sent
from tests.support.incidents import Scene


def keys(scene: Scene) -> list[str]:
    return [unmet.key.partition(":")[0] for unmet in before_resolve(scene.snapshot, scene.now)]


def say(scene: Scene, line: str, person: str = "mia") -> Outcome:
    session = scene.as_(person)
    captured = parse(line, scene.snapshot, now=scene.now, zone=UTC, person=person)
    return perform(session, scene.incident, scripted(captured))


def obligation(scene: Scene, record: str) -> Obligation:
    found = scene.board.get(Obligation, record)
    assert found is not None
    return found


def test_a_small_one_needs_nothing(scene: Scene) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev4")
    assert keys(scene) == []


def test_mitigated_is_not_resolved_until_all_is_back(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev1")
    answer(mia, scene.incident, {"redundancy": "reduced"})
    set_words(mia, scene.incident, "silenced", "db-2 replication lag")
    set_words(mia, scene.incident, "backlog", "3,000 payments to replay")
    record = order(mia, scene.incident, "block the report job", owner="noor").record
    move(scene.as_("noor"), scene.order(record), "done", "blocked")
    make_temporary(mia, scene.order(record))
    order(mia, scene.incident, "watch the pool", owner="li")
    sent(mia, scene.incident, "customers", "Some card payments fail.")
    assert keys(scene) == [
        "exit",
        "redundancy",
        "silences",
        "backlog",
        "order",
        "temporary",
        "data",
        "told",
        "review",
    ]
    answer(mia, scene.incident, {"redundancy": "full", "exposure": "none"})
    set_words(mia, scene.incident, "silenced", "none")
    set_words(mia, scene.incident, "backlog", "none")
    set_words(mia, scene.incident, "review", "tom")
    make_temporary(mia, scene.order(record), scene.in_(600))
    sent(mia, scene.incident, "customers", "Card payments work again.", stage="resolved")
    assert keys(scene) == ["exit", "order"]


@pytest.mark.parametrize(("severity", "minutes"), [("sev1", 60), ("sev2", 30), ("sev3", 15)])
def test_exit_criteria_hold_for_their_soak(scene: Scene, severity: str, minutes: int) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, severity)
    set_words(mia, scene.incident, "exit", "failures under 0.5 %")
    assert keys(scene)[0] == "exit"
    mia.set(scene.incident, {"exit_met": True})
    scene.wait(minutes - 0.1)
    assert keys(scene)[0] == "soak"
    scene.wait(0.1)
    assert "soak" not in keys(scene)


def test_one_key_passes_a_point_and_it_becomes_somebodys(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev3")
    answer(mia, scene.incident, {"redundancy": "reduced"})
    redundancy = before_resolve(scene.snapshot, scene.now)[1]
    told = pass_unmet(mia, scene.incident, redundancy, owner="@noor")
    owed = obligation(scene, told.record)
    assert (owed.owner, owed.sort, owed.due_at) == ("noor", "exit", scene.in_(24 * 60))
    assert owed.what == "bring redundancy back (reduced)"
    assert keys(scene) == ["exit"]
    assert resolve(mia, scene.snapshot).warning.startswith("1 unmet")
    assert scene.incident.status == "resolved"


def test_what_was_passed_is_overdue_a_day_later_and_done_only_with_what_shows_it(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev3")
    record = pass_unmet(mia, scene.incident, before_resolve(scene.snapshot, scene.now)[0]).record
    owed = obligation(scene, record)
    assert state_of(owed, scene.in_(24 * 60)) == "notice"
    assert state_of(owed, scene.in_(24 * 60 + 1)) == "overdue"
    with pytest.raises(Rejected, match="what shows"):
        complete(mia, owed, " ")
    complete(mia, owed, "graph of 24 h")
    assert open_obligations(scene.board) == []


def test_a_required_review_becomes_an_obligation_once(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev2")
    set_words(mia, scene.incident, "review", "tom")
    resolve(mia, scene.snapshot)
    reopen(mia, scene.incident, "failures are back")
    resolve(mia, scene.snapshot)
    assert [(o.owner, o.sort, o.due_at) for o in open_obligations(scene.board)] == [
        ("tom", "review", scene.in_(5 * 24 * 60))
    ]


def test_reopening_asks_why_and_counts(scene: Scene) -> None:
    mia = scene.as_("mia")
    with pytest.raises(Rejected, match="is not over"):
        reopen(mia, scene.incident, "why")
    set_status(mia, scene.incident, "resolved")
    with pytest.raises(Rejected, match="opened again"):
        reopen(mia, scene.incident, "")
    reopen(mia, scene.incident, "failures are back")
    assert (scene.incident.reopened, scene.incident.resolved_at) == (1, "")


def test_a_false_alarm_withdraws_all_and_owes_a_word_to_who_was_told(scene: Scene) -> None:
    mia = scene.as_("mia")
    order(mia, scene.incident, "look", owner="noor")
    sent(mia, scene.incident, "customers", "Some card payments fail.")
    sent(mia, scene.incident, "executives", "Checkout is hurt.")
    told = say(scene, "#cancelled the probe was wrong")
    assert told.warning == "tell customers, executives to stand down"
    assert scene.incident.status == "cancelled"
    assert [action.state for action in scene.snapshot.actions] == ["cancelled"]
    assert next_word(scene.snapshot, "customers") == scene.in_(10)


def test_a_night_watch_has_an_owner_and_moves_the_next_word(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev1")
    told = say(scene, "#monitoring until 09:00 @noor")
    owed = obligation(scene, told.record)
    assert (owed.owner, owed.sort, owed.due_at) == ("noor", "watch", "2026-11-25T09:00:00Z")
    assert scene.incident.status == "monitoring"
    assert next_word(scene.snapshot, "customers") == "2026-11-25T09:00:00Z"
    assert exit_notices(scene.snapshot, scene.now) == []
    scene.wait(hours=20)
    (due, criteria) = sorted(exit_notices(scene.snapshot, scene.now), key=lambda n: n.rank)
    assert (due.to, due.act, criteria.key) == (("noor",), "status", "no exit")


def test_a_promised_word_stands_under_a_night_watch(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev1")
    sent(mia, scene.incident, "customers", "Next word at 15:00.", next_at=scene.in_(120))
    say(scene, "#monitoring until 2026-11-25T09:00Z")
    assert next_word(scene.snapshot, "customers") == scene.in_(120)


@pytest.mark.parametrize("line", ["#monitoring until it holds", "#monitoring failures are down"])
def test_other_words_after_monitoring_are_a_reason(scene: Scene, line: str) -> None:
    say(scene, line)
    assert scene.incident.status == "monitoring"
    assert open_obligations(scene.board) == []


@pytest.mark.parametrize(("minutes", "asked"), [(29.9, False), (30, True)])
def test_exit_criteria_are_asked_for_within_half_an_hour(scene: Scene, minutes: float, asked: bool) -> None:
    set_severity(scene.as_("mia"), scene.incident, "sev2")
    scene.wait(minutes)
    assert bool(exit_notices(scene.snapshot, scene.now)) is asked


def test_a_scribes_orders_are_the_commanders_unless_said_otherwise(scene: Scene) -> None:
    say(scene, "@li scribe")
    say(scene, "! @noor look at db-2 in 5m", "li")
    say(scene, "= we fail over ~li", "li")
    say(scene, "= we wait", "li")
    assert scene.snapshot.actions[0].by == "mia"
    assert [decision.by for decision in scene.snapshot.decisions] == ["li", "mia"]
    assert scene.snapshot.actions[0].due_at == scene.in_(5)


def test_exit_criteria_are_met_and_lost_by_word(scene: Scene) -> None:
    assert say(scene, "#exit failures under 0.5 %").sentence == "exit criteria noted"
    say(scene, "#exit met")
    assert scene.incident.exit_met
    say(scene, "#exit not met")
    assert (scene.incident.exit_met, scene.incident.exit) == (False, "failures under 0.5 %")


def test_triage_is_answered_by_word(scene: Scene) -> None:
    say(scene, "#breadth some")
    say(scene, "#redundancy none and failing")
    say(scene, "#stakes payments, people at risk")
    of = scene.incident
    assert (of.breadth, of.redundancy, of.stakes) == ("some", "none and failing", ("payments", "people at risk"))
    with pytest.raises(Rejected, match="no breadth enormous"):
        say(scene, "#breadth enormous")
    loose = parse("#breadth enormous", scene.snapshot, now=scene.now, zone=UTC, person="mia")
    assert (loose.verb, loose.verdict) == ("observe", "mistyped")


def test_resolving_asks_to_look_at_what_is_unmet_and_opening_again_asks_why(scene: Scene) -> None:
    def asked(status: str) -> str:
        return asked_first(scene.snapshot, status, scene.now)

    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev4")
    order(mia, scene.incident, "watch the pool", owner="li")
    assert [asked(status) for status in ("identified", "cancelled", "resolved")] == ["", "", "unmet"]
    pass_all(mia, scene.incident, before_resolve(scene.snapshot, scene.now))
    assert asked("resolved") == ""
    assert change_status(mia, scene.incident, "resolved").warning == ""
    assert [asked(status) for status in ("monitoring", "closed")] == ["why", ""]
    reopen(mia, scene.incident, "failures are back", status="monitoring")
    assert scene.incident.status == "monitoring"


def test_a_status_goes_by_the_rules_of_what_it_becomes(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev2")
    assert "unmet" in change_status(mia, scene.incident, "resolved").warning
    change_status(mia, scene.incident, "investigating")
    order(mia, scene.incident, "look", owner="noor")
    change_status(mia, scene.incident, "cancelled", "the probe was wrong")
    assert [action.state for action in scene.snapshot.actions] == ["cancelled"]


def test_what_the_rules_call_no_incident_is_withdrawn_by_the_rule_and_nobody_said_why(scene: Scene) -> None:
    withdraw_by_rule(scene.as_("mia"), scene.incident, "one team, nobody sees it")
    assert (scene.snapshot.incident.status, scene.snapshot.incident.status_why) == ("cancelled", "")
    told = [(line.kind, line.text) for line in scene.board.moments(scene.incident.id)][-2:]
    assert told[0] == ("triage", "no incident, by the rule: one team, nobody sees it")
    assert told[1][0] == "status"
