"""One line typed, one deployment or change recorded: `web 414 on web, checkout was 413 as configuration @noor`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from opsterm.command.calendar_dates import cadence, day
from opsterm.command.deployment import known_sort
from opsterm.command.session import Refused, person_name
from opsterm.records.instant import Instant
from opsterm.records.plain import one_line

_PARTS = re.compile(r"\s(on|was|as|later|planned)(?=\s|$)", re.IGNORECASE)
_OWNER = re.compile(r"(?:^|\s)[@＠](\S+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line says of a deployment or a change."""

    title: str
    version: str = ""
    #: What was there before it.
    before: str = ""
    systems: tuple[str, ...] = ()
    sort: str = "service"
    owner: str = ""
    later: bool = False


def read_line(text: str) -> Typed:
    """What a line says. The words before `on`, `was`, `as` and `later` are the title; a last one of them with a digit
    in it is the version, and without `on` the first is the system. Raises Refused for a line without a title."""
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
        raise Refused("Say what it is: web 414 on web, checkout was 413.")
    version = words.pop() if len(words) > 1 and any(c.isdigit() for c in words[-1]) else ""
    systems = [name.strip() for name in said.get("on", "").split(",") if name.strip()]
    return Typed(
        " ".join(words),
        version,
        said.get("was", ""),
        tuple(systems or words[:1]),
        known_sort(said["as"]) if said.get("as") else "service",
        person_name(owner[1]) if owner else "",
        "later" in said or "planned" in said,
    )


def day_and_why(text: str, now: Instant) -> tuple[str, str]:
    """(day, reason) of a line that begins with one: `2026-12-01 the vendor is away`, `2w no hands`. Raises Refused."""
    head, _, why = text.strip().partition(" ")
    if not head:
        raise Refused("Say until when, and why: 2w waiting for the vendor.")
    try:
        on = day(head)
    except Refused:
        try:
            on = cadence(head).occurrence(day(now), 1)
        except Refused:
            raise Refused(f"{head!r} is no day: begin with YYYY-MM-DD, 3d or 2w, then say why.") from None
    if on < day(now) - timedelta(days=3650):
        raise Refused("That day lies far back.")
    return on.isoformat(), why.strip()
