"""How likely a document is stale, why, and how much that would hurt.

λ adds up what happened since it was verified; P(stale) = 1 - e^-λ, so that one quiet cadence makes one half.
[field notes: documentation staleness]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import exp, log2

from opsterm.core.calendar_dates import day
from opsterm.core.valid_dates import sound
from opsterm.records import Document

PER_CADENCE = 0.7
PER_DEPLOYMENT = 0.05
PER_INCIDENT = 0.4
PER_COMMIT = 0.005
PER_DEAD_LINK = 0.2
OWNER_LEFT = 0.5
LINKED_STALE = 0.3
CALLED_WRONG = 3.0
#: What nobody ever followed is as good as called wrong. (opsterm)
NEVER_VERIFIED = 3.0
#: From here on a document counts as stale where another leans on it: one quiet cadence.
STALE_FROM = 0.5
#: Need by the criticality of the systems that it covers; 1 where that is not known.
NEED = {1: 4, 2: 2, 3: 1, 0: 1}
IN_INCIDENTS = 2


@dataclass(frozen=True, slots=True)
class Sort:
    """What is known of one kind of document."""

    cadence_days: int
    in_incidents: bool
    #: What it is called besides.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to what a document tells of since it was verified."""

    deployments: int = 0
    incidents: int = 0
    owner_left: bool = False
    #: Titles of stale documents that it leans on.
    linked_stale: tuple[str, ...] = ()
    #: How often it was opened in the last 90 days, and whether in an incident.
    opens: int = 0
    opened_in_incident: bool = False
    #: The worst criticality of what it covers: 1 to 3; 0 where nobody said.
    criticality: int = 0


@dataclass(frozen=True, slots=True)
class Staleness:
    """How a document stands on a day."""

    #: P(stale), 0 to 1.
    stale: float
    why: tuple[str, ...]
    #: P(stale) × need.
    danger: float
    need: float


@cache
def sorts() -> Mapping[str, Sort]:
    """The kinds that opsterm knows, by name."""
    source = (files("opsterm") / "data" / "documents.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(source).items()
    return {name: Sort(e["cadence_days"], e["in_incidents"], tuple(e.get("also", ()))) for name, e in entries}


def sort_of(document: Document) -> Sort:
    """What is known of a document's kind, in the singular or the plural; of another where its own is not known."""
    said = _folded(document.sort)
    return _by_name().get(said) or _by_name().get(said.removesuffix("s")) or sorts()["other"]


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


@cache
def _by_name() -> Mapping[str, Sort]:
    return {_folded(name): found for known, found in sorts().items() for name in (known, *found.also)}


def cadence_of(document: Document) -> int:
    """How often somebody is to follow it, in days; 0 for never."""
    return document.cadence_days if document.cadence_days > 0 else sort_of(document).cadence_days


def staleness(document: Document, since: Since, today: date) -> Staleness:
    """How a document stands on a day, from what happened since it was verified."""
    document = sound(document, "verified_at")
    terms = _terms(document, since, today)
    stale = 1 - exp(-sum(max(0.0, amount) for amount, _ in terms))
    need = need_of(document, since)
    why = tuple(text for amount, text in sorted(terms, key=lambda term: -term[0]) if amount > 0)
    return Staleness(stale, why, stale * need, need)


def need_of(document: Document, since: Since) -> float:
    """How much it will be needed: criticality, twice that if used in incidents, times what it is opened."""
    used = since.opened_in_incident or sort_of(document).in_incidents
    return NEED.get(since.criticality, 1) * (IN_INCIDENTS if used else 1) * (1 + log2(1 + since.opens))


def _terms(document: Document, since: Since, today: date) -> Sequence[tuple[float, str]]:
    cadence = cadence_of(document)
    if not document.verified_at:
        # Decisions are never followed, only superseded: they do not age.
        age = (NEVER_VERIFIED if cadence else 0.0, "nobody ever followed it")
    else:
        days = max(0, (today - day(document.verified_at)).days)
        age = (PER_CADENCE * days / cadence if cadence else 0.0, f"{days} days since it was verified, of {cadence}")
    commits, dead = document.commits, len(document.dead_links)
    return (
        age,
        (PER_DEPLOYMENT * since.deployments, _count(since.deployments, "deployment", "to its systems since")),
        (PER_INCIDENT * since.incidents, _count(since.incidents, "incident", "on its systems since")),
        (PER_COMMIT * commits, _count(commits, "commit", "to what it tells of since")),
        (PER_DEAD_LINK * dead, f"{_count(dead, 'dead link', '')}: {', '.join(document.dead_links[:3])}"),
        (OWNER_LEFT * since.owner_left, f"{document.owner}, who kept it, left"),
        (LINKED_STALE * len(since.linked_stale), f"leans on what is stale: {', '.join(since.linked_stale)}"),
        (CALLED_WRONG * bool(document.wrong), f"a reader found it wrong: {document.wrong}"),
    )


def _count(number: int, what: str, rest: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'} {rest}".strip()
