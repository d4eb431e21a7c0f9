"""Ways back: one procedure a type of deployment, with exceptions for systems; rehearsed, timed, and shown as untested
where they were not.

A procedure is a checklist whose text says `rollback of: TYPE`, and `systems: …` where it is an exception.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from opsterm.board.store import Board
from opsterm.core.calendar_dates import add_working_days, day, team_holidays
from opsterm.core.session import Outcome, Rejected, Session, person_name, some
from opsterm.core.times import between
from opsterm.obligations.obligation import complete, owe, state_of
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import Template, care_of, import_text, known
from opsterm.records import Deployment, Run
from opsterm.records.checklist import RUN_RESULTS, RunResult
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.obligation import OVER

#: What did not run for so many days counts as untested [field notes].
TESTED_DAYS = 180
#: The follow-up of a failed drill is due within so many working days.
FOLLOW_UP_WORKING_DAYS = 10

_TIME = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)?\b", re.IGNORECASE)
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0}


@dataclass(frozen=True, slots=True)
class WayBack:
    """How one procedure stands."""

    template: Template
    #: The type of deployment that it is the way back of.
    sort: str
    #: Systems that it is an exception for; empty for the type's own.
    systems: tuple[str, ...]
    #: The longest that its text estimates, in minutes; nothing where it does not say.
    estimated_minutes: float | None
    #: p90 of the runs that passed, in minutes; nothing before the first.
    measured_minutes: float | None
    drills: int
    last_at: Instant
    #: passed or failed; empty where it never ran.
    last_result: str
    tested: bool
    #: Why it counts as untested; empty where it is tested.
    untested: str
    no_return: str
    decides: str
    triggers: str
    #: When the next drill is due, and how that stands; empty while nobody keeps it.
    drill_due_at: Instant
    drill_state: str

    @property
    def minutes(self) -> float | None:
        """How long to plan for: as measured, else as estimated."""
        return self.measured_minutes if self.measured_minutes is not None else self.estimated_minutes


def procedure_for(board: Board, sort: str, systems: Sequence[str] = ()) -> Template | None:
    """The procedure of a type of deployment: an exception for one of its systems, else the type's own, else none."""
    return choose(known(board, rollback=True), sort, systems)


def choose(procedures: Sequence[Template], sort: str, systems: Sequence[str]) -> Template | None:
    """The same among procedures at hand."""
    wanted = {system.casefold() for system in systems}
    of_type = [template for template in procedures if template.tasks.rollback_of == sort.casefold()]
    for template in of_type:
        if wanted & {system.casefold() for system in template.tasks.systems}:
            return template
    return next((template for template in of_type if not template.tasks.systems), None)


def runs_of(board: Board, procedure: Template) -> list[Run]:
    """Drills and rollbacks by a procedure, oldest first."""
    return board.all(Run, where="name = ? AND purpose IN ('drill', 'rollback')", args=(procedure.name,))


def way_back(board: Board, template: Template, now: Instant) -> WayBack:
    """How a procedure stands: what its runs say, and when its next drill is due."""
    runs = [run for run in runs_of(board, template) if run.state == "closed" and run.result in RUN_RESULTS]
    runs.sort(key=lambda run: (run.state_since, run.born))
    times = [between(run.at, run.state_since) / 60 for run in runs if run.result == "passed"]
    last = runs[-1] if runs else None
    about = template.tasks.about
    untested = _untested(last, now)
    care = care_of(board, template.record) if template.record else None
    return WayBack(
        template=template,
        sort=template.tasks.rollback_of,
        systems=template.tasks.systems,
        estimated_minutes=minutes_of(about.get("time", "")),
        measured_minutes=p90(times),
        drills=sum(run.purpose == "drill" for run in runs),
        last_at=last.state_since if last else "",
        last_result=last.result if last else "",
        tested=not untested,
        untested=untested,
        no_return=about.get("no return", ""),
        decides=about.get("decides", ""),
        triggers=about.get("back if", ""),
        drill_due_at=care.due_at if care else "",
        drill_state=state_of(care, now) if care else "",
    )


def _untested(last: Run | None, now: Instant) -> str:
    if last is None:
        return "it never ran"
    if last.result == "failed":
        return f"it failed on {last.state_since[:10]}"
    days = int(between(last.state_since, now) // 86400)
    return f"it last ran {days} days ago" if days > TESTED_DAYS else ""


def ways_back(board: Board, now: Instant) -> list[WayBack]:
    """All procedures, by type, a type's own before its exceptions."""
    found = [way_back(board, template, now) for template in known(board, rollback=True)]
    return sorted(found, key=lambda way: (way.sort, bool(way.systems), way.template.name))


def warning_of(board: Board, sort: str, systems: Sequence[str], now: Instant) -> str:
    """What to say wherever a deployment of a type is planned: no way back, or an untested one; else nothing."""
    template = procedure_for(board, sort, systems)
    if template is None:
        return f"no way back is written for {sort}"
    untested = way_back(board, template, now or board.now).untested
    return f"the way back of {sort} is untested: {untested}" if untested else ""


def begin(
    session: Session,
    sort: str,
    *,
    systems: Sequence[str] = (),
    incident: str = "",
    deployment: str = "",
    drill: bool = False,
) -> Outcome:
    """Begins the guided way back of a type, or with `drill` its rehearsal. `Outcome.record` is the run. Raises
    Rejected."""
    template = procedure_for(session.board, sort, systems)
    if template is None:
        named = ", ".join(sorted({t.tasks.rollback_of for t in known(session.board, rollback=True)}))
        raise Rejected(f"No way back is written for {sort!r}: there are {named}.")
    purpose = "drill" if drill else "rollback"
    return checklist.begin(session, incident, template, purpose=purpose, deployment=deployment)


def for_deployment(session: Session, item: Deployment, incident: str = "") -> Outcome:
    """Begins the way back of one deployment, in the incident that came of it where none is named."""
    return begin(session, item.sort, systems=item.systems, incident=incident or item.became, deployment=item.id)


def finish(session: Session, run: Run, result: str, note: str = "", *, owner: str = "") -> Outcome:
    """Ends a drill or a way back with what came of it. It is never stopped by what is open.

    A drill that passed is noted as done, and the next is due by its cadence; one that failed leaves a follow-up with an
    owner, and the procedure counts as untested. A way back that passed notes its deployment as rolled back. Raises
    Refused for a run of a checklist, and for a failure without a word.
    """
    if run.purpose not in ("drill", "rollback"):
        raise Rejected(f"{run.name} is a checklist: opsterm checklist close ends it.")
    if result not in RUN_RESULTS:
        raise Rejected(f"Say how it went: {' or '.join(RUN_RESULTS)}.")
    if run.state == "closed":
        raise Rejected(f"{run.name} is closed already.")
    seen = some(note, "what failed") if result == "failed" else note.strip()
    with session.board.transaction():
        how = checklist.close(session, run, result=result, why=seen).sentence
        template = next((t for t in known(session.board, rollback=True) if t.name == run.name), None)
        if run.purpose == "drill" and template:
            _after_drill(session, run, template, result, seen, owner)
        if run.purpose == "rollback":
            _after_rollback(session, run, result, seen, owner)
    return Outcome(how, run.id)


def _after_drill(session: Session, run: Run, template: Template, result: RunResult, seen: str, owner: str) -> None:
    record = template.record or import_text(session, template.tasks.source, template.file).record
    care = care_of(session.board, record)
    if result == "failed":
        _follow_up(session, run, seen, person_name(owner) or (care.owner if care else ""))
    elif care and care.state not in OVER:
        complete(session, care, f"{run.mark} passed{f': {seen}' if seen else ''}")


def _after_rollback(session: Session, run: Run, result: RunResult, seen: str, owner: str) -> None:
    if result == "failed":
        _follow_up(session, run, seen, person_name(owner))
        return
    item = session.board.get(Deployment, run.deployment) if run.deployment else None
    if item and item.state != "rolled back":
        fields = {"state": "rolled back", "ended_at": session.board.now}
        session.set(item, fields | {"taken_back_by": run.id}, why=seen)


def _follow_up(session: Session, run: Run, seen: str, owner: str) -> None:
    by = add_working_days(day(session.board.now), FOLLOW_UP_WORKING_DAYS, team_holidays())
    told = owe(
        session,
        f"Mend the way back: {run.name} failed",
        by.isoformat(),
        reason=seen,
        owner=owner or session.person,
        missed="deployments of this type go out without a tested way back",
        incident=run.incident,
        origin=run.id,
        record=f"{run.id}/failed",
    )
    session.set(run, {"follow_up": told.record})


def decision_deadline(window_to: Instant, back_minutes: float, check_minutes: float = 10) -> Instant:
    """Until when going back is decided: the window's end, less the way back at its p90, less checking. After it there
    is only forward."""
    return instant(moment(window_to) - timedelta(minutes=back_minutes + check_minutes))


def latest_decision(
    board: Board, sort: str, systems: Sequence[str], window_to: Instant, now: Instant
) -> tuple[Instant, float] | None:
    """That deadline of a change with a window, and the minutes of its way back: as measured, else as its text
    estimates. Nothing where either is not known."""
    procedure = procedure_for(board, sort, systems)
    if procedure is None or not window_to:
        return None
    way = way_back(board, procedure, now)
    minutes = way.measured_minutes or way.estimated_minutes
    return None if minutes is None else (decision_deadline(window_to, minutes), minutes)


def p90(minutes: Sequence[float]) -> float | None:
    """The 90th percentile by nearest rank, to a tenth; nothing of nothing."""
    if not minutes:
        return None
    return round(sorted(minutes)[ceil(0.9 * len(minutes)) - 1], 1)


def minutes_of(text: str) -> float | None:
    """The longest of a time in words, in minutes: `2 to 15 min` is 15; nothing where it names none."""
    found = _TIME.findall(text)
    if not found:
        return None
    unit = next((u for _, u in reversed(found) if u), "m")
    number, own = found[-1]
    return float(number) * _MINUTES[(own or unit)[0].lower()]
