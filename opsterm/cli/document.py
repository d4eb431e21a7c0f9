"""Documents: in and out, how stale each is, and what to follow first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import Add, Call
from opsterm.cli.nested import nested
from opsterm.cli.registers import asks_file, asks_line, asks_today, bring_up, give, say, take, today_of
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected
from opsterm.records.document import METHODS, RESULTS

if TYPE_CHECKING:
    from opsterm.registers.documents.document import DocumentState


def import_files(call: Call) -> None:
    from opsterm.registers.documents.document_file import import_documents

    take(call, import_documents)


def export(call: Call) -> None:
    from opsterm.registers.documents.document_file import export_documents

    with call.session() as session:
        give(call, export_documents(session.board))


def list_all(call: Call) -> None:
    from opsterm.registers.documents.document import standings

    with call.session() as session:
        found = standings(session.board, today_of(call, session))
    _answer(call, found, "No document yet: opsterm document import FILE.csv.")


def queue(call: Call) -> None:
    from opsterm.registers.documents.document import review_queue

    with call.session() as session:
        found = review_queue(session.board, today_of(call, session))
    _answer(call, found, "Nothing to review.")


def for_systems(call: Call) -> None:
    from opsterm.registers.documents.document import documents_for

    with call.session() as session:
        found = documents_for(session.board, call.args.system, today_of(call, session))
    _answer(call, found, f"No document covers {', '.join(call.args.system)}.")


def _answer(call: Call, found: Sequence[DocumentState], nothing: str) -> None:
    lines = []
    for standing in found:
        document, stale = standing.document, standing.staleness
        lines.append(f"{stale.danger:6.1f}  {stale.stale:4.0%}  {document.owner or 'nobody':<12} {document.title}")
        lines += [f"                            {text}" for text in stale.why[:3]]
    call.say({"documents": [as_document(standing) for standing in found]}, *(lines or [nothing]))


def as_document(standing: DocumentState) -> dict[str, Any]:
    """One document as `document list --json` gives it."""
    document, stale = standing.document, standing.staleness
    return {
        **json_of(document, "id title path? owner? systems kind=sort? verified_at?"),
        "stale": round(stale.stale, 6),
        "why": list(stale.why),
        "danger": round(stale.danger, 4),
        "need": round(stale.need, 4),
    }


def open_one(call: Call) -> None:
    """How stale it is stands first; then where it is, and the copy that the board keeps."""
    from opsterm.incidents.snapshot import find_incident
    from opsterm.registers.documents.document import find_document, kept_text, opened, standings

    with call.session() as session:
        board = session.board
        document = find_document(board, call.args.title)
        incident = find_incident(board, call.args.incident).id if call.args.incident else ""
        standing = standings(board, today_of(call, session), [document])[0]
        kept = kept_text(board, document)
        opened(session, document, incident)
    lines = [standing.line, *standing.staleness.why, document.path]
    if kept:
        lines += ["", f"As it was on {kept.copied_at[:10]}{', cut' if kept.cut else ''}:", "", kept.text]
    text = {"at": kept.copied_at, "text": kept.text, "cut": kept.cut} if kept else None
    call.say({**as_document(standing), "kept": text}, *lines)


def add_one(call: Call) -> None:
    from opsterm.registers.documents.document import add_document
    from opsterm.registers.entry_line import DOCUMENT, read

    with call.session() as session:
        _, fields = read(" ".join(call.args.line), DOCUMENT, named=False)
        say(call, add_document(session, call.args.name, {"owner": session.person, **fields}))


def set_words(call: Call) -> None:
    from opsterm.registers.documents.document import find_document
    from opsterm.registers.entry_line import DOCUMENT

    bring_up(call, find_document, DOCUMENT, lambda item: item.title)


def verify(call: Call) -> None:
    from opsterm.registers.documents import document, git_history
    from opsterm.registers.documents.repository import text_of

    with call.session() as session:
        found = document.find_document(session.board, call.args.title)
        commit = ""
        if not document.is_address(found.path):
            try:
                place = git_history.repository(Path(call.args.repository or "."))
                commit = place.head if text_of(place, found.path) is not None else ""
            except Rejected:
                if call.args.repository:
                    raise
        checked = " ".join(call.args.checked)
        args = call.args
        told = document.verify(session, found, checked, method=args.method, result=args.result, commit=commit)
        say(call, told)


def wrong(call: Call) -> None:
    from opsterm.registers.documents.document import call_wrong, find_document

    with call.session() as session:
        say(call, call_wrong(session, find_document(session.board, call.args.title), " ".join(call.args.what)))


def scan(call: Call) -> None:
    from opsterm.registers.documents.document import scan as look
    from opsterm.registers.documents.git_history import repository

    with call.session() as session:
        told = look(session, repository(Path(call.args.repository)))
    call.say({"said": [each.sentence for each in told]}, *([t.sentence for t in told] or ["No document is in it."]))


def keep(call: Call) -> None:
    from opsterm.registers.documents.document import find_document, keep_file

    with call.session() as session:
        say(call, keep_file(session, find_document(session.board, call.args.title), Path(call.args.file)))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("document", list_all, "documents, how stale each is, and which to follow first")
    asks_today(made)
    nested(made, _fill)


def _fill(calls: Add) -> None:
    from opsterm.registers.entry_line import DOCUMENT

    asks_line(calls("add", add_one, "record a document, by a line of words"), DOCUMENT, name="TITLE")
    asks_line(calls("set", set_words, "change what is known of it, by a line of words"), DOCUMENT, name="TITLE")
    asks_file(calls("import", import_files, "take documents from CSV files, whole or not at all"))
    calls("export", export, "all documents as CSV")
    asks_today(calls("list", list_all, "all documents, the most dangerous first"))
    asks_today(calls("queue", queue, "what to follow this week"))
    made = calls("for", for_systems, "what covers a system, the most needed first")
    made.add_argument("system", nargs="+", metavar="SYSTEM")
    asks_today(made)
    made = calls("open", open_one, "how stale it is, where it is, and the copy that the board keeps")
    made.add_argument("title", metavar="TITLE")
    made.add_argument("--incident", metavar="ID", help="opened in this incident")
    asks_today(made)
    made = calls("verify", verify, "note that somebody followed it, and what was checked")
    made.add_argument("title", metavar="TITLE")
    made.add_argument("checked", nargs="+", metavar="CHECKED")
    made.add_argument("--method", choices=METHODS, default="walked through")
    made.add_argument("--result", choices=RESULTS, default="still true")
    made.add_argument("--repository", metavar="DIR")
    made = calls("wrong", wrong, "note what a reader found wrong")
    made.add_argument("title", metavar="TITLE")
    made.add_argument("what", nargs="+", metavar="WHAT")
    made = calls("scan", scan, "look at a git repository: commits, dead links, copies of what is critical")
    made.add_argument("--repository", default=".", metavar="DIR")
    made = calls("keep", keep, "keep a copy of its text on the board")
    made.add_argument("title", metavar="TITLE")
    made.add_argument("file", metavar="FILE")
