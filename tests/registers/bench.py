"""A board with a clock that a test sets to a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from opsterm.board.store import Board
from opsterm.core.session import Attribution, Rejected, Session
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from opsterm.records.instant import to_ms
from opsterm.records.record import Record

R = TypeVar("R", bound=Record)
TODAY = date(2026, 2, 11)
HEADER = "name,parent,service,tier,owner,term_end,notice,renewal,renewal_term,annual_cost,currency,systems"
DOCUMENTS = "title,path,owner,systems,kind,verified_at,cadence_days"


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int

    def now_ms(self) -> int:
        return self.ms


@dataclass(slots=True)
class Bench:
    """Several people at one board, and the day."""

    board: Board
    clock: HandClock

    @property
    def today(self) -> date:
        return date.fromisoformat(self.board.now[:10])

    def on(self, day: date, hour: int = 9) -> None:
        self.clock.ms = to_ms(f"{day.isoformat()}T{hour:02d}:00:00Z")

    def as_(self, person: str) -> Session:
        return Session(self.board, person)

    def one(self, cls: type[R], record: str) -> R:
        found = self.board.get(cls, record)
        assert found is not None
        return found

    def incident(self, title: str, at: date, severity: str = "sev2", services: Sequence[str] = ()) -> Incident:
        said = Attribution(at=f"{at.isoformat()}T10:00:00Z")
        told = declare(self.as_("mia"), title, severity=severity, services=services, said=said)
        return self.one(Incident, told.record)


def refusal(act: Callable[[], object]) -> str:
    """What an act was refused with; empty where it was not."""
    try:
        act()
    except Rejected as error:
        return str(error)
    return ""


def csv_of(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def written(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)
