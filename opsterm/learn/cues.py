"""Cues: words in any order within one statement, as the data files of this package write them.

`disk full/space` is found where a word `disk` and one of `full`, `space` stand in the same statement; `retr*` is any
word that begins so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*", re.UNICODE)
#: Sentences and their parts; a full stop within a number or a name is none.
_BREAK = re.compile(r"(?<=[.!?;])\s+|\n+|[;]")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; apostrophes and hyphens stay inside."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def statements(text: str) -> list[str]:
    """The sentences of a text, and the parts that a semicolon divides."""
    return [part.strip() for part in _BREAK.split(text) if part.strip()]


@dataclass(frozen=True, slots=True)
class CueBook:
    """Cues under names, looked up a statement at a time: the cost is by the words of the statement, not by the cues."""

    #: Place → the numbers of the (cue, place) it fills, for whole words and for beginnings.
    whole: Mapping[str, frozenset[tuple[int, int]]]
    begun: Mapping[str, frozenset[tuple[int, int]]]
    #: For each cue: the name that it stands for, and how many places it has.
    cues: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, named: Mapping[str, Iterable[str]]) -> CueBook:
        whole: dict[str, set[tuple[int, int]]] = {}
        begun: dict[str, set[tuple[int, int]]] = {}
        cues: list[tuple[str, int]] = []
        for name, written in named.items():
            for cue in written:
                places = cue.split()
                for place, alternatives in enumerate(places):
                    for word in filter(None, alternatives.split("/")):
                        table, key = (begun, word[:-1]) if word.endswith("*") else (whole, word)
                        table.setdefault(key, set()).add((len(cues), place))
                cues.append((name, len(places)))
        return cls(
            {key: frozenset(value) for key, value in whole.items()},
            {key: frozenset(value) for key, value in begun.items()},
            cues,
        )

    def count(self, words: Iterable[str]) -> Counter[str]:
        """Name → how many of its cues the words of one statement fill."""
        filled: dict[int, set[int]] = {}
        given = [*words]
        for word in {*given, *(part for whole in given if "-" in whole for part in whole.split("-"))}:
            for cue, place in self.whole.get(word, ()):
                filled.setdefault(cue, set()).add(place)
            for length in range(1, len(word) + 1):
                for cue, place in self.begun.get(word[:length], ()):
                    filled.setdefault(cue, set()).add(place)
        return Counter(self.cues[cue][0] for cue, places in filled.items() if len(places) == self.cues[cue][1])


def any_found(cues: Iterable[str], words: Iterable[str]) -> bool:
    """Whether the words of one statement fill one of the cues."""
    return bool(CueBook.of({"": cues}).count(words))
