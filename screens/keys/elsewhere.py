"""What a key does where one is not: a key that means nothing here says where it does, from the one table of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from screens.keys import actions
from screens.keys.actions import (
    CAPTURE,
    GONE,
    LISTS,
    PAGE,
    PANES,
    PLAYBACK,
    ROOM,
    SCREENS,
    TEXT,
    KeyAction,
    of,
    say_key,
)

#: So many meanings are said at the most: of other panes, and of other screens.
PANES_MAX, SCREENS_MAX = 3, 2
#: Places that are none to go to: a line, a list, any page, what only a playback has.
_NOWHERE = frozenset({CAPTURE, GONE, LISTS, PAGE, TEXT, PLAYBACK})
_VERBS_OF_THE_TABLE = """
accept acknowledge add answer approve ask begin cancel change close confirm copy decide declare decline do draft drop
edit empty end find fold form freeze give go keep leave let link log look name note open order pass pause pick plan play
put record refuse rehearse resolve rule say scroll search set settle show skip split start step strike switch take try
undo walk watch write
"""
#: Words of the table that begin with one of these say what is done; others name a thing.
VERBS = frozenset(_VERBS_OF_THE_TABLE.split())


def elsewhere(key: str, here: Sequence[str], below: Sequence[str] = ()) -> list[str]:
    """What a key means in other places, each with where: in the other panes of the room, else on the screens `below`,
    nearest first, else on those that a key opens from `here`, else anywhere. Nothing for a key that means something
    here, or nothing anywhere."""
    if any(key in action.keys for action in of(*here, LISTS)):
        return []
    for places in _further(here, below):
        told = [_told(action, places) for action in of(*places) if key in action.keys]
        if told:
            most = PANES_MAX if set(places) <= set(PANES) else SCREENS_MAX
            return [f"{say_key(key)} {told[0]}", *told[1:most]]
    return []


def _further(here: Sequence[str], below: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Where to look, the nearest first."""
    if ROOM in here:
        yield tuple(place for place in PANES if place not in here)
    for place in below:
        yield (place,)
        yield PANES if place == ROOM else ()
    yield tuple(opened for action in of(*here) if (opened := action.given or "") in SCREENS and opened not in here)
    known = dict.fromkeys(place for action in actions.TABLE for place in action.places)
    yield tuple(place for place in known if place not in _NOWHERE and place not in here)


def _told(action: KeyAction, places: Iterable[str]) -> str:
    where = ", ".join(_called(place) for place in places if place in action.places)
    return f"{third_person(action.words)}: {where}"


def _called(place: str) -> str:
    return f"{PANES.index(place) + 1} {place.capitalize()}" if place in PANES else place


def third_person(words: str) -> str:
    """What a key does, of the words that tell a person what to do with it: `plan a test: …` → `plans a test`."""
    first = re.split(r"[,;:]", words)[0]
    verb, space, rest = first.partition(" ")
    if verb not in VERBS:
        return f"is for {first}"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        verb = f"{verb[:-1]}ie"
    elif verb.endswith(("s", "sh", "ch", "x", "o")):
        verb += "e"
    return f"{verb}s{space}{rest}"
