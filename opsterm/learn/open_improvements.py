"""The improvements that are owed, in one line: what home shows at once, so that nothing heavy is read for it."""

from __future__ import annotations

from dataclasses import dataclass

from opsterm.board.store import Board
from opsterm.core.times import age, between
from opsterm.records import Obligation
from opsterm.records.instant import Instant


@dataclass(frozen=True, slots=True)
class OpenImprovements:
    """The improvements that are owed: what home shows in one line."""

    open: int
    late: int
    #: Seconds since the oldest open one was promised; 0 where none is.
    oldest: float

    @property
    def words(self) -> str:
        if not self.open:
            return "no improvement is open"
        late = f", {self.late} late" if self.late else ""
        return f"{self.open} improvement{'s' if self.open > 1 else ''} open{late}, the oldest for {age(self.oldest)}"


def owed_improvements(board: Board) -> list[Obligation]:
    """What is owed of improvements, oldest first."""
    return board.all(Obligation, where="sort = 'improvement' AND state IN ('open', 'snoozed')")


def open_improvements(board: Board, now: Instant) -> OpenImprovements:
    """How many improvements are open, how many of them late, and how old the oldest is."""
    running = owed_improvements(board)
    late = sum(bool(duty.due_at) and duty.due_at < now for duty in running)
    return OpenImprovements(len(running), late, max((between(duty.at, now) for duty in running), default=0.0))
