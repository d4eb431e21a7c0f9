"""Two people at two boards, in the same incident, which both know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opsterm.core.session import Session
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.records import Hypothesis, Incident
from tests.board.stations import HandClock, merge_all, station


@dataclass(slots=True)
class Pair:
    """mia and ben, each at a board of their own."""

    mia: Session
    ben: Session
    clock: HandClock
    incident: str
    hypothesis: str

    def incident_at(self, session: Session) -> Incident:
        found = session.board.get(Incident, self.incident)
        assert found is not None
        return found

    def hypothesis_at(self, session: Session) -> Hypothesis:
        found = session.board.get(Hypothesis, self.hypothesis)
        assert found is not None
        return found

    def meet(self) -> None:
        merge_all(self.mia, self.ben)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    clock = HandClock()
    mia, ben = station(tmp_path, "mia", clock), station(tmp_path, "ben", clock)
    incident = declare(mia, "Checkout fails").record
    found = mia.board.get(Incident, incident)
    assert found is not None
    hypothesis = propose(mia, found, "the pool is exhausted").record
    made = Pair(mia, ben, clock, incident, hypothesis)
    made.meet()
    yield made
    mia.board.close()
    ben.board.close()
