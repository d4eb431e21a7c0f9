"""Stages of an update, and which one follows from the record. [field notes §3]"""

from opsterm.words.facts import Facts
from opsterm.words.moments import minutes_between

STAGES = ("first", "scoping", "identified", "monitoring", "resolved", "long-running", "correction", "stand-down")
"""What an update can be: the first word; who and how much; cause or repair known; repair in place; over; still going on
after hours; taking back what was said; a false alarm told to those who had heard of it."""

UNRESOLVED = frozenset({"first", "scoping", "identified", "monitoring", "long-running", "correction"})
"""Stages that owe a next word."""

LONG_HOURS = 4
LONG_UPDATES = 6
"""An incident is long-running after more than so many hours, or so many updates to one audience. [§3]"""

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
_BY_STATUS = {
    "triage": "scoping",
    "investigating": "scoping",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
    "cancelled": "stand-down",
}


def canonical(name: str) -> str:
    """The stage meant by a name: one of `STAGES`, a status page's word for it, or `planned` (announced work)."""
    return _OTHER_NAMES.get(name, name)


def stage_of(facts: Facts, audience: str, now: str) -> str:
    """The stage that follows from the record, for what this audience has heard so far.

    Over is over, and a false alarm a stand-down. Before that: nobody told yet is the first word; more than four hours
    or six updates is long-running, unless the status changed since the last word; otherwise the status decides.
    """
    told = facts.told(audience)
    by_status = _BY_STATUS.get(facts.status, "scoping")
    if by_status in ("resolved", "stand-down"):
        return by_status
    if not told and by_status == "scoping":
        return "first"
    began = facts.started_at or facts.detected_at
    old = began is not None and minutes_between(began, now) > LONG_HOURS * 60
    heard = told[-1] if told else None
    news = heard is not None and heard.then is not None and heard.then.status != facts.status
    if heard is not None and by_status != "monitoring" and not news and (old or len(told) > LONG_UPDATES):
        return "long-running"
    return by_status
