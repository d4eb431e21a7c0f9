"""Names of people: how one is written down, and when two of them are the same person's.

A name is the same whatever its case and Unicode form: `kim` is `Kim`, and `jörg` is `jörg` however the ö is made up. It
has no character that nobody sees: two names that differ in nothing else would be one person's to whoever reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from opsterm.records.plain import one_line

#: The name of one person: the type of a field that holds one.
PersonName = str


#: What is there and shows nothing: soft hyphen, joiners, blanks without width, tags, signs that choose how a letter
#: looks, fillers [Unicode, Default_Ignorable_Code_Point], notes between lines, and the empty Braille cell.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def bare(name: str) -> str:
    """A name as it was said, on one line and without what nobody sees."""
    return one_line(name if name.isascii() else UNSEEN.sub("", name))


def written(name: str) -> str:
    """A name as it is written down: bare, in the composed form that most keyboards send (NFC)."""
    return normalize("NFC", bare(name))


@lru_cache(maxsize=4096)
def person_key(name: str) -> str:
    """What all spellings of a name have in common; for comparing, never for showing. (Unicode 3.13, D146)"""
    folded = normalize("NFKC", normalize("NFKC", UNSEEN.sub("", name)).casefold()).casefold()
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
