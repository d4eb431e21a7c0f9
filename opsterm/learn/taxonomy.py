"""The systemic taxonomy of contributing factors, as data: `data/learn/taxonomy.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from opsterm.learn.cues import CueBook, statements, words_of

#: So many groups at the least: one group alone is a single cause by another name.
GROUPS_MIN = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of contributing factor."""

    name: str
    group: str
    means: str
    #: What would show it.
    evidence: str
    cues: tuple[str, ...]

    @property
    def words(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ")


@cache
def data(name: str) -> Mapping[str, Any]:
    """One of this package's data files."""
    return tomllib.loads((files("opsterm") / "data" / "learn" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name, in the order of the groups."""
    return {
        name: Kind(name, item["group"], item["means"], item["evidence"], tuple(item["cues"]))
        for name, item in data("taxonomy")["factors"].items()
    }


@cache
def groups() -> Mapping[str, str]:
    """Group → what it is about."""
    found_groups: Mapping[str, str] = data("taxonomy")["groups"]
    return found_groups


@cache
def _book() -> CueBook:
    return CueBook.of({name: kind.cues for name, kind in kinds().items()})


def suggest(text: str) -> list[Kind]:
    """The kinds whose cues a text has, those with more cues first. A person decides."""
    scored: Counter[str] = Counter()
    for statement in statements(text):
        scored += _book().count(words_of(statement))
    order = list(kinds())
    ranked = sorted(scored, key=lambda n: (-scored[n], order.index(n)))
    return [kinds()[name] for name in ranked]


def missing_groups(names: Iterable[str]) -> str:
    """What to say where the factors chosen are too alike, or nothing."""
    chosen = {kinds()[name].group for name in names if name in kinds()}
    if len(chosen) >= GROUPS_MIN:
        return ""
    others = ", ".join(f"{group} ({means})" for group, means in groups().items() if group not in chosen)
    return f"All factors are of {len(chosen) or 'no'} group; look at the others too: {others}."
