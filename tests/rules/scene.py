"""A board with a clock that a test moves, and one incident on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.instant import Instant, instant, moment

BEGIN = "2026-11-24T13:00:00Z"


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int

    def now_ms(self) -> int:
        return self.ms


@dataclass(slots=True)
class Scene:
    """One incident, several people at one board, and the time."""

    board: Board
    clock: HandClock
    incident_id: str = ""

    def as_(self, person: str) -> Session:
        return Session(self.board, person)

    def wait(self, minutes: float = 0, *, hours: float = 0) -> None:
        self.clock.ms += round((minutes + hours * 60) * 60_000)

    @property
    def now(self) -> Instant:
        return self.board.now

    def in_(self, minutes: float) -> Instant:
        return instant(moment(self.now) + timedelta(minutes=minutes))

    @property
    def snapshot(self) -> Snapshot:
        return read_snapshot(self.board, self.incident_id)

    @property
    def incident(self) -> Incident:
        found = self.board.get(Incident, self.incident_id)
        assert found is not None
        return found

    def order(self, record: str) -> Action:
        found = self.board.get(Action, record)
        assert found is not None
        return found

    def hypothesis(self, record: str) -> Hypothesis:
        found = self.board.get(Hypothesis, record)
        assert found is not None
        return found
