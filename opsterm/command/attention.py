"""Warnings that stay worth reading: one line at a time, the worst, to whom it concerns; dismissed for half an hour;
counted, and proposed to be switched off where nobody acts on them.

Clinical alarms are 72 to 99 % false, and then go unheard [Sendelbach & Funk 2013]: a bell is for nothing but an alarm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.command.closing import exit_notices, mitigation_notices
from opsterm.command.transfer import transfer_notices
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.actions import order_notices
from opsterm.incidents.hypothesis_testing import fixation_notices, ran_dry_notice
from opsterm.incidents.notice import LEVELS, Notice
from opsterm.incidents.responders import exposure_notice
from opsterm.incidents.roles import role_notices
from opsterm.incidents.snapshot import Snapshot
from opsterm.incidents.triage import propose_severity, severity_notice
from opsterm.records import Incident
from opsterm.records.instant import Instant, instant, moment, to_ms
from opsterm.records.person_name import each_once, same_person


def alone(
    moments: Sequence[Moment], person: str, incident: Incident, now: Instant, limits: Thresholds = DEFAULTS
) -> bool:
    """Whether nobody else wrote for a quarter of an hour: then own orders count as heard, and warnings on roles and
    fixation are silent. It ends by itself, with the first line of another."""
    others = [line.wall for line in moments if line.by and not same_person(line.by, person)]
    since = max([*others, to_ms(incident.declared_at or incident.at or now)])
    return to_ms(now) - since >= limits.alone_minutes * 60_000


def present(moments: Sequence[Moment], now: Instant, limits: Thresholds = DEFAULTS) -> list[str]:
    """Who wrote within the last quarter of an hour, latest first."""
    begun = to_ms(now) - limits.alone_minutes * 60_000
    recent = [line for line in moments if line.by and line.wall >= begun]
    return each_once(line.by for line in sorted(recent, key=lambda line: -line.hlc))


def all_notices(
    snapshot: Snapshot,
    moments: Sequence[Moment],
    person: str,
    now: Instant,
    *,
    limits: Thresholds = DEFAULTS,
    shared: bool = False,
) -> list[Notice]:
    """Everything that the rules have to say to one person now, the worst first. `moments` are the timeline's last
    lines, an hour's at least."""
    by_oneself = alone(moments, person, snapshot.incident, now, limits)
    proposal = propose_severity(snapshot, now, limits=limits)
    found = [
        *role_notices(snapshot, moments, now, limits),
        *transfer_notices(snapshot, now, limits),
        *[
            notice
            for notice in (
                severity_notice(snapshot, proposal),
                exposure_notice(snapshot, shared=shared),
                ran_dry_notice(snapshot),
            )
            if notice
        ],
        *order_notices(snapshot, now, limits, alone=by_oneself),
        *fixation_notices(snapshot, now, limits, people=len(present(moments, now, limits))),
        *exit_notices(snapshot, now, limits),
        *mitigation_notices(snapshot, now),
    ]
    mine = [n for n in found if n.concerns(person) and (n.alone_matters or not by_oneself)]
    return sorted(mine, key=lambda notice: notice.rank)


@dataclass(frozen=True, slots=True)
class NoticeTally:
    """How often warnings of a family were shown, and how often somebody acted on one."""

    shown: int = 0
    acted: int = 0
    dismissed: int = 0

    @property
    def share(self) -> float:
        """The share that was acted on, 0 to 1; 1 while none was shown."""
        return self.acted / self.shown if self.shown else 1.0


class Attention:
    """What one console shows, one line at a time. Dismissals and counts are this board's own: what is noise to one need
    not be to another."""

    def __init__(self, board: Board, limits: Thresholds = DEFAULTS) -> None:
        self.board = board
        self.limits = limits
        kept = json.loads(board.recall("attention") or "{}")
        #: Line → until when it was dismissed.
        self._quiet: dict[str, Instant] = dict(kept.get("quiet", {}))
        self._off: set[str] = set(kept.get("off", ()))
        self._tallies = {name: NoticeTally(*counts) for name, counts in kept.get("tallies", {}).items()}
        #: The line that stands on the screen now.
        self._shown = ""

    def pick(self, notices: Iterable[Notice], incident: str, now: Instant) -> Notice | None:
        """The one line to show: the worst that is not dismissed or switched off. An alarm can be dismissed, never
        switched off."""
        for notice in self.standing(notices, incident, now):
            return self._show(notice, incident)
        self._shown = ""
        return None

    def standing(self, notices: Iterable[Notice], incident: str, now: Instant) -> Iterator[Notice]:
        """Those that are not dismissed or switched off, in their order."""
        for notice in notices:
            if notice.family in self._off and notice.level != "alarm":
                continue
            until = self._quiet.get(f"{incident}/{notice.key}", "")
            if not until or between(until, now) >= 0:
                yield notice

    def _show(self, notice: Notice, incident: str) -> Notice:
        name = f"{incident}/{notice.key}"
        if name != self._shown:
            self._shown = name
            self._count(notice, shown=1)
        return notice

    def dismiss(self, notice: Notice, incident: str, now: Instant) -> None:
        """Keeps the line away for half an hour; a worse one of its family is another line."""
        begun = moment(now)
        self._quiet = {name: until for name, until in self._quiet.items() if until > now}
        until = instant(begun + timedelta(minutes=self.limits.quiet_minutes))
        self._quiet[f"{incident}/{notice.key}"] = until
        self._shown = ""
        self._count(notice, dismissed=1)

    def acted(self, notice: Notice) -> None:
        """Somebody did what the line asked for."""
        self._count(notice, acted=1)

    @property
    def tallies(self) -> Mapping[str, NoticeTally]:
        """How each family fared on this board."""
        return self._tallies

    def ignored(self) -> list[tuple[str, NoticeTally]]:
        """Families that few act on, the most ignored first: proposed to be switched off."""
        found = [
            (family, tally)
            for family, tally in self._tallies.items()
            if family not in self._off
            and tally.shown >= self.limits.ignored_shown
            and tally.share * 100 < self.limits.ignored_percent
        ]
        return sorted(found, key=lambda pair: (pair[1].share, -pair[1].shown))

    def switch_off(self, family: str) -> None:
        """Shows no more lines of a family but alarms."""
        self._off.add(family)
        self._keep()

    def switch_on(self, family: str) -> None:
        self._off.discard(family)
        self._keep()

    @property
    def off(self) -> frozenset[str]:
        return frozenset(self._off)

    def _count(self, notice: Notice, *, shown: int = 0, acted: int = 0, dismissed: int = 0) -> None:
        before = self._tallies.get(notice.family, NoticeTally())
        self._tallies[notice.family] = NoticeTally(
            before.shown + shown, before.acted + acted, before.dismissed + dismissed
        )
        self._keep()

    def _keep(self) -> None:
        tallies = {name: [tally.shown, tally.acted, tally.dismissed] for name, tally in self._tallies.items()}
        kept = {"quiet": self._quiet, "off": sorted(self._off), "tallies": tallies}
        self.board.remember_aside("attention", json.dumps(kept))


#: A gap between two ticks of the clock of so much is a laptop that slept.
SLEPT_SECONDS = 300


def after_sleep(notices: Sequence[Notice], seconds: float) -> Notice | None:
    """One line in the place of all that piled up while the machine slept; nothing where it did not, or nothing did."""
    if seconds < SLEPT_SECONDS or not notices:
        return None
    counts = {level: sum(n.level == level for n in notices) for level in LEVELS}
    said = ", ".join(f"{n} {level}{'s' if n > 1 else ''}" for level, n in counts.items() if n)
    return Notice("slept", f"away for {age(seconds)}: {said}; first: {notices[0].text}", "warning", (), "since")
