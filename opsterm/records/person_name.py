"""Names of people: how one is written down, and when two of them are the same person's.

A name is the same whatever its case and Unicode form: `kim` is `Kim`, and `jörg` is `jörg` however the ö is made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from opsterm.records.plain import one_line

#: The name of one person: the type of a field that holds one.
PersonName = str


def written(name: str) -> str:
    """A name as it is written down: on one line, in the composed form that most keyboards send (NFC)."""
    return normalize("NFC", one_line(name))


@lru_cache(maxsize=4096)
def person_key(name: str) -> str:
    """What all spellings of a name have in common; for comparing, never for showing. (Unicode 3.13, D146)"""
    folded = normalize("NFKC", normalize("NFKC", name).casefold()).casefold()
    return " ".join(folded.split()).lstrip("@")


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's. Nobody is the same as nobody."""
    return bool(one) and person_key(one) == person_key(other)


def is_among(name: str, names: Iterable[str]) -> bool:
    """Whether a person is one of these."""
    return any(same_person(name, other) for other in names)


def each_once(names: Iterable[str]) -> list[str]:
    """The people of these names, in order, each by the spelling that comes first; empty names are nobody's."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(person_key(name), name)
    return [*found.values()]
