"""The console itself, and the demo: the only calls that need a terminal."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from opsterm import gc_pause
from opsterm.cli.call import DONE, Add, Call
from opsterm.core.session import Rejected
from opsterm.settings import data_folder

if TYPE_CHECKING:
    from opsterm.app import OpstermApp


def console(call: Call) -> int:
    linear: bool = call.args.linear
    if not linear:
        _need_terminal()
        linear = _dumb()
        if linear:
            print("TERM is dumb: all is said in plain lines, as by opsterm --linear.")
        else:
            gc_pause.begin_start()
    with call.session() as session:
        from opsterm.app import OpstermApp, run_linear

        board, share = session.board, call.settings.share_folder
        if not linear:
            app = OpstermApp(board, session.person, share=share)
            if failed := _ran(app):
                return failed
            linear = app.to_linear
        if linear:
            run_linear(board, board.recall("person") or session.person, share)
    return DONE


def tutorial(call: Call) -> int:
    from opsterm.demo.tutorial import open_tutorial

    _need_screen()
    gc_pause.begin_start()
    with open_tutorial(data_folder() / "tutorial", again=call.args.again) as board:
        from opsterm.app import OpstermApp

        return _ran(OpstermApp(board, call.settings.person_name(board.recall("person")), tutorial=True))


def _ran(app: OpstermApp) -> int:
    """Runs the console until it is left; the exit code, which is not 0 where it failed."""
    app.run()
    return app.return_code or DONE


def _dumb() -> bool:
    """Whether the terminal says that it can paint no screen."""
    return os.environ.get("TERM", "") == "dumb"


def _need_screen() -> None:
    """What can't be said in plain lines is refused where no screen can be painted."""
    _need_terminal()
    if _dumb():
        raise Rejected("TERM is dumb, and this needs a screen: opsterm alone says all in plain lines.")


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Rejected("The console needs a terminal: in scripts use the calls that opsterm --help shows.")


def demo(call: Call) -> int:
    from opsterm.demo.demo import stage

    _need_screen()
    gc_pause.begin_start()
    with tempfile.TemporaryDirectory(prefix="opsterm-demo-") as folder:
        board, playback = stage(Path(folder), call.args.incident)
        with board:
            from opsterm.app import OpstermApp

            person = call.settings.person_name("")
            return _ran(OpstermApp(board, person, incident=playback.file.id, playback=playback))


def add(call: Add) -> None:
    """The calls of this family; the console has none, it is what runs without one."""
    made = call("demo", demo, "play a real incident back on a throw-away board")
    made.add_argument("incident", nargs="?", default="", help="which one, by the beginning of its name")
    made = call("tutorial", tutorial, "five minutes on a real incident, step by step; goes on where it was left")
    made.add_argument("--again", action="store_true", help="begin anew")
