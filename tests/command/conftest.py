"""An incident on a board whose clock stands at 13:00 in Berlin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from opsterm.command.capture import Captured, parse, perform
from opsterm.core.session import Session, Told
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import Room, read_room
from opsterm.records.instant import to_ms
from tests.board.conftest import Pair, pair
from tests.board.stations import NOWHERE, HandClock, station

__all__ = ["Field", "Pair", "field", "pair"]

ZONE = ZoneInfo("Europe/Berlin")
NOW = "2026-11-24T12:00:00Z"


@dataclass(slots=True)
class Field:
    """The capture field of one person, in one incident."""

    session: Session
    clock: HandClock
    incident: str

    @property
    def room(self) -> Room:
        return read_room(self.session.board, self.incident)

    def read(self, line: str, *, strict: bool = False) -> Captured:
        """What a line is understood as; nothing is recorded."""
        board, person = self.session.board, self.session.person
        return parse(line, self.room, now=board.now, zone=ZONE, person=person, strict=strict)

    def type(self, line: str, *, strict: bool = True) -> Told:
        """A line typed and entered."""
        return perform(self.session, self.room.incident, self.read(line, strict=strict))


@pytest.fixture
def field() -> Iterator[Field]:
    """mia's, in an incident with the hypotheses h1, h2 and the order a1."""
    clock = HandClock(to_ms(NOW))
    session = station(NOWHERE, "mia", clock)
    made = Field(session, clock, declare(session, "Checkout fails").record)
    for text in ("the pool is exhausted", "a bad deploy"):
        propose(session, made.room.incident, text)
    order(session, made.room.incident, "roll back web", owner="ben")
    yield made
    session.board.close()
