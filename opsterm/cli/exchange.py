"""Incidents in and out, in the exchange format."""

from __future__ import annotations

from pathlib import Path

from opsterm.cli.call import Add, Call, as_json, warn
from opsterm.core.as_document import json_of


def import_files(call: Call) -> None:
    from opsterm.exchange.file_format import load
    from opsterm.exchange.importing import import_incident

    files = [load(Path(name)) for name in call.args.file]
    with call.session() as session, session.board.transaction():
        imported = [import_incident(session, file) for file in files]
    for item in imported:
        for warning in item.warnings:
            warn(f"{item.mark}: {warning}")
    call.say(
        {"incidents": [json_of(i, "id mark title added warnings") for i in imported]},
        *(f"{i.mark}  {i.title}{'' if i.added else '  (nothing new)'}" for i in imported),
    )


def export(call: Call) -> None:
    from opsterm.exchange.as_text import as_markdown
    from opsterm.exchange.exporting import export_json
    from opsterm.exchange.exporting import show as shown
    from opsterm.incidents.snapshot import find_incident

    with call.session() as session:
        incident = find_incident(session.board, call.args.incident).id
        if call.args.format == "md":
            markdown = as_markdown(shown(session.board, incident))
            call.say({"markdown": markdown}, markdown.rstrip("\n"))
        else:
            print(as_json(export_json(session.board, incident), indent=1))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("import", import_files, "take incidents in the exchange format")
    made.add_argument("file", nargs="+", metavar="FILE")
    made = call("export", export, "give an incident out")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("--format", choices=("json", "md"), default="json")
