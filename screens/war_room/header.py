"""The head of the war room: which incident, how bad, how old, who commands; and what needs this person now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from opsterm.board.store import Conflict
from opsterm.core.conflicts import pair_of, side_words
from opsterm.core.folds import RUNS_ON
from opsterm.core.times import rough_age
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.incident import ROLES
from opsterm.records.instant import Instant
from opsterm.records.spell import Stretch, hurt_seconds, hurting
from opsterm.sharing.status import sharing_state, state_words
from opsterm.updates.next_update import next_words
from screens.console import Viewpoint
from screens.widgets.cells import BLANK, Cell, Line
from screens.widgets.durations import age, clock, countdown, span, zone_name
from screens.widgets.symbols import SIGNS

#: What a conflict's field is called in an alarm.
_CALLED = {
    "commander": "Who commands?",
    "severity": "Which severity?",
    "status": "Which status?",
    RUNS_ON: "Folded into each other: which runs on?",
}


def head_lines(
    snapshot: Snapshot, context: Viewpoint, now: Instant, concern: Line | None = None, *, narrow: bool = False
) -> list[Line]:
    """The two lines that always say something; then a row for what concerns this person, and one for the first alarm,
    with both its values. They stay where there is neither: nothing below moves because a line comes or goes."""
    alarms = snapshot.alarms()
    alarm = _alarm(context, alarms[0], len(alarms) - 1, now, narrow) if alarms else BLANK
    below = [concern or BLANK, alarm]
    return [_first(snapshot, context.zone, now), _second(snapshot, context, now, narrow), *below]


def _first(snapshot: Snapshot, zone: tzinfo, now: Instant) -> Line:
    incident = snapshot.incident
    severity = incident.severity.upper() if incident.severity else "no severity"
    drill = (Cell(" DRILL ", "warn"),) if incident.drill else ()
    lasted = f"{age(incident.status_since, now)} ago" if snapshot.over else _hurt(snapshot.hurt, now)
    return Line(
        (Cell(f" {incident.mark}  ", "accent"), *drill, Cell(incident.title, "strong")),
        (
            Cell("  "),
            Cell(severity, "strong" if incident.severity else "warn"),
            Cell(f"  {incident.status}", "good" if snapshot.over else ""),
            Cell(f"  {lasted}"),
            Cell(f"   {clock(now, zone)} {zone_name(now, zone)} ", "muted"),
        ),
    )


def _hurt(spells: Sequence[Stretch], now: Instant) -> str:
    """How long people have been hurt, in all spells; said as such once they are not any more."""
    lasted = span(int(hurt_seconds(spells, now)))
    return lasted if hurting(spells) else f"hurt {lasted}"


def _second(snapshot: Snapshot, context: Viewpoint, now: Instant, narrow: bool) -> Line:
    incident = snapshot.incident
    if snapshot.in_command:
        command = [
            Cell(" commander ", "muted"),
            Cell(snapshot.in_command, "warn" if snapshot.in_command != incident.commander else ""),
            Cell(f" {age(incident.commander_since, now)}", "muted"),
        ]
    elif snapshot.over:
        command = [Cell(" no commander", "muted")]
    else:
        since = age(incident.commander_since or incident.declared_at or incident.at, now)
        command = [Cell(f" {SIGNS.alarm} no commander for {since}", "alarm"), Cell("  t take it", "muted")]
    if incident.offered_to:
        command.append(
            Cell(f" {SIGNS.right} offered to {incident.offered_to} {age(incident.offered_since, now)}", "warn")
        )
    for role in (r for r in snapshot.roles if r.role in ROLES):
        command += [Cell(f" {SIGNS.dot} {_short(role.role)} ", "muted"), Cell(role.name)]
    late = _word_late(snapshot, now)
    you = () if late and narrow else (Cell(f"  you: {context.person} {SIGNS.dot} ", "muted"),)
    return Line(tuple(command), (*late, *you, _shared(context, now, narrow)))


def _word_late(snapshot: Snapshot, now: Instant) -> tuple[Cell, ...]:
    """To whom a word, or an answer, is late; the longest first."""
    late = [(to, at) for to, at in next_words(snapshot) if at < now]
    if not late:
        return ()
    to, at = late[0]
    more = f" +{len(late) - 1}" if len(late) > 1 else ""
    return (Cell(f"  {SIGNS.alarm} word to {to} {countdown(at, now)}{more} ", "alarm"),)


def _shared(context: Viewpoint, now: Instant, narrow: bool) -> Cell:
    """How far others see what is typed here; where there is little room, the line below says the rest."""
    state = sharing_state(context.board, now)
    if state.late and narrow:
        return Cell(
            f"share {'not heard yet' if state.heard_s is None else f'unheard {rough_age(state.heard_s)}'} ", "warn"
        )
    return Cell(f"{state_words(state)} ", "warn" if state.late else "muted")


def _short(role: str) -> str:
    return {"operations": "ops", "customer liaison": "customers", "internal liaison": "internal"}.get(role, role)


def _alarm(context: Viewpoint, conflict: Conflict, more: int, now: Instant, narrow: bool) -> Line:
    """Both values of a conflict, each with its key, who said it and when; `more` wait behind it."""
    cells = [Cell(f" {SIGNS.alarm} {_CALLED[conflict.field]} ", "alarm")]
    for key, side in zip("AB", pair_of(conflict), strict=False):
        value = side_words(context.board, conflict, side)
        by = f"{side.by or 'nobody named'} {clock(side.at, context.zone, today=now)}"
        told = f" ({by}) " if narrow else f", said by {by}  "
        cells += [Cell(f" {key} ", "accent"), Cell(value, "strong"), Cell(told, "muted")]
    return Line(tuple(cells), (Cell("A B keep one ", "muted"), Cell(f"+{more} " if more else "", "warn")))
