"""A board with a clock that a test moves, and one incident on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.instant import Instant, instant, moment
from tests.support.bench import Bench, bench_at


@dataclass(slots=True)
class Scene(Bench):
    """One incident, several people at one board, and the time."""

    incident_id: str = ""

    def in_(self, minutes: float) -> Instant:
        return instant(moment(self.now) + timedelta(minutes=minutes))

    @property
    def snapshot(self) -> Snapshot:
        return read_snapshot(self.board, self.incident_id)

    @property
    def incident(self) -> Incident:
        return self.one(Incident, self.incident_id)

    def order(self, record: str) -> Action:
        return self.one(Action, record)

    def hypothesis(self, record: str) -> Hypothesis:
        return self.one(Hypothesis, record)


@contextmanager
def incident_at(folder: Path) -> Iterator[Scene]:
    """An incident that mia declared this moment."""
    with bench_at(folder) as bench:
        bench.board._db.execute("PRAGMA synchronous=OFF")  # rules are tried here, not the disk
        scene = Scene(bench.board, bench.clock)
        scene.incident_id = declare(scene.mia, "Checkout fails for some cards", services=["checkout"]).record
        yield scene
