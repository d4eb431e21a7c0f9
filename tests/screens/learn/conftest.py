"""Pages of learning are tried on a board that knows who sits before it."""

from __future__ import annotations

import pytest

from tests.support.console import Scene


@pytest.fixture
def empty(empty: Scene) -> Scene:
    """A board on which nothing was ever recorded, seen by mia."""
    empty.board.remember("person", "mia")
    return empty
