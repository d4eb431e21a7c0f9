"""What the review says about a text: one finding a fault, with the exact words it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from opsterm.drafting.facts import Facts
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import ReviewedText

How = Literal["replace", "sentence", "cut", "before", "end", "advice"]
"""What becomes of `instead`: it stands in place of the words, or of their whole sentence; the words are cut out and it
follows behind; it goes before their sentence, or to the end of the text; or it is advice, nothing to put in a text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a text.

    `text` is exactly `reviewed[start:end]`, in characters. For what is absent (no effect, no next update) it marks the
    phrase that stands in its place, or is empty at the end of the text. `instead` is what to write in its place, or
    what to add; empty where only the sender can know. A finding never blocks sending.
    """

    rule: str
    start: int
    end: int
    text: str
    why: str
    instead: str
    how: How = "replace"


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


def reader_of(facts: Facts | None, audience: str, stage: str = "scoping", allowed: Iterable[str] = ()) -> Reader:
    """A reader from whom is kept what the facts name; `allowed` are trade words beside those that the facts allow."""
    known = facts or Facts()
    return Reader(
        audience,
        stage,
        frozenset(word.lower() for word in (*allowed, *known.allowed_words)),
        frozenset(known.internal_words),
        frozenset(known.people),
    )


def mark(
    reviewed: ReviewedText, rule: str, start: int, end: int, why: str, instead: str = "", how: How = "replace"
) -> Finding:
    """A finding on `text[start:end]`, without the white space around it."""
    piece = reviewed.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return Finding(rule, start, start + len(piece), piece, why, instead, how)


def pick(lang: Lang, en: str, zh: str) -> str:
    """The wording in the language of the text."""
    return zh if lang == "zh" else en
