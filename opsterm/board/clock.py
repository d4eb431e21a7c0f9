"""The hybrid logical clock: 48 bits of milliseconds and 16 of counter in one positive 64-bit integer.

Kulkarni et al. 2014, "Logical Physical Clocks". It orders changes so that nothing comes before what its author had
seen, whatever the wall clocks say. A clock of another station that is years ahead is accepted like any other: refusing
it would lose or block what that station did.
"""

from __future__ import annotations

import time
from typing import Protocol

COUNTER_BITS = 16
#: A value whose milliseconds reach this is malformed: it would not fit a positive 64-bit integer.
MS_LIMIT = 1 << 47
HLC_LIMIT = MS_LIMIT << COUNTER_BITS


class Clock(Protocol):
    """Where the time comes from: the machine, a simulation or a playback."""

    def now_ms(self) -> int:
        """Milliseconds since 1970, as this clock believes."""
        ...


class SystemClock:
    """The machine's wall clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


def well_formed(hlc: int) -> bool:
    """Whether a value could have come from a hybrid logical clock."""
    return 0 < hlc < HLC_LIMIT


def tick(last: int, now_ms: int) -> int:
    """The next value after `last` at wall time `now_ms`; never goes back, and a full counter carries over.

    After the very last value it stays there: one station at the end of time must not make the others' changes
    malformed. What a change has seen still tells which came later.
    """
    wall = min(max(now_ms, 1), MS_LIMIT - 1) << COUNTER_BITS
    return min(max(wall, last + 1), HLC_LIMIT - 1)


def hlc_ms(hlc: int) -> int:
    """The milliseconds in a value."""
    return hlc >> COUNTER_BITS
