"""Stations that tests set up: each a board with a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsterm.board.change import Change, Write, make
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.records import Hypothesis, Incident
from opsterm.records.record import KINDS, as_fields
from tests.support.board import open_board
from tests.support.clock import BEGIN_MS, HandClock

#: Instead of a folder: the board is in memory alone.
NOWHERE = Path()


def station(folder: Path, name: str, clock: HandClock | None = None, person: str = "") -> Session:
    """A person at a board of their own, on a machine of their own."""
    seed = int.from_bytes(name.encode(), "big")
    path = folder / f"{name}.sqlite" if folder != NOWHERE else Path(":memory:")
    return Session(open_board(path, clock or HandClock(), f"machine of {name}", seed), person or name)


def everything(board: Board) -> list[Change]:
    """All changes that a board knows."""
    return list(board.all_changes())


def merge_all(*sessions: Session) -> None:
    """Each learns all that the others know."""
    known = [everything(session.board) for session in sessions]
    for session in sessions:
        for changes in known:
            session.board.merge(changes)


def change_of(
    fields: dict[str, Any] | None = None,
    *,
    station: str = "s1",
    seq: int = 1,
    hlc: int = BEGIN_MS << 16,
    kind: str = "hypothesis",
    record: str = "r1",
    incident: str = "i1",
    basis: dict[str, list[str]] | None = None,
    prev: str = "",
    author: str = "mia",
    wall: int = BEGIN_MS,
) -> Change:
    """A sound change, as another station would write it."""
    write = Write(kind, record, incident, fields if fields is not None else {"text": "pool", "number": 1})
    return make(prev, station, seq, hlc, wall, author, write, basis or {})


def folded_state(board: Board) -> list[Any]:
    """All that a board has worked out."""
    records = [sorted((as_fields(item) for item in board.all(cls)), key=lambda r: r["id"]) for cls in KINDS.values()]
    return [records, [board.moments(incident.id) for incident in board.all(Incident)], board.conflicts()]


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


@contextmanager
def pair_at(folder: Path) -> Iterator[Pair]:
    """mia and ben in the same incident, which both know, with one hypothesis."""
    clock = HandClock()
    mia, ben = station(folder, "mia", clock), station(folder, "ben", clock)
    incident = declare(mia, "Checkout fails").record
    found = mia.board.get(Incident, incident)
    assert found is not None
    hypothesis = propose(mia, found, "the pool is exhausted").record
    made = Pair(mia, ben, clock, incident, hypothesis)
    made.meet()
    yield made
    mia.board.close()
    ben.board.close()
