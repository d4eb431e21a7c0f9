"""A record in full: its words uncut, all that was found, and its history."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from opsterm.board.store import Conflict
from opsterm.board.timeline import Moment
from opsterm.core.session import Rejected
from opsterm.incidents.hypothesis_testing import undiagnostic
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.incidents.timeline import recorded_late
from opsterm.operations.checklists.lessons import box_ticking
from opsterm.records import Action, Hypothesis, OutsideQuestion, Run, TextApproval, Update
from opsterm.records.instant import Instant
from opsterm.records.timeline_entry import kind_of_line
from opsterm.updates import approval
from screens.console import ConsoleContext
from screens.pages.disputed import Disputes, of_records
from screens.pages.page import Page
from screens.pages.rows import fixed, heading, words
from screens.war_room.disputed_rows import of_row, of_status
from screens.war_room.panes.actions import time_left
from screens.widgets.cells import Cell, wrap
from screens.widgets.durations import clock, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class _Room:
    """The room that a page was opened from, as it is whenever the page is painted."""

    def __init__(self, context: ConsoleContext, snapshot: Snapshot) -> None:
        self.context = context
        self._snapshot = snapshot

    @property
    def snapshot(self) -> Snapshot:
        with suppress(Rejected):
            self._snapshot = read_snapshot(self.context.board, self._snapshot.incident.id, self._snapshot)
        return self._snapshot


def detail_page(context: ConsoleContext, snapshot: Snapshot, record: str) -> Page | None:
    """The page of a record of this room; nothing where it has none."""
    heading = _heading(snapshot, record)
    if not heading:
        return None
    room = _Room(context, snapshot)
    disputes = Disputes(lambda: of_row(room.snapshot, record))
    return Page(context, heading, partial(_whole, room, record), disputes=disputes)


def _heading(snapshot: Snapshot, record: str) -> str:
    for hypothesis in snapshot.hypotheses:
        if hypothesis.id == record:
            return f"{hypothesis.mark} {SIGNS.dot} hypothesis"
    for action in snapshot.actions:
        if action.id == record:
            return f"{action.mark} {SIGNS.dot} order"
    for update in snapshot.updates:
        if update.id == record:
            return f"Update to {update.audience}"
    for run in snapshot.runs:
        if run.id == record:
            return run.name
    for asked in snapshot.text_approvals:
        if asked.id == record:
            return f"Words to {asked.audience}, to be approved"
    for question in snapshot.questions:
        if question.id == record:
            return f"{question.mark} {SIGNS.dot} question"
    return "Disputed" if of_row(snapshot, record) else ""


def _whole(room: _Room, record: str, columns: int, now: Instant) -> list[Row]:
    """A record in full, as it is now."""
    context, snapshot = room.context, room.snapshot
    for hypothesis in snapshot.hypotheses:
        if hypothesis.id == record:
            return _hypothesis(context, snapshot, hypothesis, columns, now)
    for action in snapshot.actions:
        if action.id == record:
            return _action(context, action, columns, now)
    for update in snapshot.updates:
        if update.id == record:
            return _update(context, update, columns, now)
    for run in snapshot.runs:
        if run.id == record:
            return _run(context, snapshot, run, columns, now)
    for asked in snapshot.text_approvals:
        if asked.id == record:
            return _approval(context, asked, columns, now)
    for question in snapshot.questions:
        if question.id == record:
            return _question(context, question, columns, now)
    return []


def status_page(context: ConsoleContext, snapshot: Snapshot) -> Page:
    """All that the status pane holds, uncut."""
    room = _Room(context, snapshot)

    def disputed() -> list[Conflict]:
        now = room.snapshot
        return [*now.alarms(), *of_status(now)]

    heading = f"{snapshot.incident.mark} {SIGNS.dot} status"
    return Page(context, heading, partial(_status, room), disputes=Disputes(disputed, named=True))


def moment_page(context: ConsoleContext, moment: Moment) -> Page:
    """One line of the timeline, whole."""

    def rows(columns: int, now: Instant) -> list[Row]:
        at = clock(moment.at, context.zone, today=now)
        late = recorded_late(moment)
        at += f", recorded {span(late)} later" if late else ""
        told = f"{kind_of_line(moment.kind).in_words} {SIGNS.dot} {at} {SIGNS.dot} {moment.by or 'nobody named'}"
        return [
            fixed(()),
            *words(moment.told, columns),
            *(words(moment.struck, columns, "warn") if moment.struck else ()),
            fixed(()),
            *words(told, columns, "muted"),
            *history(context, moment.record, columns, now),
        ]

    apart = Disputes(partial(of_records, context.board, [moment.record]))
    return Page(context, "From the timeline", rows, disputes=apart)


def history(context: ConsoleContext, record: str, columns: int, now: Instant) -> list[Row]:
    """What was said of a record, oldest first."""
    told = context.board.lines_of_record(record)
    if len(told) < 2:
        return []
    rows = heading("History")
    for line in told:
        at, kind = clock(line.at, context.zone, today=now), kind_of_line(line.kind).in_words
        start = f"{at}  {line.by or 'nobody named'}  {kind}: "
        rows += _hanging(f"{line.struck}: {start}" if line.struck else start, line.told, columns)
    return rows


def _hanging(start: str, text: str, columns: int) -> list[Row]:
    lines = wrap(f"{start}{text}", columns - 2)
    first = fixed((Cell("  "), Cell(lines[0])))
    return [first, *(fixed((Cell("      "), Cell(line))) for rest in lines[1:] for line in wrap(rest, columns - 6))]


def _facts(*facts: tuple[str, str]) -> list[Row]:
    return [fixed((Cell(f"{label:<14}", "muted"), Cell(value))) for label, value in facts if value]


def _hypothesis(
    context: ConsoleContext, snapshot: Snapshot, hypothesis: Hypothesis, columns: int, now: Instant
) -> list[Row]:
    confidence = "" if hypothesis.confidence is None else f"{hypothesis.confidence:.0%}"
    rows = [fixed(()), *words(hypothesis.text, columns, "strong"), fixed(())]
    rows += _facts(("State", snapshot.stands(hypothesis)), ("Confidence", confidence), ("Tested by", hypothesis.owner))
    settled = hypothesis.state_why and hypothesis.id not in snapshot.disputed_causes
    rows += words(f"Why  {hypothesis.state_why}", columns) if settled else []
    rows += _facts(("If true", hypothesis.if_true), ("If false", hypothesis.if_false), ("Explains", hypothesis.scope))
    found = snapshot.evidence.get(hypothesis.id, ())
    telling_nothing = undiagnostic(snapshot)
    for called, supports, sign in (("Speaks for it", True, "+"), ("Speaks against it", False, SIGNS.minus)):
        kept = [item for item in found if item.supports is supports]
        rows += heading(f"{called}: {len(kept)}") if kept else []
        for item in kept:
            lines = wrap(item.text, columns - 4)
            where = f", found in {item.source}" if item.source else ""
            if supports and item.text in telling_nothing:
                where += "; it speaks for all that are alive, so it tells nothing between them"
            by = f"{item.by or 'nobody named'} {clock(item.at, context.zone, today=now)}{where}"
            rows += [
                fixed((Cell(f"  {sign if n == 0 else ' '} ", "accent"), Cell(text))) for n, text in enumerate(lines)
            ]
            rows += words(by, columns, "muted", indent=4)
    if not found:
        rows += [fixed(()), fixed((Cell("Nothing found yet.  + for, - against", "muted"),))]
    return [*rows, *history(context, hypothesis.id, columns, now)]


def _action(context: ConsoleContext, action: Action, columns: int, now: Instant) -> list[Row]:
    rows = [fixed(()), *words(action.text, columns, "strong"), fixed(())]
    due, until = (clock(at, context.zone, today=now) for at in (action.due_at, action.until))
    rows += _facts(
        ("Owner", action.owner or "nobody named"), ("State", f"{action.state}, {time_left(action, now).text}")
    )
    rows += _facts(("Check back", due), ("Undone by", action.undo), ("Stays until", until), ("Ordered by", action.by))
    rows += words(f"Result  {action.state_why}", columns) if action.state_why else []
    return [*rows, *history(context, action.id, columns, now)]


def _update(context: ConsoleContext, update: Update, columns: int, now: Instant) -> list[Row]:
    rows = [fixed(()), *words(update.text, columns), fixed(())]
    sent = f"{clock(update.at, context.zone, today=now)} by {update.by or 'nobody named'}"
    return [
        *rows,
        *_facts(
            ("Sent", sent),
            ("Stage", update.stage),
            ("By way of", update.via),
            ("Approved by", update.approved_by),
        ),
        *(words(f"{SIGNS.alarm} {anyway}", columns, "warn") if (anyway := approval.sent_anyway(update)) else []),
    ]


def _approval(context: ConsoleContext, asked: TextApproval, columns: int, now: Instant) -> list[Row]:
    """The text that is asked about, whole and as it would go out."""
    text = [row for line in asked.text.splitlines() for row in (words(line, columns) if line.strip() else [fixed(())])]
    since = f"{clock(asked.at, context.zone, today=now)} by {asked.by}"
    answered = f"{asked.state} by {asked.state_by} {clock(asked.state_since, context.zone, today=now)}"
    rows = [fixed(()), *text, fixed(())]
    rows += _facts(("Asked", since), ("Asked of", asked.asked_of), ("Language", asked.lang))
    if asked.state != "asked":
        rows += [*_facts(("Answer", answered)), *(words(f"Why  {asked.state_why}", columns) if asked.state_why else [])]
    else:
        rows += [fixed(()), *words("a says yes or no to exactly these words, in 4 Updates.", columns, "muted")]
    return [*rows, *history(context, asked.id, columns, now)]


def _question(context: ConsoleContext, asked: OutsideQuestion, columns: int, now: Instant) -> list[Row]:
    by = clock(asked.answer_by, context.zone, today=now) if asked.answer_by else ""
    rows = [fixed(()), *words(asked.text, columns, "strong"), fixed(())]
    rows += _facts(("Asked by", asked.who), ("Answer by", by), ("State", asked.state))
    rows += words(f"Answer  {asked.state_why}", columns) if asked.state_why else []
    return [*rows, *history(context, asked.id, columns, now)]


def _run(context: ConsoleContext, snapshot: Snapshot, run: Run, columns: int, now: Instant) -> list[Row]:
    rows: list[Row] = [fixed(())]
    for step in snapshot.steps.get(run.id, ()):
        sign = {"done": SIGNS.done, "open": SIGNS.dot}.get(step.state, SIGNS.out)
        lines = wrap(step.text, columns - 22)
        told = "" if step.state == "open" else f"{step.state} {step.state_by}"
        rows.append(fixed((Cell(f"{sign} "), Cell(lines[0])), (Cell(told, "muted"),)))
        rows += [fixed((Cell("  "), Cell(line))) for line in lines[1:]]
    signs = box_ticking(run, snapshot.steps.get(run.id, ())) if run.state == "closed" else []
    if signs:
        rows += [*heading("Was it only ticked?"), *(row for sign in signs for row in words(sign, columns, indent=2))]
    return [*rows, *history(context, run.id, columns, now)]


def _status(room: _Room, columns: int, now: Instant) -> list[Row]:
    context, snapshot = room.context, room.snapshot
    incident = snapshot.incident
    rows = [fixed(()), *words(incident.title, columns, "strong"), fixed(())]
    rows += _facts(("Severity", incident.severity), ("Status", incident.status))
    rows += words(f"Why  {incident.severity_why}", columns) if incident.severity_why else []
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
            rows += [*heading(label), *words(text, columns, indent=2)]
    if snapshot.roles:
        rows += [*heading("Roles"), *(fixed((Cell(f"  {r.role}  ", "muted"), Cell(r.name))) for r in snapshot.roles)]
    if snapshot.decisions:
        rows += heading("Decisions")
        for decision in snapshot.decisions:
            rows += words(f"{decision.mark} {decision.text}", columns, indent=2)
    return [*rows, *history(context, incident.id, columns, now)]
