"""The composer on the checkout incident, with the engine of words warm, so that no test waits for it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from tests.support.console import Scene


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    from screens.composer.message import warm

    loaded = Event()
    warm(loaded.set)
    assert loaded.wait(30)


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """The checkout incident, 42 minutes old, seen by mia."""
    scene.board._db.execute("PRAGMA synchronous=OFF")  # the composer is tried here, not the disk
    return scene


@pytest.fixture
def settings(own_settings: Path) -> Path:
    """The team's settings file, to be written by a test."""
    return own_settings
