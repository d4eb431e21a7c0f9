"""Ways back: how each stands, gone for real, and rehearsed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from opsterm.board.store import Board
from opsterm.cli.call import Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected
from opsterm.records import Deployment, Run

if TYPE_CHECKING:
    from opsterm.operations.checklists.template import Template
    from opsterm.operations.deployments.rollback import WayBack


def list_all(call: Call) -> None:
    from opsterm.operations.deployments.rollback import ways_back

    with call.session() as session:
        found = ways_back(session.board, session.board.now)
    call.say({"rollbacks": [as_document(way) for way in found]}, *map(_line, found))


def _line(way: WayBack) -> str:
    state = "tested  " if way.tested else "UNTESTED"
    minutes = f"{way.minutes:g} min" if way.minutes is not None else "time unknown"
    due = f", drill {way.drill_state} {way.drill_due_at[:10]}" if way.drill_due_at else ""
    only = f" ({', '.join(way.systems)})" if way.systems else ""
    why = f": {way.untested}" if way.untested else ""
    return f"{way.sort:<20} {state} {minutes:<12} {way.template.name}{only}{why}{due}"


def as_document(way: WayBack) -> dict[str, Any]:
    """A way back as the calls give it."""
    return {
        **json_of(way.template, "name version"),
        **json_of(way, "type=sort systems tested untested? estimated_minutes measured_minutes drills"),
        **json_of(way, "last_at? last_result? no_return? decides? triggers? drill_due_at? drill_state?"),
    }


def show(call: Call) -> None:
    from opsterm.operations.checklists.template import find_template
    from opsterm.operations.deployments.rollback import way_back

    with call.session() as session:
        template = _template(session.board, " ".join(call.args.type), call.args.system or ())
        template = template or find_template(session.board, " ".join(call.args.type), rollback=True)
        way = way_back(session.board, template, session.board.now)
    items = [json_of(item, "mark=label text killer section why=reason?") for item in template.tasks.items]
    about = [("no return", way.no_return), ("decides", way.decides), ("back if", way.triggers)]
    call.say(
        {**as_document(way), "items": items},
        _line(way),
        *(f"  {name}: {text}" for name, text in about if text),
        *(f"  {i.label:<4} {'(K) ' if i.killer else ''}{i.text}" for i in template.tasks.items),
    )


def _template(board: Board, sort: str, systems: Sequence[str]) -> Template | None:
    from opsterm.operations.deployments.deployment import known_sort
    from opsterm.operations.deployments.rollback import procedure_for

    return procedure_for(board, known_sort(sort), systems)


def import_files(call: Call) -> None:
    from opsterm.cli.checklist import imported
    from opsterm.operations.deployments.rollback import way_back

    found = []
    with call.session() as session, session.board.transaction():
        for name, (told, template) in zip(call.args.file, imported(call, session), strict=True):
            if not template.is_rollback:
                raise Rejected(
                    f"{name} does not say what it is the way back of: add a line such as rollback of: service."
                )
            found.append((told.sentence, way_back(session.board, template, session.board.now)))
    call.say({"rollbacks": [as_document(way) for _, way in found]}, *(sentence for sentence, _ in found))


def run(call: Call) -> None:
    _begin(call, drill=False)


def drill(call: Call) -> None:
    _begin(call, drill=True)


def _begin(call: Call, *, drill: bool) -> None:
    from opsterm.cli.checklist import run_document
    from opsterm.core.lookup import find
    from opsterm.incidents.snapshot import find_incident
    from opsterm.operations.checklists.run import steps_of
    from opsterm.operations.deployments import rollback
    from opsterm.operations.deployments.deployment import known_sort

    args = call.args
    with call.session() as session:
        incident = find_incident(session.board, args.incident).id if args.incident else ""
        named = " ".join(args.type)
        if named.lower().startswith("dep-") and not drill:
            told = rollback.for_deployment(session, find(session.board, Deployment, named, "deployment"), incident)
        else:
            told = rollback.begin(session, known_sort(named), systems=args.system or (), incident=incident, drill=drill)
        made = session.read(Run, told.record)
        steps = steps_of(session, made)
    lines = [f"{made.id}  {made.name}", *(f"  {s.label:<4} {s.text}" for s in steps)]
    call.say(run_document(made, steps), *lines)


def close(call: Call) -> None:
    """Never stopped: a way back ends as it ends."""
    from opsterm.cli.checklist import find_run, run_document
    from opsterm.operations.checklists.run import steps_of
    from opsterm.operations.deployments.rollback import finish

    args = call.args
    with call.session() as session:
        told = finish(session, find_run(session, args.run), args.result, args.note or "", owner=args.owner or "")
        after = find_run(session, told.record)
        document = {**run_document(after, steps_of(session, after)), "follow_up": after.follow_up or None}
    if after.follow_up:
        warn("a follow-up is owed: opsterm due shows it")
    call.say(document, told.sentence)


def _named(made: argparse.ArgumentParser, what: str) -> None:
    made.add_argument("type", nargs="+", metavar=what)
    made.add_argument("--system", action="append", metavar="S")


def add(call: Add) -> None:
    """The calls of this family."""
    nested(call("rollback", list_all, "ways back: how they stand, gone for real, rehearsed"), _fill)


def _fill(calls: Add) -> None:
    from opsterm.cli.checklist import add_tick

    calls("list", list_all, "each type's way back, and whether it was tested")
    _named(calls("show", show, "one way back"), "TYPE")
    calls("import", import_files, "take procedures as Markdown").add_argument("file", nargs="+", metavar="FILE.md")
    made = calls("run", run, "go back: a guided run, for a type or a deployment")
    _named(made, "TYPE|DEP")
    made.add_argument("--incident", metavar="ID")
    made = calls("drill", drill, "rehearse it")
    _named(made, "TYPE")
    made.add_argument("--incident", metavar="ID")
    add_tick(calls)
    made = calls("close", close, "end a drill or a way back; never stopped")
    made.add_argument("run", metavar="RUN")
    made.add_argument("--result", choices=("passed", "failed"), default="passed")
    made.add_argument("--note", metavar="TEXT", help="what was seen; what failed")
    made.add_argument("--owner", metavar="NAME", help="who mends what failed")
