"""Marks that changed under people: two stations, apart, gave the same one, and each of the two has a letter now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from opsterm.board.store import Board
from opsterm.records.plain import one_line
from opsterm.records.record import Record

_HOW_MANY = {2: "two", 3: "three", 4: "four"}
#: Signs of a text that are enough to know it by.
_TEXT_MAX = 40


def given_twice(items: Iterable[Record]) -> Mapping[str, Sequence[Record]]:
    """Mark as it was → the records that were given it, where they are several."""
    found: dict[str, list[Record]] = {}
    for item in items:
        plain = f"{item.letter}{item.number}"
        if item.letter and item.mark != plain:
            found.setdefault(plain, []).append(item)
    return {mark: same for mark, same in found.items() if len(same) > 1}


def is_several(mark: str, same: Sequence[Record]) -> str:
    """That a mark is not one thing any more."""
    return f"{mark} is {_HOW_MANY.get(len(same), len(same))} now"


def which(same: Sequence[Record]) -> str:
    """Each by the mark that it has now, and its words."""
    return ", ".join(f"{item.mark} {_text(item)}".rstrip() for item in same)


def _text(item: Record) -> str:
    words = one_line(str(getattr(item, "text", "") or getattr(item, "what", "") or getattr(item, "name", "")))
    return words if len(words) <= _TEXT_MAX else f"{words[: _TEXT_MAX - 1].rstrip()}…"


def told_once(board: Board, incident: str, items: Iterable[Record]) -> list[str]:
    """A sentence for each mark that came to be several since this board last told: it is not told again."""
    several = given_twice(items)
    key = f"marks told:{incident}"
    told: dict[str, int] = json.loads(board.recall(key) or "{}")
    new = {mark: same for mark, same in several.items() if told.get(mark, 1) < len(same)}
    now = {mark: len(same) for mark, same in several.items()}
    if now != told:
        board.remember(key, json.dumps(now))
    return [f"{is_several(mark, same)}: {which(same)}" for mark, same in new.items()]
