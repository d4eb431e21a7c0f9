"""Screens are tested without a terminal: a fixed clock, no animation, no waiting for time to pass."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

import pytest

from opsterm.board.store import Board
from opsterm.records.instant import to_ms
from opsterm.share import join
from opsterm.sharing.console_side import Sharing
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.console import BEGIN, Scene, checkout_at, nothing_at
from tests.support.register_console import RegisterConsole
from tests.support.team import Team, team_at
from tests.support.walk import DEPLOY, WalkBench

OpenBench = Callable[[str], WalkBench]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that no test shares."""
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(path))
    return path


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The checkout incident, 42 minutes old, seen by mia."""
    with checkout_at(tmp_path) as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scene]:
    """A board on which nothing was ever recorded."""
    with nothing_at(tmp_path) as made:
        yield made


@pytest.fixture
def context(empty: Scene) -> RegisterConsole:
    """A board on which nothing was recorded, seen by mia, on 2026-11-24."""
    empty.board.remember("person", "mia")
    return RegisterConsole(empty)


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on beside a console is done by the test."""
    monkeypatch.setattr(Sharing, "start", lambda self: None)


@pytest.fixture
def team(tmp_path: Path, no_process: None) -> Iterator[Team]:
    """Two boards in step."""
    with team_at(tmp_path) as made:
        yield made


@pytest.fixture
def open_bench(tmp_path: Path, no_process: None) -> Iterator[OpenBench]:
    """Opens boards by name, on one clock."""
    clock = HandClock(to_ms(BEGIN))
    boards: list[Board] = []

    def opened(name: str) -> WalkBench:
        path = tmp_path / f"{name}.sqlite"
        board = open_board(path, clock, name, seed=len(boards) + 7)
        board.remember("person", name)
        boards.append(board)
        return WalkBench(board, clock, path, name)

    yield opened
    for board in boards:
        board.close()


@pytest.fixture
def bench(open_bench: OpenBench) -> WalkBench:
    """One board."""
    return open_bench("m")


@pytest.fixture
def two(open_bench: OpenBench, tmp_path: Path) -> tuple[WalkBench, WalkBench]:
    """mia's board and noor's, in one shared folder."""
    share = tmp_path / "share"
    share.mkdir()
    mia, noor = open_bench("mia"), open_bench("noor")
    mia.take(DEPLOY)
    join(mia.board, share)
    join(noor.board, share)
    mia.sync()
    noor.sync()
    return mia, noor
