"""Three of a kind are a problem of the process: found in incidents, missed obligations, failed checklist items, late
words, emergency changes and idle alerts; kept with an owner, what was tried, and what would end it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session, filled, person_name, some
from opsterm.incidents.reading import all_incidents
from opsterm.learn.account import heard_by_audiences
from opsterm.learn.alert_load import idle_alerts
from opsterm.learn.recurrence import Repeat, repeats
from opsterm.records import Alert, Incident, Obligation, PlannedChange, Problem, Run, Step
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant
from opsterm.records.obligation import OPEN as OWED
from opsterm.records.problem import STATES, Sort

#: So many of a kind are no accident.
KIND_MIN = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind that keep happening."""

    sort: Sort
    #: Names it on every board alike.
    key: str
    title: str
    #: Ids of the records, oldest first.
    cases: tuple[str, ...]


def found(board: Board, now: Instant, *, pairs: Sequence[Repeat] | None = None) -> list[Group]:
    """Every three of a kind on the board, those with most cases first."""
    groups = [
        *_incidents(board, repeats(board) if pairs is None else pairs),
        *_obligations(board, now),
        *_steps(board),
        *_words(board),
        *_changes(board),
        *_alerts(board),
    ]
    kept = [group for group in groups if len(group.cases) >= KIND_MIN or group.sort == "alert"]
    return sorted(kept, key=lambda group: (-len(group.cases), group.sort, group.key))


def _incidents(board: Board, pairs: Sequence[Repeat]) -> Iterator[Group]:
    """Incidents linked to one another, by likeness or by a person; a refused link is none."""
    joined: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.verdict != "refused":
            both = joined.get(pair.later, {pair.later}) | joined.get(pair.earlier, {pair.earlier})
            for incident in both:
                joined[incident] = both
    for cases in {min(group): group for group in joined.values()}.values():
        known = [of for case in cases if (of := board.get(Incident, case)) is not None]
        ordered = sorted(known, key=lambda of: (of.started_at, of.id))
        if ordered:
            yield Group("incident", ordered[0].id, f"again and again: {ordered[0].title}", _ids(ordered))


def _ids(items: Iterable[Incident | Obligation | Step]) -> tuple[str, ...]:
    return tuple(item.id for item in items)


def _obligations(board: Board, now: Instant) -> Iterator[Group]:
    """Obligations of one family that were missed: done late, or still open after their day."""
    missed: dict[str, list[Obligation]] = {}
    for item in board.all(Obligation):
        late = item.state == "done" and item.due_at and item.state_since > item.due_at
        open_late = item.state in OWED and item.due_at and item.due_at < now
        if late or open_late:
            missed.setdefault(item.sort, []).append(item)
    for sort, items in missed.items():
        yield Group("obligation", sort, f"{sort} is missed again and again", _ids(items))


def _steps(board: Board) -> Iterator[Group]:
    """One item of one checklist that failed, was skipped or overridden in several runs."""
    names = {run.id: run.name for run in board.all(Run)}
    failed: dict[tuple[str, str], list[Step]] = {}
    for step in board.all(Step):
        if step.state in ("failed", "skipped", "overridden"):
            failed.setdefault((names.get(step.run, ""), step.text), []).append(step)
    for (name, text), steps in failed.items():
        yield Group("checklist item", f"{name}/{text}", f"“{text}” of {name} is not done again and again", _ids(steps))


def _words(board: Board) -> Iterator[Group]:
    """Incidents that are over in which words to one audience came late, or never."""
    late: dict[str, list[str]] = {}
    for of in all_incidents(board):
        if of.drill or of.status == "cancelled" or of.status not in OVER:
            continue
        for heard in heard_by_audiences(board, of):
            if heard.late or (heard.missing and not heard.told):
                late.setdefault(heard.audience, []).append(of.id)
    for audience, incidents in late.items():
        yield Group("update", audience, f"words to {audience} come late again and again", tuple(incidents))


def _changes(board: Board) -> Iterator[Group]:
    """Emergency changes to one system."""
    systems: dict[str, list[str]] = {}
    for change in board.all(PlannedChange, where="emergency <> ''"):
        for system in change.systems:
            systems.setdefault(system, []).append(change.id)
    for system, changes in systems.items():
        yield Group("change", system, f"{system} is changed in an emergency again and again", tuple(changes))


def _alerts(board: Board) -> Iterator[Group]:
    """Alerts that needed nobody, three times or more."""
    alerts = board.all(Alert)
    for idle in idle_alerts(alerts):
        cases = tuple(alert.id for alert in alerts if (alert.dedupe or alert.title) == idle.dedupe)
        yield Group("alert", idle.dedupe, idle.proposal, cases)


# --- commands


def problem_id(group: Group) -> str:
    """The id of a group's problem: the same on every board."""
    return f"problem:{sha256(f'{group.sort}|{group.key}'.encode()).hexdigest()[:24]}"


def unopened(board: Board, now: Instant, *, pairs: Sequence[Repeat] | None = None) -> list[Group]:
    """Groups that have no problem yet, or more cases than theirs was opened or ended with."""
    known: Mapping[str, Problem] = {problem.id: problem for problem in board.all(Problem)}
    out = []
    for group in found(board, now, pairs=pairs):
        problem = known.get(problem_id(group))
        if problem is None or set(group.cases) - set(problem.cases):
            out.append(group)
    return out


def open_problem(session: Session, group: Group, owner: str = "") -> Outcome:
    """Opens a group's problem, or adds its new cases to the one that is there: one that had ended is open again."""
    record = problem_id(group)
    known = session.board.get(Problem, record)
    if known is not None:
        fields: dict[str, object] = {"cases": list(dict.fromkeys((*known.cases, *group.cases)))}
        new = len(set(group.cases) - set(known.cases))
        if known.state in ("watched", "ended"):
            fields |= {"state": "open", "came_back": new}
        session.set(known, fields)
        return Outcome(f"{known.mark} has {new} more cases", record)
    fields = {"title": group.title, "sort": group.sort, "key": group.key, "cases": list(group.cases), "state": "open"}
    fields |= filled(owner=person_name(owner))
    session.create(Problem, "", fields, record=record)
    made = session.board.get(Problem, record)
    return Outcome(f"{made.mark if made else 'problem'} opened: {group.title}", record)


def note_tried(session: Session, problem: Problem, text: str) -> Outcome:
    """Notes something that was tried."""
    session.set(problem, {"tried": [*problem.tried, some(text, "what was tried")]})
    return Outcome(f"{problem.mark}: tried {text.strip()}", problem.id)


def give(session: Session, problem: Problem, owner: str) -> Outcome:
    """Gives it to another."""
    who = some(person_name(owner), "who sees to it")
    session.set(problem, {"owner": who})
    return Outcome(f"{problem.mark} is {who}'s", problem.id)


def set_end(session: Session, problem: Problem, ends_when: str) -> Outcome:
    """Says what would show that it has ended."""
    session.set(problem, {"ends_when": some(ends_when, "what would end it")})
    return Outcome(f"{problem.mark} ends when {ends_when.strip()}", problem.id)


def move(session: Session, problem: Problem, state: str, why: str) -> Outcome:
    """Moves a problem on. It ends only by what was said to end it. Raises Rejected."""
    if state not in STATES:
        raise Rejected(f"There is no state {state!r}: say one of {', '.join(STATES)}.")
    if state == "ended" and not problem.ends_when:
        raise Rejected(f"Nobody said what would end {problem.mark}: say that first.")
    moved = {"state": state, **({"came_back": 0} if problem.came_back else {})}
    session.set(problem, moved, why=some(why, "why"))
    return Outcome(f"{problem.mark} is {state}", problem.id)
