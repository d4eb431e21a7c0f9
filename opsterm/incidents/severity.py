"""Severity by rules: breadth × depth, floors and shifts, read from data that a team can replace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.records.incident import Blind, Exposure, Redundancy, Trend
from opsterm.records.record import Other, Unsaid

#: What else weighs: several may hold.
STAKES = ("people at risk", "regulator", "payments", "contract")


@dataclass(frozen=True, slots=True)
class Floor:
    """A level that is never better while its condition holds."""

    level: int
    words: str
    when: Mapping[str, Sequence[str]]
    also: str = ""

    def holds(self, answers: Answers) -> bool:
        return bool(self.when) and all(_has(getattr(answers, name), wanted) for name, wanted in self.when.items())


def _has(value: str | Sequence[str], wanted: Sequence[str]) -> bool:
    return value in wanted if isinstance(value, str) else any(item in wanted for item in value)


@dataclass(frozen=True, slots=True)
class Asks:
    """What a level asks for: roles to fill, and the whole in words."""

    roles: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The severity rules as data. Raises nothing once read: `read_rules` has checked it."""

    breadth: Mapping[str, str]
    depth: Mapping[str, str]
    base: Mapping[str, tuple[int, ...]]
    unknown_breadth: str
    unknown_depth: str
    unknown_both: int
    floors: tuple[Floor, ...]
    easy_way: int
    easy_way_stops: int
    easy_way_at: tuple[str, ...]
    growing: int
    recurs: int
    unsolved_from: int
    unsolved_to: int
    asks: Mapping[str, Asks]


#: What moves the level that the table gives: name of the number → its meaning.
SHIFTS: Mapping[str, str] = {
    "growing": "levels worse while it grows",
    "easy_way": "levels better with an easy workaround that is published",
    "easy_way_stops": "the best level that a workaround makes of what hurts many",
    "recurs": "levels worse where it repeats one that was worse",
    "unsolved_from": "the level that becomes another while it stays unsolved",
    "unsolved_to": "the level that it becomes",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of an incident's weight; empty where nobody knows."""

    breadth: str = ""
    depth: str = ""
    trend: Trend | Unsaid | Other = ""
    redundancy: Redundancy | Unsaid | Other = ""
    exposure: Exposure | Unsaid | Other = ""
    blind: Blind | Unsaid | Other = ""
    stakes: tuple[str, ...] = ()
    easy_way: bool = False
    #: Minutes in which people were hurt since it was declared, in all its spells.
    minutes: float = 0.0
    #: Whether people are still hurt.
    hurting: bool = True
    #: What stands now, where a person said it without the table.
    stated: str = ""
    #: The severity at which the incident that this one repeats ended.
    earlier: str = ""
    #: The mark of that incident.
    earlier_mark: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A level, the rule that gave it, and what it asks for. Without a level not enough is known yet."""

    level: str
    because: str
    asks: str = ""
    also: str = ""


def assess(answers: Answers, rules: Rules, limits: Thresholds = DEFAULTS) -> Assessed:
    """The severity that the rules give, in the field's order: the table, its shifts, then every floor; in doubt the
    worse level [PagerDuty; GitLab]."""
    level, words = _base(answers, rules, limits)
    if level:
        level, words = _shifted(level, words, answers, rules, limits)
    floors = sorted((floor for floor in rules.floors if floor.holds(answers)), key=lambda floor: floor.level)
    also = next((floor.also for floor in floors if floor.also), "")
    if floors and (not level or floors[0].level < level):
        level, words = floors[0].level, floors[0].words
    if not level:
        return Assessed("", "say how many are hurt, and how badly")
    name = f"sev{level}"
    asks = rules.asks.get(name)
    return Assessed(name, words, asks.words if asks else "", also)


def _base(answers: Answers, rules: Rules, limits: Thresholds) -> tuple[int, str]:
    breadth = answers.breadth if answers.breadth in rules.base else ""
    depth = answers.depth if answers.depth in rules.depth else ""
    if not (breadth or depth):
        if answers.stated:
            return int(answers.stated[-1]), f"{answers.stated} as said"
        if answers.minutes >= limits.unknown_minutes:
            return rules.unknown_both, f"breadth and depth unknown after {limits.unknown_minutes} min"
        return 0, ""
    if not (breadth and depth) and answers.minutes < limits.unknown_minutes:
        return 0, ""
    unknown = "" if breadth and depth else "depth" if breadth else "breadth"
    row, column = breadth or rules.unknown_breadth, depth or rules.unknown_depth
    level = rules.base[row][list(rules.depth).index(column)]
    if unknown:
        known = rules.breadth[row] if breadth else rules.depth[column]
        return level, f"{known}; {unknown} unknown after {limits.unknown_minutes} min, so the worse guess"
    who = rules.breadth[row]
    return level, f"{rules.depth[column]}, {who}"


def _shifted(level: int, words: str, answers: Answers, rules: Rules, limits: Thresholds) -> tuple[int, str]:
    if answers.easy_way and rules.easy_way:
        better = level + rules.easy_way
        stops = answers.breadth in rules.easy_way_at
        eased = max(level, min(better, rules.easy_way_stops)) if stops else min(better, 5)
        if eased != level:
            level, words = eased, f"{words}; easy workaround"
    if answers.trend == "growing" and level > 1:
        level, words = max(1, level - rules.growing), f"{words}; growing"
    earlier = int(answers.earlier[-1]) if answers.earlier else 9
    if earlier < level:
        level = max(earlier, level - rules.recurs)
        words = f"{words}; repeats {answers.earlier_mark or 'an earlier one'}, which was {answers.earlier}"
    if level == rules.unsolved_from and answers.hurting and answers.minutes >= limits.unsolved_minutes:
        level, words = rules.unsolved_to, f"{words}; unsolved for {limits.unsolved_minutes} min"
    return level, words


@cache
def own_rules() -> Rules:
    """opsterm's own rules."""
    source = (files("opsterm") / "data" / "severity.toml").read_text(encoding="utf-8")
    return _read(tomllib.loads(source))


def read_rules(overrides: Mapping[str, Any]) -> tuple[Rules, tuple[str, ...]]:
    """The rules with a team's tables in the place of opsterm's own, and what was not understood, a line each. Tables
    that don't fit together are left out as a whole: half a rule is worse than the old one."""
    source = (files("opsterm") / "data" / "severity.toml").read_text(encoding="utf-8")
    document = tomllib.loads(source)
    unknown = [name for name in overrides if name not in document]
    warnings = [f"severity: no table is called {name}; it is ignored." for name in unknown]
    merged = {**document, **{name: _merged(document[name], overrides[name]) for name in overrides if name in document}}
    try:
        return _read(merged), tuple(warnings)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        said = " ".join(str(error).split())
        return own_rules(), (*warnings, f"severity: the tables don't fit together ({said}); opsterm's own hold.")


def _merged(own: Any, theirs: Any) -> Any:
    """Tables of single values are filled up from opsterm's own; rows, columns and floors are replaced whole."""
    keyed = isinstance(own, dict) and isinstance(theirs, dict) and ("easy_way" in own or "both" in own or "sev1" in own)
    return {**own, **theirs} if keyed else theirs


def _level(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise ValueError(f"{value!r} is no level from 1 to 5")
    return value


def _read(document: Mapping[str, Any]) -> Rules:
    breadth = {str(name): str(words) for name, words in document["breadth"].items()}
    depth = {str(name): str(words) for name, words in document["depth"].items()}
    base = {name: tuple(_level(value) for value in document["base"][name]) for name in breadth}
    if not (breadth and depth) or any(len(row) != len(depth) for row in base.values()):
        raise ValueError("each row of base needs a level for every depth")
    unknown, shift = document["unknown"], document["shift"]
    if unknown["breadth"] not in breadth or unknown["depth"] not in depth:
        raise ValueError("unknown names no row or column")
    floors = tuple(
        Floor(
            _level(item["level"]),
            str(item["words"]),
            {str(field): tuple(map(str, values)) for field, values in item["when"].items() if _is_answer(field)},
            str(item.get("also", "")),
        )
        for item in document["floor"]
    )
    return Rules(
        breadth=breadth,
        depth=depth,
        base=base,
        unknown_breadth=unknown["breadth"],
        unknown_depth=unknown["depth"],
        unknown_both=_level(unknown["both"]),
        floors=floors,
        easy_way=int(shift["easy_way"]),
        easy_way_stops=_level(shift["easy_way_stops"]),
        easy_way_at=tuple(map(str, shift["easy_way_at"])),
        growing=int(shift["growing"]),
        recurs=int(shift["recurs"]),
        unsolved_from=_level(shift["unsolved_from"]),
        unsolved_to=_level(shift["unsolved_to"]),
        asks={str(name): Asks(tuple(map(str, a["roles"])), str(a["words"])) for name, a in document["asks"].items()},
    )


def _is_answer(field: str) -> bool:
    if field not in Answers.__dataclass_fields__:
        raise ValueError(f"a floor asks for {field}, which no question answers")
    return True
