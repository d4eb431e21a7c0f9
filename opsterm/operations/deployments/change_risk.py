"""How risky a planned change is, and what is asked for it: a sum with floors, stated in a file that a team may edit.

[field notes, Change management; the shape of the questions after GitLab's and ITIL's schemes]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from opsterm.core.session import Rejected
from opsterm.records.planned_change import LEVELS
from opsterm.settings import settings_document, settings_path


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One question, its weight, and its answers in order of their points."""

    name: str
    title: str
    weight: int
    answers: tuple[str, ...]

    @property
    def most(self) -> int:
        return len(self.answers) - 1


@dataclass(frozen=True, slots=True)
class Condition:
    """Answers, each at least so many points, and what follows from them."""

    when: Mapping[str, int]
    level: str
    text: str

    def holds(self, answers: Mapping[str, int]) -> bool:
        return all(answers.get(name, 0) >= points for name, points in self.when.items())


@dataclass(frozen=True, slots=True)
class Formula:
    """All that risk is worked out from."""

    factors: tuple[RiskFactor, ...]
    #: Level → its least score; routine has none.
    levels: Mapping[str, int]
    floors: tuple[Condition, ...]
    #: Level → what it asks besides the levels below.
    asks: Mapping[str, tuple[str, ...]]
    #: What single answers ask for, from a level on.
    answers_ask: tuple[Condition, ...]
    #: Level → how many others approve.
    approvals: Mapping[str, int]
    #: What in a team's file was not understood, a line each.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lower:
    """One answer that alone would lower the level."""

    answer: str
    to: int
    level: str
    #: The answer in words.
    text: str


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """What the answers amount to."""

    score: int
    level: str
    because: tuple[str, ...]
    asks: tuple[str, ...]
    lowers: tuple[Lower, ...]
    #: Questions without an answer: they count nothing.
    unanswered: tuple[str, ...]


@cache
def packaged_formula() -> Formula:
    """The formula that comes with opsterm."""
    text = (files("opsterm") / "data" / "change_risk.toml").read_text(encoding="utf-8")
    return _formula(tomllib.loads(text))


def team_formula() -> Formula:
    """The same with what the team's settings put in its place, under `[change]`. Never raises: what is not understood
    is left as it was, and named in `warnings`."""
    path = settings_path()
    try:
        given = settings_document(path).get("change")
    except FileNotFoundError:
        return packaged_formula()
    except (OSError, ValueError):
        return _warned(f"{path} is not read: the formula of risk is opsterm's own")
    if not given:
        return packaged_formula()
    text = (files("opsterm") / "data" / "change_risk.toml").read_text(encoding="utf-8")
    try:
        return _formula({**tomllib.loads(text), **given})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _warned(f"{path}: [change] is not understood ({error}): the formula of risk is opsterm's own")


def _warned(warning: str) -> Formula:
    own = packaged_formula()
    return Formula(own.factors, own.levels, own.floors, own.asks, own.answers_ask, own.approvals, (warning,))


def _formula(document: Mapping[str, Any]) -> Formula:
    factors = tuple(
        RiskFactor(str(f["name"]), str(f["title"]), int(f["weight"]), tuple(map(str, f["answers"])))
        for f in document["factor"]
    )
    names = {factor.name for factor in factors}

    def conditions(table: str, text: str) -> tuple[Condition, ...]:
        out = []
        for item in document.get(table, ()):
            when = {str(name): int(points) for name, points in item["when"].items()}
            if not when or not when.keys() <= names or item["level"] not in LEVELS:
                raise ValueError(f"a {table} names no question or level that there is")
            out.append(Condition(when, item["level"], str(item[text])))
        return tuple(out)

    return Formula(
        factors,
        {level: int(document["levels"][level]) for level in LEVELS[1:]},
        conditions("floor", "why"),
        {level: tuple(map(str, document["asks"].get(level, ()))) for level in LEVELS},
        conditions("ask", "text"),
        {level: int(document["approvals"].get(level, 0)) for level in LEVELS},
    )


def assess(answers: Mapping[str, int], formula: Formula | None = None) -> RiskAssessment:
    """The risk of a change by its answers: question → points, as the formula counts them. Questions without an answer
    count nothing. Raises Rejected for a question or an answer that there is not."""
    by = formula or packaged_formula()
    _check(answers, by)
    score, level = rate(answers, by)
    return RiskAssessment(
        score,
        level,
        tuple(_because(answers, by, score)),
        tuple(_asks(answers, by, level)),
        tuple(_lowers(answers, by, level)),
        tuple(factor.name for factor in by.factors if factor.name not in answers),
    )


def _check(answers: Mapping[str, int], by: Formula) -> None:
    known = {factor.name: factor for factor in by.factors}
    for name, points in answers.items():
        if name not in known:
            raise Rejected(f"There is no question {name!r}: say one of {', '.join(known)}.")
        if not 0 <= points <= known[name].most:
            raise Rejected(f"{name} is answered by 0 to {known[name].most}, not {points}.")


def rate(answers: Mapping[str, int], by: Formula) -> tuple[int, str]:
    """(score, level) of answers that are known to be right."""
    score = sum(answers.get(factor.name, 0) * factor.weight for factor in by.factors)
    level = max((name for name, least in by.levels.items() if score >= least), key=LEVELS.index, default=LEVELS[0])
    floors = [floor.level for floor in by.floors if floor.holds(answers)]
    return score, max([level, *floors], key=LEVELS.index)


def _because(answers: Mapping[str, int], by: Formula, score: int) -> list[str]:
    counted = [(answers.get(f.name, 0) * f.weight, f) for f in by.factors if answers.get(f.name, 0)]
    counted.sort(key=lambda pair: -pair[0])
    lines = [
        f"{f.title}: {f.answers[answers[f.name]]} ({answers[f.name]} × {f.weight} = {points})" for points, f in counted
    ]
    floors = [f"at least {floor.level}: {floor.text}" for floor in by.floors if floor.holds(answers)]
    return [*floors, *lines] or [f"every answer counts nothing: score {score}"]


def _asks(answers: Mapping[str, int], by: Formula, level: str) -> list[str]:
    rank = LEVELS.index(level)
    asked = [text for name in LEVELS[: rank + 1] for text in by.asks[name]]
    asked += [c.text for c in by.answers_ask if LEVELS.index(c.level) <= rank and c.holds(answers)]
    return list(dict.fromkeys(asked))


def _lowers(answers: Mapping[str, int], by: Formula, level: str) -> list[Lower]:
    """The smallest step of each single answer that lowers the level, the easiest first."""
    found: list[Lower] = []
    for factor in by.factors:
        now = answers.get(factor.name, 0)
        for to in range(now - 1, -1, -1):
            after = rate({**answers, factor.name: to}, by)[1]
            if LEVELS.index(after) < LEVELS.index(level):
                found.append(Lower(factor.name, to, after, f"{factor.title}: {factor.answers[to]}"))
                break
    return sorted(found, key=lambda lower: answers.get(lower.answer, 0) - lower.to)


def to_texts(answers: Mapping[str, int]) -> Sequence[str]:
    """Answers as a record keeps them."""
    return [f"{name}={points}" for name, points in answers.items()]


def from_texts(texts: Sequence[str]) -> dict[str, int]:
    """The answers that a record keeps; what is no answer is left out."""
    out = {}
    for text in texts:
        name, sign, points = text.partition("=")
        if sign and points.isdecimal() and len(points) < 4:
            out[name] = int(points)
    return out
