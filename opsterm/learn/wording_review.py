"""What the language of a postmortem points to: blame, counterfactuals, one single cause, vague improvements, hindsight,
vague sizes. Rules are data (`data/learn/wording.toml`); a finding warns and never blocks [field notes §8]."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from opsterm.learn.taxonomy import data

RULES = ("blame", "counterfactual", "single-cause", "vague-improvement", "hindsight", "vague-size")

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_NOBODY = r"(?!x)x"


@dataclass(frozen=True, slots=True)
class WordingFinding:
    """One finding: `text` is exactly `reviewed[start:end]`, in characters."""

    rule: str
    start: int
    end: int
    text: str
    why: str
    instead: str


def review(text: str, *, people: Collection[str] = (), rules: Collection[str] = RULES) -> list[WordingFinding]:
    """The findings on a text, at most one a rule and sentence; `people` are names that the board knows."""
    names = _names(text, people)
    found = []
    for start, sentence in _sentences(text):
        lowered = sentence.lower()
        for rule in rules:
            span = _first(rule, lowered, names)
            if span:
                at = start + span[0]
                said = data("wording")[rule]
                found.append(
                    WordingFinding(rule, at, start + span[1], text[at : start + span[1]], said["why"], said["instead"])
                )
    return sorted(found, key=lambda item: (item.start, RULES.index(item.rule)))


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        piece = match[0]
        begun = len(piece) - len(piece.lstrip(" \t-*•–"))
        if piece[begun:].strip():
            yield match.start() + begun, piece[begun:].rstrip()


#: A capitalised word before a verb of breaking is taken for a name, unless it names a thing.
_NAMED = re.compile(
    r"\b(?!The\b|A\b|An\b|This\b|That\b|It\b|We\b|They\b|Our\b|One\b|What\b|Which\b|Deploy|Change|Update|Release|Version)"
    r"([A-Z][a-z]{2,})(?= (?:broke|forgot|neglected|is to blame|was to blame|deleted|failed to|ignored|missed|botched))"
)
_THINGS = frozenset({"prometheus", "kubernetes", "postgres", "redis", "kafka", "terraform", "grafana", "jenkins"})


def _names(text: str, people: Collection[str]) -> tuple[str, ...]:
    guessed = {match[1].lower() for match in _NAMED.finditer(text)} - _THINGS
    return tuple(sorted({name.lower() for name in people if name} | guessed))


def _first(rule: str, sentence: str, names: tuple[str, ...]) -> tuple[int, int] | None:
    patterns, unless = _rule(rule, names)
    if any(pattern.search(sentence) for pattern in unless):
        return None
    spans = [match.span() for pattern in patterns if (match := pattern.search(sentence))]
    return min(spans, default=None)


@lru_cache(maxsize=64)
def _rule(rule: str, names: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    of = data("wording")[rule]
    return tuple(_compile(p, names) for p in of["any"]), tuple(_compile(p, names) for p in of["unless"])


def _compile(pattern: str, names: tuple[str, ...]) -> re.Pattern[str]:
    lists = dict(data("wording")["lists"])
    named = "|".join(re.escape(name) for name in names) or _NOBODY
    for name, fragment in lists.items():
        pattern = pattern.replace(f"{{{name}}}", fragment)
    return re.compile(pattern.replace("{names}", named).replace("’", "['’]"))
