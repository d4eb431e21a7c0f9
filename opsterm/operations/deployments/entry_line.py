"""One line typed, one deployment or change recorded: `web 414 on web, checkout was 413 as configuration @noor`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from opsterm.core.calendar_dates import cadence, day
from opsterm.core.session import Rejected, person_name
from opsterm.core.times import time_ahead
from opsterm.operations.deployments.deployment import known_sort
from opsterm.records.instant import Instant, instant
from opsterm.records.plain import one_line

_PARTS = re.compile(r"\s(on|was|as|later|planned)(?=\s|$)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COVERED = re.compile(r"on\s++([^:]+):\s*(.*)", re.IGNORECASE)
_OWNER = re.compile(r"(?:^|\s)[@＠](\S+)")


@dataclass(frozen=True, slots=True)
class TypedDeployment:
    """What a line says of a deployment or a change."""

    title: str
    version: str = ""
    #: What was there before it.
    before: str = ""
    systems: tuple[str, ...] = ()
    sort: str = "service"
    owner: str = ""
    later: bool = False


def read_line(text: str) -> TypedDeployment:
    """What a line says. The words before `on`, `was`, `as` and `later` are the title; a last one of them with a digit
    in it is the version, and without `on` the first is the system. Raises Rejected for a line without a title."""
    line = one_line(text)
    owner = _OWNER.search(line)
    if owner:
        line = line.replace(owner[0], " ")
    pieces = _PARTS.split(f" {line.strip()}")
    said = {"": pieces[0].strip()}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        said[name.lower()] = value.strip()
    words = said[""].split()
    if not words:
        raise Rejected("Say what it is: web 414 on web, checkout was 413.")
    version = words.pop() if len(words) > 1 and any(c.isdigit() for c in words[-1]) else ""
    systems = [name.strip() for name in said.get("on", "").split(",") if name.strip()]
    return TypedDeployment(
        " ".join(words),
        version,
        said.get("was", ""),
        tuple(systems or words[:1]),
        known_sort(said["as"]) if said.get("as") else "service",
        person_name(owner[1]) if owner else "",
        "later" in said or "planned" in said,
    )


def day_and_why(text: str, now: Instant) -> tuple[str, str]:
    """(day, reason) of a line that begins with one: `2026-12-01 the vendor is away`, `2w no hands`. Raises Rejected."""
    head, _, why = text.strip().partition(" ")
    if not head:
        raise Rejected("Say until when, and why: 2w waiting for the vendor.")
    try:
        on = day(head)
    except Rejected:
        try:
            on = cadence(head).occurrence(day(now), 1)
        except Rejected:
            raise Rejected(f"{head!r} is no day: begin with YYYY-MM-DD, 3d or 2w, then say why.") from None
    if on < day(now) - timedelta(days=3650):
        raise Rejected("That day lies far back.")
    return on.isoformat(), why.strip()


@dataclass(frozen=True, slots=True)
class TypedFreeze:
    """What a line says of a time in which nothing is changed."""

    from_at: Instant
    to_at: Instant
    #: None for everything.
    systems: tuple[str, ...]
    why: str


def read_freeze(text: str, now: Instant, zone: tzinfo) -> TypedFreeze:
    """`2026-12-22 2027-01-02 on web, checkout: the year's end`, or `now 6h the fair is open`: from when, to when, on
    what, why. A day without a clock time is whole, the last one too. Raises Rejected."""
    line = one_line(text)
    begin, rest = _edge(line, now, now, zone, last=False)
    end, rest = _edge(rest, now, begin or now, zone, last=True)
    if not begin or not end:
        raise Rejected("Say from when, to when, and why: 2026-12-22 2027-01-02 on web: the year's end.")
    covered = _COVERED.fullmatch(rest)
    systems = tuple(name.strip() for name in covered[1].split(",") if name.strip()) if covered else ()
    return TypedFreeze(begin, end, systems, covered[2] if covered else rest)


def _edge(text: str, now: Instant, after: Instant, zone: tzinfo, *, last: bool) -> tuple[Instant, str]:
    head, _, rest = text.partition(" ")
    if head.casefold() == "now" and not last:
        return now, rest
    if _DATE.fullmatch(head):
        try:
            midnight = datetime.combine(date.fromisoformat(head) + timedelta(days=last), time.min, zone)
            return instant(midnight), rest
        except (ValueError, OverflowError):
            return "", text
    return time_ahead(text, after, zone)


def until_and_why(text: str, points: Sequence[str], now: Instant) -> tuple[str, str]:
    """(the pause point or day that a step is put off to, why): `until After: no hands`, `until 2026-12-01: no hands`;
    no point where the line does not begin with one. Raises Rejected for one that there is not."""
    if not text.casefold().startswith("until "):
        return "", text.strip()
    wanted, colon, why = text[6:].partition(":")
    wanted = wanted.strip()
    named = [point for point in points if point.casefold().startswith(wanted.casefold())]
    if not colon or not wanted:
        raise Rejected("Say until which pause point or day, a colon, and why: until After: no hands.")
    if len(named) == 1:
        return named[0], why.strip()
    try:
        return day_and_why(wanted, now)[0], why.strip()
    except Rejected:
        raise Rejected(
            f"{wanted!r} is no pause point ahead and no day: {', '.join(points) or 'none is ahead'}."
        ) from None
