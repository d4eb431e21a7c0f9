"""Agendas that fill from the board: the weekly review, the monthly retrospective, the quarterly planning. Each is a
Markdown task list, so that it runs as a checklist.

Minutes and parts are those of the field notes on meetings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from opsterm.board.store import Board
from opsterm.calendar.due import due
from opsterm.calendar.week_ahead import week_ahead
from opsterm.core.calendar_dates import NO_HOLIDAYS
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.incidents.reading import all_incidents
from opsterm.obligations.obligation import Standing, start_of
from opsterm.operations.checklists.run import begin as begin_checklist
from opsterm.operations.checklists.tasklist import read_task_list
from opsterm.operations.checklists.template import Template
from opsterm.records import Deployment, Freeze, Improvement, Incident, Obligation, PlannedChange, Ritual, Run
from opsterm.records.plain import one_line
from opsterm.records.ritual import AGENDAS
from opsterm.registers.documents.document import advice_on_cadence, review_queue
from opsterm.registers.teams.dependency import by_slack, watermelons
from opsterm.registers.teams.meeting import drifts, hours_a_year
from opsterm.registers.teams.onboarding import sole_actors
from opsterm.registers.vendors.vendor import register

#: Days that each looks back.
LOOKS_BACK = {"weekly": 7, "monthly": 30, "quarterly": 91}
#: Renewals of two quarters are looked at each quarter.
RENEWALS_DAYS = 182
#: Items that one part lists at the most; the others are counted.
PART_MAX = 7


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """One part of an agenda."""

    minutes: int
    name: str
    #: What to do in it; each is a task.
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """One agenda as of a day."""

    which: str
    today: date
    parts: tuple[AgendaPart, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def title(self) -> str:
        return f"{NAMES[self.which]} of {self.today}"


NAMES: Mapping[str, str] = {
    "weekly": "Weekly review",
    "monthly": "Monthly retrospective",
    "quarterly": "Quarterly planning",
}


def agenda(board: Board, which: str, today: date, holidays: Container[date] = NO_HOLIDAYS) -> Agenda:
    """The agenda of AGENDAS, filled as of a day. Raises Rejected."""
    if which not in AGENDAS:
        raise Rejected(f"An agenda is {', '.join(AGENDAS)}, not {which!r}.")
    seen = _Seen(board, today, today - timedelta(days=LOOKS_BACK[which]), holidays)
    parts = tuple(AgendaPart(minutes, name, tuple(fill(seen))) for minutes, name, fill in _PARTS[which])
    return Agenda(which, today, parts)


def begin(session: Session, which: str, today: date, holidays: Container[date] = NO_HOLIDAYS) -> Outcome:
    """Fills an agenda and begins it as a checklist; the same one of the same day goes on. Raises Rejected."""
    found = agenda(session.board, which, today, holidays)
    going = session.board.all(Run, where="name = ? AND state <> 'closed'", args=(found.title,))
    if going:
        return Outcome(f"{found.title} goes on", going[-1].id)
    return begin_checklist(session, "", Template(found.title, 1, read_task_list(as_markdown(found))))


def as_markdown(found: Agenda) -> str:
    """The agenda as a checklist."""
    lines = [f"# {found.title}", "", f"Read-do, {found.minutes} minutes.", ""]
    for part in found.parts:
        lines += [f"## {part.name}, {part.minutes} minutes", ""]
        lines += [f"- [ ] {_text(task)}" for task in part.tasks]
        lines.append("")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an agenda looks at."""

    board: Board
    today: date
    since: date
    holidays: Container[date]

    def incidents(self) -> list[Incident]:
        first, last = start_of(self.since), start_of(self.today + timedelta(days=1))
        found = all_incidents(self.board, where="NOT drill AND NOT anomaly AND status <> 'cancelled'")
        dated = [(item.started_at or item.declared_at or item.at, item) for item in found if not item.folded_into]
        return [item for at, item in sorted(dated, key=lambda pair: pair[0]) if first <= at < last]

    def owed(self, *sorts: str, states: Sequence[Standing] = ("overdue",)) -> list[Obligation]:
        lines = due(self.board, start_of(self.today), done_days=0, holidays=self.holidays)
        return [
            line.obligation for line in lines if line.state in states and (not sorts or line.obligation.sort in sorts)
        ]


def _listed(texts: Sequence[str], ask: str, nothing: str) -> Iterator[str]:
    """Each text with what is asked of it; what is over the bound is counted."""
    for text in texts[:PART_MAX]:
        yield f"{text}: {ask}"
    if len(texts) > PART_MAX:
        yield f"{len(texts) - PART_MAX} more: who looks at them?"
    if not texts:
        yield nothing


def _owed_text(item: Obligation) -> str:
    return f"{item.what} ({item.owner or 'nobody'}, {item.due_at[:10] or 'no date'})"


def _obligations(seen: _Seen) -> Iterator[str]:
    brief = week_ahead(seen.board, seen.today, holidays=seen.holidays)
    over = [f"{s.owner or 'nobody'} has {s.hours_over:g} h too much" for s in brief.shares if s.over]
    yield from _listed(over, "what goes?", "Nobody has more than fits")
    late = [_owed_text(item) for item in seen.owed() if item.sort not in ("follow-up", "improvement")]
    yield from _listed(late, "done, a new date with a reason, or dropped?", "Nothing is overdue")


def _incidents(seen: _Seen) -> Iterator[str]:
    found = [f"{i.mark} {i.severity or 'no severity'} {i.title}" for i in seen.incidents()]
    yield from _listed(found, "what did we learn, and who writes it?", "No incident: was there a near miss?")


def _failed_changes(seen: _Seen) -> Iterator[str]:
    first = start_of(seen.since)
    bad = [
        f"{d.mark} {d.title} {d.state}"
        for d in seen.board.all(Deployment, where="state IN ('failed', 'rolled back')")
        if d.state_since >= first
    ]
    bad += [
        f"{c.mark} {c.title}, an emergency" for c in seen.board.all(PlannedChange, where="emergency <> ''")
        if c.at >= first
    ]  # fmt: skip
    yield from _listed(bad, "what would have caught it?", "No change failed")


def _actions(seen: _Seen) -> Iterator[str]:
    late = [_owed_text(item) for item in seen.owed("follow-up", "improvement", "exit", "review")]
    yield from _listed(late, "done, a new date with a reason, or dropped?", "No action is overdue")


def _load(seen: _Seen) -> Iterator[str]:
    yield f"{len(seen.incidents())} incidents: two in a shift of 12 h are the most that one person learns from"


def _risks(seen: _Seen) -> Iterator[str]:
    last = start_of(seen.today + timedelta(days=8))
    freezes = [
        f"freeze {f.from_at[:10]} to {f.to_at[:10]}: {f.text}"
        for f in seen.board.all(Freeze, where="NOT lifted")
        if f.from_at < last and f.to_at >= start_of(seen.today)
    ]
    reds = [
        f"{s.dependency.mark} {s.dependency.what} from {s.dependency.giver} is {s.colour}: {s.why[0]}"
        for s in by_slack(seen.board, seen.today, seen.holidays)
        if s.colour != "green"
    ]
    yield from _listed([*freezes, *reds], "who acts?", "No freeze and no dependency in danger")


def _read_back(seen: _Seen) -> Iterator[str]:
    yield "Read back at most 5 actions, each with an owner and a day"


def _data(seen: _Seen) -> Iterator[str]:
    counted = Counter(item.severity or "no severity" for item in seen.incidents())
    said = ", ".join(f"{count} {severity}" for severity, count in sorted(counted.items()))
    yield f"Incidents in {(seen.today - seen.since).days} days: {said or 'none'}"
    green, reds = watermelons(seen.board)
    if reds and green / reds > 0.5:
        yield f"{green} of {reds} dependencies that turned red were green the week before: the lines do not tell"


def _themes(seen: _Seen) -> Iterator[str]:
    counted = Counter(service for item in seen.incidents() for service in item.services)
    found = [f"{service} in {count} incidents" for service, count in counted.most_common() if count > 1]
    yield from _listed(found, "is it one cause?", "No system twice")
    yield from (sole.why for sole in sole_actors(seen.board)[:PART_MAX])


def _deep(seen: _Seen) -> Iterator[str]:
    yield "Take one cause, and ask what made it likely"


def _experiments(seen: _Seen) -> Iterator[str]:
    ideas = [f"{i.mark} {i.text}" for i in seen.board.all(Improvement, where="NOT chosen OR obligation = ''")]
    yield from _listed(ideas, "try it?", "Name one experiment, its measure and its end")
    yield "At most 2 experiments, each with a measure and an end"


def _lists(seen: _Seen) -> Iterator[str]:
    yield "One item that a checklist gains, and one that it loses"
    stale = [f"{s.document.title}, {s.line}" for s in review_queue(seen.board, seen.today)]
    yield from _listed(stale, "who follows it?", "No document is likely stale")


def _last_bets(seen: _Seen) -> Iterator[str]:
    yield "Last quarter's bets: what came of each, by its measure?"


def _budgets(seen: _Seen) -> Iterator[str]:
    found = register(seen.board, seen.today, seen.holidays).concentration
    points = [*found.warnings, *(point.why for point in found.single_points)]
    yield from _listed(points, "accepted by whom, until when?", "No concentration beyond its threshold")


def _renewals(seen: _Seen) -> Iterator[str]:
    last = seen.today + timedelta(days=RENEWALS_DAYS)
    found = [
        f"{c.vendor.name}: notice by {c.term.notice}, {c.vendor.annual_cost:,.0f} {c.vendor.currency} a year"
        for c in register(seen.board, seen.today, seen.holidays).contracts
        if c.term.in_force and c.term.notice and c.term.notice <= last
    ]
    yield from _listed(found, "renew, bargain or leave?", "No notice falls in two quarters")


def _drills(seen: _Seen) -> Iterator[str]:
    found = [_owed_text(item) for item in seen.owed("drill", states=("overdue", "notice", "ahead"))]
    yield from _listed(found, "who runs it, on which day?", "No drill is owed: which way back was never rehearsed?")


def _capacity(seen: _Seen) -> Iterator[str]:
    yield "What runs out within two quarters?"


def _bets(seen: _Seen) -> Iterator[str]:
    yield "At most 3 bets, each with an owner and a measure"
    yield "The list of what we do not do"


def _rituals(seen: _Seen) -> Iterator[str]:
    running = [item for item in seen.board.all(Ritual) if item.state != "ended"]
    hours = sum(hours_a_year(r.minutes, max(1, len(r.people)), r.every) for r in running)
    yield f"{len(running)} rituals take {hours:,.0f} hours a year"
    found = drifts(seen.board, seen.today)
    drifting = [f"{d.ritual.name}: {'; '.join(d.signals)}" for d in found if d.proposals and d.ritual.state != "ended"]
    yield from _listed(drifting, "shorter, rarer, written, or over?", "None drifts")
    advice = advice_on_cadence(seen.board)
    if advice:
        yield advice


_Fill = Callable[[_Seen], Iterator[str]]
_PARTS: Mapping[str, tuple[tuple[int, str, _Fill], ...]] = {
    "weekly": (
        (5, "Obligations", _obligations),
        (10, "Incidents and near misses", _incidents),
        (10, "Failed and emergency changes", _failed_changes),
        (5, "Overdue actions", _actions),
        (5, "Page load", _load),
        (5, "Next week's risks and freezes", _risks),
        (5, "Read back", _read_back),
    ),
    "monthly": (
        (10, "Data", _data),
        (15, "Themes", _themes),
        (20, "One cause, deep", _deep),
        (10, "Experiments", _experiments),
        (5, "Checklists and documents", _lists),
    ),
    "quarterly": (
        (20, "Last bets", _last_bets),
        (20, "Budgets and risks", _budgets),
        (15, "Renewals of two quarters", _renewals),
        (15, "Drills", _drills),
        (15, "Capacity", _capacity),
        (25, "Bets, and what we do not do", _bets),
        (10, "Rituals", _rituals),
    ),
}


def _text(text: str) -> str:
    """A task on one line, which Markdown neither ends nor hides."""
    return one_line(text).replace("<", "\\<").replace("`", "\\`")
