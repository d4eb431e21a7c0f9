"""Looking after the board's file."""

from __future__ import annotations

from pathlib import Path

from opsterm.board.store import Board
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
    from opsterm.board.mending import damage_of

    path = call.settings.board_path
    unread = damage_of(path) if path.exists() else []
    if unread:
        told = [json_of(problem, "where what") for problem in unread]
        document = {"ok": False, "changes": None, "stations": None, "problems": told}
        verdict = "damaged; timelines, tables and share were not looked at"
        call.say(document, *(f"{p.where}: {p.what}" for p in unread), verdict)
        return FOUND
    return _check_sound(call)


def _check_sound(call: Call) -> int:
    """A board of which all can be read."""
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
    from opsterm.board.mending import mend

    mended = mend(call.settings.board_path)
    with call.session() as session:
        taken, trouble = _from_share(call, session.board) if mended.lacks_changes else (0, "")
        records = session.board.rebuild() if taken else mended.records
        as_another = mended.ends(session.board.station)
        if as_another:
            session.board.new_identity()
    document = {
        "records": records,
        "set_aside": list(mended.set_aside),
        "from_share": taken,
        "kept_in": str(mended.kept_in) if mended.kept_in else None,
        "damaged_file": str(mended.damaged_file) if mended.damaged_file else None,
    }
    told = [f"set aside: {line}" for line in mended.set_aside]
    if mended.kept_in:
        told.append(f"what was set aside is in {mended.kept_in}")
    if mended.damaged_file:
        told.append(f"the board was written anew from what could be read; the damaged file is {mended.damaged_file}")
    if mended.lacks_changes:
        told.append(trouble or f"{taken} changes taken from the share")
    if as_another:
        told.append("it goes on as a new station: some of what it said may be missing here")
    call.say(document, *told, f"{records} records made anew from the changes")


def _from_share(call: Call, board: Board) -> tuple[int, str]:
    """How many lost changes the share still had; or why it was not asked."""
    from opsterm.share import ShareError, take_lost
    from opsterm.share.membership import joined_folder

    shared = call.settings.share_folder or joined_folder(board)
    if shared is None:
        return 0, "this board is not shared: nothing could be taken from elsewhere"
    try:
        return take_lost(board, call.settings.share_folder), ""
    except ShareError as error:
        return 0, f"nothing taken from the share: {error}"


def backup(call: Call) -> None:
    from opsterm.exchange.backup import backup as write

    file = Path(call.args.file).expanduser()
    count = write(call.settings.board_path, file)
    call.say({"file": str(file), "changes": count}, f"{count} changes are in {file}")


def restore(call: Call) -> None:
    from opsterm.exchange.backup import restore as put_back

    file = Path(call.args.file).expanduser()
    count, before = put_back(call.settings.board_path, file)
    told = [f"{count} changes restored from {file}; the board goes on as a new station"]
    told += [f"the board that was here is {before}"] if before else []
    call.say({"changes": count, "before": str(before) if before else None}, *told)


def add(call: Add) -> None:
    """The calls of this family."""
    call("dump", dump, "every record in canonical order, as JSON Lines")
    call("check", check, "verify the board and the share's journals")
    call("rebuild", rebuild, "make the record tables anew from the changes; what is damaged is set aside")
    call("backup", backup, "write the board, as it is now, into one file").add_argument("file", metavar="FILE")
    call("restore", restore, "put a backup in the board's place; what was there stays beside it").add_argument(
        "file", metavar="FILE"
    )
