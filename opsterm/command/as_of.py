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
    given = (today, settings, holidays if isinstance(holidays, frozenset) else id(holidays))
    # The holidays stand beside what was worked out with them: so long as they do, nothing else has their id.
    found, _ = board.worked_out(name, given, of, lambda: (work(), holidays))
    return found
