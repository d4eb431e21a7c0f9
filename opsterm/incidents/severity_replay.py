"""Severity rules replayed over past incidents: what would change, how often people overrode them, first to final."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from opsterm.board.store import Board
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.incidents.reading import all_incidents
from opsterm.incidents.severity import Answers, Rules, assess, own_rules
from opsterm.incidents.triage import answers_of, earlier_of, measured
from opsterm.records import Incident, Spell
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past incident under the rules."""

    mark: str
    title: str
    #: The first severity that anyone said, and the one at which it ended; empty where none was.
    first: str
    final: str
    #: What the rules give by its answers; empty where nothing was answered.
    ruled: str
    because: str
    overridden: bool

    @property
    def changes(self) -> bool:
        return bool(self.ruled) and self.ruled != self.final


@dataclass(frozen=True, slots=True)
class Replay:
    """All of them."""

    incidents: tuple[Replayed, ...]

    @property
    def judged(self) -> int:
        """Incidents with answers enough for the rules to say a level."""
        return sum(bool(item.ruled) for item in self.incidents)

    @property
    def changed(self) -> tuple[Replayed, ...]:
        return tuple(item for item in self.incidents if item.changes)

    @property
    def overridden(self) -> float:
        """The share of judged incidents in which a person overrode the rules of that day; 0 where none was judged."""
        return sum(item.overridden for item in self.incidents) / self.judged if self.judged else 0.0

    @property
    def first_to_final(self) -> Mapping[tuple[str, str], int]:
        """(first, final) → how many incidents went that way."""
        return Counter((item.first, item.final) for item in self.incidents if item.first and item.final)

    def words(self) -> Sequence[str]:
        """What the screen says, a line each."""
        moved = sum(count for (first, final), count in self.first_to_final.items() if first != final)
        return (
            f"{len(self.incidents)} past incidents, {self.judged} with answers",
            f"{len(self.changed)} would have another severity",
            f"{sum(item.overridden for item in self.incidents)} were overridden by a person",
            f"{moved} ended at another severity than they began with",
            *(f"{item.mark} {item.final or 'none'} → {item.ruled}: {item.because}" for item in self.changed),
        )


def replay_severity(board: Board, rules: Rules | None = None, limits: Thresholds = DEFAULTS) -> Replay:
    """Past incidents under the rules; drills, anomalies, false alarms and folded ones are left out."""
    rules = rules or own_rules()
    past = [i for i in all_incidents(board) if i.status in OVER and measured(i)]
    return Replay(tuple(_replayed(board, incident, rules, limits) for incident in past))


def _replayed(board: Board, incident: Incident, rules: Rules, limits: Thresholds) -> Replayed:
    said: list[str] = []
    overridden = False
    for change in board.changes_of_record(incident.id):
        values = change.values
        severity, ruled = values.get("severity"), values.get("severity_ruled")
        if isinstance(severity, str) and severity:
            said.append(severity)
            overridden |= isinstance(ruled, str) and bool(ruled) and ruled != severity
    ended: Instant = incident.resolved_at or incident.mitigated_at or incident.status_since
    answers = answers_of(incident, ended, earlier_of(board, incident), board.all(Spell, incident.id))
    known = bool(incident.breadth or incident.depth or incident.triaged_at)
    found = assess(_untold(answers), rules, limits) if known else None
    return Replayed(
        incident.mark,
        incident.title,
        said[0] if said else "",
        incident.severity,
        found.level if found else "",
        found.because if found else "nothing was answered",
        overridden,
    )


def _untold(answers: Answers) -> Answers:
    """The answers without what a person said of the level itself, as they were while people were still hurt."""
    return replace(answers, stated="", hurting=True)
