"""How far a station's clock is off, from when its changes arrive here.

Between an author's clock and the arrival lie the difference of the clocks and the way through the share, which is never
negative. The median over the last arrivals bears single jumps; the smallest bounds a clock that seems to be behind,
since all of a delay may have been the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

#: How many of a station's last arrivals count.
ARRIVALS_MAX = 15
#: A clock that is ahead by so much is: nothing arrives before it was said. One that seems behind may be a slow share.
AHEAD_NOTICED_S = 2.0
BEHIND_NOTICED_S = 30.0


def skew(delays_s: Sequence[float]) -> float | None:
    """Seconds by which a clock is ahead (negative: behind), from (arrival here − its clock); nothing from nothing."""
    if not delays_s:
        return None
    middle = median(delays_s)
    behind = middle if middle < 0 else max(0.0, min(delays_s))
    return round(-behind, 1) + 0.0


def noticed(skew_s: float | None) -> bool:
    """Whether a difference is worth a word."""
    return skew_s is not None and (skew_s >= AHEAD_NOTICED_S or skew_s <= -BEHIND_NOTICED_S)
