"""Measures that do not mislead: counts, medians and p90 with how many they are of, and the single values as dots; no
means of skewed things, no trend of durations, nobody's league table [Davidovič 2021; VOID]. Drills stand apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.store import Board
from opsterm.core.as_document import json_of
from opsterm.core.times import age, between
from opsterm.incidents.reading import all_incidents
from opsterm.incidents.spells import by_incident
from opsterm.learn.account import SPANS, heard_by_audiences, spans_of
from opsterm.learn.recurrence import Repeat, repeats
from opsterm.learn.taxonomy import suggest
from opsterm.records import Factor, Improvement, Incident, Obligation, Spell
from opsterm.records.instant import Instant
from opsterm.records.obligation import OPEN

#: Under so many values a median or p90 says nothing: the values themselves are shown.
ENOUGH = 5
#: Under so many a p90 is close to the largest value, and is left out.
ENOUGH_P90 = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of one measure: how many, the middle one, the one that nine of ten stay under. No mean."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def median(self) -> float | None:
        """Nothing under ENOUGH values."""
        return quantile(self.values, 0.5) if self.n >= ENOUGH else None

    @property
    def p90(self) -> float | None:
        """Nothing under ENOUGH_P90 values."""
        return quantile(self.values, 0.9) if self.n >= ENOUGH_P90 else None

    @property
    def words(self) -> str:
        """As people read it: `median 14m, p90 2h10m, n = 23`."""
        said = self._said
        if self.n == 0:
            return "none recorded"
        if self.median is None:
            return f"{', '.join(said(value) for value in self.values)} (n = {self.n}, too few for a median)"
        p90 = f", p90 {said(self.p90)}" if self.p90 is not None else ""
        return f"median {said(self.median)}{p90}, n = {self.n}"

    @property
    def _said(self) -> Callable[[float], str]:
        return age if self.unit == "seconds" else lambda value: f"{value:g} {self.unit}"


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all stays under or equals: nearest rank, always a value that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Proportion:
    """A part of a whole, told as both."""

    part: int
    whole: int

    @property
    def words(self) -> str:
        return f"{self.part} of {self.whole}"


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything that the screen of measures shows, of the incidents that began in a time."""

    since: Instant
    until: Instant
    incidents: int
    #: Drills in the same time; they count in nothing else.
    drills: int
    by_severity: Mapping[str, int]
    by_system: Mapping[str, int]
    by_factor: Mapping[str, int]
    by_month: Mapping[str, int]
    #: To detect, declare, mitigate, resolve …: in seconds, over all severities.
    durations: tuple[Spread, ...]
    #: Severity → the same.
    durations_by_severity: Mapping[str, tuple[Spread, ...]]
    #: Minutes of each late word to customers, and how many of all words were late.
    lateness: Spread
    late_words: Proportion
    improvements_in_time: Proportion
    #: Improvements that are open, and the ages of those in seconds.
    improvements_open: int
    improvement_ages: Spread
    recurring: Proportion


def measures(board: Board, since: Instant, until: Instant, *, pairs: Sequence[Repeat] | None = None) -> Measures:
    """The measures of the incidents that began from `since` up to `until`. `pairs` are the repeats where they are
    known already."""
    within = [of for of in all_incidents(board) if since <= (of.started_at or of.at) < until and _counts(of)]
    real = [of for of in within if not of.drill]
    ids = {of.id for of in real}
    found = repeats(board) if pairs is None else pairs
    again = repeated(found) & ids
    words = [judged for of in real for heard in heard_by_audiences(board, of) for judged in heard.told if judged.due_at]
    late = [float(judged.late) for judged in words if judged.late]
    owed = [(item, duty) for item, duty in _owed(board) if item.incident in ids]
    ended = [duty for _, duty in owed if duty.state == "done" or duty.due_at < until]
    in_time = [duty for duty in ended if duty.state == "done" and duty.state_since <= duty.due_at]
    running = [duty for _, duty in owed if duty.state in OPEN]
    spells = by_incident(board)
    return Measures(
        since=since,
        until=until,
        incidents=len(real),
        drills=len(within) - len(real),
        by_severity=_counted((of.severity or "no severity") for of in real),
        by_system=_counted(service for of in real for service in of.services),
        by_factor=_counted(kind for of in real for kind in _kinds(board, of)),
        by_month=dict(sorted(Counter((of.started_at or of.at)[:7] for of in real).items())),
        durations=_durations(real, spells),
        durations_by_severity={
            severity: _durations([of for of in real if of.severity == severity], spells)
            for severity in sorted({of.severity for of in real if of.severity})
        },
        lateness=Spread("late words", "min", tuple(late)),
        late_words=Proportion(len(late), len(words)),
        improvements_in_time=Proportion(len(in_time), len(ended)),
        improvements_open=len(running),
        improvement_ages=Spread("age of open improvements", "seconds", tuple(between(d.at, until) for d in running)),
        recurring=Proportion(len(again), len(real)),
    )


def repeated(pairs: Iterable[Repeat]) -> frozenset[str]:
    """The incidents that repeat another, as far as nobody refused it."""
    return frozenset(pair.later for pair in pairs if pair.verdict != "refused")


def _counts(of: Incident) -> bool:
    return not (of.anomaly or of.folded_into or of.status == "cancelled")


def _counted(names: Iterable[str]) -> dict[str, int]:
    """Name → how often, most first."""
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _durations(incidents: Sequence[Incident], spells: Mapping[str, Sequence[Spell]]) -> tuple[Spread, ...]:
    lasted = [_lasted(of, spells.get(of.id, ())) for of in incidents]
    return tuple(Spread(name, "seconds", tuple(of[name] for of in lasted if name in of)) for name, _, _ in SPANS)


def _lasted(of: Incident, spells: Sequence[Spell]) -> dict[str, float]:
    """Name of a span → seconds, of those that are recorded and do not run backwards."""
    return {span.name: span.seconds for span in spans_of(of, spells) if span.seconds is not None and span.seconds >= 0}


def _kinds(board: Board, of: Incident) -> set[str]:
    """The kinds of factor of an incident: as people chose, else as its causes suggest."""
    chosen = {factor.name for factor in board.all(Factor, of.id) if factor.name}
    return chosen or {kinds[0].name for text in of.causes if (kinds := suggest(text))}


def _owed(board: Board) -> list[tuple[Improvement, Obligation]]:
    duties = {duty.id: duty for duty in board.all(Obligation)}
    return [(item, duties[item.obligation]) for item in board.all(Improvement) if item.obligation in duties]


def measures_json(found: Measures) -> dict[str, Any]:
    """The measures as one JSON object; durations in seconds."""
    spread, share = "name unit n median p90 values", "part whole"
    return {
        **json_of(found, "since until incidents drills by_severity by_system by_factor by_month"),
        "durations": [json_of(item, spread) for item in found.durations],
        "durations_by_severity": {
            severity: [json_of(item, spread) for item in of] for severity, of in found.durations_by_severity.items()
        },
        "late_words": json_of(found.late_words, share),
        "lateness": json_of(found.lateness, spread),
        "improvements_in_time": json_of(found.improvements_in_time, share),
        **json_of(found, "improvements_open"),
        "improvement_ages": json_of(found.improvement_ages, spread),
        "recurring": json_of(found.recurring, share),
    }


def as_lines(found: Measures) -> list[str]:
    """The measures for the terminal's scrollback."""
    out = [f"{found.since[:10]} to {found.until[:10]}: {found.incidents} incidents, {found.drills} drills apart"]
    for title, counts in (
        ("by severity", found.by_severity),
        ("by system", found.by_system),
        ("by factor", found.by_factor),
        ("by month", found.by_month),
    ):
        if counts:
            told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
            out.append(f"{title}: {told}")
    out += [f"{spread.name}: {spread.words}" for spread in found.durations]
    out.append(f"words to stakeholders late: {found.late_words.words}; {found.lateness.words}")
    out.append(f"improvements done in time: {found.improvements_in_time.words}; open: {found.improvements_open}")
    out.append(f"incidents that repeat another: {found.recurring.words}")
    return out


# --- single values, for distributions over time


@dataclass(frozen=True, slots=True)
class Timing:
    """One incident's durations, and what it can be split by."""

    incident: str
    mark: str
    at: Instant
    #: Name of a span → seconds; only those that are recorded.
    seconds: Mapping[str, float]
    #: One of SPLITS → the groups that it belongs to.
    groups: Mapping[str, tuple[str, ...]]


#: What durations can be split by.
SPLITS = ("severity", "system", "factor")


def timings(board: Board, since: Instant, until: Instant) -> list[Timing]:
    """The durations of the incidents that began in a time, oldest first; drills and false alarms are left out."""
    out = []
    spells = by_incident(board)
    for of in sorted(all_incidents(board), key=lambda of: of.started_at or of.at):
        begun = of.started_at or of.at
        if not since <= begun < until or of.drill or not _counts(of):
            continue
        groups = {
            "severity": (of.severity or "no severity",),
            "system": of.services,
            "factor": tuple(sorted(_kinds(board, of))),
        }
        out.append(Timing(of.id, of.mark, begun, _lasted(of, spells.get(of.id, ())), groups))
    return out


def split(found: Iterable[Timing], span: str, by: str) -> dict[str, list[Timing]]:
    """Group → the timings that have the span, most first; one group, `all`, where `by` is none of SPLITS."""
    out: dict[str, list[Timing]] = {}
    for timing in found:
        if span in timing.seconds:
            for group in timing.groups.get(by, ("all",)):
                out.setdefault(group, []).append(timing)
    return dict(sorted(out.items(), key=lambda pair: (-len(pair[1]), pair[0])))
