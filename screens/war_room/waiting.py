"""What are we waiting for, and what happened since one last looked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.command.concerns import comes_late, since_last_look
from opsterm.command.transfer import BriefSection, what_holds
from opsterm.core.thresholds import load_settings
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Action
from opsterm.records.action import OPEN
from opsterm.records.instant import Instant
from opsterm.updates.next_update import next_words
from screens.console import ConsoleContext
from screens.pages.page import Page
from screens.pages.rows import fixed, heading, words
from screens.war_room.panes.actions import time_left
from screens.war_room.panes.updates import draw_due
from screens.widgets.cells import Cell, Line, fit
from screens.widgets.durations import age, clock, countdown
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


def waiting_page(context: ConsoleContext, snapshot: Snapshot) -> Page:
    """Everything that somebody else has to do or say before this goes on."""
    return Page(context, "What are we waiting for?", partial(_waiting, snapshot))


def _waiting(snapshot: Snapshot, columns: int, now: Instant) -> list[Row]:
    rows: list[Row] = []
    running = [a for a in snapshot.ordered_actions(now) if a.state in OPEN]
    if running:
        rows += [*heading("Results of orders"), *(Row(a.id, partial(_order, a)) for a in running)]
    marks = {item.id: item.mark for item in snapshot.hypotheses}
    probes = [item for item in snapshot.probes if item.state == "running"]
    of_probes = {hypothesis for item in probes for hypothesis in item.hypotheses}
    tested = [h for h in snapshot.ranked_hypotheses() if h.state == "testing" and h.id not in of_probes]
    if tested or probes:
        rows += heading("Tests of hypotheses")
        for item in probes:
            of = ", ".join(marks[one] for one in item.hypotheses if one in marks)
            rows.append(_owed(of, item.owner or "nobody", item.text, item.state_since, now))
        for h in tested:
            rows.append(
                fixed(
                    (Cell(f"  {h.mark:<5}", "strong"), Cell(fit(h.owner or "nobody", 11), "accent"), Cell(h.text)),
                    (Cell(f"  since {age(h.state_since, now)}"),),
                )
            )
    if snapshot.incident.offered_to:
        rows += heading("Command")
        rows.append(
            fixed(
                (Cell(f"  {snapshot.incident.offered_to} to accept command"),),
                (Cell(age(snapshot.incident.offered_since, now)),),
            )
        )
    proposals = [item for item in snapshot.proposals if item.state == "open"]
    if proposals:
        rows += heading("Decisions")
        who = snapshot.in_command or "nobody"
        rows += [_owed(item.mark, who, item.text, item.at, now) for item in proposals]
    called = [item for item in snapshot.summons if item.state == "called"]
    if called:
        rows += heading("People who were called")
        rows += [_owed("", item.name, item.role or "to come", item.state_since, now) for item in called]
    if snapshot.incident.watch_until and not snapshot.over:
        rows += heading("The next check")
        left = Cell(f"  {countdown(snapshot.incident.watch_until, now)}")
        rows.append(fixed((Cell(f"  {snapshot.in_command or 'nobody'} says whether it holds"),), (left,)))
    due = next_words(snapshot)
    if due:
        rows += [
            *heading("Words that were promised"),
            *(Row("", partial(_due, audience, at)) for audience, at in due),
        ]
    return rows or [fixed(()), fixed((Cell("For nobody: no order is out, no test runs, no word is due.", "muted"),))]


def _owed(mark: str, who: str, what: str, since: Instant, now: Instant) -> Row:
    return fixed(
        (Cell(f"  {mark:<5}", "strong"), Cell(fit(who, 11), "accent"), Cell(what)), (Cell(f"  for {age(since, now)}"),)
    )


def _order(action: Action, columns: int, now: Instant) -> Line:
    return Line(
        (Cell(f"  {action.mark:<5}", "strong"), Cell(fit(action.owner or "nobody", 11), "accent"), Cell(action.text)),
        (Cell("  "), time_left(action, now)),
    )


def _due(audience: str, at: Instant, columns: int, now: Instant) -> Line:
    line = draw_due(audience, at, columns, now)
    return Line((Cell("  "), *line.left), line.right)


def news_page(context: ConsoleContext, snapshot: Snapshot) -> Page:
    """What others did since this person last looked, in ten lines at the most; for who comes late, what holds now
    stands before it. To open it is to look."""
    board, of, now = context.board, snapshot.incident.id, context.board.now
    version, _, at = board.recall(_looked_key(of)).partition(" ")
    told = f"What happened since {clock(at, context.zone, today=now) if at else 'the beginning'}"
    lines = since_last_look(board, of, int(version or 0), context.person)
    late = comes_late(board, of, context.person, at, now, load_settings().thresholds)
    remember_looking(context, snapshot)
    if not late:
        return Page(context, told, partial(_news, lines))
    holds = what_holds(snapshot, now)
    return Page(context, f"What holds now {SIGNS.dot} {snapshot.incident.mark}", partial(_late, holds, told, lines))


def remember_looking(context: ConsoleContext, snapshot: Snapshot) -> None:
    """Notes that this person has seen the incident as it is painted."""
    context.board.remember_aside(_looked_key(snapshot.incident.id), f"{snapshot.version} {context.board.now}")


def _looked_key(incident: str) -> str:
    return f"looked:{incident}"


def _late(holds: Sequence[BriefSection], told: str, lines: Sequence[str], columns: int, now: Instant) -> list[Row]:
    rows: list[Row] = []
    for part in holds:
        rows += heading(part.title)
        rows += [row for line in part.lines for row in words(line, columns)]
    return [*rows, *heading(told), *_news(lines, columns, now)[1:]]


def _news(lines: Sequence[str], columns: int, now: Instant) -> list[Row]:
    if not lines:
        return [fixed(()), fixed((Cell("Nothing that others did.", "muted"),))]
    told = [row for line in lines for row in words(line, columns)]
    return [fixed(()), *told, fixed(()), fixed((Cell("All of it is on the timeline.  6", "muted"),))]
