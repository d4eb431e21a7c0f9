"""Stages of an update, and which one follows from the record. [field notes §3]"""

from opsterm.drafting.clock_times import minutes_between
from opsterm.drafting.facts import Facts
from opsterm.drafting.update_schedule import stage_by

UNRESOLVED = frozenset({"first", "scoping", "identified", "monitoring", "long-running", "correction"})
"""Stages that owe a next word."""

_OTHER_NAMES = {
    "investigating": "scoping",
    "triage": "first",
    "scope": "scoping",
    "mitigated": "monitoring",
    "closed": "resolved",
    "cancelled": "stand-down",
    "other": "planned",
    "maintenance": "planned",
    "scheduled": "planned",
}


def canonical(name: str) -> str:
    """The stage meant by a name, one of `STAGES` or a status page's word for it; or `planned` (announced work)."""
    return _OTHER_NAMES.get(name, name)


def stage_of(facts: Facts, audience: str, now: str) -> str:
    """The stage that follows from the record, for what this audience has heard so far."""
    told = facts.told(audience)
    began = facts.started_at or facts.detected_at
    heard = told[-1] if told else None
    news = heard is not None and heard.then is not None and heard.then.status != facts.status
    return stage_by(facts.status, told=len(told), minutes=minutes_between(began, now) if began else 0, news=news)
