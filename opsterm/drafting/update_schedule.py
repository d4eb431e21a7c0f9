"""When the next update is owed: the table as data (`data/cadence.toml`, with its source), and the rules on top of it.

A changed status or a worse severity is told within ten minutes; a time promised in a sent text is the next due time; a
word that was put off waits so long. [field notes on incident command §6, on updates §5] The war room asks this every
second and paints it first: nothing is loaded here but the table.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from opsterm.records.instant import instant, moment

Table = Mapping[str, Mapping[str, Sequence[int]]]
"""Audience → severity → minutes, in the order of `STAGES`; 0 where a word is owed at the end only."""

STAGES = ("first", "scoping", "identified", "monitoring", "long-running")
"""The stages in which a next update is owed, in the order of the table's columns."""
LONG_HOURS = 4
LONG_UPDATES = 6
"""An incident is long-running after more than so many hours, or so many updates to one audience. [§3]"""

_BY_STATUS = {
    "triage": "scoping",
    "investigating": "scoping",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
    "cancelled": "stand-down",
}
ENDS = frozenset({"resolved", "stand-down"})
"""Stages after which nothing more is owed."""
OWES_NONE = ENDS | {"planned"}
"""Stages that name no next update: planned work is announced once."""


@dataclass(frozen=True, slots=True)
class NextUpdate:
    """When the next update to an audience is due, and why then: `promised`, `changed`, `put off` or `table`."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class UpdateSituation:
    """What of an incident bears on when it owes a word. Times are in UTC, "" where they are not recorded."""

    severity: str
    status: str
    began: str = ""
    """From when the first word is owed."""
    status_since: str = ""
    severity_since: str = ""


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """The last word to an audience; `status` and `severity` as they were recorded then, "" where that is not known."""

    at: str
    stage: str = ""
    status: str = ""
    severity: str = ""
    promised: str = ""
    count: int = 1
    """How many words this audience has heard, this one included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed on the words to an audience."""

    put_off_to: str = ""
    put_off_at: str = ""
    regular: bool = True


@cache
def _document() -> dict[str, object]:
    return tomllib.loads((Path(__file__).with_name("data") / "cadence.toml").read_text(encoding="utf-8"))


def _minutes(name: str) -> int:
    found = _document()[name]
    assert isinstance(found, int)
    return found


def on_change() -> int:
    """Minutes within which a changed status or a worse severity is told."""
    return _minutes("on_change")


def at_end() -> int:
    """Minutes to the time that a text names where the table owes no regular update."""
    return _minutes("at_end")


@cache
def table() -> Table:
    """opsterm's own cadence."""
    return {audience: rows for audience, rows in _document().items() if isinstance(rows, dict)}


def interval(audience: str, severity: str, stage: str, own: Table | None = None) -> int | None:
    """Minutes to the next update; None where no regular update is owed (only at the end, or never)."""
    if stage in OWES_NONE:
        return None
    rows = {**(table().get(audience) or table()["customers"]), **((own or {}).get(audience) or {})}
    row = rows.get(severity) or rows["sev2"]
    return row[STAGES.index(stage) if stage in STAGES else STAGES.index("scoping")] or None


def stage_by(status: str, *, told: int, minutes: float, news: bool = False) -> str:
    """The stage that follows from the record, for an audience that heard `told` words, `minutes` after the beginning.

    Over is over, and a false alarm a stand-down. Before that: nobody told yet is the first word; more than four hours
    or six updates is long-running, unless there is `news` (the status changed since the last word); else the status
    decides.
    """
    by_status = _BY_STATUS.get(status, "scoping")
    if by_status in ENDS:
        return by_status
    if not told and by_status == "scoping":
        return "first"
    if told and by_status != "monitoring" and not news and (minutes > LONG_HOURS * 60 or told > LONG_UPDATES):
        return "long-running"
    return by_status


def due(
    now: UpdateSituation, audience: str, last: LastUpdate | None, *, plan: Plan | None = None, own: Table | None = None
) -> NextUpdate | None:
    """When the next update is due; None if none is owed. Without a last word it is the first one."""
    plan = plan or Plan()
    over = _BY_STATUS.get(now.status, "") in ENDS
    if last is None:
        wait = interval(audience, now.severity, "first", own) if now.severity and plan.regular and not over else None
        found = NextUpdate(_later(now.began, wait), "table") if wait and now.began else None
        return _put_off(found, plan, "") if found else None
    if over and last.stage == _BY_STATUS[now.status]:
        return None
    found = None
    if last.promised and not over:
        found = NextUpdate(last.promised, "promised")
    elif plan.regular and now.severity and not over:
        age = (moment(last.at) - moment(now.began)).total_seconds() / 60 if now.began else 0
        wait = interval(audience, now.severity, stage_by(now.status, told=last.count, minutes=age), own)
        found = NextUpdate(_later(last.at, wait), "table") if wait else None
    found = _put_off(found, plan, last.at) if found else None
    for turned in _turns(now, last):
        told = _put_off(NextUpdate(_later(turned, on_change()), "changed"), plan, turned)
        found = told if found is None or told.at < found.at else found
    return found


def _put_off(found: NextUpdate, plan: Plan, since: str) -> NextUpdate:
    """A word that is due for what happened at `since` waits, if it was put off after that."""
    if plan.put_off_to > found.at and plan.put_off_at >= since:
        return NextUpdate(plan.put_off_to, "put off")
    return found


def _turns(now: UpdateSituation, last: LastUpdate) -> list[str]:
    """When the status changed, and when the severity got worse, after the last word."""
    turned = []
    if last.status and last.status != now.status:
        turned.append(now.status_since)
    if last.severity and now.severity and now.severity < last.severity:
        turned.append(now.severity_since)
    return [at for at in turned if at >= last.at]


def _later(at: str, minutes: float) -> str:
    return instant(moment(at) + timedelta(minutes=minutes))
