"""Alerts that wait for a person: folded by what their sender calls the same."""

from __future__ import annotations

from typing import Literal

from opsterm.records.incident import Severity
from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import incident_words

State = Literal["waiting", "declared", "logged", "over"]


@record("alert")
class Alert(Record):
    """One group of alerts in the inbox. It declares nothing by itself."""

    title: str = stated("", "What it says.")
    severity: Severity | Unsaid | Other = stated("", "What it proposes; a person decides.")
    because: str = stated("", "Why it proposes that.")
    services: tuple[str, ...] = stated((), "Services it names.", called="services:")
    dedupe: str = stated("", "What its sender calls the same alert: the group's key.", called="")
    times: int = stated(1, "How often it came in.", called="times seen")
    times_since: Instant = since("times")
    state: State | Other = stated("waiting", "What became of it.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    became: str = stated("", "Id of the incident that was declared or logged from it.", words=incident_words)
