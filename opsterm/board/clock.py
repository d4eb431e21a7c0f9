"""The hybrid logical clock: 48 bits of milliseconds and 16 of counter in one positive 64-bit integer.

Kulkarni et al. 2014, "Logical Physical Clocks". It orders changes so that nothing comes before what its author had
seen, whatever the wall clocks say. A change is taken whatever its clock says: refusing it would lose or block what that
station did. But a clock that can't be right is not followed, or one change would drive all others to the end of time.
"""

from __future__ import annotations

import time
from typing import Protocol

from opsterm import __date__
from opsterm.records.instant import to_ms

COUNTER_BITS = 16
#: A value whose milliseconds reach this is malformed: it would not fit a positive 64-bit integer.
MS_LIMIT = 1 << 47
HLC_LIMIT = MS_LIMIT << COUNTER_BITS
#: A clock further ahead than this of one that may be right itself is wrong. (opsterm)
_FOLLOWED_MS = 10 * 365 * 86_400_000
_MADE_MS = to_ms(f"{__date__}T00:00:00Z")


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


def latest_followed(now_ms: int) -> int:
    """The latest value of another station that a clock is set by where the own wall clock says `now_ms`, which may be
    wrong itself: then the day of this version counts."""
    return ((max(now_ms, _MADE_MS) + _FOLLOWED_MS + 1) << COUNTER_BITS) - 1


def hlc_ms(hlc: int) -> int:
    """The milliseconds in a value."""
    return hlc >> COUNTER_BITS
