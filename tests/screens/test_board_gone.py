"""The board's file goes away, or another comes in its place, under a running console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.console import Console, Scene, at_console


def deleted(path: Path) -> None:
    for part in ("", "-wal", "-shm"):
        path.with_name(path.name + part).unlink()


def replaced(path: Path) -> None:
    other = path.with_name("other")
    with open_board(other, HandClock(), machine="other", seed=9) as made:
        declare(Session(made, "ben"), "Search is slow")
    other.replace(path)


async def noticed(console: Console) -> None:
    """What the console does by itself ten times a second."""
    console.app.poll()
    await console.pilot.pause()


def lines_on_disk(path: Path) -> list[str]:
    with open_board(path, HandClock()) as board:
        (incident,) = board.all(Incident)
        return [line.text for line in board.moments(incident.id)]


@pytest.mark.parametrize("gone", [deleted, replaced])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_is_said_at_once_nothing_more_is_recorded_and_one_key_mends_it(
    scene: Scene, gone: Callable[[Path], None], size: tuple[int, int]
) -> None:
    async def steps(console: Console) -> None:
        before = scene.board.count_changes()
        gone(scene.path)
        await noticed(console)
        assert console.where == "BoardGone"
        assert "Nothing more is recorded until it is written back" in console.screen_text
        await console.press("escape")
        await noticed(console)
        assert "the board's file is gone, nothing is recorded" in console.screen_text
        await console.press("l", *"payments recover", "enter")
        assert scene.board.count_changes() == before
        assert "Not recorded: the board's file was" in console.screen_text
        assert "payments recover" in console.screen_text
        await console.press("ctrl+p")
        await console.press(*"write back")
        await console.pilot.app.workers.wait_for_complete()
        await console.press("enter")
        assert console.where == "BoardGone"
        await console.press("w")
        assert "write it back" not in console.screen_text
        assert "The board is written back" in console.screen_text
        await console.press("escape", "enter")
        assert scene.board.count_changes() > before
        assert any("payments recover" in line for line in lines_on_disk(scene.path))

    at_console(scene, steps, size=size)


def test_who_types_on_does_not_answer_the_page_by_chance(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("l", *"pay")
        deleted(scene.path)
        console.app.poll()
        await console.hit("w")
        assert console.where == "BoardGone"
        assert scene.board.out_of_place
        await console.press("w")
        assert not scene.board.out_of_place
        await console.press("escape")
        assert "pay" in console.screen_text

    at_console(scene, steps)


def test_a_file_that_comes_back_by_itself_is_the_board_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        away = scene.path.with_name("away")
        scene.path.rename(away)
        await noticed(console)
        assert console.where == "BoardGone"
        away.rename(scene.path)
        await noticed(console)
        assert "in its place again" in console.screen_text

    at_console(scene, steps)


def test_a_console_that_leaves_looks_no_more(scene: Scene) -> None:
    """Its timers run a moment longer than its screens."""
    app = scene.app()
    assert not app.screen_stack
    app.poll()
    app.tick()
