"""The table that benchmarks print: what, beside what, and how many times as long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, in milliseconds, of the same run."""

    what: str
    beside_ms: float
    ms: float
    times_max: float

    @property
    def times(self) -> float:
        return self.ms / self.beside_ms


def show(rows: Sequence[Row]) -> int:
    """Prints the rows; 1 where one is over its limit, else 0."""
    print(f"{'':<58}{'beside':>10}{'ours':>10}{'ratio':>8}{'limit':>7}")
    for row in rows:
        over = "  over" if row.times > row.times_max else ""
        print(f"{row.what:<58}{row.beside_ms:>8.1f}ms{row.ms:>8.1f}ms{row.times:>8.2f}{row.times_max:>7.2f}{over}")
    return int(any(row.times > row.times_max for row in rows))
