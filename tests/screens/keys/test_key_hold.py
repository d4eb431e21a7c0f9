"""An act pins its record, and a key never acts on what another put under it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents import actions, incident
from opsterm.incidents.alert_inbox import inbox, receive
from opsterm.incidents.alerts import Payload, Proposed
from opsterm.incidents.hypothesis_testing import begin_test, plan_test
from opsterm.operations.checklists import run as checklist
from opsterm.records import Action, Evidence, HypothesisTest, Incident, TextApproval
from opsterm.updates import approval
from screens.home.home import Home
from screens.keys.actions import LISTS, RECORD, ROOM, SHOWN, TABLE
from screens.keys.key_hold import CHANGED, HOLD_S, KeyHold
from tests.support.clock import Reading
from tests.support.console import Console, Scene, at_console
from tests.support.walk import WalkBench

Steps = Callable[[Console], Awaitable[None]]


@contextmanager
def elsewhere(scene: Scene, person: str = "noor") -> Iterator[Session]:
    """Another, at another process on this board."""
    with Board.open(scene.path, clock=scene.clock, machine="m", any_disk=True) as beside:
        yield Session(beside, person)


def ordered(session: Session, scene: Scene, what: str, minutes: int = 9) -> str:
    return actions.order(session, scene.read(), what, owner="mia", within=timedelta(minutes=minutes)).record


def acknowledged(scene: Scene) -> list[str]:
    return [order.text for order in scene.orders() if order.state == "acknowledged" and order.owner == "mia"]


# --- an act pins its record


@pytest.mark.parametrize("keys", [["minus"], ["l"]], ids=["by its key", "typed"])
def test_after_evidence_against_it_the_cursor_stays_on_the_first_hypothesis(scene: Scene, keys: list[str]) -> None:
    async def steps(console: Console) -> None:
        pane = console.war_room.hypotheses_pane
        first = pane.chosen
        assert first is not None
        assert not pane.cursor_key
        for words in ("the graph is flat", "and stays so"):
            await console.hit(*keys)
            await console.type(words if keys == ["minus"] else f"-{first.mark} {words}")
            await console.hit("enter")
        assert pane.selected == first.id
        assert console.war_room.snapshot.ranked_hypotheses()[0].id != first.id
        assert sum(not found.supports for found in scene.board.all(Evidence) if found.hypothesis == first.id) == 3

    at_console(scene, steps)


def test_pressed_twice_the_key_acknowledges_one_order(scene: Scene) -> None:
    for what in ("drain the queue", "call the bank"):
        ordered(scene.as_("noor"), scene, what, minutes=40)

    async def steps(console: Console) -> None:
        await console.press("3", "G")
        selected = console.war_room.actions_pane.chosen
        while selected is None or selected.state != "ordered" or selected.owner != "mia":
            await console.press("k")
            selected = console.war_room.actions_pane.chosen
        await console.hit("a", "a")
        assert f"{selected.mark} is acknowledged already" in console.said
        assert console.war_room.actions_pane.selected == selected.id

    at_console(scene, steps)
    assert len(acknowledged(scene)) == 1


def test_pressed_twice_the_key_answers_one_notice(scene: Scene) -> None:
    noor = scene.as_("noor")
    for what in ("drain the queue", "call the bank"):
        ordered(noor, scene, what)

    async def steps(console: Console) -> None:
        await console.hit("a", "a")
        assert CHANGED in console.said
        assert len(acknowledged(scene)) == 1
        await console.hit("a")

    at_console(scene, steps)
    assert len(acknowledged(scene)) == 2


def test_where_the_record_left_the_list_the_next_key_acts_on_nothing_by_accident(empty: Scene) -> None:
    empty.board.remember("person", "mia")
    for title in ("Disk full on db-2", "Search is slow"):
        receive(empty.as_("hook"), Payload((Proposed(title, "sev4", "severity warning", (), title),), ()))

    async def steps(console: Console) -> None:
        await console.press("i")
        await console.hit("c", "c")
        assert CHANGED in console.said
        assert len(inbox(empty.board)) == 1
        await console.hit("c")
        assert not inbox(empty.board)

    at_console(empty, steps)


# --- what another put under a key


def changed_under_the_cursor(scene: Scene, steps: Callable[[Console, str, str], Awaitable[None]]) -> None:
    """mia looks at her only order; noor gives her another, which sorts before it."""
    late = ordered(scene.as_("noor"), scene, "drain the queue", minutes=300)
    for order in scene.orders()[:-1]:
        actions.move(scene.as_("mia"), order, "cancelled", "not now")

    async def run(console: Console) -> None:
        with elsewhere(scene) as noor:
            await console.press("3")
            assert console.war_room.actions_pane.selected == late
            came = ordered(noor, scene, "call the bank", minutes=1)
            scene.wait(2)
            await console.notice()
            assert console.war_room.actions_pane.selected == came
            await steps(console, late, came)

    at_console(scene, run)


def test_a_key_is_refused_once_and_then_acts_on_what_is_painted(scene: Scene) -> None:
    async def steps(console: Console, late: str, came: str) -> None:
        await console.hit("a")
        assert CHANGED in console.said
        assert acknowledged(scene) == []
        await console.hit("a")
        assert scene.one(Action, came).state == "acknowledged"

    changed_under_the_cursor(scene, steps)


def test_after_a_second_it_was_read_and_the_key_acts(scene: Scene) -> None:
    async def steps(console: Console, late: str, came: str) -> None:
        console.app.poll()
        console.reading.seconds += HOLD_S - 0.01
        await console.hit("x")
        assert CHANGED in console.said
        console.reading.seconds += 0.01
        await console.hit("x")
        assert console.prompt.typed.endswith("cancelled ")

    changed_under_the_cursor(scene, steps)


def test_whoever_moves_there_knows_what_is_there(scene: Scene) -> None:
    async def steps(console: Console, late: str, came: str) -> None:
        await console.hit("j", "a")
        assert scene.one(Action, late).state == "acknowledged"
        assert scene.one(Action, came).state == "ordered"

    changed_under_the_cursor(scene, steps)


@pytest.mark.parametrize("key", ["l", "h", "o", "d", "number_sign", "at", "greater_than_sign"])
def test_keys_that_only_open_a_line_are_never_held(scene: Scene, key: str) -> None:
    async def steps(console: Console, late: str, came: str) -> None:
        await console.hit(key)
        assert console.prompt.question is not None

    changed_under_the_cursor(scene, steps)


def test_at_home_the_room_that_opens_is_the_one_that_was_pointed_at(scene: Scene) -> None:
    other = incident.declare(scene.as_("mia"), "Search is slow", severity="sev3").record

    async def steps(console: Console) -> None:
        console.app.go_home()
        await console.pilot.pause()
        home = console.app.screen
        assert isinstance(home, Home)
        assert home.lines.selected == scene.incident
        with elsewhere(scene) as noor:
            incident.set_severity(noor, scene.one(Incident, other), "sev1")
            await console.notice()
        assert home.lines.selected == other
        await console.hit("enter")
        assert CHANGED in console.said
        await console.hit("enter")
        assert console.war_room.incident == other

    at_console(scene, steps)


def test_a_line_that_was_begun_is_about_the_record_that_was_there(scene: Scene) -> None:
    late = ordered(scene.as_("noor"), scene, "drain the queue", minutes=300)

    async def steps(console: Console) -> None:
        with elsewhere(scene) as noor:
            await console.press("3", "G", "k")
            console.war_room.actions_pane.select(late)
            await console.press("x")
            ordered(noor, scene, "call the bank", minutes=1)
            scene.wait(2)
            await console.notice()
            await console.type("not needed")
            await console.hit("enter")

    at_console(scene, steps)
    assert [order.text for order in scene.orders() if order.state == "cancelled"] == ["drain the queue"]


def test_a_notice_that_another_raised_is_answered_once_it_was_read(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        with elsewhere(scene) as noor:
            ordered(noor, scene, "call the bank")
            await console.notice()
            assert "call the bank" in console.head
            await console.hit("a")
            assert CHANGED in console.said
            assert acknowledged(scene) == []
            await console.hit("a")
            assert acknowledged(scene) == ["call the bank"]

    at_console(scene, steps)


def test_what_i_did_myself_holds_no_key(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2", "h")
        await console.type("a lock in the payment queue")
        await console.hit("enter", "g", "x")
        assert console.prompt.question is not None

    at_console(scene, steps)


def test_the_values_of_an_alarm_are_those_that_were_on_the_screen(scene: Scene) -> None:
    with elsewhere(scene) as noor:
        known = noor.having_seen(noor.board.version)
        incident.set_severity(scene.as_("mia"), scene.read(), "sev1", why="many")
        incident.set_severity(known, scene.read(), "sev3", why="few")

        async def steps(console: Console) -> None:
            assert "Which severity?" in console.head
            shown = console.head
            incident.set_severity(known, scene.read(), "sev4", why="fewer")
            await console.notice()
            assert console.head != shown
            await console.hit("A")
            assert CHANGED in console.said
            assert len(scene.board.conflicts(scene.incident)) == 1
            await console.hit("A")
            assert not scene.board.conflicts(scene.incident)

        at_console(scene, steps)


def test_a_value_that_was_not_painted_yet_is_not_settled(scene: Scene) -> None:
    with elsewhere(scene) as noor:
        known = noor.having_seen(noor.board.version)
        incident.set_severity(scene.as_("mia"), scene.read(), "sev1", why="many")
        incident.set_severity(known, scene.read(), "sev3", why="few")

        async def steps(console: Console) -> None:
            screen = console.war_room
            painted = screen.snapshot
            incident.set_severity(known, scene.read(), "sev4", why="fewer")
            assert screen.snapshot is painted
            screen.action_keep_first()
            (conflict,) = scene.board.conflicts(scene.incident)
            assert "sev4" in [head["value"] for head in conflict.heads]

        at_console(scene, steps)


def test_where_another_began_it_the_key_that_begins_does_not_end_it(scene: Scene) -> None:
    plan_test(scene.as_("mia"), scene.read(), "read the pool's log", [scene.hypotheses()[1]])

    async def steps(console: Console) -> None:
        await console.press("2", "n")
        assert console.where == "HypothesisTests"
        with elsewhere(scene) as noor:
            begin_test(noor, scene.board.all(HypothesisTest)[0])
            await console.notice()
        await console.hit("enter")
        assert CHANGED in console.said
        assert console.prompt.question is None
        await console.hit("enter")
        assert console.prompt.question is not None

    at_console(scene, steps)


# --- a text for the public


def asked(scene: Scene, lines: int) -> str:
    incident.take_command(scene.as_("mia"), scene.read())
    text = "\n\n".join(f"Line {n} of what we tell our customers." for n in range(1, lines + 1))
    return approval.ask(scene.as_("tom"), scene.read(), "customers", text).record


@pytest.mark.parametrize("keys", [("2", "space"), ("4", "a")], ids=["from the notice", "from its row"])
def test_a_text_is_approved_only_where_it_is_shown_whole(scene: Scene, keys: tuple[str, ...]) -> None:
    record = asked(scene, lines=20)

    async def steps(console: Console) -> None:
        await console.press(*keys)
        assert "Line 1 of what" in console.screen_text
        assert scene.one(TextApproval, record).state == "asked"
        await console.press("y")
        assert "read on" in console.said
        assert scene.one(TextApproval, record).state == "asked"
        assert "Line 20 of what" in console.screen_text
        await console.press("y")
        assert scene.one(TextApproval, record).state == "approved"
        assert console.where == "WarRoom"

    at_console(scene, steps, size=(80, 24))


def test_a_text_is_refused_with_a_reason_where_it_is_read(scene: Scene) -> None:
    record = asked(scene, lines=2)

    async def steps(console: Console) -> None:
        await console.press("4", "a", "n")
        await console.type("no time is promised")
        await console.press("enter")
        assert "refused by mia: no time is promised" in console.screen_text

    at_console(scene, steps)
    assert scene.one(TextApproval, record).state_why == "no time is promised"


# --- a walk


def test_a_walk_stays_at_its_step_when_another_answers_it(two: tuple[WalkBench, WalkBench]) -> None:
    mia, noor = two

    async def steps(console: Console) -> None:
        run = mia.run(checklist.begin(mia.mia, "", "Web deploy").record)
        mia.sync()
        noor.sync()
        console.app.context.console.go_home()
        await console.pilot.pause()
        await console.press("c", "enter")
        assert console.where == "Walkthrough"
        await console.press("j")
        checklist.tick(noor.noor, noor.step_at("2"), "done", "0.2 %")
        noor.sync()
        mia.sync()
        await console.notice()
        assert "✓ by noor, space goes on" in console.said
        assert "Note errors as they are now" in console.screen_text
        before = mia.board.version
        await console.hit("space")
        assert CHANGED in console.said
        await console.hit("space")
        assert mia.board.version == before
        assert mia.step_at("2", run).state_by == "noor"
        assert console.app.screen.at != mia.step_at("2", run).id  # type: ignore[attr-defined]

    async def at_mia() -> None:
        async with mia.console(person="mia") as console:
            await steps(console)

    asyncio.run(at_mia())


# --- the table, and the hold itself


def test_each_row_of_the_table_says_whether_it_acts_on_what_is_painted() -> None:
    for row in TABLE:
        if row.answer == "begin":
            assert row.acts_on == (RECORD if "{}" in (row.given or "") else ""), row
        if set(row.places) & {LISTS} or row.name in ("step_back", "leave", "help", "palette", "undo"):
            assert not row.acts_on, row
        if row.answer in ("open_page", "go"):
            assert not row.acts_on, row
        if row.name == "open" and ROOM not in row.places:
            assert row.acts_on == SHOWN, row


class Room:
    """What a screen is to the hold: one key that acts on one record."""

    places = ("actions",)

    def __init__(self) -> None:
        self.record = "a1"

    def under_keys(self) -> Mapping[str, object]:
        return {RECORD: self.record}

    def by_hand(self, what: str) -> bool:
        return True

    def pin(self) -> None:
        pass


def test_a_further_change_is_refused_anew_and_each_key_once() -> None:
    room, reading = Room(), Reading()
    hold = KeyHold(reading)
    hold.look(room)
    with hold.elsewhere(room):
        room.record = "a2"
    assert [hold.lets(room, "acknowledge") for _ in range(3)] == [False, True, True]
    assert not hold.lets(room, "begin('{} cancelled ')")
    with hold.elsewhere(room):
        room.record = "a3"
    assert [hold.lets(room, "acknowledge") for _ in range(2)] == [False, True]


def test_a_playback_holds_no_key() -> None:
    room = Room()
    hold = KeyHold(Reading(), active=False)
    hold.look(room)
    with hold.elsewhere(room):
        room.record = "a2"
    assert hold.lets(room, "acknowledge")
