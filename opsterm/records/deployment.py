"""Something that was put into a live system."""

from __future__ import annotations

from typing import Literal

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, record, since, stated, whose, why
from opsterm.records.timeline_entry import incident_words, on_day

#: The types that opsterm knows a way back for; a team may use words of its own.
TYPES = (
    "service",
    "database migration",
    "configuration",
    "infrastructure",
    "feature flag",
    "certificate",
    "dns",
)
State = Literal["planned", "running", "done", "failed", "rolled back"]
#: States in which it is not known yet how it went.
OPEN: tuple[State, ...] = ("planned", "running")


@record("deployment", letter="DEP-")
class Deployment(Record):
    """One deployment: what, where, which version, when, by whom, the way back, and what came of it."""

    title: str = stated("", "What it is.")
    sort: str = stated("service", "One of TYPES, or a team's own.", called="kind")
    systems: tuple[str, ...] = stated((), "Systems that it changes, by the team's own names.", called="systems:")
    version: str = stated("", "What is put there: a version, a commit, a tag.")
    before: str = stated("", "What was there: what one goes back to.", called="version before")
    state: State | Other = stated("planned", "How far it is, or how it ended.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    started_at: Instant = stated(
        "", "When it began to reach the live system; empty while planned.", called="begun", words=on_day
    )
    ended_at: Instant = stated("", "When it was through or taken back.", called="ended", words=on_day)
    owner: PersonName = stated("", "Who answers for it.", called="given to")
    rollback: str = stated("", "The way back: name of a procedure, or in words.", called="way back:")
    run: str = stated("", "Id of the checklist run beside it.", called="")
    taken_back_by: str = stated("", "Id of the run of the way back that took it back.", called="")
    planned: str = stated("", "Id of the planned change that it carries out.", called="")
    became: str = stated("", "Id of the incident that came of it.", words=incident_words)
