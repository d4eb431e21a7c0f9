"""What was said to whom, and how late: each word against when it was due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from opsterm.core.times import between
from opsterm.drafting.update_schedule import interval
from opsterm.records import Incident
from opsterm.records.instant import Instant, instant, moment

_STAGE = {"triage": "scoping", "investigating": "scoping", "identified": "identified", "monitoring": "monitoring"}


@dataclass(frozen=True, slots=True)
class StatusSince:
    """The status and severity that stood from a moment on."""

    at: Instant
    status: str
    severity: str


@dataclass(frozen=True, slots=True)
class SentText:
    """One text as it was sent."""

    at: Instant
    stage: str
    text: str
    by: str
    next_at: Instant = ""
    #: That it was refused, by whom and why, and sent anyway; empty where it was not.
    sent_anyway: str = ""
    refused_by: str = ""


@dataclass(frozen=True, slots=True)
class UpdateLateness:
    """The same with when it was due; no time where none was owed."""

    word: SentText
    due_at: Instant
    #: Minutes after it was due; 0 where it came in time.
    late: int


@dataclass(frozen=True, slots=True)
class HeardByAudience:
    """All that one audience heard."""

    audience: str
    told: tuple[UpdateLateness, ...]
    #: Minutes from detection to the first word; nothing where nobody was told.
    first_after: int | None
    #: What was owed and never came, in words.
    missing: tuple[str, ...]

    @property
    def late(self) -> int:
        """How many words came late."""
        return sum(judged.late > 0 for judged in self.told)

    @property
    def latest(self) -> int:
        """The longest delay, in minutes."""
        return max((judged.late for judged in self.told), default=0)


def heard_by(
    audience: str, incident: Incident, sent: Sequence[SentText], standing: Sequence[StatusSince]
) -> HeardByAudience:
    """Judges what an audience heard by the cadence that held at each moment. The first word is owed from when it was
    declared, or else detected."""
    begun = incident.declared_at or incident.detected_at or incident.started_at
    told: list[UpdateLateness] = []
    due = ""
    if begun and audience == "customers":
        due = _after(begun, interval(audience, _at(standing, begun, incident).severity, "first"))
    for word in sent:
        late = max(0, int(between(due, word.at) // 60)) if due else 0
        told.append(UpdateLateness(word, due, late))
        now = _at(standing, word.at, incident)
        due = word.next_at or _after(word.at, interval(audience, now.severity, _STAGE.get(now.status, "")))
    missing = []
    if not sent and due and incident.customer_visible is not False:
        missing.append("nothing was sent, though customers could see it")
    end = incident.resolved_at
    if sent and end and sent[-1].at < end:
        missing.append("no last word after it was resolved")
    noticed = incident.detected_at or begun
    first = int(between(noticed, sent[0].at) // 60) if sent and noticed else None
    return HeardByAudience(audience, tuple(told), first, tuple(missing))


def _at(standing: Sequence[StatusSince], at: Instant, incident: Incident) -> StatusSince:
    before = [item for item in standing if item.at <= at]
    found = before[-1] if before else StatusSince(at, "investigating", "")
    return found if found.severity else StatusSince(found.at, found.status, incident.severity)


def _after(at: Instant, minutes: int | None) -> Instant:
    return instant(moment(at) + timedelta(minutes=minutes)) if minutes else ""
