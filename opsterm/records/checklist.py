"""Runs of a checklist, and their steps."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

STATES = ("open", "done", "failed", "skipped", "deferred", "not-applicable", "overridden")


@record("run", letter="r")
class Run(Record):
    """One walk through a checklist, on the version it began with."""

    name: str = stated("", "The checklist's name.")
    version: int = stated(1, "The version it began with.")
    state: str = stated("open", "open, paused or closed.")
    state_since: Instant = since("state")
    source: str = stated("", "The checklist's text as it was when the run began.")


@record("step")
class Step(Record):
    """One item of one run."""

    run: str = stated("", "Id of the run.")
    position: str = stated("", "Its place: fractions in text that sort as they stand.")
    label: str = stated("", "What it is called within its run: 1, 2, 2.1.")
    text: str = stated("", "What to do or confirm.")
    section: str = stated("", "The pause point or section it stands in.")
    killer: bool = stated(False, "Whether leaving it out is a disaster that skilled people do cause.")
    reason: str = stated("", "Why it is on the list.")
    state: str = stated("open", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
