"""What an incident is like, in parts that can be compared: its systems, what people met, what went wrong inside, the
change before, the kinds of factor, and its words. Explanations that were ruled out are no part of it, and neither is
the link to the incident that it is said to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from opsterm.learn.cues import CueBook, statements, words_of
from opsterm.learn.stems import stem, stems_of
from opsterm.learn.taxonomy import data, suggest
from opsterm.records import Factor, Hypothesis, Incident
from opsterm.records.hypothesis import State
from opsterm.records.plain import one_line

#: Hypotheses that speak for what went wrong; the others are open, or out.
BELIEVED: tuple[State, ...] = ("confirmed", "supported")
_OPEN: tuple[State, ...] = ("proposed", "testing")


#: Factors that make an incident last, go unseen or slip through, and how much a statement of theirs counts: many
#: incidents of one team share them.
_SECOND_GROUPS = frozenset({"detection", "response", "knowledge", "organisation"})
_SECOND_KINDS = frozenset({"untested_change", "wide_rollout", "no_way_back"})
_SECOND = 0.5
#: What is named first, and what was confirmed, is what broke; how much what is named after it counts.
_AFTER = 0.4


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence on what went wrong: its words, and what it is about."""

    text: str
    stems: frozenset[str]
    concepts: frozenset[str]
    #: 1 for what broke; less for what made it last or go unseen, which many incidents share.
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Signature:
    """One incident, ready to be compared."""

    id: str
    mark: str
    title: str
    at: str
    org: str
    services: tuple[str, ...]
    #: The stems of the services' names, and what those names are about: in a statement they say where, not what.
    systems: frozenset[str]
    system_concepts: frozenset[str]
    symptom: frozenset[str]
    symptom_concepts: frozenset[str]
    causes: tuple[Statement, ...]
    change: str
    changes: frozenset[str]
    factors: frozenset[str]
    stems: frozenset[str]


@cache
def _books() -> dict[str, CueBook]:
    found = data("concepts")
    return {part: CueBook.of({name: of["cues"] for name, of in found[part].items()}) for part in found}


@cache
def weight_of(part: str, concept: str) -> float:
    """How much a concept says: 1, or less for what half of all incidents have."""
    return float(data("concepts")[part][concept].get("weight", 1.0))


def concepts(part: str, text: str) -> frozenset[str]:
    """What a text is about, by the cues of one part: how, what or change."""
    out: set[str] = set()
    for statement in statements(text):
        out |= set(_books()[part].count(words_of(statement)))
    return frozenset(out)


@cache
def common() -> frozenset[str]:
    """Stems of words that say nothing."""
    return frozenset(stem(word) for word in data("recurrence")["words"]["common"].split())


@cache
def generic() -> frozenset[str]:
    """Stems of words of the trade that say little."""
    return frozenset(stem(word) for word in data("recurrence")["words"]["generic"].split())


def telling(text: str) -> frozenset[str]:
    """The stems of a text that may say something: no common words, no bare numbers."""
    return frozenset(s for s in stems_of(text) if s not in common() and not s.isdigit() and len(s) > 1)


def _statement(text: str, place: float) -> Statement:
    kind = next(iter(suggest(text)), None)
    second = kind is not None and (kind.group in _SECOND_GROUPS or kind.name in _SECOND_KINDS)
    return Statement(one_line(text), telling(text), concepts("how", text), place * (_SECOND if second else 1.0))


def signature(
    incident: Incident,
    hypotheses: Sequence[Hypothesis] = (),
    factors: Sequence[Factor] = (),
    findings: Iterable[str] = (),
) -> Signature:
    """The signature of an incident, from what is recorded so far. `findings` are texts of what was seen: they count
    while no cause is known."""
    causes = tuple(_statement(text, place) for text, place in _causes(incident, hypotheses, factors, findings))
    met = f"{incident.title}. {incident.impact}. {incident.impact_what}"
    named = [factor.name for factor in factors if factor.name]
    kinds = frozenset(named) | frozenset(kind.name for text in incident.causes for kind in suggest(text)[:2])
    everything = [met, incident.changed, *(cause.text for cause in causes), *incident.services]
    return Signature(
        id=incident.id,
        mark=incident.mark,
        title=incident.title,
        at=incident.started_at or incident.at,
        org=" ".join(words_of(incident.org)),
        services=incident.services,
        systems=frozenset(s for service in incident.services for s in telling(service)),
        system_concepts=concepts("how", "; ".join(incident.services)),
        symptom=telling(met),
        symptom_concepts=concepts("what", met),
        causes=causes,
        change=one_line(incident.changed),
        changes=concepts("change", incident.changed),
        factors=kinds,
        stems=frozenset().union(*(telling(text) for text in everything)),
    )


def _causes(
    incident: Incident, hypotheses: Sequence[Hypothesis], factors: Sequence[Factor], findings: Iterable[str]
) -> Iterator[tuple[str, float]]:
    """(statement, how near it is to what broke)"""
    told = [*incident.causes, *(factor.text for factor in factors if factor.text not in incident.causes)]
    yield from ((text, _AFTER if place else 1.0) for place, text in enumerate(told))
    believed = [h for h in hypotheses if h.state in BELIEVED]
    yield from ((h.text, 1.0) for h in believed)
    if not (told or believed):
        yield from ((h.text, _AFTER) for h in hypotheses if h.state in _OPEN)
        yield from ((text, _SECOND) for text in findings)
