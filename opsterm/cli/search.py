"""Looking for words in everything that was ever recorded."""

from __future__ import annotations

from opsterm.cli.call import Add, Call
from opsterm.core.as_document import json_of


def search(call: Call) -> None:
    from opsterm.board.search import search as find
    from opsterm.incidents.snapshot import find_incident

    with call.session() as session:
        board = session.board
        within = find_incident(board, call.args.incident).id if call.args.incident else None
        found = find(board, " ".join(call.args.text), incident=within, limit=call.args.limit)
    document = {
        "found": [
            json_of(f.moment, "incident") | json_of(f, "mark title") | json_of(f.moment, "at kind text by record")
            for f in found
        ]
    }
    lines = [
        f"{f.mark:<7} {f.moment.at}  {' '.join(f.moment.told.split())}{f'  ({f.moment.by})' if f.moment.by else ''}"
        for f in found
    ]
    call.say(document, *(lines or ["Nothing with these words."]))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("search", search, "look for words in all incidents")
    made.add_argument("text", nargs="+", metavar="TEXT")
    made.add_argument("--incident", metavar="ID", help="only in this one")
    made.add_argument("--limit", type=int, default=50, metavar="N", help="so many lines at the most")
