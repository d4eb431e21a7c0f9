"""A clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass

from opsterm.records.instant import Instant, to_ms

#: When nothing else is said, tests begin here.
BEGIN = "2026-11-24T13:00:00Z"
BEGIN_MS = to_ms(BEGIN)


@dataclass(slots=True)
class HandClock:
    """A clock that stands until it is moved."""

    ms: int = BEGIN_MS

    def now_ms(self) -> int:
        return self.ms

    def stand_at(self, at: Instant) -> None:
        self.ms = to_ms(at)
