"""A board with a clock that a test moves or sets to a day, and people at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from opsterm.board.store import Board
from opsterm.core.session import Attribution, Rejected, Session
from opsterm.incidents.incident import declare
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import import_text
from opsterm.records import Incident, Obligation, Run, Step
from opsterm.records.instant import Instant
from opsterm.records.record import Record
from tests.support.board import open_board
from tests.support.clock import HandClock

R = TypeVar("R", bound=Record)
TODAY = date(2026, 2, 11)
HEADER = "name,parent,service,tier,owner,term_end,notice,renewal,renewal_term,annual_cost,currency,systems"
DOCUMENTS = "title,path,owner,systems,kind,verified_at,cadence_days"


@dataclass(slots=True)
class Bench:
    """Several people at one board, and the time."""

    board: Board
    clock: HandClock

    # --- people

    def as_(self, person: str) -> Session:
        return Session(self.board, person)

    @property
    def mia(self) -> Session:
        return self.as_("mia")

    @property
    def noor(self) -> Session:
        return self.as_("noor")

    # --- the time

    @property
    def now(self) -> Instant:
        return self.board.now

    @property
    def today(self) -> date:
        return date.fromisoformat(self.board.now[:10])

    def on(self, day: date, hour: int = 9) -> None:
        self.clock.stand_at(f"{day.isoformat()}T{hour:02d}:00:00Z")

    def wait(self, minutes: float = 0, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        self.clock.ms += round((seconds + minutes * 60 + hours * 3600 + days * 86400) * 1000)

    # --- records

    def one(self, cls: type[R], record: str) -> R:
        found = self.board.get(cls, record)
        assert found is not None
        return found

    def declared(self, title: str, at: date, severity: str = "sev2", services: Sequence[str] = ()) -> Incident:
        said = Attribution(at=f"{at.isoformat()}T10:00:00Z")
        told = declare(self.as_("mia"), title, severity=severity, services=services, said=said)
        return self.one(Incident, told.record)

    def owed(self, record: str) -> Obligation:
        return self.one(Obligation, record)

    # --- walks

    def begin(self, source: str, *, incident: str = "", by: str = "mia", **more: Any) -> Run:
        """A run of a list that is imported on the way."""
        import_text(self.mia, source, "list")
        name = source.split("\n", 1)[0].removeprefix("# ")
        return self.run(checklist.begin(self.as_(by), incident, name, **more).record)

    def run(self, record: str) -> Run:
        return self.one(Run, record)

    def steps(self, run: Run) -> list[Step]:
        return checklist.steps_of(self.mia, run)

    def step(self, run: Run, label: str) -> Step:
        return next(step for step in self.steps(run) if step.label == label)


@contextmanager
def bench_at(folder: Path) -> Iterator[Bench]:
    """A board on which nothing was recorded."""
    clock = HandClock()
    with open_board(folder / "b.sqlite", clock) as board:
        yield Bench(board, clock)


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
