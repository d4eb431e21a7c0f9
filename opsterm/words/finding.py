"""What the review says about a text: one finding a fault, with the exact words it is about."""

from dataclasses import dataclass

from opsterm.words.lexicon import Lang
from opsterm.words.prose import Prose


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a text.

    `text` is exactly `reviewed[start:end]`, in characters. For what is absent (no effect, no next word) it marks the
    phrase that stands in its place, or is empty at the end of the text. `instead` is what to write in its place, or
    what to add; empty where only the sender can know. A finding never blocks sending.
    """

    rule: str
    start: int
    end: int
    text: str
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom and when a text is reviewed: what rules need to know besides the words."""

    audience: str
    stage: str
    allowed: frozenset[str] = frozenset()
    """Trade words that this team's readers know, in lower case."""
    internal: frozenset[str] = frozenset()
    """The team's own service and host names, never for outsiders."""
    people: frozenset[str] = frozenset()
    """Names of people, never for outsiders."""


def mark(prose: Prose, rule: str, start: int, end: int, why: str, instead: str = "") -> Finding:
    """A finding on `text[start:end]`, without the white space around it."""
    piece = prose.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return Finding(rule, start, start + len(piece), piece, why, instead)


def pick(lang: Lang, en: str, zh: str) -> str:
    """The wording in the language of the text."""
    return zh if lang == "zh" else en
