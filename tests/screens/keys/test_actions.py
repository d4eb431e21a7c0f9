"""One table says what keys do: footer, help, palette and bindings can't disagree, and no key does nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

import pytest
from textual.binding import Binding

from opsterm.app import OpstermApp
from opsterm.demo.demo import stage
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import packaged
from screens.checklists.walkthrough import Walkthrough
from screens.composer.composer import Composer
from screens.composer.editor import Writing
from screens.home.home import Home
from screens.keys import actions
from screens.keys.actions import (
    CAPTURE,
    COMPOSER,
    DISPUTED,
    GONE,
    HOME,
    LISTS,
    PAGE,
    PANES,
    PLAYBACK,
    ROOM,
    TABLE,
    TEXT,
    TIMELINE,
    WALK,
)
from screens.pages.board_gone import BoardGone
from screens.pages.console_screen import ConsoleScreen
from screens.pages.page import Page
from screens.war_room.panes.updates import UpdatesPane
from screens.war_room.war_room import WarRoom
from screens.widgets.lines import Lines
from screens.widgets.prompt_field import Field
from tests.support.console import Console, Scene
from tests.support.keys import back_to, try_key

#: Who answers the actions of a place.
ANSWERS: dict[str, type] = {
    ROOM: WarRoom,
    PLAYBACK: WarRoom,
    **dict.fromkeys(PANES, WarRoom),
    HOME: Home,
    LISTS: Lines,
    PAGE: Page,
    DISPUTED: Page,
    GONE: BoardGone,
    CAPTURE: Field,
    COMPOSER: Composer,
    TEXT: Composer,
    WALK: Walkthrough,
    **{place: resolve_name(screen) for place, screen in actions.SCREENS.items()},
}


@pytest.mark.parametrize("place", ANSWERS)
def test_every_action_of_a_place_is_answered_there(place: str) -> None:
    missing = [
        action.name
        for action in actions.of(place)
        if not hasattr(UpdatesPane if action.by_pane else ANSWERS[place], f"action_{action.method}")
    ]
    assert not missing


@pytest.mark.parametrize("place", actions.SCREENS)
def test_every_place_that_keys_open_has_a_screen_of_its_own(place: str) -> None:
    opened = resolve_name(actions.SCREENS[place])
    assert issubclass(opened, ConsoleScreen)
    assert opened.place == place


def test_keys_open_places_that_have_a_screen_and_every_such_place_is_opened() -> None:
    assert {action.given for action in TABLE if action.method == "open_page"} == set(actions.SCREENS)


@pytest.mark.parametrize("place", ANSWERS)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    keys = Counter(key for action in actions.of(place) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("place", [ROOM, HOME, PAGE, COMPOSER, WALK, *PANES])
def test_no_key_of_a_screen_is_taken_by_the_list_on_it(place: str) -> None:
    moving = {key for action in actions.of(LISTS) for key in action.keys}
    if place == COMPOSER:
        moving -= {"g"}  # its lists leave it to the language
    assert [action.name for action in actions.of(place) if moving & set(action.keys)] == []


def test_bindings_are_the_table() -> None:
    for place in ANSWERS:
        bound = {b.id: (b.key, b.description) for b in actions.bindings(place) if isinstance(b, Binding)}
        wanted = {f"{place}:{a.name}": (",".join(a.keys), a.words) for a in actions.of(place) if not a.told_key}
        wanted |= {f"{place}:{a.name}:{k}": (k, a.words) for a in actions.of(place) if a.told_key for k in a.keys}
        assert bound == wanted


def test_footers_show_only_keys_that_work_there() -> None:
    for places in ((pane, ROOM) for pane in PANES):
        for action in actions.footer(places):
            assert set(action.places) & set(places)


def test_labels_are_verbs_or_names_of_what_opens_and_short() -> None:
    for action in TABLE:
        assert action.verb == action.verb.strip()
        assert len(action.verb) <= 21
        assert action.words[0].islower()


def test_help_lists_every_key_of_its_place(scene: Scene) -> None:
    async def run() -> None:
        async with scene.console() as console:
            await console.press("?")
            page = console.app.screen
            assert isinstance(page, Page)
            told = page.text
            for action in actions.of(ROOM, actions.HYPOTHESES, LISTS, CAPTURE):
                assert action.words in told
                assert actions.say_key(action.keys[0]) in told

    asyncio.run(run())


def test_the_palette_has_every_command_and_does_it(scene: Scene) -> None:
    async def run() -> None:
        async with scene.console() as console:
            from screens.palette import Commands

            offered = {words for words, _ in Commands(console.app.screen).commands()}
            for action in actions.of(ROOM, actions.HYPOTHESES):
                if action.name not in ("palette", "step_back"):
                    assert f"{action.words}  ({actions.say_key(action.keys[0])})" in offered
            await console.press(":")
            assert console.where == "CommandPalette"
            await console.press(*"waiting")
            await console.app.workers.wait_for_complete()
            await console.press("enter")
            await console.pilot.pause()
            assert "What are we waiting for?" in console.screen_text

    asyncio.run(run())


# --- no key does nothing


@pytest.mark.parametrize("pane", PANES)
def test_no_key_of_a_pane_does_nothing(scene: Scene, pane: str) -> None:
    checklist.begin(scene.as_("mia"), scene.incident, packaged()[0].name)

    async def run() -> None:
        async with scene.console() as console:
            for action in actions.of(pane):
                console.war_room.go(pane)
                await console.pilot.pause()
                await try_key(console, action, action.keys[0])
                await back_to(console, "WarRoom")

    asyncio.run(run())


def test_no_key_of_the_war_room_does_nothing(scene: Scene) -> None:
    async def run() -> None:
        async with scene.console() as console:
            for action in actions.of(ROOM, LISTS):
                if action.name == "leave":
                    continue
                war_room = console.war_room
                war_room.zoomed = False
                war_room.go(actions.STATUS if action.name == "go_timeline" else TIMELINE)
                await console.pilot.pause()
                war_room.timeline_pane.select(war_room.timeline_pane.rows[12].key)
                await console.pilot.pause()
                await try_key(console, action, action.keys[0])
                await back_to(console, "WarRoom")
            await try_key(console, next(a for a in actions.of(ROOM) if a.name == "leave"), "q")

    asyncio.run(run())


def test_no_key_of_a_playback_does_nothing(tmp_path: Path) -> None:
    board, playback = stage(tmp_path, ticking=lambda: 0.0)

    async def run() -> None:
        app = OpstermApp(board, "mia", playback=playback)
        async with app.run_test(size=(120, 36)) as pilot:
            console = Console(app, pilot)
            for action in actions.of(PLAYBACK):
                await try_key(console, action, action.keys[0])

    with board:
        asyncio.run(run())


def test_no_key_of_home_does_nothing(scene: Scene) -> None:
    scene.declare("Search is slow")

    async def run() -> None:
        async with scene.console() as console:
            for action in sorted(actions.of(HOME), key=lambda a: a.name == "leave"):
                assert console.where == "Home"
                await try_key(console, action, action.keys[0])
                if action.name == "leave":
                    break
                if console.where == "WarRoom":
                    await console.press("q")
                await back_to(console, "Home")

    asyncio.run(run())


def test_no_key_of_the_composer_does_nothing(scene: Scene) -> None:
    async def run() -> None:
        async with scene.console() as console:
            for action in actions.of(COMPOSER):
                if console.where == "WarRoom":
                    await console.press("m")
                console.app.context.copy = partial(str.format, "copied")
                await try_key(console, action, action.keys[0])
                if console.where == "Composer":
                    screen = console.app.screen
                    assert isinstance(screen, Composer)
                    if isinstance(console.app.focused, Writing):
                        await try_key(console, next(actions.of(TEXT)), "escape")
                    if console.prompt.choosing:
                        await console.press("escape")
                    console.prompt.flash("")
                elif console.where == "Page":
                    await console.press("escape")

    asyncio.run(run())


def test_no_key_of_a_walkthrough_does_nothing(scene: Scene) -> None:
    checklist.begin(scene.as_("mia"), scene.incident, packaged()[0].name)

    async def run() -> None:
        async with scene.console() as console:
            for action in actions.of(WALK):
                if console.where == "WarRoom":
                    await console.press("c")
                assert console.where == "Walkthrough"
                if action.name == "reopen":
                    await console.press("up")
                await try_key(console, action, action.keys[0])
                if console.where == "Walkthrough":
                    if console.prompt.question is not None:
                        await console.press("escape")
                    console.prompt.flash("")
                elif console.where in ("Page", "ChecklistPicker"):
                    await console.press("escape")

    asyncio.run(run())
