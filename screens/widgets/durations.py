"""Spans of time as people read them: ages, countdowns, clock times."""

from __future__ import annotations

from datetime import tzinfo

from opsterm.core import times
from opsterm.records.instant import Instant, moment, to_ms


def seconds_between(start: Instant, end: Instant) -> int:
    """Seconds from one to the other; negative where `end` comes first."""
    return (to_ms(end) - to_ms(start)) // 1000


def span(seconds: int) -> str:
    """A length of time in its two largest units: 40s, 12m, 2h 05m, 3d 04h."""
    return times.age(max(seconds, 0), gap=" ")


def age(since: Instant, now: Instant) -> str:
    """How long it has been so; nothing where nobody knows since when."""
    return span(seconds_between(since, now)) if since else ""


def countdown(due: Instant, now: Instant) -> str:
    """`in 12m`, in seconds for the last two minutes; `late 4m` once it has passed."""
    left = seconds_between(now, due)
    if left < 0:
        return f"late {span(-left)}"
    return f"in {left}s" if left < 120 else f"in {span(left)}"


def clock(at: Instant, zone: tzinfo, *, today: Instant = "") -> str:
    """The time of day; with its date where that is another day than `today`."""
    if not at:
        return ""
    there = moment(at).astimezone(zone)
    if today and moment(today).astimezone(zone).date() != there.date():
        return f"{there:%d %b %H:%M}"
    return f"{there:%H:%M}"


def zone_name(at: Instant, zone: tzinfo) -> str:
    """What the zone is called at that time: UTC, CET."""
    return moment(at).astimezone(zone).tzname() or "UTC"
