"""What people said apart is marked where it stands, told in full one key away, and settled there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from opsterm.board.change import Write
from opsterm.board.fold import DELETED
from opsterm.command.related_incidents import fold_into
from opsterm.core.conflicts import conflicts_of
from opsterm.incidents import actions, hypothesis, incident, timeline
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records import Hypothesis, Incident, Observation, Role
from tests.support.console import Console
from tests.support.team import Team

Steps = Callable[[Console], Awaitable[None]]
SIZES = ((80, 24), (120, 40))


def at_noor(team: Team, steps: Steps, size: tuple[int, int] = (120, 40)) -> None:
    """noor's console, driven by the steps."""

    async def run() -> None:
        async with team.noor.console(person="noor", size=size) as console:
            await console.settled()
            await steps(console)

    asyncio.run(run())


def both_set(team: Team, number: int, mia: dict[str, object], noor: dict[str, object]) -> str:
    """Each says something else of one hypothesis, apart; returns its id."""
    for scene, fields in ((team.mia, mia), (team.noor, noor)):
        team.wait(1)
        scene.as_("mia" if scene is team.mia else "noor").set(scene.hypotheses()[number], fields)
    team.sync()
    return team.noor.hypotheses()[number].id


@pytest.mark.parametrize("size", SIZES)
def test_a_row_says_what_is_disputed_and_its_page_settles_it(team: Team, size: tuple[int, int]) -> None:
    item = both_set(team, 1, {"owner": "li"}, {"owner": "tom"})

    async def steps(console: Console) -> None:
        await console.press("2")
        assert "≠ disputed: owner: li (mia) or tom (noor)" in console.screen_text
        console.war_room.hypotheses_pane.select(item)
        await console.press("enter")
        shown = console.screen_text
        assert "≠ disputed  owner" in shown
        assert "A  li" in shown
        assert "said by mia 13:" in shown
        assert "B  tom" in shown
        assert "said by noor 13:" in shown
        assert "A B keep one of the two" in console.said
        await console.press("B")
        assert "h2: owner is tom, settled" in console.said
        assert "disputed" not in console.screen_text
        await console.press("escape")
        assert "disputed" not in console.screen_text

    at_noor(team, steps, size)
    team.sync()
    for scene in (team.mia, team.noor):
        assert conflicts_of(scene.board) == []
        assert scene.hypotheses()[1].owner == "tom"


def test_a_and_b_settle_nothing_where_nothing_is_disputed(team: Team) -> None:
    async def steps(console: Console) -> None:
        before = team.noor.board.version
        await console.press("2", "enter", "A")
        assert "nothing is disputed here" in console.said
        await console.press("escape", "A")
        assert "no alarm to settle" in console.said
        assert team.noor.board.version == before

    at_noor(team, steps)


def test_what_is_settled_is_what_was_painted(team: Team) -> None:
    item = both_set(team, 1, {"owner": "li"}, {"owner": "tom"})

    async def steps(console: Console) -> None:
        await console.press("2")
        console.war_room.hypotheses_pane.select(item)
        await console.press("enter")
        team.noor.board.record("eva", [_unseen(team, item)])
        await console.press("A")

    at_noor(team, steps)
    (left,) = conflicts_of(team.noor.board)
    assert {head["value"] for head in left.heads} == {"li", "eva"}


def _unseen(team: Team, item: str) -> Write:
    return Write("hypothesis", item, team.noor.incident, {"owner": "eva"}, basis={})


@pytest.mark.parametrize("size", SIZES)
def test_a_disputed_cause_stands_as_disputed_among_those_alive(team: Team, size: tuple[int, int]) -> None:
    states = ("confirmed", "eliminated")
    for scene, person, state in ((team.mia, "mia", states[0]), (team.noor, "noor", states[1])):
        team.wait(1)
        hypothesis.move(scene.as_(person), scene.hypotheses()[1], state, "pool at 40 %")
    team.sync()

    async def steps(console: Console) -> None:
        await console.press("2")
        line = next(line for line in console.screen_text.splitlines() if "h2 " in line and "pool" in line)
        assert "≠ disputed" in line
        assert "✗ out" not in line
        assert "state: confirmed (mia) or ruled out (noor)" in console.screen_text
        if size[0] == 80:
            assert "2 Hyp 2 ≠" in console.head

    at_noor(team, steps, size)


def test_what_has_no_row_of_its_own_is_marked_in_the_status_pane(team: Team) -> None:
    for scene, person, words, name in (
        (team.mia, "mia", "pay by link", "ida"),
        (team.noor, "noor", "call support", "max"),
    ):
        team.wait(1)
        incident.set_words(scene.as_(person), scene.read(), "workaround", words)
        scene.as_(person).set(scene.board.all(Role)[0], {"name": name})
    team.sync()

    async def steps(console: Console) -> None:
        await console.press("z", "1")
        shown = console.screen_text
        assert "≠ 2 disputed" in shown
        lines = [line.strip() for line in shown.splitlines()]
        place = next(n for n, line in enumerate(lines) if "Workaround  " in line)
        assert lines[place + 1] == "≠ disputed: workaround: pay by link (mia) or call support (noor)"
        assert "≠ disputed: role scribe: who holds the role: ida (mia) or max (noor)" in lines
        await console.press("enter")
        assert "role scribe: who holds the role" in console.screen_text
        await console.press("A")
        assert "role scribe: who holds the role is ida, settled" in console.said
        await console.press("A")
        assert "workaround is pay by link, settled" in console.said

    at_noor(team, steps)
    assert conflicts_of(team.noor.board) == []


def test_the_palette_lists_all_that_is_disputed(team: Team) -> None:
    both_set(team, 1, {"owner": "li", "if_true": "x"}, {"owner": "tom", "if_true": "y"})

    async def steps(console: Console) -> None:
        from screens.pages.all_disputed import all_disputed

        console.app.push_screen(all_disputed(console.war_room))
        await console.settled()
        assert "≠ disputed  h2: owner" in console.screen_text
        assert "≠ disputed  h2: what is seen if it is true" in console.screen_text
        await console.press("j", "B")
        assert "h2: owner is tom, settled" in console.said
        await console.press("A", "escape")
        await console.settled()

    at_noor(team, steps)
    assert conflicts_of(team.noor.board) == []


@pytest.mark.parametrize("size", SIZES)
def test_two_commanders_are_named_in_the_head_and_hide_no_order_of_mine(team: Team, size: tuple[int, int]) -> None:
    incident.take_command(team.mia.as_("li"), team.mia.read())
    team.wait(1)
    incident.take_command(team.noor.as_("tom"), team.noor.read())
    team.sync()

    async def steps(console: Console) -> None:
        actions.order(team.mia.as_("mia"), team.mia.read(), "drain the queue", owner="noor")
        await team.bring(console)
        assert "commander li / tom?" in console.head
        assert "Who commands?" in console.head
        while (shown := console.war_room.notice_line.shown) and "drain" not in shown.text:
            assert shown.act != "settle"
            await console.act("not_now")
        assert "drain the queue" in console.head
        assert "Who commands?" in console.head
        await console.press("q")
        await console.settled()
        assert "commander li / tom?" in console.screen_text

    at_noor(team, steps, size)


def another(team: Team, title: str = "Mail is late") -> str:
    """A second incident, which both know; returns its id."""
    team.wait(1)
    made = incident.declare(team.mia.as_("mia"), title).record
    team.sync()
    return made


def fold(team: Team, person: str, of: str, into: str) -> None:
    scene = team.mia if person == "mia" else team.noor
    fold_into(scene.as_(person), scene.one(Incident, of), scene.one(Incident, into))


@pytest.mark.parametrize("opened", [True, False])
def test_who_sits_in_a_folded_room_is_taken_along_with_what_is_half_typed(team: Team, opened: bool) -> None:
    first = team.noor.incident
    second = another(team)

    async def steps(console: Console) -> None:
        console.app.open_incident(second)
        await console.settled()
        await console.press("l")
        await console.type("the relay is fu")
        if not opened:
            await console.press("escape")
        fold(team, "mia", second, first)
        await team.bring(console)
        await console.settled()
        assert console.war_room.incident == first
        assert "INC-2 was folded into INC-1 by mia: you are in INC-1 now" in console.head
        if opened:
            assert console.prompt.typed == "the relay is fu"
            await console.press("l", "l")
        else:
            assert "INC-2 was folded into INC-1" in console.said or console.prompt.typed
        assert console.prompt.typed.startswith("the relay is fu")
        await console.press("enter")
        assert any(m.text.startswith("the relay is fu") for m in team.noor.board.moments(first))

    at_noor(team, steps)
    assert not [m for m in team.noor.board.moments(second) if m.text.startswith("the relay")]
    assert team.noor.board.draft(f"capture:{second}") == ""


def test_who_opens_a_folded_room_stays_there(team: Team) -> None:
    second = another(team)
    fold(team, "mia", second, team.mia.incident)
    team.sync()

    async def steps(console: Console) -> None:
        console.app.open_incident(second)
        await console.settled()
        timeline.observe(team.mia.as_("mia"), team.mia.one(Incident, second), "the queue is empty")
        await team.bring(console)
        assert console.war_room.incident == second
        assert "the queue is empty" in console.screen_text

    at_noor(team, steps)


@pytest.mark.parametrize("size", SIZES)
def test_folds_that_cross_are_an_alarm_in_the_older_room_and_a_key_settles_it(
    team: Team, size: tuple[int, int]
) -> None:
    first, second = team.noor.incident, another(team)
    team.noor.board.new_id()
    fold(team, "mia", second, first)
    fold(team, "noor", first, second)
    team.sync()

    async def steps(console: Console) -> None:
        assert console.war_room.incident == first
        assert "which runs on?" in console.head
        assert not console.war_room.snapshot.incident.folded_into
        await console.press("A" if "A INC-1 runs on" in console.head else "B")
        assert "INC-1 runs on, settled" in console.said
        assert "which runs on?" not in console.head

    at_noor(team, steps, size)
    team.sync()
    for scene in (team.mia, team.noor):
        assert read_snapshot(scene.board, second).incident.folded_into == first
        assert conflicts_of(scene.board) == []


def test_what_was_removed_while_another_changed_it_says_so(team: Team) -> None:
    removed = team.noor.hypotheses()[2].id
    team.noor.as_("noor").write("hypothesis", removed, team.noor.incident, {DELETED: True})
    hypothesis.move(team.mia.as_("mia"), team.mia.hypotheses()[2], "testing")
    team.sync()

    async def steps(console: Console) -> None:
        await console.press("2")
        assert "≠ disputed: removed by noor, while mia changed it" in console.screen_text
        console.war_room.hypotheses_pane.select(removed)
        await console.press("enter", "A")
        assert "settled" in console.said
        await console.press("escape")

    at_noor(team, steps)
    assert team.noor.board.get(Hypothesis, removed) is None


def test_a_line_of_the_timeline_that_two_said_better_apart_is_marked(team: Team) -> None:
    seen = timeline.observe(team.mia.as_("mia"), team.mia.read(), "failures rise").record
    team.sync()
    for scene, person, text in (
        (team.mia, "mia", "failures rise to 20 %"),
        (team.noor, "noor", "failures rise to 40 %"),
    ):
        team.wait(1)
        scene.as_(person).set(scene.one(Observation, seen), {"text": text})
    team.sync()

    async def steps(console: Console) -> None:
        await console.press("6")
        marked = [line for line in console.screen_text.splitlines() if "≠ disputed: failures rise to" in line]
        assert len(marked) == 2
        await console.press("enter")
        assert "≠ disputed  words" in console.screen_text
        await console.press("A", "escape")

    at_noor(team, steps)
    assert team.noor.one(Observation, seen).text == "failures rise to 20 %"
    assert conflicts_of(team.noor.board) == []


def test_the_worse_severity_puts_an_incident_first_on_home(team: Team) -> None:
    second = another(team)
    for scene, person, level in ((team.mia, "mia", "sev1"), (team.noor, "noor", "sev4")):
        team.wait(1)
        incident.set_severity(scene.as_(person), scene.one(Incident, second), level)
    team.sync()

    async def steps(console: Console) -> None:
        lines = console.screen_text.splitlines()
        place = {mark: next(n for n, line in enumerate(lines) if f"{mark} " in line) for mark in ("INC-1", "INC-2")}
        assert place["INC-2"] < place["INC-1"]
        assert "SEV1" in lines[place["INC-2"]]
        assert "≠ disputed: severity: sev1 (mia) or sev4 (noor)" in console.screen_text

    at_noor(team, steps)
