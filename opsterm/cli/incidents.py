"""Declaring, logging and looking at incidents."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import DONE, WRONG, Add, Call, warn
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Incident
from opsterm.records.incident import OVER
from opsterm.settings import local_zone

if TYPE_CHECKING:
    from opsterm.incidents.snapshot import Snapshot

#: The longest that standard input is read for lines: an incident's whole chat, and no device that never ends.
LINES_CHARS_MAX = 16 << 20


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
    """One line from the arguments, or all lines of standard input, which is read whole before any is kept. Several
    lines are one act: where one is refused, none is kept."""
    from opsterm.incidents.snapshot import find_incident, read_snapshot

    args = call.args
    with call.session() as session:
        incident = find_incident(session.board, args.incident).id
        before = read_snapshot(session.board, incident)
        if args.text:
            with session.board.transaction():
                told = [_log_line(session, incident, " ".join(args.text), as_it_stands=args.as_it_stands)]
        else:
            given = sys.stdin.read(LINES_CHARS_MAX + 1)
            if len(given) > LINES_CHARS_MAX:
                raise Rejected(f"Standard input is longer than {LINES_CHARS_MAX:,} characters: log it in parts.")
            lines = {number: line for number, line in enumerate(given.split("\n"), 1) if line.strip()}
            try:
                told = _log_lines(session, incident, lines, as_it_stands=args.as_it_stands)
            except _NothingKept as nothing:
                for number, why in nothing.refused.items():
                    warn(f"line {number}: {why}")
                refused = [{"line": number, "why": why} for number, why in nothing.refused.items()]
                call.say({"logged": [], "refused": refused})
                return WRONG
        told = _asked_last(session, before, told)
    for outcome in told:
        warn(outcome.warning)
    logged = [{"said": o.sentence, "record": o.record, "warning": o.warning or None} for o in told]
    call.say({"logged": logged}, *(o.sentence for o in told))
    return DONE


def _asked_last(session: Session, before: Snapshot, told: list[Outcome]) -> list[Outcome]:
    """What the lines ask for together is a warning of the last one."""
    from opsterm.command.closing import newly_asked
    from opsterm.incidents.snapshot import read_snapshot

    after = read_snapshot(session.board, before.incident.id)
    asked = newly_asked(before, after, session.board.now)
    warning = "; ".join(filter(None, (told[-1].warning, asked))) if told else ""
    return [*told[:-1], replace(told[-1], warning=warning)] if told else []


class _NothingKept(Exception):  # noqa: N818 - what becomes of the lines, not an error in the program
    """Some lines were refused, and so none is kept."""

    def __init__(self, refused: Mapping[int, str]) -> None:
        super().__init__()
        #: Number of the line → why.
        self.refused = refused


def _log_lines(session: Session, incident: str, lines: Mapping[int, str], *, as_it_stands: bool) -> list[Outcome]:
    told, refused = [], {}
    with session.board.transaction():
        for number, line in lines.items():
            try:
                told.append(_log_line(session, incident, line, as_it_stands=as_it_stands))
            except Rejected as error:
                refused[number] = str(error)
        if refused:
            raise _NothingKept(refused)
    return told


def _log_line(session: Session, incident: str, line: str, *, as_it_stands: bool) -> Outcome:
    from opsterm.command.capture import as_text, parse, perform, scripted
    from opsterm.incidents.snapshot import read_snapshot

    snapshot = read_snapshot(session.board, incident)
    if as_it_stands:
        return perform(session, snapshot.incident, as_text(line))
    captured = parse(line, snapshot, now=session.board.now, zone=local_zone(), person=session.person)
    return perform(session, snapshot.incident, scripted(captured))


def list_incidents(call: Call) -> None:
    from opsterm.incidents.reading import all_incidents, commanders

    if call.args.removed:
        _list_removed(call)
        return
    with call.session() as session:
        incidents = all_incidents(session.board)
        shown = [i for i in incidents if call.args.all or (i.status not in OVER and not i.folded_into)]
        shown.sort(key=lambda i: (i.status in OVER, i.severity or "sev9", i.started_at))
        command = commanders(session.board, shown)
        lines = [
            f"{i.mark:<7} {i.severity or '–':<5} {i.status:<13} {command[i.id] or 'nobody commands':<16} {i.title}"
            for i in shown
        ]
        nothing = "No incident is running." if incidents else "No incident yet: opsterm declare TITLE."
        call.say({"incidents": [_listed(i) for i in shown]}, *(lines or [nothing]))


def _list_removed(call: Call) -> None:
    from opsterm.incidents.removed import removed_incidents

    with call.session() as session:
        gone = removed_incidents(session.board)
        documents = [{**_listed(item.incident), "removed_by": item.by or None, "removed_at": item.at} for item in gone]
        lines = [
            f"{item.incident.mark:<7} {item.incident.id}  removed by {item.by or 'nobody named'} {item.at}"
            f"  {item.incident.title}"
            for item in gone
        ]
        call.say({"incidents": documents}, *(lines or ["No incident was removed."]))


def bring_back(call: Call) -> None:
    from opsterm.incidents.removed import bring_back as put_back
    from opsterm.incidents.removed import find_removed

    with call.session() as session:
        told = put_back(session, find_removed(session.board, call.args.incident).incident.id)
        call.say({"incidents": [_listed(session.read(Incident, told.record))]}, told.sentence)


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
    made = call("log", log, "one captured line, or each line of standard input; options stand before INCIDENT")
    made.add_argument("--text", action="store_true", dest="as_it_stands", help="every line as it stands, as plain text")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("text", nargs="*", metavar="TEXT")
    made = call("list", list_incidents, "what runs")
    made.add_argument("--all", action="store_true", help="what is over too")
    made.add_argument("--removed", action="store_true", help="what was taken off the board, and by whom")
    made = call("bring-back", bring_back, "put a removed incident back on the board")
    made.add_argument("incident", metavar="INCIDENT")
    call("show", show, "one incident whole").add_argument("incident", metavar="INCIDENT")
