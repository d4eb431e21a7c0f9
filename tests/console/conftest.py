"""Consoles are tested without a terminal, two boards to a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"

import pytest

from tests.console.team import Team, team_at
from tests.screens.checkout import Scene


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Two boards in step; no process stands beside their consoles."""
    monkeypatch.setattr("opsterm.sharing.console_side.Sharing.start", lambda self: None)
    with team_at(tmp_path) as made:
        yield made


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The checkout incident on one board."""
    made = Scene.of_checkout(tmp_path)
    yield made
    made.board.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scene]:
    """A board on which nothing was ever recorded."""
    made = Scene.of_nothing(tmp_path)
    yield made
    made.board.close()
