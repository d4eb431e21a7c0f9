"""Orders: heard within minutes, few a person, with a way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opsterm.command.attention import all_notices
from opsterm.core.session import NOW, UNSAID, Attribution, Rejected
from opsterm.exchange.as_text import as_markdown, as_text
from opsterm.exchange.exporting import show
from opsterm.incidents.actions import extend, heard, move, order, order_notices, reassign, risky, say_undo
from opsterm.incidents.roles import form_team
from opsterm.incidents.snapshot import given_by
from opsterm.incidents.timeline import observe
from opsterm.learn.account import gather
from opsterm.learn.as_json import as_json
from opsterm.learn.markdown import as_markdown as postmortem
from opsterm.learn.redaction import names_in, redact
from opsterm.learn.report import report
from tests.support.incidents import Scene


def keys(scene: Scene, *, alone: bool = False) -> list[str]:
    return [notice.key.partition(":")[0] for notice in order_notices(scene.snapshot, scene.now, alone=alone)]


def acts(scene: Scene) -> list[str]:
    return [notice.act for notice in order_notices(scene.snapshot, scene.now)]


@pytest.mark.parametrize(("minutes", "act"), [(1.9, []), (2, ["repeat"]), (4.9, ["repeat"]), (5, ["reassign"])])
def test_an_order_that_is_not_heard_is_repeated_then_given_to_another(
    scene: Scene, minutes: float, act: list[str]
) -> None:
    order(scene.as_("mia"), scene.incident, "look at db-2", owner="noor")
    scene.wait(minutes)
    assert acts(scene) == act
    assert keys(scene, alone=True) == []


def test_an_order_heard_on_the_call_is_the_owners_word(scene: Scene) -> None:
    record = order(scene.as_("mia"), scene.incident, "look at db-2", owner="noor").record
    heard(scene.as_("li"), scene.order(record))
    assert (scene.order(record).state, scene.order(record).state_by) == ("acknowledged", "noor")
    assert scene.board.moments(scene.incident_id)[-1].told == "a1 acknowledged, as li heard"
    with pytest.raises(Rejected):
        heard(scene.as_("li"), scene.order(record))


def test_late_orders_ask_and_the_second_extension_asks_for_plan_b(scene: Scene) -> None:
    mia = scene.as_("mia")
    record = order(mia, scene.incident, "look at db-2", owner="noor", within=timedelta(minutes=3)).record
    move(scene.as_("noor"), scene.order(record), "acknowledged")
    assert extend(mia, scene.order(record), timedelta(minutes=1)).warning == ""
    assert "plan B" in extend(mia, scene.order(record), timedelta(minutes=1)).warning
    scene.wait(5)
    assert keys(scene) == []
    scene.wait(0.1)
    (notice,) = order_notices(scene.snapshot, scene.now)
    assert "what is plan B?" in notice.text


@pytest.mark.parametrize(("count", "warned"), [(2, False), (3, True)])
def test_two_open_orders_a_person(scene: Scene, count: int, warned: bool) -> None:
    for place in range(count):
        order(scene.as_("mia"), scene.incident, f"look at db-{place}", owner="noor")
    assert ("too many" in keys(scene)) is warned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("roll back web to 412", True),
        ("restart db-2", True),
        ("restarting the pods", True),
        ("fail over to eu-west", True),
        ("check whether the restart helped", False),
        ("look at db-2", False),
        ("ask the bank to switch", False),
        ("droplet count", False),
    ],
)
def test_risky_by_its_words(text: str, expected: bool) -> None:
    assert risky(text) is expected


def test_a_risky_order_says_how_it_is_undone(scene: Scene) -> None:
    record = order(scene.as_("mia"), scene.incident, "restart db-2", owner="noor").record
    assert keys(scene) == ["no undo"]
    say_undo(scene.as_("mia"), scene.order(record), "start the old one")
    assert keys(scene) == []


def given(scene: Scene, by: str, owner: str, said: Attribution = NOW) -> str:
    """The state of an order that is given."""
    return scene.order(order(scene.as_(by), scene.incident, "look", owner=owner, said=said).record).state


def test_an_order_to_oneself_is_acknowledged_and_nobody_is_asked(scene: Scene) -> None:
    told = order(scene.as_("noor"), scene.incident, "look", owner="Noor")
    assert told.sentence == "a1 ordered Noor, acknowledged"
    assert scene.order(told.record).state == "acknowledged"
    observe(scene.as_("li"), scene.incident, "here")
    scene.wait(6)
    moments = scene.board.moments(scene.incident_id)
    families = {n.family for n in all_notices(scene.snapshot, moments, "mia", scene.now)}
    assert not families & {"unheard"}
    assert given(scene, "noor", "ben") == "ordered"
    assert given(scene, "noor", "") == "ordered"


def test_what_a_scribe_types_for_himself_or_for_the_commander_is_acknowledged(scene: Scene) -> None:
    assert given(scene, "li", "mia", Attribution(by="mia")) == "acknowledged"
    assert given(scene, "li", "li", Attribution(by="mia")) == "acknowledged"
    assert given(scene, "li", "noor", Attribution(by="mia")) == "ordered"


def test_what_a_sub_team_orders_itself_is_acknowledged_what_the_commander_orders_it_is_not(scene: Scene) -> None:
    form_team(scene.mia, scene.incident, "noor", ["ben", "li"], "find the slow query")
    assert [order.state for order in scene.snapshot.actions] == ["ordered"]
    assert given(scene, "noor", "ben") == "acknowledged"
    assert given(scene, "ben", "li") == "acknowledged"
    assert given(scene, "ben", "mia") == "ordered"
    assert given(scene, "mia", "ben") == "ordered"


def test_an_order_that_somebody_takes_is_acknowledged_and_one_that_is_passed_on_is_not(scene: Scene) -> None:
    made = order(scene.mia, scene.incident, "look", owner="noor").record
    reassign(scene.as_("ben"), scene.order(made), "ben")
    assert scene.order(made).state == "acknowledged"
    reassign(scene.as_("ben"), scene.order(made), "li")
    assert scene.order(made).state == "ordered"
    move(scene.as_("li"), scene.order(made), "done", "nothing there")
    reassign(scene.as_("ben"), scene.order(made), "ben")
    assert scene.order(made).state == "done"


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
@pytest.mark.parametrize("why", ["web is on 412", ""])
def test_a_result_names_who_gave_it_where_that_is_not_whose_the_order_was(scene: Scene, state: str, why: str) -> None:
    record = order(scene.mia, scene.incident, "roll back web", owner="kim").record
    move(scene.mia, scene.order(record), state, why)
    shown = show(scene.board, scene.incident_id)
    assert shown["actions"][0]["result_by"] == "mia"
    (row,) = [line for line in as_text(shown) if line.startswith("  a1 ")]
    assert row.endswith(f"→ {why} (by mia)" if why else "→ by mia")
    assert "by mia" in as_markdown(shown)
    account = gather(scene.board, scene.incident_id)
    assert "by mia" in postmortem(report(account)).split("Orders", 1)[1].split("##", 1)[0]
    assert as_json(account)["actions"][0]["result_by"] == "mia"
    names = names_in(account)
    assert "mia" not in postmortem(redact(report(account), names))


def test_an_owners_own_result_and_one_of_nobody_name_nobody(scene: Scene) -> None:
    mine, open_still = (order(scene.mia, scene.incident, "look", owner="kim").record for _ in range(2))
    move(scene.as_("Kim"), scene.order(mine), "done", "seen")
    move(scene.mia, scene.order(open_still), "acknowledged")
    nobodys = order(scene.mia, scene.incident, "look").record
    move(scene.mia, scene.order(nobodys), "done", "seen", Attribution(by=UNSAID))
    assert [given_by(item) for item in scene.snapshot.actions] == ["", "", ""]
