"""A key that means nothing here says where it does; one that means nothing anywhere says nothing."""

from __future__ import annotations

import pytest

from screens.keys.actions import (
    CAPTURE,
    HOME,
    LISTS,
    PAGE,
    PAGES,
    PANES,
    PLAYBACK,
    ROOM,
    SCREENS,
    TABLE,
    TEXT,
    VENDORS,
    of,
    say_key,
)
from screens.keys.elsewhere import VERBS, elsewhere, third_person
from tests.support.console import Console, Scene, at_console

#: Every key of the table that can be pressed: `ctrl+p` is the console's own.
KEYS = sorted({key for action in TABLE for key in action.keys} - {"ctrl+p"})
#: Places of the table that are none to go to.
NO_PLACES = {CAPTURE, LISTS, PAGE, TEXT, PLAYBACK}
#: What the words of the table begin with where they name a thing.
NAMES = {
    *("a", "alerts", "all", "another", "back", "counts", "decisions", "documents", "earlier", "how", "its", "meetings"),
    *("one", "out", "planned", "postmortems", "problems", "severity", "something", "the", "vendors", "ways"),
    *("what", "which", "who"),
}


def bound(*places: str) -> set[str]:
    return {key for action in of(*places) for key in action.keys}


def means(key: str, *places: str) -> list[str]:
    """The places, of these, where a key means something."""
    return [place for place in places if key in bound(place)]


def test_the_words_of_every_key_can_be_said_of_it() -> None:
    for action in TABLE:
        first = action.words.split()[0].rstrip(",;:")
        assert (first in VERBS) != (first in NAMES), action.words
    assert third_person("plan a test: the next best one") == "plans a test"
    assert third_person("try it shorter") == "tries it shorter"
    assert third_person("go to the first") == "goes to the first"
    assert third_person("pass every point") == "passes every point"
    assert third_person("the catalog of systems") == "is for the catalog of systems"


@pytest.mark.parametrize("pane", PANES)
def test_every_key_of_the_table_in_every_pane_says_in_which_pane_it_means_something(pane: str) -> None:
    here = (pane, ROOM)
    for key in KEYS:
        if key in bound(*here, LISTS):
            continue
        told = "; ".join(elsewhere(key, here))
        others = means(key, *(other for other in PANES if other != pane))
        anywhere = means(key, HOME, *SCREENS, *PAGES)
        if others:
            assert told.startswith(f"{say_key(key)} ")
            named = {other for other in others if f"{PANES.index(other) + 1} {other.capitalize()}" in told}
            assert named == set(others) or (key in ("e", "enter") and named)
        elif anywhere:
            assert told.startswith(f"{say_key(key)} ")
            assert any(told.partition("; ")[0].endswith(place) for place in ("war room", "composer", *PAGES, "home"))
        else:
            assert bool(told) == bool(means(key, *{p for a in TABLE for p in a.places} - NO_PLACES))


@pytest.mark.parametrize("place", [HOME, *SCREENS])
def test_every_key_of_the_table_on_every_page_says_on_which_page_it_means_something(place: str) -> None:
    for below in ((HOME,), (ROOM, HOME)):
        for key in KEYS:
            if key in bound(place, LISTS):
                continue
            told = elsewhere(key, (place, LISTS), below)
            known = {other for action in TABLE for other in action.places} - NO_PLACES
            assert bool(told) == bool(means(key, *known))
            assert len(told) <= 3
            if means(key, below[0]):
                first = "; ".join(told)
                assert below[0] in first


def test_a_key_that_means_nothing_anywhere_says_nothing() -> None:
    for key in ("f9", "Z", "J", "ctrl+t", "left_curly_bracket", "underscore"):
        assert elsewhere(key, (PANES[0], ROOM)) == []
        assert elsewhere(key, (VENDORS, LISTS), (HOME,)) == []


# --- pressed


@pytest.mark.parametrize("pane", PANES)
def test_every_such_key_pressed_in_a_pane_says_so_at_the_foot_and_does_nothing(scene: Scene, pane: str) -> None:
    async def steps(console: Console) -> None:
        room = console.war_room
        room.go(pane)
        await console.pilot.pause()
        version = scene.board.version
        for key in KEYS:
            if key in bound(pane, ROOM, LISTS):
                continue
            console.prompt.flash("")
            before = console.said
            await console.pilot.press(key)
            await console.pilot.pause()
            assert console.app.screen is room
            assert (scene.board.version, room.current) == (version, pane)
            told = elsewhere(key, (pane, ROOM))
            assert (told[0] in console.said) if told else console.said == before

    at_console(scene, steps, size=(200, 50))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_is_said_in_one_calm_line_that_has_room(scene: Scene, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "H")
        assert "H notes a hypothesis that refines this one: 2 Hypotheses" in console.said
        await console.press("6", "n")
        assert "n plans a test: 2 Hypotheses; notes who asked what from outside: 4 Updates" in console.screen_text
        assert not any(cell.tone in ("warn", "alarm") for cell in console.prompt.bar.lines[0].left)
        await console.press("1", "x")
        assert "x rules the hypothesis out: 2 Hypotheses; cancels the order: 3 Actions" in console.screen_text
        await console.press("2")
        assert "rules the hypothesis out" not in console.said

    at_console(scene, steps, size=size)


def test_a_page_says_what_a_key_does_below_it_and_what_is_typed_is_none_of_that(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("w", "h")
        assert "h says what could explain this: war room" in console.said
        await console.press("escape", "q", "V", "w")
        assert console.where == "Vendors"
        await console.press("z")
        assert "z shows this pane alone: war room" in console.said
        await console.press("tab")
        assert "tab goes to the next pane: war room" in console.said
        await console.press("escape", "n")
        assert console.prompt.typed == ""
        await console.press("x", "f9", "pagedown")
        assert console.prompt.typed == "x"
        assert "means" not in console.said

    at_console(scene, steps)
