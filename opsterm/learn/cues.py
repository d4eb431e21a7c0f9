"""Cues: words in any order within one statement, as the data files of this package write them.

`disk full/space` is found where a word `disk` and one of `full`, `space` stand in the same statement; `retr*` is any
word that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*", re.UNICODE)
#: Sentences and their parts; a full stop within a number or a name is none.
_BREAK = re.compile(r"(?<=[.!?;])\s+|\n+|[;]")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; apostrophes and hyphens stay inside."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def statements(text: str) -> list[str]:
    """The sentences of a text, and the parts that a semicolon divides."""
    return [part.strip() for part in _BREAK.split(text) if part.strip()]


@cache
def _place(alternatives: str) -> re.Pattern[str]:
    made = [re.escape(a[:-1]) + r"\S*" if a.endswith("*") else re.escape(a) for a in alternatives.split("/") if a]
    return re.compile(r"(?:" + "|".join(made) + r")")


def found(cue: str, words: Sequence[str]) -> bool:
    """Whether every place of the cue is filled by a word."""
    parts = [part for word in words for part in (word, *word.split("-"))]
    return all(any(_place(place).fullmatch(word) for word in parts) for place in cue.split())


def any_found(cues: Iterable[str], words: Sequence[str]) -> bool:
    return any(found(cue, words) for cue in cues)
