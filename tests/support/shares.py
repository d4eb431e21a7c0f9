"""What people record on boards that share a folder, and how long a test waits until others know of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents import incident, timeline
from opsterm.records import Incident

OpenBoard = Callable[..., Board]
#: A machine under load may take long; a test that waits so long has failed.
LONG_S = 20.0


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Waits until it holds."""
    deadline = time.monotonic() + LONG_S
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}, after {LONG_S:g} s")
        time.sleep(0.01)


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
