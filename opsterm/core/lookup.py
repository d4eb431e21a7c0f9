"""Finding a record by what a person calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from opsterm.board.store import Board
from opsterm.core.session import Rejected
from opsterm.records.record import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")

#: Names longer than this are cut in a record's id.
NAME_MAX = 80


def folded(name: str) -> str:
    """A name as it is compared: in any case, with one space between its words."""
    return " ".join(name.casefold().split())


def named_id(kind: type[Record], *names: str, most: int = NAME_MAX) -> str:
    """The id of a record that goes by its name, or by several: two stations that record the same one apart write on
    one record."""
    return f"{kind.kind}:{' / '.join(folded(name)[:most] for name in names if name.strip())}"


def only(*rungs: Sequence[T]) -> T | None:
    """What stands alone on the first rung where one does; nothing where none does."""
    return next((rung[0] for rung in rungs if len(rung) == 1), None)


def first_of(name: str, called: Callable[[T], str], ask: str, *rungs: Sequence[T]) -> T | None:
    """What stands on the first rung that holds any; nothing where none does. Raises Rejected where it holds several:
    `called` names them, and `ask` says what to say instead."""
    found = next(filter(None, rungs), ())
    if len(found) > 1:
        raise Rejected(f"{name} could be {', '.join(map(called, found[:6]))}: {ask}.")
    return found[0] if found else None


def find(board: Board, cls: type[R], name: str, what: str, among: Sequence[R] | None = None) -> R:
    """The record of an id, of a mark, or of an unambiguous beginning of its id. `what` names the kind in words, and
    `among` narrows the search. Raises Rejected."""
    items = board.all(cls) if among is None else among
    wanted = name.strip().lower()
    found = first_of(
        name,
        lambda item: item.id,
        "say its id",
        [item for item in items if item.id == name.strip()],
        [item for item in items if item.mark and item.mark.lower() == wanted],
        [item for item in items if cls.letter and f"{cls.letter}{item.number}".lower() == wanted],
        [item for item in items if wanted and item.id.lower().startswith(wanted)],
    )
    if found is None:
        raise Rejected(f"There is no {what} {name} on this board.")
    return found
