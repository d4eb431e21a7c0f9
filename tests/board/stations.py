"""Stations that tests set up: each a board with a clock that stands until it is moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsterm.board.change import Change, Write, make
from opsterm.board.store import Board, seeded_token
from opsterm.command.session import Session
from opsterm.records.instant import to_ms

BEGIN_MS = to_ms("2026-11-24T13:00:00Z")


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int = BEGIN_MS

    def now_ms(self) -> int:
        return self.ms


def station(folder: Path, name: str, clock: HandClock | None = None, person: str = "") -> Session:
    """A person at a board of their own, on a machine of their own."""
    seed = int.from_bytes(name.encode(), "big")
    path = folder / f"{name}.sqlite"
    board = Board.open(
        path, clock=clock or HandClock(), machine=f"machine of {name}", token=seeded_token(seed), any_disk=True
    )
    return Session(board, person or name)


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
    """All that a board has worked out, without what tells when it heard of it."""
    from opsterm.command.dump import dump

    incidents = [row["id"] for row in dump(board) if row["kind"] == "incident"]
    return [list(dump(board)), [board.moments(i) for i in incidents], board.conflicts()]


def record_ids(changes: Iterable[Change]) -> set[str]:
    return {change.record for change in changes}
