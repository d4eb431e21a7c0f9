"""Boards and shares for the tests of sharing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsterm.board.store import Board
from tests.support.shares import OpenBoard


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
