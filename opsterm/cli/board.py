"""Looking after the board's file."""

from __future__ import annotations

from opsterm.cli.call import DONE, FOUND, Add, Call, as_json
from opsterm.core.as_document import json_of


def dump(call: Call) -> None:
    from opsterm.exchange.dump import dump as records

    with call.session() as session:
        if call.as_json:
            call.say({"records": list(records(session.board))})
        else:
            for record in records(session.board):
                print(as_json(dict(sorted(record.items())), indent=None))


def check(call: Call) -> int:
    from opsterm.board.chains import stations
    from opsterm.board.check import check as verify
    from opsterm.board.check import clocks_ahead, damage
    from opsterm.share import check_share

    with call.session() as session:
        board = session.board
        problems = [*verify(board), *check_share(board, call.settings.share_folder)]
        ahead = [] if problems and damage(board) else clocks_ahead(board)
        count, known = board.count_changes(), len(stations(board))
    document = {
        "ok": not problems,
        "changes": count,
        "stations": known,
        "problems": [json_of(p, "where what") for p in problems],
        "clocks_ahead": [json_of(p, "where what") for p in ahead],
    }
    verdict = f"{count} changes of {known} stations: " + ("all is well" if not problems else "damaged")
    call.say(document, *(f"{p.where}: {p.what}" for p in (*problems, *ahead)), verdict)
    return FOUND if problems else DONE


def rebuild(call: Call) -> None:
    with call.session() as session:
        count = session.board.rebuild()
    call.say({"records": count}, f"{count} records made anew from the changes")


def add(call: Add) -> None:
    """The calls of this family."""
    call("dump", dump, "every record in canonical order, as JSON Lines")
    call("check", check, "verify the board and the share's journals")
    call("rebuild", rebuild, "make the record tables anew from the changes")
