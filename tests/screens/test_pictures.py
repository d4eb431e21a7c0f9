"""How the main states look, as pictures that a person has approved. `pytest --snapshot-update` takes them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from opsterm.incidents import actions, hypothesis, incident
from opsterm.operations.checklists import run as checklist
from screens.widgets.prompt import Prompt
from tests.support.console import Scene

Compare = Callable[..., bool]


async def still(pilot: Pilot[None]) -> None:
    """Waits for what comes after the first paint, and stops the cursor."""
    await pilot.pause()
    for prompt in pilot.app.screen.query(Prompt):
        if prompt.field is not None:
            prompt.field.cursor_blink = False
    await pilot.pause()


def taken(compare: Compare, app: App[None], size: tuple[int, int], *keys: str) -> bool:
    return compare(app, press=keys, terminal_size=size, run_before=still)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_war_room(snap_compare: Compare, scene: Scene, size: tuple[int, int]) -> None:
    assert taken(snap_compare, scene.app(), size)


def test_war_room_in_light_and_chinese(snap_compare: Compare, scene: Scene) -> None:
    mia, li = scene.as_("mia"), scene.as_("丽")
    incident.set_words(mia, scene.read(), "title", "欧盟地区部分银行卡支付失败 🔥")
    incident.set_words(mia, scene.read(), "impact", "欧盟约三成银行卡支付自十三点零五分起失败，贝宝不受影响")
    explained = "报表任务耗尽了数据库连接池，导致支付请求排队超时"
    hypothesis.propose(li, scene.read(), explained, confidence=0.7, owner="丽")
    actions.order(mia, scene.read(), "把报表任务的连接数限制为十个", owner="丽")
    assert taken(snap_compare, scene.app(theme="opsterm-light"), (120, 36))


def test_typing_an_order(snap_compare: Compare, scene: Scene) -> None:
    assert taken(snap_compare, scene.app(), (120, 36), "o", "at", *"noor", "space", *"cap")


def test_walkthrough(snap_compare: Compare, scene: Scene) -> None:
    checklist.begin(scene.as_("mia"), scene.incident, "First fifteen minutes")
    assert taken(snap_compare, scene.app(), (100, 30), "c", "space")


def test_home(snap_compare: Compare, scene: Scene) -> None:
    scene.declare("Search returns nothing for some shops")
    assert taken(snap_compare, scene.app(), (100, 30))
