"""A record in full: its words uncut, all that was found, and its history."""

from __future__ import annotations

from functools import partial

from opsterm.board.timeline import Moment, tell
from opsterm.incidents.hypothesis_testing import undiagnostic
from opsterm.incidents.snapshot import Room
from opsterm.incidents.timeline import recorded_late
from opsterm.operations.checklists.lessons import box_ticking
from opsterm.records import Action, Hypothesis, Run, Update
from opsterm.records.instant import Instant
from screens.console import Desk
from screens.pages.page import Page, fixed, heading, words
from screens.war_room.panes.actions import time_left
from screens.widgets.cells import Cell, wrap
from screens.widgets.durations import clock, span
from screens.widgets.lines import Spot
from screens.widgets.symbols import SIGNS


def detail_page(desk: Desk, room: Room, record: str) -> Page | None:
    """The page of a record of this room; nothing where it has none."""
    for hypothesis in room.hypotheses:
        if hypothesis.id == record:
            return Page(desk, f"{hypothesis.mark} {SIGNS.dot} hypothesis", partial(_hypothesis, desk, room, hypothesis))
    for action in room.actions:
        if action.id == record:
            return Page(desk, f"{action.mark} {SIGNS.dot} order", partial(_action, desk, action))
    for update in room.updates:
        if update.id == record:
            return Page(desk, f"Update to {update.audience}", partial(_update, desk, update))
    for run in room.runs:
        if run.id == record:
            return Page(desk, run.name, partial(_run, desk, room, run))
    return None


def status_page(desk: Desk, room: Room) -> Page:
    """All that the status pane holds, uncut."""
    return Page(desk, f"{room.incident.mark} {SIGNS.dot} status", partial(_status, desk, room))


def moment_page(desk: Desk, moment: Moment) -> Page:
    """One line of the timeline, whole."""

    def rows(columns: int, now: Instant) -> list[Spot]:
        at = clock(moment.at, desk.zone, today=now)
        late = recorded_late(moment)
        at += f", recorded {span(late)} later" if late else ""
        told = f"{moment.kind.replace('_', ' ')} {SIGNS.dot} {at} {SIGNS.dot} {moment.by or 'nobody named'}"
        return [
            fixed(()),
            *words(moment.text, columns),
            fixed(()),
            *words(told, columns, "muted"),
            *history(desk, moment.record, columns, now),
        ]

    return Page(desk, "From the timeline", rows)


def history(desk: Desk, record: str, columns: int, now: Instant) -> list[Spot]:
    """What was said of a record, oldest first."""
    told = [line for change in desk.board.changes_of_record(record) if (line := tell(change)) is not None]
    if len(told) < 2:
        return []
    spots = heading("History")
    for line in told:
        start = f"{clock(line.at, desk.zone, today=now)}  {line.by}  {line.kind.replace('_', ' ')}: "
        spots += _hanging(start, line.text, columns)
    return spots


def _hanging(start: str, text: str, columns: int) -> list[Spot]:
    lines = wrap(f"{start}{text}", columns - 2)
    first = fixed((Cell("  "), Cell(lines[0])))
    return [first, *(fixed((Cell("      "), Cell(line))) for rest in lines[1:] for line in wrap(rest, columns - 6))]


def _facts(*facts: tuple[str, str]) -> list[Spot]:
    return [fixed((Cell(f"{label:<14}", "muted"), Cell(value))) for label, value in facts if value]


def _hypothesis(desk: Desk, room: Room, hypothesis: Hypothesis, columns: int, now: Instant) -> list[Spot]:
    confidence = "" if hypothesis.confidence is None else f"{hypothesis.confidence:.0%}"
    spots = [fixed(()), *words(hypothesis.text, columns, "strong"), fixed(())]
    spots += _facts(("State", hypothesis.state), ("Confidence", confidence), ("Tested by", hypothesis.owner))
    spots += words(f"Why  {hypothesis.state_why}", columns) if hypothesis.state_why else []
    spots += _facts(("If true", hypothesis.if_true), ("If false", hypothesis.if_false), ("Explains", hypothesis.scope))
    found = room.evidence.get(hypothesis.id, ())
    telling_nothing = undiagnostic(room)
    for called, supports, sign in (("Speaks for it", True, "+"), ("Speaks against it", False, SIGNS.minus)):
        kept = [item for item in found if item.supports is supports]
        spots += heading(f"{called}: {len(kept)}") if kept else []
        for item in kept:
            lines = wrap(item.text, columns - 4)
            where = f", found in {item.source}" if item.source else ""
            if supports and item.text in telling_nothing:
                where += "; it speaks for all that are alive, so it tells nothing between them"
            by = f"{item.by} {clock(item.at, desk.zone, today=now)}{where}"
            spots += [
                fixed((Cell(f"  {sign if n == 0 else ' '} ", "accent"), Cell(text))) for n, text in enumerate(lines)
            ]
            spots += words(by, columns, "muted", indent=4)
    if not found:
        spots += [fixed(()), fixed((Cell("Nothing found yet.  + for, - against", "muted"),))]
    return [*spots, *history(desk, hypothesis.id, columns, now)]


def _action(desk: Desk, action: Action, columns: int, now: Instant) -> list[Spot]:
    spots = [fixed(()), *words(action.text, columns, "strong"), fixed(())]
    due, until = (clock(at, desk.zone, today=now) for at in (action.due_at, action.until))
    spots += _facts(
        ("Owner", action.owner or "nobody named"), ("State", f"{action.state}, {time_left(action, now).text}")
    )
    spots += _facts(("Check back", due), ("Undone by", action.undo), ("Stays until", until), ("Ordered by", action.by))
    spots += words(f"Result  {action.state_why}", columns) if action.state_why else []
    return [*spots, *history(desk, action.id, columns, now)]


def _update(desk: Desk, update: Update, columns: int, now: Instant) -> list[Spot]:
    spots = [fixed(()), *words(update.text, columns), fixed(())]
    sent = f"{clock(update.at, desk.zone, today=now)} by {update.by}"
    return [*spots, *_facts(("Sent", sent), ("Stage", update.stage), ("By way of", update.via))]


def _run(desk: Desk, room: Room, run: Run, columns: int, now: Instant) -> list[Spot]:
    spots: list[Spot] = [fixed(())]
    for step in room.steps.get(run.id, ()):
        sign = {"done": SIGNS.done, "open": SIGNS.dot}.get(step.state, SIGNS.out)
        lines = wrap(step.text, columns - 22)
        told = "" if step.state == "open" else f"{step.state} {step.state_by}"
        spots.append(fixed((Cell(f"{sign} "), Cell(lines[0])), (Cell(told, "muted"),)))
        spots += [fixed((Cell("  "), Cell(line))) for line in lines[1:]]
    signs = box_ticking(run, room.steps.get(run.id, ())) if run.state == "closed" else []
    if signs:
        spots += [*heading("Was it only ticked?"), *(row for sign in signs for row in words(sign, columns, indent=2))]
    return [*spots, *history(desk, run.id, columns, now)]


def _status(desk: Desk, room: Room, columns: int, now: Instant) -> list[Spot]:
    incident = room.incident
    spots = [fixed(()), *words(incident.title, columns, "strong"), fixed(())]
    spots += _facts(("Severity", incident.severity), ("Status", incident.status))
    spots += words(f"Why  {incident.severity_why}", columns) if incident.severity_why else []
    named = (
        ("Impact", incident.impact),
        ("Who is hurt", incident.impact_who),
        ("What fails", incident.impact_what),
        ("How much", incident.impact_extent),
        ("Not hurt", incident.impact_unaffected),
        ("Workaround", incident.workaround),
        ("Data", incident.data),
        ("Changed", incident.changed),
        ("Objectives", incident.objectives),
        ("Plan B", incident.plan_b),
        ("Exit", incident.exit),
        ("Services", ", ".join(incident.services)),
    )
    for label, text in named:
        if text:
            spots += [*heading(label), *words(text, columns, indent=2)]
    if room.roles:
        spots += [*heading("Roles"), *(fixed((Cell(f"  {r.role}  ", "muted"), Cell(r.name))) for r in room.roles)]
    if room.decisions:
        spots += heading("Decisions")
        for decision in room.decisions:
            spots += words(f"{decision.mark} {decision.text}", columns, indent=2)
    return [*spots, *history(desk, incident.id, columns, now)]
