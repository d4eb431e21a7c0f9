"""What a person at an incident should know of those before it: which it may repeat, what helped then, what was ruled
out, and what was to prevent it."""

from __future__ import annotations

from dataclasses import dataclass

from opsterm.board.store import Board
from opsterm.learn.recurrence import SHOWN_MAX, LastTime, Repeat, catch_up, doubted, last_time, repeats, still_owed
from opsterm.learn.taxonomy import data

#: So many changes are looked at in one go, so that nobody waits long for the board.
SLICE = 500


@dataclass(frozen=True, slots=True)
class EarlierIncident:
    """One earlier incident that this one may repeat."""

    repeat: Repeat
    before: LastTime
    #: Improvements that were closed before it came back, and those that were overdue when it did.
    doubted: tuple[str, ...]
    still_owed: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether a screen may say so unasked."""
        return self.repeat.verdict == "confirmed" or (
            not self.repeat.verdict and self.repeat.score >= data("recurrence")["sure"]
        )

    @property
    def how_sure(self) -> str:
        """Never all: only a person confirms."""
        return f"{min(self.repeat.score, 0.99):.0%} sure"

    @property
    def words(self) -> str:
        """In one line: which, how sure, and what helped."""
        told = [f"like {self.repeat.earlier_mark} ({self.how_sure})"]
        told += [f"then: {text}" for text in self.before.explained[:1]]
        told += [f"helped: {text}" for text in self.before.helped[:1]]
        return "; ".join(told)


def seen_before(board: Board, incident: str) -> tuple[EarlierIncident, ...]:
    """The earlier incidents that this one may repeat, likeliest first, refused ones last: SHOWN_MAX of those that
    nobody judged."""
    get_ready(board)
    out, guessed = [], 0
    for repeat in repeats(board, incident):
        if repeat.later != incident:
            continue
        guessed += not repeat.verdict
        before = last_time(board, repeat.earlier)
        if before is not None and (repeat.verdict or guessed <= SHOWN_MAX):
            closed, owed = doubted(board, repeat), still_owed(board, repeat)
            out.append(
                EarlierIncident(repeat, before, tuple(item.text for item in closed), tuple(item.text for item in owed))
            )
    return tuple(out)


def get_ready(board: Board) -> None:
    """Brings up to date what incidents are compared by, in steps so short that no key waits for the board."""
    for _ in range(board.version // SLICE + 1):
        catch_up(board, SLICE)
