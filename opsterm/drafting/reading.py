"""How hard a text reads: the Flesch-Kincaid grade, for English.

Our own thirty lines rather than a library: the formula needs counts of sentences, words and syllables, the known
libraries bring dictionaries of megabytes and seconds of import for it, and a count of vowel groups is within a grade
of them. For Chinese no such formula has the same standing; there only the length of sentences counts.

grade = 0.39 · words a sentence + 11.8 · syllables a word - 15.59 [Kincaid et al. 1975]
"""

import re
from functools import lru_cache

from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import ReviewedText

MAX_SENTENCE_WORDS = 30
"""No sentence is longer. [plainlanguage.gov, GOV.UK]"""
MAX_SENTENCE_HAN = 60
"""The same for Chinese, in characters between full stops."""
MAX_GRADE = {"customers": 9.0, "support": 9.0, "executives": 12.0}
"""Highest school grade by audience; engineers have none. [field notes §1]"""

WORD: dict[Lang, re.Pattern[str]] = {
    "en": re.compile(r"[A-Za-z0-9][\w'.,:%-]*"),
    "zh": re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9][\w.:%-]*"),
}
"""What counts as a word where the length of a text is limited: in Chinese each character does."""

_TOKEN = re.compile(r"[A-Za-z][A-Za-z']*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es?|ed)$")


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Syllables of an English word, by vowel groups; at least one."""
    low = word.lower()
    count = len(_VOWELS.findall(low))
    if (
        count > 1
        and _SILENT.search(low)
        and not low.endswith(("ted", "ded", "ses", "zes", "ces", "ges", "xes", "ches", "shes"))
    ):
        count -= 1
    return max(1, count)


def tokens(text: str) -> list[str]:
    """The words that count for reading; acronyms and numbers don't."""
    return [word for word in _TOKEN.findall(text) if not (word.isupper() and len(word) > 1)]


def grade(reviewed: ReviewedText) -> float | None:
    """The Flesch-Kincaid grade of an English text of some length (30 words and more), else None."""
    if reviewed.lang != "en":
        return None
    found = tokens(reviewed.masked)
    if len(found) < 30:
        return None
    return 0.39 * len(found) / max(1, len(reviewed.sentences)) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
