"""How alike two incidents are, from 0 to 1, and why: plain statistics over parts, each of which is told in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from opsterm.learn.cues import words_of
from opsterm.learn.signature import Signature, Statement, generic, weight_of
from opsterm.learn.stems import stem
from opsterm.learn.taxonomy import data, kinds

#: Documents that stand behind the board's own, so that a word is rare or common on a board of two incidents too.
_BEHIND = 200.0
#: In how many of those a word stands: a generic one, and any other.
_GENERIC_IN, _OTHER_IN = 60.0, 2.0


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much a word says: the rarer, the more."""

    documents: int = 0
    counts: Mapping[str, int] | None = None
    #: Words that were asked for already: each is asked for with every candidate again.
    _known: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, word: str) -> float:
        known = self._known.get(word)
        if known is None:
            seen = (self.counts or {}).get(word, 0)
            behind = _GENERIC_IN if word in generic() else _OTHER_IN
            known = self._known[word] = math.log((_BEHIND + self.documents + 1) / (behind + seen))
        return known


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a likeness, each 0 to 1."""

    systems: float
    mechanism: float
    concepts: float
    symptom: float
    change: float
    factor: float
    words: float

    @property
    def both(self) -> float:
        """The same systems and the same thing wrong with them: neither alone is a recurrence."""
        return self.systems * self.how

    @property
    def how(self) -> float:
        """Alike in what went wrong inside: by statements, by what they are about, or by some of both."""
        return 1 - (1 - self.mechanism) * (1 - self.concepts)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike a later incident is to an earlier one."""

    later: str
    earlier: str
    score: float
    why: tuple[str, ...]
    parts: Parts


#: One shared concept of one is less sure than three of three.
_FEW = 0.3
#: How much the name of a system says of what went wrong inside it.
_PLACE = 0.4
#: A word that no incident has: the rarest.
_UNSEEN = ""
Weigh = Callable[[str], float]


def compare(later: Signature, earlier: Signature, rarity: Weigh | None = None) -> Similarity:
    """Compares two incidents."""
    found = compare_above(later, earlier, rarity or Rarity(), at_least=0.0)
    assert found is not None
    return found


def compare_above(later: Signature, earlier: Signature, weigh: Weigh, *, at_least: float) -> Similarity | None:
    """The same; nothing where the likeness is less than `at_least`, which two of its parts often tell already."""
    systems, concepts = _systems(later, earlier, weigh), _concepts(later, earlier)
    best = Parts(systems, 1.0, concepts, 1.0, 1.0, 1.0, 1.0)
    if _score(best, later, earlier) < at_least:
        return None
    places = later.systems | earlier.systems

    def weigh_inside(word: str) -> float:
        return weigh(word) * (_PLACE if word in places else 1.0)

    pairs = _aligned(later.causes, earlier.causes, weigh_inside)
    parts = Parts(
        systems=systems,
        mechanism=_best(pairs),
        concepts=concepts,
        symptom=max(
            _alike(later.symptom, earlier.symptom, weigh),
            0.7 * _overlap(later.symptom_concepts, earlier.symptom_concepts, "what"),
        ),
        change=_overlap(later.changes, earlier.changes, "change"),
        factor=_share(later.factors, earlier.factors),
        words=_alike(later.stems, earlier.stems, weigh),
    )
    score = _score(parts, later, earlier)
    if score < at_least:
        return None
    return Similarity(later.id, earlier.id, score, tuple(_why(later, earlier, parts, pairs, weigh)), parts)


def _score(parts: Parts, later: Signature, earlier: Signature) -> float:
    weights = data("recurrence")["weights"]
    total = weights["bias"] + sum(weights[name] * getattr(parts, name) for name in weights if name != "bias")
    score = 1 / (1 + math.exp(-total))
    if later.org and earlier.org and later.org != earlier.org:
        return round(min(score, 0.3) * 0.5, 3)  # another organisation's systems are other systems
    return round(score, 3)


def _alike(first: Collection[str], second: Collection[str], weigh: Weigh) -> float:
    """Cosine of two sets of words, each word by how much it says."""
    shared = sum(weigh(word) ** 2 for word in first if word in second)
    if not shared:
        return 0.0
    lengths = (sum(weigh(word) ** 2 for word in words) for words in (first, second))
    return shared / math.sqrt(math.prod(lengths))


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _overlap(first: frozenset[str], second: frozenset[str], part: str) -> float:
    """The shared concepts against all, by their weights."""
    union = sum(weight_of(part, name) for name in first | second)
    return sum(weight_of(part, name) for name in first & second) / (union + _FEW) if union else 0.0


def _systems(later: Signature, earlier: Signature, weigh: Weigh) -> float:
    """The same services by name, or one's services in the other's words."""
    shared = later.systems & earlier.systems
    if later.systems and earlier.systems:
        common = sum(map(weigh, shared))
        least = min(sum(map(weigh, later.systems)), sum(map(weigh, earlier.systems)))
        union = sum(map(weigh, later.systems | earlier.systems))
        named = 0.6 * common / least + 0.4 * common / union if least else 0.0
    else:
        named = 0.0
    mentioned = max(_mentioned(later, earlier, weigh), _mentioned(earlier, later, weigh))
    return max(named, 0.7 * mentioned)


def _mentioned(of: Signature, by: Signature, weigh: Weigh) -> float:
    total = max(sum(map(weigh, of.systems)), weigh(_UNSEEN))  # a name of everyday words alone says little
    return sum(weigh(word) for word in of.systems if word in by.stems) / total


def _concepts(later: Signature, earlier: Signature) -> float:
    """What is shared of what went wrong inside, over all statements, each by how near it is to what broke."""
    first, second = _about(later), _about(earlier)
    shared = sum(min(weight, second[name]) for name, weight in first.items() if name in second)
    if not shared:
        return 0.0
    least = min(sum(first.values()), sum(second.values()))
    union = sum(max(first.get(name, 0.0), second.get(name, 0.0)) for name in first.keys() | second.keys())
    return 0.5 * min(1.0, shared / max(least, 1.0)) + 0.5 * shared / union


def _about(of: Signature) -> dict[str, float]:
    """Concept → how much it says of what broke."""
    out: dict[str, float] = {}
    for cause in of.causes:
        for name in cause.concepts:
            says = cause.weight * weight_of("how", name) * (_PLACE if name in of.system_concepts else 1.0)
            out[name] = max(out.get(name, 0.0), says)
    return out


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements that say alike things."""

    later: Statement
    earlier: Statement
    alike: float


def _aligned(later: Iterable[Statement], earlier: Collection[Statement], weigh: Weigh) -> list[Pair]:
    """Each later statement with the earlier one that it is most like, the likest first."""
    out = []
    for statement in later:
        best = max(earlier, key=lambda other: _same(statement, other, weigh), default=None)
        if best is not None:
            out.append(Pair(statement, best, _same(statement, best, weigh)))
    return sorted(out, key=lambda pair: -pair.alike)


def _same(first: Statement, second: Statement, weigh: Weigh) -> float:
    words = _alike(first.stems, second.stems, weigh)
    about = _overlap(first.concepts, second.concepts, "how")
    return max(words, 0.5 * words + 0.5 * about) * math.sqrt(first.weight * second.weight)


def _best(pairs: list[Pair]) -> float:
    """The likest statement, and half the second: one shared sentence of many is less than two."""
    if not pairs:
        return 0.0
    second = pairs[1].alike if len(pairs) > 1 else pairs[0].alike
    return 0.7 * pairs[0].alike + 0.3 * second


def _why(later: Signature, earlier: Signature, parts: Parts, pairs: list[Pair], weigh: Weigh) -> Iterable[str]:
    shared = [s for s in later.services if s.lower() in {e.lower() for e in earlier.services}]
    if shared:
        yield f"same systems: {', '.join(shared)}"
    elif parts.systems > 0.25:
        yield f"systems named alike: {', '.join(later.services[:2])} and {', '.join(earlier.services[:2])}"
    for pair in pairs[:2]:
        if pair.alike > 0.3:
            if pair.later.text == pair.earlier.text:
                yield f"same contributing cause: {pair.later.text}"
            else:
                yield f"causes alike ({pair.alike:.0%}): “{pair.later.text}” and “{pair.earlier.text}”"
    about = _about(later).keys() & _about(earlier).keys()
    if about:
        yield f"both are about {', '.join(sorted(name.replace('_', ' ') for name in about))}"
    met = later.symptom_concepts & earlier.symptom_concepts
    if met or parts.symptom > 0.35:
        words = _rarest(later.symptom & earlier.symptom, weigh, 4)
        told = ", ".join(sorted(name.replace("_", " ") for name in met) or _written(words, later))
        yield f"same symptom: {told}"
    if later.changes & earlier.changes:
        yield f"same kind of change before: {', '.join(sorted(later.changes & earlier.changes))}"
    if later.factors & earlier.factors:
        known = [kinds()[name].words for name in sorted(later.factors & earlier.factors) if name in kinds()]
        yield f"same factor: {', '.join(known)}"
    rare = _rarest(later.stems & earlier.stems, weigh, 5)
    if rare and parts.words > 0.15:
        yield f"same rare words: {', '.join(_written(rare, later))}"


def _rarest(words: Iterable[str], weigh: Weigh, count: int) -> list[str]:
    return sorted(words, key=lambda word: (-weigh(word), word))[:count]


def _written(stems: Iterable[str], of: Signature) -> list[str]:
    """Stems as the incident writes them."""
    text = " ".join((of.title, *of.services, *(cause.text for cause in of.causes), of.change))
    written = {stem(word): word for word in reversed(words_of(text))}
    return [written.get(found, found) for found in stems]
