"""A text prepared once for all review rules: its language, its sentences with exact offsets, and a masked copy.

The masked copy has the length of the text, so every offset found in it is an offset of the text. Blank in it are the
brackets that ask for something (`[how many customers?]`), the addresses of links, and what invisible characters hide.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from opsterm.drafting.lexicon import Lang

MAX_REVIEWED = 20_000
"""Characters of a text that are reviewed; a stakeholder update is a hundredth of it."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_BRACKET = re.compile(r"\[[^\[\]\n]{1,200}[?？]\]")
_URL = re.compile(r"https?://[^\s<>()\[\]（）。，]{1,400}|\]\([^()\s]{1,400}\)|<[a-z]{1,8}:[^<>\s]{1,400}>")
_MARKED_PART = re.compile(r"\[(?:initial message|edit|update)\]", re.IGNORECASE)
# The abbreviations are looked for behind the stop: before it they would be tried at every letter of a text.
_SENTENCE_END = re.compile(
    r"[.!?…](?<!\be\.g.)(?<!\bi\.e.)(?<!\bapprox.)(?<!\ba\.m.)(?<!\bp\.m.)(?<!\bvs.)(?<!\betc.)(?<!\bNo.)(?<!\bcf.)"
    r"[\"')\]”’]{0,3}(?=\s)"
    r"|[。！？；!?][”’」）]{0,2}|\r?\n[ \t]{0,8}\r?\n|\n(?=[ \t]{0,8}(?:[-*•#>]|\[|\d{1,2}[.)]\s))"
)


def language(text: str) -> Lang:
    """`zh` if Han characters carry the text, else `en`: a lone product name in Latin letters changes nothing."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"


def asks(text: str) -> list[tuple[int, int]]:
    """Where a text still has brackets to fill, as (start, end) in characters."""
    return [match.span() for match in _BRACKET.finditer(text)]


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """The text with white space in place of what the pattern finds, of the same length."""
    return pattern.sub(lambda match: " " * len(match.group()), text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the masked text; `start` is its offset in the whole text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset of its end in the whole text."""
        return self.start + len(self.text)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The offsets, in the whole text, of a piece of this sentence."""
        return self.start + start, self.start + end

    def span(self, match: "re.Match[str]") -> tuple[int, int]:
        """The offsets, in the whole text, of a match found in this sentence."""
        return self.at(*match.span())


@dataclass(frozen=True)
class ReviewedText:
    """A text under review, in one language."""

    text: str
    lang: Lang

    @cached_property
    def masked(self) -> str:
        text = self.text[:MAX_REVIEWED]
        for pattern in (_BRACKET, _URL, _MARKED_PART):
            text = blanked(text, pattern)
        return text.replace("’", "'")

    @cached_property
    def sentences(self) -> list[Sentence]:
        found: list[Sentence] = []
        begin = 0
        masked = self.masked
        ends = [match.end() for match in _SENTENCE_END.finditer(masked)]
        for end in [*ends, len(masked)]:
            piece = masked[begin:end]
            start = begin + len(piece) - len(piece.lstrip())
            body = piece.strip()
            if body:
                found.append(Sentence(body, start))
            begin = end
        return found
