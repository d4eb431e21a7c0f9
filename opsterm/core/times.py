"""Times and durations as people type them and read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from opsterm.records.instant import Instant, instant, moment

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(\d{1,5})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)", re.IGNORECASE)
#: The pattern of what `parse_duration` reads.
DURATION = rf"(?:{_SPAN.pattern}\s*)+"
_SPANS = re.compile(DURATION, re.IGNORECASE)
#: Longer than any incident; what a calendar can take away from today.
_SPAN_MAX_S = 1000 * 365 * 86400
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z?)")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_SEEMING = re.compile(rf"(?:\d{{1,2}}:\d\d(?::\d\d)?Z?|{_ISO.pattern})(?=\s|$)")
#: What happened and lies ahead by more than this is a slip of the hand (field notes: nothing later than now + 1 min).
AHEAD_S_MAX = 60


def parse_duration(text: str) -> timedelta | None:
    """`10m`, `1h30m`, `2 hours`; nothing for anything else."""
    if not _SPANS.fullmatch(text.strip()):
        return None
    seconds = sum(int(n) * _UNITS[unit[0].lower()] for n, unit in _SPAN.findall(text))
    return timedelta(seconds=seconds) if seconds <= _SPAN_MAX_S else None


def leading_time(line: str, now: Instant, zone: tzinfo) -> tuple[Instant, str]:
    """The time that a line begins with, and what happened then; no time where it begins with none or nothing
    follows."""
    at, rest = time_first(line, now, zone)
    return (at, rest) if rest else ("", line)


def time_first(line: str, now: Instant, zone: tzinfo) -> tuple[Instant, str]:
    """The time that a line begins with, and what follows it, if anything does; no time where it begins with none.

    A clock time is in the user's zone, and yesterday's if it would lie ahead. `-7m` is that long ago.
    """
    head, _, rest = line.partition(" ")
    if head.startswith("-"):
        ago = parse_duration(head[1:])
        return (instant(moment(now) - ago), rest.lstrip()) if ago is not None else ("", line)
    two = f"{head} {rest.split(' ', 1)[0]}"
    for candidate, after in ((two, rest.partition(" ")[2]), (head, rest)):
        if _ISO.fullmatch(candidate) and (at := _iso(candidate, zone)):
            return at, after.lstrip()
    clock = _CLOCK.fullmatch(head)
    if clock:
        return _clock(clock, now, zone), rest.lstrip()
    return "", line


def seeming_time(line: str) -> str:
    """What a line begins with and that is written like a clock or a day with a clock, whether there is such a time or
    not (`25:99`)."""
    found = _SEEMING.match(line)
    return found[0] if found else ""


def lies_ahead(at: Instant, now: Instant) -> bool:
    """Whether something that is said to have happened then can't have: it is more than a minute ahead."""
    return bool(at) and between(now, at) > AHEAD_S_MAX


def _iso(text: str, zone: tzinfo) -> Instant:
    try:
        parsed = datetime.fromisoformat(text.replace(" ", "T"))
        return instant(parsed if parsed.tzinfo else parsed.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return ""


def _clock(found: re.Match[str], now: Instant, zone: tzinfo) -> Instant:
    hours, minutes, seconds, utc = found.groups()
    here = moment(now).astimezone(UTC if utc else zone)
    then = here.replace(hour=int(hours), minute=int(minutes), second=int(seconds or 0), microsecond=0)
    if then > here:
        then -= timedelta(days=1)
    return instant(then)


def time_ahead(text: str, now: Instant, zone: tzinfo) -> tuple[Instant, str]:
    """The time ahead that a text begins with, and what follows it; no time where it begins with none.

    A clock time is in the user's zone, and tomorrow's if it has passed; `2h` is that long from now.
    """
    head, _, rest = text.strip().partition(" ")
    span = parse_duration(head)
    if span is not None:
        return instant(moment(now) + span), rest.strip()
    if _ISO.fullmatch(head):
        at = _iso(head, zone)
        return (at, rest.strip()) if at > now else ("", text)
    clock = _CLOCK.fullmatch(head)
    if not clock:
        return "", text
    at = _clock(clock, now, zone)
    return instant(moment(at) + timedelta(days=1)), rest.strip()


def age(seconds: float, gap: str = "") -> str:
    """A duration in at most two units: `42s`, `9m`, `1h05m`, `3d04h`; `gap` stands between the two."""
    whole = int(abs(seconds))
    if whole < 60:
        return f"{whole}s"
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if minutes < 60:
        return f"{minutes}m"
    return f"{hours}h{gap}{minutes % 60:02d}m" if hours < 24 else f"{days}d{gap}{hours % 24:02d}h"


def rough_age(seconds: int) -> str:
    """A duration in the largest unit that says enough: `40s`, `12m`, `3h`, `2d`."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 2 * size or (unit == "m" and seconds >= size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def between(earlier: Instant, later: Instant) -> float:
    """Seconds from one instant to another; negative where the second lies before."""
    return (moment(later) - moment(earlier)).total_seconds()
