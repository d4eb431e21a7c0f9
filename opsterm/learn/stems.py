"""Words without their endings, so that `expired` and `expires` are one. Plain suffix rules: explainable, and fast."""

from __future__ import annotations

import re
from functools import lru_cache

from opsterm.learn.cues import words_of

_ENDINGS = (
    ("ization", "ize"),
    ("isation", "ise"),
    ("ations", ""),
    ("ation", ""),
    ("ments", ""),
    ("ment", ""),
    ("ings", ""),
    ("ing", ""),
    ("iness", "y"),
    ("ness", ""),
    ("ities", "ity"),
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ers", "er"),
    ("edly", ""),
    ("ed", ""),
    ("ally", "al"),
    ("ly", ""),
    ("es", ""),
    ("s", ""),
)
_STEM_MIN = 3
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its ending, in lower case; possessives count as the word."""
    word = word.removesuffix("'s").removesuffix("'")
    if not word.isascii() or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_MIN and not word.endswith(("ss", "us", "is")):
            cut = word[: len(word) - len(ending)] + instead
            if len(cut) > _STEM_MIN and cut[-1] == cut[-2] and cut[-1] not in "lsz":
                cut = cut[:-1]
            return cut.removesuffix("e") if len(cut) > _STEM_MIN else cut
    return word.removesuffix("e") if len(word) > _STEM_MIN + 1 else word


def stems_of(text: str) -> list[str]:
    """The stems of a text. Scripts without spaces give pairs of signs; a hyphened word gives its parts as well."""
    out = []
    for word in words_of(text):
        run = _UNSPACED.search(word)
        if run:
            signs = run[0]
            out += [signs[i : i + 2] for i in range(max(1, len(signs) - 1))]
            continue
        out.append(stem(word))
        if "-" in word:
            out += [stem(part) for part in word.split("-") if len(part) > 1]
    return out
