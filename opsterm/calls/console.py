"""The console itself, and the demo: the only calls that need a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from opsterm.board.store import Board
from opsterm.calls.call import DONE, Add, Call
from opsterm.command.session import Refused


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


def add(call: Add) -> None:
    """The calls of this family; the console has none, it is what runs without one."""
    made = call("demo", demo, "play a real incident back on a throw-away board")
    made.add_argument("incident", nargs="?", default="", help="which one, by the beginning of its name")
