"""No test sees the user's own board, name or zone; properties are tried on the same examples each time.

The boards that tests of several folders begin with stand here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.bench import Bench, bench_at
from tests.support.capture_field import Field, capture_field
from tests.support.incidents import Scene, incident_at
from tests.support.stations import Pair, pair_at

#: `OPSTERM_EXAMPLES=2000` tries that many examples of each property, other ones each time.
_EXAMPLES = int(os.environ.get("OPSTERM_EXAMPLES", "0"))
#: What asks for a long search.
_LONG = (
    "OPSTERM_EXAMPLES",
    "OPSTERM_FLIPS",
    "OPSTERM_FUZZ",
    "OPSTERM_HOLDS",
    "OPSTERM_KILLS",
    "OPSTERM_REAL",
    "OPSTERM_SEEDS",
    "OPSTERM_WRITERS_S",
)

settings.register_profile(
    "opsterm",
    deadline=None,
    derandomize=not _EXAMPLES,
    max_examples=_EXAMPLES or 60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    database=None,
)
settings.load_profile("opsterm")


def pytest_configure(config: pytest.Config) -> None:
    """A long search takes as long as it was asked to."""
    if any(name in os.environ for name in _LONG):
        config.option.timeout = 0


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPSTERM_BOARD", "OPSTERM_SHARE", "OPSTERM_USER", "OPSTERM_MACHINE"):
        monkeypatch.delenv(name, raising=False)
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A board on which nothing was recorded, and its clock."""
    with bench_at(tmp_path) as made:
        yield made


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """An incident that was declared this moment."""
    with incident_at(tmp_path) as made:
        yield made


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two people at two boards, in the same incident, which both know."""
    with pair_at(tmp_path) as made:
        yield made


@pytest.fixture
def field() -> Iterator[Field]:
    """The capture field of mia, in an incident with two hypotheses and an order."""
    with capture_field() as made:
        yield made
