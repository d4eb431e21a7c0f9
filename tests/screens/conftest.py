"""Screens are tested without a terminal: a fixed clock, no animation, no waiting for time to pass."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ.pop("NO_COLOR", None)

import pytest

from tests.screens.checkout import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The checkout incident, 42 minutes old, seen by mia."""
    made = Scene.of_checkout(tmp_path)
    yield made
    made.board.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Scene]:
    """A board on which nothing was ever recorded."""
    made = Scene.of_nothing(tmp_path)
    yield made
    made.board.close()
