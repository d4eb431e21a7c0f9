"""A clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass

from opsterm.records.instant import Instant, to_ms

#: When nothing else is said, tests begin here.
BEGIN = "2026-11-24T13:00:00Z"
BEGIN_MS = to_ms(BEGIN)


@dataclass(slots=True)
class Reading:
    """How long somebody has looked at a screen, in seconds: a person who reads it, unless a test says otherwise."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int = BEGIN_MS

    def now_ms(self) -> int:
        return self.ms

    def stand_at(self, at: Instant) -> None:
        self.ms = to_ms(at)
