"""Sharing the board through a folder."""

from __future__ import annotations

from opsterm.cli.call import Add, Call
from opsterm.share import join, leave, sync_once
from opsterm.sharing.status import delay_of, set_usual_delay


def join_share(call: Call) -> None:
    usual_s = delay_of(call.args.usual_delay) if call.args.usual_delay else 0
    with call.session() as session:
        said = join(session.board, call.args.folder, anyway=call.args.anyway)
        if usual_s:
            set_usual_delay(session.board, usual_s)
    call.say({"said": said}, said)


def leave_share(call: Call) -> None:
    with call.session() as session:
        said = leave(session.board)
    call.say({"said": said}, said)


def sync(call: Call) -> None:
    with call.session() as session:
        result = sync_once(session.board, call.settings.share_folder)
    problems = (f"{problem.file}: {problem.what}" for problem in result.problems)
    counted = f"{result.published} published, {result.merged} taken, {len(result.stations)} stations"
    call.say(result.as_json(), *result.said, *problems, counted)


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("join", join_share, "share this board through a folder from now on")
    made.add_argument("folder", metavar="DIR")
    made.add_argument("--anyway", action="store_true", help="though the folder's stations were never met before")
    made.add_argument(
        "--usual-delay", metavar="TIME", help="how long it may be unheard before it warns; 60s unless set"
    )
    call("leave", leave_share, "end sharing; what is on the board stays")
    call("sync", sync, "one publish and merge with the share, here and now")
