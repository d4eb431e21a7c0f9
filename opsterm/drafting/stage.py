"""Stages of an update, and which one follows from the record. [field notes §3]"""

from opsterm.drafting.facts import Facts
from opsterm.drafting.update_schedule import ENDS, stage_by
from opsterm.records.update import STAGES

UNRESOLVED = frozenset(STAGES) - ENDS
"""Stages that owe a next update."""

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
    then = told[-1].then if told else None
    status = facts.incident.status
    news = then is not None and then.incident.status != status
    return stage_by(status, told=len(told), minutes=facts.minutes_hurt(now), news=news)
