"""Marks that changed under people: two stations, apart, gave the same one, and each of the two has a letter now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from opsterm.board.store import Board
from opsterm.records.incident import Incident
from opsterm.records.plain import one_line
from opsterm.records.record import Record

_HOW_MANY = {2: "two", 3: "three", 4: "four"}
#: Where a record says what it is, whatever its kind.
_TEXTS = ("text", "what", "title", "name")
#: Signs of a text that are enough to know it by.
_TEXT_MAX = 40


def given_twice(items: Iterable[Record]) -> Mapping[str, Sequence[Record]]:
    """Mark as it was → the records that were given it, where they are several."""
    found: dict[str, list[Record]] = {}
    for item in items:
        if item.letter and item.mark != _given(item):
            found.setdefault(_given(item), []).append(item)
    return {mark: same for mark, same in found.items() if len(same) > 1}


def _given(item: Record) -> str:
    return f"{item.letter}{item.number}"


def several(same: Sequence[Record]) -> str:
    """That the mark which some records were given is not one thing any more, which they are now, and what to say."""
    return f"{_is_several(same)}, say {' or '.join(item.mark for item in same)}: {_which(same)}."


def _is_several(same: Sequence[Record]) -> str:
    return f"{_given(same[0])} is {_HOW_MANY.get(len(same), len(same))} now"


def _which(same: Sequence[Record]) -> str:
    """Each by the mark that it has now, and its words."""
    return ", ".join(f"{item.mark} {_text(item)}".rstrip() for item in same)


def _text(item: Record) -> str:
    words = one_line(next((str(said) for name in _TEXTS if (said := getattr(item, name, ""))), ""))
    return words if len(words) <= _TEXT_MAX else f"{words[: _TEXT_MAX - 1].rstrip()}…"


def told_once(board: Board, of: Incident, items: Iterable[Record]) -> list[str]:
    """A sentence for each mark that came to be several since this board last told, the incident's own among them: it is
    not told again. `items` are what has a mark in its room."""
    alike = board.all(Incident, "", where='"number" = ?', args=(of.number,))
    found = given_twice([*alike, *items])
    key = f"marks told:{of.id}"
    told: dict[str, int] = json.loads(board.recall(key) or "{}")
    new = {mark: same for mark, same in found.items() if told.get(mark, 1) < len(same)}
    now = {mark: len(same) for mark, same in found.items()}
    if now != told:
        board.remember_aside(key, json.dumps(now))
    return [f"{_is_several(same)}: {_which(same)}" for same in new.values()]
