"""Declaring, logging and looking at incidents."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from opsterm.cli.call import DONE, WRONG, Add, Call, warn
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected, Session
from opsterm.records import Incident
from opsterm.records.incident import OVER
from opsterm.settings import local_zone


def declare(call: Call) -> None:
    from opsterm.incidents.incident import declare as declare_incident

    args = call.args
    with call.session() as session:
        told = declare_incident(
            session,
            " ".join(args.title),
            severity=args.severity or "",
            services=args.service or (),
            commander=args.commander or "",
            drill=args.drill,
        )
        made = session.read(Incident, told.record)
        call.say({"incidents": [_listed(made)]}, made.mark)


def log(call: Call) -> int:
    """One line from the arguments, or each line of standard input, each recorded before the next is read."""
    from opsterm.incidents.snapshot import find_incident

    text = " ".join(call.args.text)
    with call.session() as session:
        incident = find_incident(session.board, call.args.incident).id
        if call.args.text:
            said = [_log_line(session, incident, text)]
        else:
            said, refused = _log_stream(session, incident, sys.stdin)
            if refused:
                call.say({"logged": said}, *(str(line["said"]) for line in said))
                return WRONG
        call.say({"logged": said}, *(str(line["said"]) for line in said))
    return DONE


def _log_line(session: Session, incident: str, line: str) -> dict[str, Any]:
    from opsterm.command.capture import parse, perform
    from opsterm.incidents.snapshot import read_snapshot

    with session.board.transaction():
        snapshot = read_snapshot(session.board, incident)
        captured = parse(line, snapshot, now=session.board.now, zone=local_zone(), person=session.person, strict=True)
        told = perform(session, snapshot.incident, captured)
    warn(told.warning)
    return {"said": told.sentence, "record": told.record, "warning": told.warning or None}


def _log_stream(session: Session, incident: str, lines: Iterator[str]) -> tuple[list[dict[str, Any]], int]:
    said, refused = [], 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said.append(_log_line(session, incident, line.rstrip("\n")))
        except Rejected as error:
            refused += 1
            warn(f"line {number}: {error}")
    return said, refused


def list_incidents(call: Call) -> None:

    with call.session() as session:
        incidents = session.board.all(Incident)
        shown = [i for i in incidents if call.args.all or (i.status not in OVER and not i.folded_into)]
        shown.sort(key=lambda i: (i.status in OVER, i.severity or "sev9", i.started_at))
        lines = [
            f"{i.mark:<7} {i.severity or '–':<5} {i.status:<13} {i.commander or 'nobody commands':<16} {i.title}"
            for i in shown
        ]
        nothing = "No incident is running." if incidents else "No incident yet: opsterm declare TITLE."
        call.say({"incidents": [_listed(i) for i in shown]}, *(lines or [nothing]))


def _listed(incident: Incident) -> dict[str, Any]:
    return json_of(incident, "id mark title severity? status commander? started_at?")


def show(call: Call) -> None:
    from opsterm.exchange.as_text import as_text
    from opsterm.exchange.exporting import show as shown
    from opsterm.incidents.snapshot import find_incident

    with call.session() as session:
        document = shown(session.board, find_incident(session.board, call.args.incident).id)
        call.say(document, *as_text(document))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("declare", declare, "declare an incident; prints its short id")
    made.add_argument("title", nargs="+", metavar="TITLE")
    made.add_argument("--severity", metavar="SEV")
    made.add_argument("--service", action="append", metavar="S")
    made.add_argument("--commander", metavar="NAME")
    made.add_argument("--drill", action="store_true", help="an exercise: marked as such everywhere")
    made = call("log", log, "one captured line, or each line of standard input")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("text", nargs="*", metavar="TEXT")
    made = call("list", list_incidents, "what runs")
    made.add_argument("--all", action="store_true", help="what is over too")
    call("show", show, "one incident whole").add_argument("incident", metavar="INCIDENT")
