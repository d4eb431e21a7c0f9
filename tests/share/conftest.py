"""Boards and shares for the tests of sharing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents import incident, timeline
from opsterm.records import Incident

OpenBoard = Callable[..., Board]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """An empty folder that a team shares."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def open_board(tmp_path: Path) -> Iterator[OpenBoard]:
    """Opens boards by name; closes them all in the end."""
    boards: list[Board] = []

    def opened(name: str, machine: str = "") -> Board:
        boards.append(Board.open(tmp_path / f"{name}.sqlite", machine=machine or None, any_disk=True))
        return boards[-1]

    yield opened
    for board in boards:
        board.close()


def declare(board: Board, title: str = "checkout fails", person: str = "mia") -> Incident:
    """Declares an incident, and gives it back as the board has it."""
    record = incident.declare(Session(board, person), title).record
    made = board.get(Incident, record)
    assert made is not None
    return made


def observe(board: Board, about: Incident, text: str, person: str = "mia") -> None:
    """Notes something seen."""
    timeline.observe(Session(board, person), about, text)


def journals(share: Path) -> Path:
    """Where the live journals lie."""
    return share / "opsterm" / "journals"
