"""The composer on the checkout incident, with the engine of words warm, so that no test waits for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

os.environ["TEXTUAL_ANIMATIONS"] = "none"

import pytest

from tests.screens.checkout import Scene


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    from screens.composer.message import warm

    loaded = Event()
    warm(loaded.set)
    assert loaded.wait(30)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene.of_checkout(tmp_path)
    made.board._db.execute("PRAGMA synchronous=OFF")  # the composer is tried here, not the disk
    yield made
    made.board.close()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The team's settings file, to be written by a test."""
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(path))
    return path
