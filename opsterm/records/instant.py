"""Moments: stored as text in UTC, to the second, so that they sort as they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

#: ISO 8601 in UTC, `2026-11-24T13:05:00Z`; empty where the moment is not known.
Instant = str

#: The years of moments: a calendar shows 1 to 9999, and a year at each end is left so that no zone leads out of it.
YEAR_FIRST, YEAR_LAST = 2, 9998
#: The seconds since 1970 of the first and the last of these.
_FIRST, _LAST = -62_104_060_800, 253_370_764_799


def instant(moment: datetime) -> Instant:
    """The moment in UTC, cut to the second. A moment without a zone is taken as UTC. Raises OverflowError outside the
    years of moments."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not YEAR_FIRST <= moment.year <= YEAR_LAST:
        raise OverflowError(f"no time of the year {moment.year} can be shown")
    return f"{aware.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def from_ms(milliseconds: int) -> Instant:
    """The moment that many milliseconds after 1970, held within the years of moments."""
    return _from_seconds(milliseconds // 1000)


@lru_cache(maxsize=4096)
def _from_seconds(seconds: int) -> Instant:
    return instant(datetime.fromtimestamp(min(max(seconds, _FIRST), _LAST), UTC))


@lru_cache(maxsize=4096)
def moment(text: Instant) -> datetime:
    """The instant as an aware datetime. Raises ValueError for what is no time."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def to_ms(text: Instant) -> int:
    """Milliseconds since 1970."""
    return int(moment(text).timestamp() * 1000)


def normal(text: str) -> Instant:
    """Any ISO 8601 time as an instant. Raises ValueError for what is no time."""
    try:
        return instant(moment(text))
    except OverflowError as error:
        raise ValueError(f"no such time: {text}") from error
