"""Deployments: begun, ended, turned bad, and what changed before an incident."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from opsterm.cli.call import Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Session
from opsterm.records import Deployment, Incident, PlannedChange
from opsterm.records.deployment import OPEN


def begin(call: Call) -> None:
    _record(call, running=True)


def plan(call: Call) -> None:
    _record(call, running=False)


def _record(call: Call, *, running: bool) -> None:
    from opsterm.cli.checklist import find_run
    from opsterm.core.lookup import find
    from opsterm.operations.deployments.deployment import deploy

    args = call.args
    with call.session() as session:
        planned = find(session.board, PlannedChange, args.change, "planned change").id if args.change else ""
        told = deploy(
            session,
            " ".join(args.title),
            sort=args.type,
            systems=args.system or (),
            version=args.version or "",
            before=args.before or "",
            owner=args.owner or "",
            way_back=args.rollback or "",
            planned=planned,
            run=find_run(session, args.run).id if args.run else "",
            running=running,
        )
        _answer(call, session, told)


def start(call: Call) -> None:
    from opsterm.operations.deployments import deployment

    with call.session() as session:
        _answer(call, session, deployment.start(session, _find(session, call)))


def end(call: Call) -> None:
    from opsterm.operations.deployments.deployment import finish

    with call.session() as session:
        state = call.args.state.replace("-", " ")
        _answer(call, session, finish(session, _find(session, call), state, call.args.note or ""))


def bad(call: Call) -> None:
    """The incident that comes of it, in the shape of `declare`, and the deployment."""
    from opsterm.operations.deployments.deployment import turn_bad

    args = call.args
    with call.session() as session:
        item = _find(session, call)
        title = " ".join(args.title)
        told = turn_bad(session, item, title, severity=args.severity or "", why=args.note or "")
        incident, after = session.read(Incident, told.record), session.read(Deployment, item.id)
        document = {
            "incidents": [json_of(incident, "id mark title")],
            "deployment": as_document(after),
            "next": told.warning or None,
        }
    warn(told.warning)
    call.say(document, f"{incident.mark}  {told.sentence}")


def list_all(call: Call) -> None:
    from opsterm.operations.deployments.rollback import warning_of

    with call.session() as session:
        board = session.board
        found = sorted(board.all(Deployment), key=lambda d: (d.started_at or "~", d.born), reverse=True)
        found = [d for d in found if call.args.all or d.state in OPEN or d.started_at[:10] >= _recent(board.now)]
        documents = []
        for item in found:
            planned = item.state in OPEN
            warning = warning_of(board, item.sort, item.systems, board.now) if planned else ""
            documents.append({**as_document(item), "warning": warning or None})
    lines = [
        f"{d['mark']:<7} {d['state']:<11} {d['type']:<18} {d['title']} {d['version'] or ''}"
        + (f"  ! {d['warning']}" if d["warning"] else "")
        for d in documents
    ]
    call.say({"deployments": documents}, *(lines or ["No deployment yet: opsterm deploy begin TITLE."]))


def _recent(now: str) -> str:
    """The day a week ago."""

    from opsterm.core.calendar_dates import day

    return (day(now) - timedelta(days=7)).isoformat()


def show(call: Call) -> None:
    with call.session() as session:
        document = as_document(_find(session, call))
    call.say(document, *(f"{name}: {value}" for name, value in document.items() if value not in (None, [])))


def changed(call: Call) -> None:
    from opsterm.incidents.snapshot import find_incident
    from opsterm.operations.deployments.deployment import what_changed

    with call.session() as session:
        incident = find_incident(session.board, call.args.incident)
        found = what_changed(session.board, incident, session.board.now)
    what = "id=record mark kind type=sort what systems shared version? by=owner?"
    documents = [json_of(c, what, "at state within_hours=within_h after rollback=way_back?") for c in found]
    lines = [
        f"{c.at}  within {c.within_h} h  {c.mark} {c.what} {c.version}  ({', '.join(c.systems)}; {c.state})"
        for c in found
    ]
    call.say({"incident": incident.id, "changes": documents}, *(lines or ["Nothing is on record for 7 days before."]))


def as_document(item: Deployment) -> dict[str, Any]:
    """A deployment as the calls give it."""
    return json_of(
        item,
        "id mark title type=sort systems version? before? state started_at? ended_at?",
        "owner? rollback? run? change=planned? incident=became? why=state_why?",
    )


def _find(session: Session, call: Call) -> Deployment:
    from opsterm.core.lookup import find

    return find(session.board, Deployment, call.args.deployment, "deployment")


def _answer(call: Call, session: Session, told: Outcome) -> None:

    item = session.read(Deployment, told.record)
    warn(told.warning)
    call.say({**as_document(item), "warning": told.warning or None}, told.sentence)


def _described(made: argparse.ArgumentParser) -> None:
    made.add_argument("title", nargs="+", metavar="TITLE")
    made.add_argument("--type", default="service", metavar="T", help="service, database migration, configuration …")
    made.add_argument("--system", action="append", metavar="S")
    made.add_argument("--version", metavar="V", help="what is put there")
    made.add_argument("--before", metavar="V", help="what one goes back to")
    made.add_argument("--owner", metavar="NAME")
    made.add_argument("--rollback", metavar="TEXT", help="the way back, where it is not that of its type")
    made.add_argument("--change", metavar="CHG", help="the planned change that it carries out")
    made.add_argument("--run", metavar="RUN", help="the checklist run beside it")


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("deploy", list_all, "deployments, and what changed before an incident")
    made.add_argument("--all", action="store_true", help="all, not those of the last week alone")
    nested(made, _fill)


def _fill(calls: Add) -> None:
    _described(calls("begin", begin, "record a deployment that begins now"))
    _described(calls("plan", plan, "record one that is planned"))
    calls("start", start, "a planned one begins").add_argument("deployment", metavar="DEP")
    made = calls("end", end, "say how it went")
    made.add_argument("deployment", metavar="DEP")
    made.add_argument("state", choices=("done", "failed", "rolled-back"))
    made.add_argument("--note", metavar="TEXT", help="what was seen")
    made = calls("bad", bad, "declare the incident that comes of it, itself the first hypothesis")
    made.add_argument("deployment", metavar="DEP")
    made.add_argument("title", nargs="*", metavar="TITLE")
    made.add_argument("--severity", metavar="SEV")
    made.add_argument("--note", metavar="TEXT")
    calls("list", list_all, "deployments of the last week").add_argument("--all", action="store_true")
    calls("show", show, "one deployment").add_argument("deployment", metavar="DEP")
    calls("changed", changed, "what changed before an incident").add_argument("incident", metavar="INCIDENT")
