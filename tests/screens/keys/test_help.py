"""The help says keys as people see them, and does what its own foot says."""

from __future__ import annotations

import unicodedata

import pytest

from screens.keys.actions import PAGE, TABLE, footer, say_key
from screens.keys.keymap import remapped
from screens.textual_private import key_of
from tests.support.console import Console, Scene, at_console
from tests.support.keys import fingerprint

#: Keys that have no character and are called by what is printed on them.
PRINTED = {"esc", "enter", "space", "tab", "backspace", "home", "end", "pgup", "pgdn", "F1", "insert", "delete"}
#: Where `?` is pressed: the keys that lead there from the war room.
PLACES = ["", "3", "6", "m", "T", "t", "r", "E", "2n", "R", "S", "Y", "I", "w", "q", "qd", "qp", "qo", "qw", "qV", "qD"]


@pytest.mark.parametrize("letter", [*map(chr, range(33, 127)), "ä", "ß", "中", "€"])
def test_a_key_with_a_character_is_said_by_it(letter: str) -> None:
    assert say_key(key_of(letter)) == letter
    assert say_key(f"ctrl+{key_of(letter)}") == f"ctrl+{letter}"


def test_no_key_of_the_table_is_said_by_its_inner_name() -> None:
    for action in TABLE:
        for sign in action.signs:
            *held, said = sign.split("+") if len(sign) > 1 else [sign]
            assert set(held) <= {"ctrl", "shift"}
            assert len(said) == 1 or said in PRINTED, sign


def test_nor_is_one_that_a_team_chose() -> None:
    found = remapped({"log": "_", "decision": "ctrl+l", "zoom": "^", "copy": "f5"})
    assert not found.warnings
    said = {action.name: action.sign for action in found.table}
    assert (said["log"], said["zoom"], said["decision"]) == ("_", "^", "ctrl+l")


@pytest.mark.parametrize("keys", PLACES)
def test_the_help_of_a_screen_has_no_inner_name_of_a_key(scene: Scene, keys: str) -> None:
    inner = {name for action in TABLE for name in action.keys if "_" in name}
    inner |= {unicodedata.name(chr(n)).lower().replace(" ", "_").replace("-", "_") for n in range(33, 127)}

    async def steps(console: Console) -> None:
        await console.press(*keys, "?")
        words = set(console.app.screen.text.split())  # type: ignore[attr-defined]
        assert not {word for word in words & inner if "_" in word}

    at_console(scene, steps)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_every_key_at_the_foot_of_the_help_works_there(scene: Scene, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        console.app.context.copy = lambda text: "copied"
        shown = [action for action in footer((PAGE,)) if action.keys[0] not in console.prompt.hinted]
        for action in shown:
            await console.press("?")
            foot = console.said
            assert "enter" not in foot
            if f"{action.sign} {action.verb}" in foot:
                before = fingerprint(console)
                await console.press(action.sign)
                assert fingerprint(console) != before
                assert "nothing" not in console.said
            while console.where != "WarRoom":
                await console.press("escape")
        await console.press("?")
        assert {f"{a.sign} {a.verb}" for a in shown if f"{a.sign} {a.verb}" in console.said} == {"y copy", "? keys"}
        assert "esc back" in console.said
        await console.press("escape")
        assert console.where == "WarRoom"

    at_console(scene, steps, size=size)


def test_a_page_says_that_enter_opens_only_where_it_does(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("w")
        assert "enter open" not in console.said
        await console.press("escape", "b")
        assert console.where != "WarRoom"

    at_console(scene, steps)
