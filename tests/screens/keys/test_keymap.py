"""Keys of the pages: answered, none twice, and other ones from the settings file."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.incidents.alert_inbox import Inbox
from screens.incidents.related_incidents import RelatedIncidents
from screens.incidents.search import Search
from screens.keys import actions
from screens.keys.actions import (
    DECIDING,
    ENDING,
    INBOX,
    LISTS,
    PEOPLE,
    RULES,
    SEARCH,
    TABLE,
    TESTS,
    TOGETHER,
    TRANSFER,
    TRIAGE,
)
from screens.keys.keymap import keys_in_file, remapped
from screens.rules import RulesPage
from screens.war_room.before_resolving import BeforeResolving
from screens.war_room.decisions import Decisions
from screens.war_room.hypothesis_tests import HypothesisTests
from screens.war_room.people import People
from screens.war_room.transfer import Transfer
from screens.war_room.triage import Triage
from tests.support.console import Console, Scene

ANSWERS: dict[str, type] = {
    TRIAGE: Triage,
    PEOPLE: People,
    TRANSFER: Transfer,
    ENDING: BeforeResolving,
    TESTS: HypothesisTests,
    RULES: RulesPage,
    SEARCH: Search,
    DECIDING: Decisions,
    TOGETHER: RelatedIncidents,
    INBOX: Inbox,
}


@pytest.fixture(autouse=True)
def usual_keys() -> Iterator[None]:
    yield
    actions.use(TABLE)


@pytest.mark.parametrize("place", ANSWERS)
def test_every_action_of_a_page_is_answered_and_no_key_means_two_things(place: str) -> None:
    assert [a.name for a in actions.of(place) if not hasattr(ANSWERS[place], f"action_{a.method}")] == []
    keys = Counter(key for action in actions.of(place, LISTS) for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_key_of_the_settings_file_does_what_it_names_and_is_what_help_says(scene: Scene, own_settings: Path) -> None:
    own_settings.write_text('[keys]\nlog = "N"\nwaiting = "f4"\n')

    async def run() -> None:
        async with scene.console() as console:
            await console.press("N")
            assert console.prompt.question is not None
            await console.press("escape", "f4")
            assert console.where == "Page"
            await console.press("escape", "?")
            assert "N" in console.screen_text
            await console.press("escape", "l")
            assert console.prompt.question is None

    asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("log", "h", "hypothesis"),
        ("log", "j", "down"),
        ("log", "escape", "always"),
        ("log", "two words", "one character"),
        ("log", 7, "one character"),
        ("dance", "D", "no such action"),
        ("triage.answer", "a", "many keys"),
    ],
)
def test_a_key_that_can_not_be_had_is_refused_in_one_line(name: str, key: object, said: str) -> None:
    found = remapped({name: key})
    assert found.table == TABLE
    assert len(found.warnings) == 1
    assert said in found.warnings[0]
    assert "\n" not in found.warnings[0]


def test_one_place_alone_can_have_another_key() -> None:
    found = remapped({"walkthrough.done": "f5"})
    assert not found.warnings
    assert found.bindings == {"walkthrough:done": "f5"}


def test_what_was_refused_is_said_on_the_first_screen(scene: Scene, own_settings: Path) -> None:
    own_settings.write_text('[keys]\nlog = "h"\n')

    async def steps(console: Console) -> None:
        assert "log stays as it is: h is hypothesis" in console.said

    async def run() -> None:
        async with scene.console() as console:
            await steps(console)

    asyncio.run(run())


def test_a_file_that_is_none_costs_nothing(own_settings: Path) -> None:
    own_settings.write_text("[keys\n")
    assert keys_in_file() == {}
    own_settings.write_text("keys = 3\n")
    assert keys_in_file() == {}


def documented_acts() -> list[tuple[str, str, int]]:
    page = (Path(__file__).parents[3] / "docs" / "command.md").read_text(encoding="utf-8")
    rows = page.partition("| act | keys | presses |\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [(act, keys, int(presses)) for act, keys, presses in (row.strip("| ").split(" | ") for row in rows)]


@pytest.mark.parametrize(("act", "keys", "presses"), documented_acts(), ids=lambda value: str(value)[:30])
def test_the_documented_presses_are_the_keys_that_are_named(act: str, keys: str, presses: int) -> None:
    one_of = re.sub(r"`(\S)`(?:, `\S`)*,? or `\S`", r"`\1`", keys)
    named = [key for group in re.findall(r"`([^`]+)`", one_of) for key in group.split()]
    said = {"two digits": 2, "its letter": 1, "its digit": 1, " letter": 1}
    rest = re.sub(r"`[^`]+`", "", one_of)
    counted = len(named)
    for words, times in said.items():
        counted += times * rest.count(words)
        rest = rest.replace(words, "")
    assert counted == presses
    bound = {actions.say_key(key) for a in actions.of(*actions.PANES, actions.ROOM, actions.HOME) for key in a.keys}
    assert named[0] in bound


def test_alt_is_no_key() -> None:
    """Most terminals send it as esc and the key."""
    for key in ("alt+x", "alt+up", "ctrl+alt+x"):
        (warning,) = remapped({"log": key}).warnings
        assert "log stays as it is" in warning
