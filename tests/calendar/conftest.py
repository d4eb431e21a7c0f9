"""What is due is read on a day."""

from __future__ import annotations

import pytest

from tests.support.bench import TODAY, Bench


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A board on which nothing was recorded, on TODAY."""
    bench.on(TODAY)
    return bench
