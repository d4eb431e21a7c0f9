"""One line at a time, that stays worth reading."""

from __future__ import annotations

import pytest

from opsterm.command.attention import Attention, after_sleep, all_notices, alone, present
from opsterm.core.session import Attribution
from opsterm.core.thresholds import Thresholds
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import give_role, set_severity
from opsterm.incidents.notice import Notice
from opsterm.incidents.timeline import observe
from tests.support.incidents import Scene

ALARM = Notice("no commander", "no commander for 5m", "alarm")
WARNING = Notice("late:a1", "a1 late 2m")


def families(scene: Scene, person: str) -> list[str]:
    moments = scene.board.moments(scene.incident_id)
    return [notice.family for notice in all_notices(scene.snapshot, moments, person, scene.now)]


def test_a_dismissed_line_stays_away_for_half_an_hour_and_the_next_is_shown(scene: Scene) -> None:
    attention = Attention(scene.board)
    assert attention.pick([ALARM, WARNING], "i", scene.now) == ALARM
    attention.dismiss(ALARM, "i", scene.now)
    assert attention.pick([ALARM, WARNING], "i", scene.now) == WARNING
    assert attention.pick([ALARM], "other", scene.now) == ALARM
    scene.wait(29.9)
    assert Attention(scene.board).pick([ALARM, WARNING], "i", scene.now) == WARNING
    scene.wait(0.1)
    assert attention.pick([ALARM, WARNING], "i", scene.now) == ALARM


def test_warnings_are_counted_once_a_showing_and_the_ignored_are_proposed_to_go(scene: Scene) -> None:
    attention = Attention(scene.board, Thresholds(ignored_shown=3))
    for place in range(3):
        notice = Notice(f"late:a{place}", "late")
        attention.pick([notice], "i", scene.now)
        attention.pick([notice], "i", scene.now)
        attention.dismiss(notice, "i", scene.now)
    assert attention.tallies["late"].shown == 3
    assert [family for family, _ in Attention(scene.board, Thresholds(ignored_shown=3)).ignored()] == ["late"]
    attention.acted(WARNING)
    assert attention.ignored() == []
    attention.switch_off("late")
    assert attention.pick([WARNING, ALARM], "i", scene.now) == ALARM
    attention.switch_off("no commander")
    assert attention.pick([ALARM], "i", scene.now) == ALARM


@pytest.mark.parametrize(("minutes", "expected"), [(14.9, False), (15, True)])
def test_alone_begins_after_a_quarter_of_an_hour_and_ends_by_itself(
    scene: Scene, minutes: float, expected: bool
) -> None:
    observe(scene.as_("li"), scene.incident, "here")
    scene.wait(minutes)
    observe(scene.as_("mia"), scene.incident, "still me")
    moments = scene.board.moments(scene.incident_id)
    assert alone(moments, "mia", scene.incident, scene.now) is expected
    observe(scene.as_("li"), scene.incident, "back", Attribution(at=scene.in_(-120)))
    assert not alone(scene.board.moments(scene.incident_id), "mia", scene.incident, scene.now)


def test_alone_the_warnings_on_roles_and_fixation_are_silent(scene: Scene) -> None:
    mia = scene.as_("mia")
    give_role(mia, scene.incident, "mia", "scribe")
    propose(mia, scene.incident, "pool")
    order(mia, scene.incident, "look", owner="noor")
    scene.wait(21)
    assert {"second role", "unheard", "no evidence"} & set(families(scene, "mia")) == set()
    observe(scene.as_("li"), scene.incident, "here")
    observe(mia, scene.incident, "hello")
    assert {"second role", "unheard", "no evidence"} <= set(families(scene, "mia"))


def test_each_line_goes_only_to_whom_it_concerns_and_the_worst_comes_first(scene: Scene) -> None:
    mia = scene.as_("mia")
    set_severity(mia, scene.incident, "sev1")
    order(mia, scene.incident, "restart db-2", owner="noor")
    scene.wait(5)
    observe(scene.as_("li"), scene.incident, "here")
    assert families(scene, "li") == []
    mia.set(scene.incident, {"commander": ""})
    scene.wait(5)
    assert families(scene, "li")[0] == "no commander"
    assert present(scene.board.moments(scene.incident_id), scene.now)[0] == "mia"


def test_after_a_sleep_one_line_says_it_all() -> None:
    assert after_sleep([ALARM, WARNING], 299) is None
    assert after_sleep([], 3600) is None
    found = after_sleep([ALARM, WARNING, WARNING], 3600)
    assert found is not None
    assert found.text == "away for 1h00m: 1 alarm, 2 warnings; first: no commander for 5m"
