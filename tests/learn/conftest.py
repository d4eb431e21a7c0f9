"""mia at a board whose clock stands at noon of 2026-03-02."""

from __future__ import annotations

import pytest

from opsterm.core.session import Session
from tests.support.bench import Bench
from tests.support.clock import HandClock


@pytest.fixture
def clock(bench: Bench) -> HandClock:
    bench.clock.stand_at("2026-03-02T12:00:00Z")
    return bench.clock


@pytest.fixture
def session(bench: Bench, clock: HandClock) -> Session:
    return bench.mia
