"""Deployments: begun, ended, turned bad; and what changed before an incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.times import between
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.operations.checklists.template import known
from opsterm.operations.deployments import rollback
from opsterm.records import Deployment, Hypothesis, Incident, PlannedChange, Run
from opsterm.records.deployment import OPEN, TYPES, State
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.plain import lines_of, one_line

#: How far back one looks for what changed, in hours: most outages come from a change, and from a young one.
SPANS_H = (2, 24, 168)
ENDS: tuple[State, ...] = ("done", "failed", "rolled back")
#: So many deployments are offered with their way back.
SUSPECTS_MAX = 3


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """One change to a live system before or during an incident."""

    record: str
    mark: str
    #: deployment or planned change.
    kind: str
    sort: str
    what: str
    systems: tuple[str, ...]
    version: str
    owner: str
    at: Instant
    state: str
    #: The shortest of SPANS_H that it lies in, counted back from the incident's start.
    within_h: int
    #: Systems that it shares with the incident, in the incident's words.
    shared: tuple[str, ...]
    #: Whether it began after the incident did.
    after: bool
    #: Name of the procedure by which it goes back; empty where there is none.
    way_back: str


def known_sort(text: str) -> str:
    """The type of deployment in the words of opsterm, or a team's own as it stands."""
    said = one_line(text).lower()
    short = {"db migration": "database migration", "database": "database migration", "migration": "database migration"}
    short |= {"config": "configuration", "flag": "feature flag", "infra": "infrastructure", "cert": "certificate"}
    return short.get(said, said) or TYPES[0]


def listed(names: Iterable[str]) -> list[str]:
    """Names as a record keeps them: on one line, each once."""
    return list(dict.fromkeys(lines_of(names)))


def deploy(
    session: Session,
    title: str,
    *,
    sort: str = "service",
    systems: Sequence[str] = (),
    version: str = "",
    before: str = "",
    owner: str = "",
    way_back: str = "",
    planned: str = "",
    run: str = "",
    running: bool = True,
) -> Outcome:
    """Records a deployment: begun, or with `running` false planned. `before` is the version that one goes back to,
    `way_back` the procedure in words where it is not that of its type. Warns where no tested way back is known."""
    kind = known_sort(sort)
    at = session.board.now
    procedure = rollback.procedure_for(session.board, kind, systems)
    fields = filled(
        title=some(one_line(title), "what is deployed"),
        sort=kind,
        systems=listed(systems),
        version=one_line(version),
        before=one_line(before),
        state="running" if running else "planned",
        started_at=at if running else "",
        owner=person_name(owner) or session.person,
        rollback=way_back.strip() or (procedure.name if procedure else ""),
        planned=planned,
        run=run,
    )
    record = session.create(Deployment, "", fields)
    mark = session.read(Deployment, record).mark
    warning = rollback.warning_of(session.board, kind, systems, at)
    return Outcome(f"{mark} {'runs' if running else 'is planned'}: {fields['title']}", record, warning)


def start(session: Session, item: Deployment) -> Outcome:
    """A planned one begins to reach the live system."""
    if item.state != "planned":
        raise Rejected(f"{item.mark} is {item.state} already.")
    fields = {"state": "running", "started_at": session.board.now}
    session.set(item, fields)
    return Outcome(f"{item.mark} runs", item.id, rollback.warning_of(session.board, item.sort, item.systems, ""))


def finish(session: Session, item: Deployment, state: str, why: str = "") -> Outcome:
    """Says how it went: one of ENDS; a bad end wants a reason."""
    if state not in ENDS:
        raise Rejected(f"A deployment ends as one of {', '.join(ENDS)}, not {state!r}.")
    if state != "done" and not why.strip():
        raise Rejected(f"Say what was seen: {item.mark} {state}.")
    fields = {"state": state, "ended_at": session.board.now}
    session.set(item, fields, why=why.strip())
    return Outcome(f"{item.mark} {state}", item.id)


def how_it_ended(board: Board, item: Deployment) -> str:
    """How a deployment ended, in words: what it turned into or was taken back by, and what was seen."""
    if item.state in OPEN:
        return ""
    run = board.get(Run, item.taken_back_by) if item.taken_back_by and item.state == "rolled back" else None
    incident = board.get(Incident, item.became) if item.became else None
    turned = f", it turned bad: {incident.mark}" if incident else ""
    return f"{item.state}{f' by {run.mark}' if run else ''}{turned}{f': {item.state_why}' if item.state_why else ''}"


def turn_bad(session: Session, item: Deployment, title: str = "", *, severity: str = "", why: str = "") -> Outcome:
    """A deployment that turned bad becomes an incident, with itself as what changed and as the first hypothesis.

    `Outcome.record` is the incident. Raises Rejected where an incident came of it already.
    """
    if item.became and session.board.get(Incident, item.became):
        raise Rejected(f"{item.mark} became an incident already.")
    name = f"{item.title}{f' {item.version}' if item.version else ''}"
    with session.board.transaction():
        named = title or f"{', '.join(item.systems) or item.title} fails after {item.mark}"
        told = declare(session, named, severity=severity, services=item.systems)
        incident = session.read(Incident, told.record)
        session.set(incident, {"changed": f"{item.mark} {name}"})
        guess = propose(session, incident, f"{item.mark} ({name}) broke it", owner="")
        session.write(
            Hypothesis.kind,
            guess.record,
            incident.id,
            {"if_true": "it began with the deployment, and ends when that is taken back"},
        )
        fields = {"state": "failed", "ended_at": session.board.now, "became": incident.id}
        session.set(item, fields, why=why.strip())
    way = rollback.procedure_for(session.board, item.sort, item.systems)
    return Outcome(
        f"{told.sentence}; {item.mark} is the first hypothesis", told.record, f"go back: {way.name}" if way else ""
    )


def what_changed(board: Board, incident: Incident, now: Instant) -> list[RecordedChange]:
    """What changed in the 2 h, 24 h and 7 d before an incident began and since then: what touches its services first,
    the shorter span first, the later first."""
    begun = incident.started_at or incident.declared_at or incident.at
    first = instant(moment(begun) - timedelta(hours=SPANS_H[-1]))
    services = {service.casefold(): service for service in incident.services}
    ways = known(board, rollback=True)
    deployments = board.all(Deployment, where="started_at >= ? AND started_at <= ?", args=(first, now))
    carried = {item.planned for item in deployments}
    plans = [item for item in board.all(PlannedChange, where="stage > 0 OR emergency <> ''") if item.id not in carried]
    timed: list[tuple[Instant, Deployment | PlannedChange]] = [(item.started_at, item) for item in deployments]
    timed += [(at, item) for item in plans if first <= (at := item.stage_since or item.state_since) <= now]
    found = []
    for at, item in sorted(timed, key=lambda pair: pair[0], reverse=True):
        way = rollback.choose(ways, item.sort, item.systems)
        found.append(
            RecordedChange(
                record=item.id,
                mark=item.mark,
                kind="deployment" if isinstance(item, Deployment) else "planned change",
                sort=item.sort,
                what=item.title,
                systems=item.systems,
                version=item.version,
                owner=item.owner,
                at=at,
                state=item.state,
                within_h=_within(at, begun),
                shared=tuple(services[name] for system in item.systems if (name := system.casefold()) in services),
                after=at > begun,
                way_back=way.name if way else item.rollback,
            )
        )
    return sorted(found, key=lambda item: (not item.shared, item.within_h))


def suspects(board: Board, incident: Incident, now: Instant) -> list[Deployment]:
    """The deployments that may be at fault for an incident and are not rolled back: those that became it, then what
    changed last; SUSPECTS_MAX of them."""
    own = board.all(Deployment, where="became = ?", args=(incident.id,))
    changed = (board.get(Deployment, item.record) for item in what_changed(board, incident, now))
    unique = {item.id: item for item in (*own, *changed) if item is not None and item.state != "rolled back"}
    return list(unique.values())[:SUSPECTS_MAX]


def deployments_of(board: Board, record: str) -> list[Deployment]:
    """The deployment of that id, or the last SUSPECTS_MAX that carried out the planned change of that id."""
    named = board.get(Deployment, record)
    return [named] if named else board.all(Deployment, where="planned = ?", args=(record,))[-SUSPECTS_MAX:]


def deployment_or_change(board: Board, record: str) -> Deployment | PlannedChange | None:
    """The deployment or planned change of that id, such as a run belongs to; none for an empty one."""
    return (board.get(Deployment, record) or board.get(PlannedChange, record)) if record else None


def run_of(board: Board, item: Deployment) -> Run | None:
    """The run that a deployment follows, else the first that belongs to it."""
    followed = board.get(Run, item.run) if item.run else None
    return followed or next(iter(board.all(Run, where="deployment = ?", args=(item.id,))), None)


def _within(at: Instant, begun: Instant) -> int:
    """The shortest span before the beginning that a moment lies in, in hours."""
    hours = between(at, begun) / 3600
    return next((span for span in SPANS_H if hours <= span), SPANS_H[-1])


def running(board: Board) -> list[Deployment]:
    """Deployments of which nobody said yet how they went, the latest first."""
    items = [item for item in board.all(Deployment) if item.state in OPEN]
    return sorted(items, key=lambda item: (item.started_at or "~", item.born), reverse=True)
