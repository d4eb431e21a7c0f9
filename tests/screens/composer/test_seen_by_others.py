"""What those who write to one audience see of each other, and of the commander's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import pytest

from opsterm.exchange.as_text import as_text
from opsterm.exchange.exporting import show
from opsterm.learn.account import gather
from opsterm.learn.export import export_text
from opsterm.records import TextApproval, TextBegun
from opsterm.updates.writing import FORGOTTEN_MINUTES
from tests.support.composer import clipboard, composer, last_sent
from tests.support.console import Console
from tests.support.team import Team

TEXT = "Some card payments in the EU fail. Next update by 15:00 UTC."
WHY = "the share is not confirmed"


P = ParamSpec("P")


def driven(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """A test that drives consoles."""

    @wraps(test)
    def run(*args: P.args, **named: P.kwargs) -> None:
        asyncio.run(test(*args, **named))

    return run


@pytest.fixture
def approved(settings: Path) -> None:
    """The team wants mia's yes before customers are told."""
    settings.write_text('[updates]\napprove = ["customers"]\n')


async def compose(console: Console, text: str = TEXT) -> None:
    if console.where != "Composer":
        await console.press("m", "a", "2")
    composer(console).written(text)
    composer(console).action_read()
    await console.pilot.pause()


async def refuse(team: Team, *why: str) -> None:
    async with team.mia.console(size=(120, 40)) as mia:
        await team.bring(mia)
        await mia.press("4", "a", "n")
        await mia.type(" ".join(why))
        await mia.press("enter")
    team.sync()


async def refused(team: Team, noor: Console, why: str = WHY) -> None:
    """noor asks for the yes, and mia says no."""
    await compose(noor)
    await noor.press("A")
    await refuse(team, why)
    await noor.notice()


def seen(console: Console) -> str:
    return " ".join(console.screen_text.split())


@pytest.mark.usefixtures("approved")
@driven
async def test_the_answer_and_its_reason_stand_in_the_composer_until_it_is_asked_anew(team: Team) -> None:
    async with team.noor.console(size=(80, 24), person="noor") as noor:
        await refused(team, noor)
        assert f"mia refused this text at 13:47: {WHY}" in seen(noor)
        await compose(noor, TEXT.replace("Some", "A few"))
        assert f"mia refused what you asked about before at 13:47: {WHY}" in seen(noor)
        await noor.press("A")
        assert WHY not in seen(noor)


@pytest.mark.usefixtures("approved")
@driven
async def test_a_refused_text_may_be_sent_and_is_on_record_everywhere_as_that(team: Team) -> None:
    async with team.noor.console(size=(120, 40), person="noor") as noor:
        clipboard(noor)
        await refused(team, noor)
        await noor.press("S")
        assert "Refused by mia: send to customers as plain anyway" in noor.said
        await noor.press("S")
        sent = last_sent(team.noor)
        assert (sent.text, sent.refused_by, sent.refused_why, sent.approved_by) == (TEXT, "mia", WHY, "")
        await noor.press("escape", "4", "g", "down", "enter")
        assert f"refused by mia ({WHY}), sent anyway" in seen(noor)
    board, incident = team.noor.board, team.noor.incident
    assert board.all(TextApproval, incident)[0].state == "sent anyway"
    lines = [line.text for line in board.moments(incident) if line.kind == "approval"]
    assert WHY in lines[-2]
    assert "sent anyway" in lines[-1]
    document = show(board, incident)
    assert document["updates"][-1]["refused_by"] == "mia"
    assert any(f"refused by mia: {WHY}, sent anyway: {TEXT}" in line for line in as_text(document))
    account = gather(board, incident)
    assert f"refused by mia ({WHY}), sent anyway" in export_text(account).replace("\\", "")
    assert "refused by mia" not in export_text(account, redacted=True)


@pytest.mark.usefixtures("approved")
@driven
async def test_who_left_the_composer_hears_of_the_no_in_the_room_and_one_key_leads_back(team: Team) -> None:
    async with team.noor.console(size=(120, 40), person="noor") as noor:
        await refused(team, noor)
        await noor.press("escape", ".")
        assert f"your words to customers are refused by mia: {WHY}" in seen(noor)
        await noor.press("space")
        assert (noor.where, composer(noor).message.text) == ("Composer", TEXT)


@pytest.mark.usefixtures("approved")
@driven
async def test_the_text_that_was_asked_about_is_held_while_the_record_moves_on(team: Team) -> None:
    async with team.noor.console(size=(120, 40), person="noor") as noor:
        await noor.press("m", "a", "2")
        drafted = composer(noor).message.text
        await noor.press("A")
        team.wait(6)
        team.mia.as_("mia").set(team.mia.read(), {"workaround": "pay by PayPal"})
        await team.bring(noor)
        assert composer(noor).message.text == drafted
        assert "mia is asked" in noor.said or "did not answer" in noor.said


@driven
async def test_two_who_write_to_one_audience_see_each_other(team: Team) -> None:
    async with team.noor.console(size=(80, 24), person="noor") as noor, team.mia.console(size=(80, 24)) as mia:
        await compose(noor)
        await mia.press("m", "a", "2")
        await team.bring(mia)
        assert "noor is writing to them too" in mia.head
        await mia.press("a", "1")
        assert "writing" not in mia.head
        await mia.press("a", "2")
        await noor.press("escape")
        await team.bring(mia)
        assert "writing" not in mia.head


@driven
async def test_who_told_them_meanwhile_is_seen(team: Team) -> None:
    async with team.noor.console(size=(120, 40), person="noor") as noor, team.mia.console(size=(120, 40)) as mia:
        clipboard(noor)
        await compose(mia)
        await compose(noor, TEXT.replace("15:00", "14:30"))
        await noor.press("S", "S")
        await team.bring(mia)
        assert "noor told them 0s ago" in mia.head
        await mia.press("S")
        assert "noor told them" in mia.said


@driven
async def test_a_console_that_was_killed_is_not_seen_for_ever(team: Team) -> None:
    team.noor.as_("noor").create(TextBegun, team.noor.incident, {"audience": "customers"})
    async with team.mia.console(size=(120, 40)) as mia:
        await mia.press("m", "a", "2")
        await team.bring(mia)
        assert "noor is writing" in mia.head
        team.wait(FORGOTTEN_MINUTES + 1)
        composer(mia).tick(team.mia.now)
        await mia.pilot.pause()
        assert "writing" not in mia.head


@driven
async def test_what_others_do_never_makes_a_composer_write(team: Team) -> None:
    async with team.noor.console(size=(120, 40), person="noor") as noor:
        await noor.press("m", "a", "2")
        assert team.noor.board.all(TextBegun) == []
        await compose(noor)
        (begun,) = team.noor.board.all(TextBegun)
        for place in range(3):
            await compose(noor, f"{TEXT} {place}")
            team.mia.as_("mia").set(team.mia.read(), {"workaround": f"{place}"})
            begun_there = {"audience": "customers"}
            team.mia.as_("mia").create(TextBegun, team.mia.incident, begun_there, record=f"mia's {place}")
            await team.bring(noor)
        mine = [item for item in team.noor.board.all(TextBegun) if item.by == "noor"]
        assert mine == [begun]
        assert len(team.noor.board.changes_of_record(begun.id)) == 1
        await noor.press("escape")
    assert [item.state for item in team.noor.board.all(TextBegun) if item.by == "noor"] == ["left"]
