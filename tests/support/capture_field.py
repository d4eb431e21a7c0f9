"""An incident on a board whose clock stands at 13:00 in Berlin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from opsterm.command.capture import Captured, parse, perform, scripted
from opsterm.core.session import Outcome, Session
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records.instant import to_ms
from tests.support.clock import HandClock
from tests.support.stations import NOWHERE, station

ZONE = ZoneInfo("Europe/Berlin")
NOW = "2026-11-24T12:00:00Z"


@dataclass(slots=True)
class Field:
    """The capture field of one person, in one incident."""

    session: Session
    clock: HandClock
    incident: str

    @property
    def snapshot(self) -> Snapshot:
        return read_snapshot(self.session.board, self.incident)

    def read(self, line: str) -> Captured:
        """What a line is understood as; nothing is recorded."""
        board, person = self.session.board, self.session.person
        return parse(line, self.snapshot, now=board.now, zone=ZONE, person=person)

    def type(self, line: str) -> Outcome:
        """A line as a script says it."""
        return perform(self.session, self.snapshot.incident, scripted(self.read(line)))


@contextmanager
def capture_field() -> Iterator[Field]:
    """mia's, in an incident with the hypotheses h1, h2 and the order a1."""
    clock = HandClock(to_ms(NOW))
    session = station(NOWHERE, "mia", clock)
    made = Field(session, clock, declare(session, "Checkout fails").record)
    for text in ("the pool is exhausted", "a bad deploy"):
        propose(session, made.snapshot.incident, text)
    order(session, made.snapshot.incident, "roll back web", owner="ben")
    yield made
    session.board.close()
