"""Finding a record by what a person calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from opsterm.board.store import Board
from opsterm.core.session import Rejected
from opsterm.records.record import Record

R = TypeVar("R", bound=Record)


def find(board: Board, cls: type[R], name: str, what: str, among: Sequence[R] | None = None) -> R:
    """The record of an id, of a mark, or of an unambiguous beginning of its id. `what` names the kind in words, and
    `among` narrows the search. Raises Rejected."""
    items = board.all(cls) if among is None else among
    wanted = name.strip().lower()
    for matching in (
        [item for item in items if item.id == name.strip()],
        [item for item in items if item.mark and item.mark.lower() == wanted],
        [item for item in items if cls.letter and f"{cls.letter}{item.number}".lower() == wanted],
        [item for item in items if wanted and item.id.lower().startswith(wanted)],
    ):
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise Rejected(f"{name} could be {', '.join(item.id for item in matching[:6])}: say its id.")
    raise Rejected(f"There is no {what} {name} on this board.")
