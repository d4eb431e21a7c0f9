"""What is worked out from the board as of a day and a calendar, once until what it is made of changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from datetime import date
from typing import TypeVar

from opsterm.board.store import Board
from opsterm.records.record import Record

T = TypeVar("T")


def as_of(
    board: Board,
    name: str,
    today: date,
    holidays: Container[date],
    of: Collection[type[Record]],
    work: Callable[[], T],
    settings: str = "",
) -> T:
    """What `work` makes of the kinds `of` on a day; `settings` says what of the team's settings it goes by."""
    none = isinstance(holidays, frozenset) and not holidays
    # The holidays stand beside what was worked out with them: so long as they do, nothing else has their id.
    given = (today, settings, 0 if none else id(holidays))
    slot = name if none else f"{name}, by a calendar"
    found, _ = board.worked_out(slot, given, of, lambda: (work(), holidays))
    return found
