"""The command line: the console's twin for scripts, alert hooks and tests. It loads no Textual."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from opsterm import __version__
from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.command.session import Refused, Session
from opsterm.records.plain import plain
from opsterm.settings import Settings, local_zone

DONE, FOUND, WRONG, UNREACHED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was given."""

    settings: Settings
    as_json: bool
    args: argparse.Namespace

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The board, open for as long as the call needs it, and who acts."""
        with Board.open(self.settings.board_path) as board:
            yield Session(board, self.settings.person_name(board.recall("person")))

    def say(self, document: Mapping[str, Any], *lines: str) -> None:
        """Prints the JSON document, or the lines for a person."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(plain(line))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}; opsterm --help shows the calls.")


def warn(text: str) -> None:
    print(f"opsterm: {' '.join(plain(text).split())}", file=sys.stderr)


# --- the calls


def console(call: Call) -> int:
    _need_terminal()
    with call.session() as session:
        from opsterm.app import OpstermApp

        OpstermApp(session.board, session.person, incident=_running(session.board)).run()
    return DONE


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("The console needs a terminal: in scripts use the calls that opsterm --help shows.")


def _running(board: Board) -> str | None:
    """The id of the incident that runs, if there is just one."""
    from opsterm.records import Incident
    from opsterm.records.incident import OVER

    running = [i.id for i in board.all(Incident) if i.status not in OVER and not i.folded_into]
    return running[0] if len(running) == 1 else None


def demo(call: Call) -> int:
    import tempfile

    from opsterm.command.demo import stage

    _need_terminal()
    with tempfile.TemporaryDirectory(prefix="opsterm-demo-") as folder:
        board, playback = stage(Path(folder), call.args.incident)
        with board:
            from opsterm.app import OpstermApp

            person = call.settings.person_name("")
            OpstermApp(board, person, incident=playback.file.id, playback=playback).run()
    return DONE


def declare(call: Call) -> int:
    from opsterm.command.incident import declare as declare_incident
    from opsterm.records import Incident

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
        made = session.board.get(Incident, told.record)
        assert made is not None
        call.say({"incidents": [_listed(made)]}, made.mark)
    return DONE


def log(call: Call) -> int:
    """One line from the arguments, or each line of standard input, each recorded before the next is read."""
    from opsterm.command.room import find_incident

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
    from opsterm.command.room import read_room

    with session.board.transaction():
        room = read_room(session.board, incident)
        captured = parse(line, room, now=session.board.now, zone=local_zone(), person=session.person, strict=True)
        told = perform(session, room.incident, captured)
    if told.warning:
        warn(told.warning)
    return {"said": told.sentence, "record": told.record, "warning": told.warning or None}


def _log_stream(session: Session, incident: str, lines: Iterator[str]) -> tuple[list[dict[str, Any]], int]:
    said, refused = [], 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said.append(_log_line(session, incident, line.rstrip("\n")))
        except Refused as error:
            refused += 1
            warn(f"line {number}: {error}")
    return said, refused


def list_incidents(call: Call) -> int:
    from opsterm.records import Incident
    from opsterm.records.incident import OVER

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
    return DONE


def _listed(incident: Any) -> dict[str, Any]:
    return {
        "id": incident.id,
        "mark": incident.mark,
        "title": incident.title,
        "severity": incident.severity or None,
        "status": incident.status,
        "commander": incident.commander or None,
        "started_at": incident.started_at or None,
    }


def show(call: Call) -> int:
    from opsterm.command.exporting import show as shown
    from opsterm.command.room import find_incident
    from opsterm.command.telling import as_text

    with call.session() as session:
        document = shown(session.board, find_incident(session.board, call.args.incident).id)
        call.say(document, *as_text(document))
    return DONE


def import_files(call: Call) -> int:
    from opsterm.command.exchange_file import load
    from opsterm.command.importing import import_incident

    files = [load(Path(name)) for name in call.args.file]
    with call.session() as session:
        imported = [import_incident(session, file) for file in files]
    for item in imported:
        for warning in item.warnings:
            warn(f"{item.mark}: {warning}")
    call.say(
        {
            "incidents": [
                {"id": i.id, "mark": i.mark, "title": i.title, "added": i.added, "warnings": list(i.warnings)}
                for i in imported
            ]
        },
        *(f"{i.mark}  {i.title}{'' if i.added else '  (nothing new)'}" for i in imported),
    )
    return DONE


def export(call: Call) -> int:
    from opsterm.command.exporting import export_json
    from opsterm.command.exporting import show as shown
    from opsterm.command.room import find_incident
    from opsterm.command.telling import as_markdown

    with call.session() as session:
        incident = find_incident(session.board, call.args.incident).id
        if call.args.format == "md":
            markdown = as_markdown(shown(session.board, incident))
            call.say({"markdown": markdown}, markdown.rstrip("\n"))
        else:
            print(json.dumps(export_json(session.board, incident), ensure_ascii=False, indent=1))
    return DONE


def dump(call: Call) -> int:
    from opsterm.command.dump import dump as records

    with call.session() as session:
        if call.as_json:
            call.say({"records": list(records(session.board))})
        else:
            for record in records(session.board):
                print(json.dumps(record, ensure_ascii=False, sort_keys=True))
    return DONE


def check(call: Call) -> int:
    from opsterm.board.check import check as verify

    with call.session() as session:
        board = session.board
        problems = verify(board)
        count, stations = board.count_changes(), len(board.stations())
    document = {
        "ok": not problems,
        "changes": count,
        "stations": stations,
        "problems": [{"where": p.where, "what": p.what} for p in problems],
    }
    verdict = f"{count} changes of {stations} stations: " + ("all is well" if not problems else "damaged")
    call.say(document, *(f"{p.where}: {p.what}" for p in problems), verdict)
    return FOUND if problems else DONE


def rebuild(call: Call) -> int:
    with call.session() as session:
        count = session.board.rebuild()
    call.say({"records": count}, f"{count} records made anew from the changes")
    return DONE


# --- reading the call

Handler = Callable[[Call], int]


def _options(parser: argparse.ArgumentParser) -> None:
    unset = argparse.SUPPRESS
    parser.add_argument("--board", metavar="FILE", default=unset, help="the board's file (OPSTERM_BOARD)")
    parser.add_argument("--share", metavar="DIR", default=unset, help="the team's folder (OPSTERM_SHARE)")
    parser.add_argument("--as", dest="person", metavar="NAME", default=unset, help="who you are (OPSTERM_USER)")
    parser.add_argument("--json", dest="as_json", action="store_true", default=unset, help="answer in JSON")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `docs` and tests read its calls too."""
    parser = _Parser(prog="opsterm", description="A console for live incident command.", allow_abbrev=False)
    _options(parser)
    parser.add_argument("--version", action="version", version=f"opsterm {__version__}")
    calls = parser.add_subparsers(metavar="CALL", parser_class=_Parser)
    parser.set_defaults(handler=console)

    def call(name: str, handler: Handler, help_text: str) -> argparse.ArgumentParser:
        made = calls.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
        _options(made)
        made.set_defaults(handler=handler)
        return made

    made = call("demo", demo, "play a real incident back on a throw-away board")
    made.add_argument("incident", nargs="?", default="", help="which one; see opsterm demo unknown")
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
    call("import", import_files, "take incidents in the exchange format").add_argument(
        "file", nargs="+", metavar="FILE"
    )
    made = call("export", export, "give an incident out")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("--format", choices=("json", "md"), default="json")
    call("dump", dump, "every record in canonical order, as JSON Lines")
    call("check", check, "verify the board")
    call("rebuild", rebuild, "make the record tables anew from the changes")
    return parser


_VALUED = ("--board", "--share", "--as")


def _split_free_text(argv: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """(the call without its free text, the free text): all that follows `log INCIDENT` is text, whatever it begins
    with."""
    place = 0
    log_seen = False
    while place < len(argv):
        word = argv[place]
        if word in _VALUED:
            place += 2
            continue
        if word.startswith("--") and word != "--":
            place += 1
            continue
        if not log_seen:
            if word != "log":
                return list(argv), None
            log_seen = True
            place += 1
            continue
        return list(argv[: place + 1]), list(argv[place + 1 :])
    return list(argv), None


def read_call(argv: Sequence[str]) -> Call:
    """The call that the words make. Raises Refused."""
    words, text = _split_free_text(argv)
    args = build_parser().parse_args(words)
    if text is not None:
        args.text = text
    settings = Settings(
        board=getattr(args, "board", ""), share=getattr(args, "share", ""), person=getattr(args, "person", "")
    )
    return Call(settings, getattr(args, "as_json", False), args)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one call; returns its exit code. Errors are one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        call = read_call(sys.argv[1:] if argv is None else argv)
        handler: Handler = call.args.handler
        code = handler(call)
        sys.stdout.flush()
        return code
    except (Refused, BoardError) as error:
        warn(str(error))
        return WRONG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        warn(f"{error.strerror or error}: check the disk and the terminal, then try again.")
        return WRONG
    except KeyboardInterrupt:
        return 130
