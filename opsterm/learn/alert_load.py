"""Alert load by shift: how many came in, on how many somebody acted, how many at night; and which alerts are worth
tuning or deleting [Google SRE book ch. 11; field notes §1.4]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from opsterm.board.store import Board
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.incidents.reading import all_incidents
from opsterm.records import Alert, Incident
from opsterm.records.instant import Instant, instant, moment

#: An alert that needed no action so often is proposed for tuning or deletion.
IDLE_TIMES = 3
#: Warn when fewer than this share were acted on.
ACTED_MIN = 0.5
#: Hours of the local day that are night.
NIGHT = (22, 7)
#: When the first shift of a day begins, local hour.
SHIFT_BEGINS = 8


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift's load."""

    begins: Instant
    ends: Instant
    alerts: int
    #: Alerts from which an incident was declared.
    acted: int
    at_night: int
    incidents: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is too much, in words."""
        out = []
        if self.alerts and self.acted / self.alerts < ACTED_MIN:
            out.append(f"only {self.acted} of {self.alerts} alerts needed anybody")
        if self.incidents > DEFAULTS.shift_incidents:
            out.append(f"{self.incidents} incidents; {DEFAULTS.shift_incidents} a shift are enough")
        return tuple(out)


@dataclass(frozen=True, slots=True)
class IdleAlert:
    """An alert that came again and again and needed nobody."""

    dedupe: str
    title: str
    times: int

    @property
    def proposal(self) -> str:
        return f"“{self.title}” needed no action {self.times} times: delete it, tune it, or make it a ticket"


def shifts(
    board: Board, since: Instant, until: Instant, zone: tzinfo = UTC, limits: Thresholds = DEFAULTS
) -> list[Shift]:
    """The shifts from `since` to `until` that had any load, oldest first. A group of alerts counts once a time it came
    in is known: its first."""
    alerts = [alert for alert in board.all(Alert) if since <= alert.at < until]
    incidents = [of for of in all_incidents(board) if since <= (of.declared_at or of.at) < until and _counts(of)]
    begins = {_begin(alert.at, zone, limits) for alert in alerts}
    begins |= {_begin(of.declared_at or of.at, zone, limits) for of in incidents}
    return [_shift(begin, alerts, incidents, zone, limits) for begin in sorted(begins)]


def _counts(of: Incident) -> bool:
    return not (of.drill or of.anomaly or of.folded_into)


def _begin(at: Instant, zone: tzinfo, limits: Thresholds) -> datetime:
    local = moment(at).astimezone(zone)
    first = local.replace(hour=SHIFT_BEGINS, minute=0, second=0, microsecond=0)
    if local < first:
        first -= timedelta(days=1)
    return first + timedelta(hours=limits.shift_hours) * int((local - first) / timedelta(hours=limits.shift_hours))


def _shift(
    begin: datetime, alerts: Iterable[Alert], incidents: Iterable[Incident], zone: tzinfo, limits: Thresholds
) -> Shift:
    first, last = instant(begin), instant(begin + timedelta(hours=limits.shift_hours))
    came = [alert for alert in alerts if first <= alert.at < last]
    return Shift(
        first,
        last,
        len(came),
        sum(alert.state == "declared" for alert in came),
        sum(is_night(alert.at, zone) for alert in came),
        sum(first <= (of.declared_at or of.at) < last for of in incidents),
    )


def is_night(at: Instant, zone: tzinfo = UTC) -> bool:
    """Whether people are woken by it."""
    hour = moment(at).astimezone(zone).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def idle_alerts(alerts: Iterable[Alert]) -> list[IdleAlert]:
    """Alerts that needed no action IDLE_TIMES or more, most often first: each time one came in and went, or was logged,
    with nothing declared. One that was ever acted on is left out."""
    times: dict[str, int] = {}
    titles: dict[str, str] = {}
    acted: set[str] = set()
    for alert in alerts:
        key = alert.dedupe or alert.title
        titles[key] = alert.title
        if alert.state == "declared":
            acted.add(key)
        elif alert.state in ("over", "logged"):
            times[key] = times.get(key, 0) + max(1, alert.times)
    found = [
        IdleAlert(key, titles[key], count) for key, count in times.items() if count >= IDLE_TIMES and key not in acted
    ]
    return sorted(found, key=lambda idle: (-idle.times, idle.title))


def load_lines(found: Sequence[Shift]) -> list[str]:
    """The shifts for the terminal's scrollback."""
    out = []
    for shift in found:
        counts = (
            f"{shift.alerts} alerts, {shift.acted} acted on, {shift.at_night} at night, {shift.incidents} incidents"
        )
        warn = f"  ({'; '.join(shift.warnings)})" if shift.warnings else ""
        out.append(f"{shift.begins} {counts}{warn}")
    return out
