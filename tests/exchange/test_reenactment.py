"""What a real incident's events say can be said in the capture language alone, with the same outcome."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from opsterm.command.capture import parse, perform
from opsterm.exchange.exporting import show
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records.instant import to_ms
from tests.support.call import run
from tests.support.clock import HandClock
from tests.support.real_incidents import NAMES, empty, raw, take
from tests.support.stations import NOWHERE, station


def typed(event: dict[str, Any], marks: dict[tuple[str, str], str]) -> str:
    """The line that says an event; `marks` remembers what a ref is called on the board."""
    text, ref = " ".join(event["text"].split()), event.get("ref") or ""
    kind = event["kind"]
    if kind in ("hypothesis", "action_started"):
        letter = "h" if kind == "hypothesis" else "a"
        known = (letter, ref) in marks
        marks.setdefault((letter, ref), f"{letter}{sum(m[0] == letter for m in marks.values()) + 1}")
        again = f"{marks[letter, ref]} {'proposed' if letter == 'h' else 'ordered'} {text}"
        line = again if known else f"{'?' if letter == 'h' else '!'} {text}"
    elif kind == "hypothesis_result":
        line = f"{marks['h', ref]} {event.get('outcome') or ''} {text}"
    elif kind == "action_done":
        line = f"{marks['a', ref]} {event.get('outcome') or 'done'} {text}"
    else:
        signs = {"status": f"#{event.get('status')} ", "decision": "= ", "update_posted": ">customers "}
        line = f"{signs.get(kind, chr(92))}{text}"
    return f"{event['at']} {line}"


def lines_of(document: dict[str, Any]) -> list[str]:
    marks: dict[tuple[str, str], str] = {}
    order = sorted(enumerate(document["events"]), key=lambda pair: (pair[1]["at"], pair[0]))
    return [typed(event, marks) for _, event in order]


def outcome(shown: dict[str, Any]) -> Any:
    """Hypotheses and orders with their ends, and the statuses that the incident went through."""
    return (
        [(" ".join(h["text"].split()), h["state"]) for h in shown["hypotheses"]],
        [(" ".join(a["text"].split()), a["state"]) for a in shown["actions"]],
        [(line["at"], " ".join(line["text"].split())) for line in shown["timeline"] if line["kind"] == "status"],
        shown["incident"]["status"],
        [(u["at"], " ".join(u["text"].split())) for u in shown["updates"]],
    )


def by_number(shown: dict[str, Any]) -> dict[str, Any]:
    """With hypotheses and orders as they came onto the board: a file numbers them as it likes."""
    ordered = {key: sorted(shown[key], key=lambda item: item["text"]) for key in ("hypotheses", "actions")}
    return {**shown, **ordered}


@pytest.mark.parametrize("name", NAMES)
def test_an_incident_typed_line_by_line_ends_as_the_imported_one(name: str) -> None:
    document = raw(name)
    imported = empty()
    take(imported, document)
    end = max(event["at"] for event in document["events"])
    session = station(NOWHERE, "mia", HandClock(to_ms(end) + 1000))
    record = declare(session, document["title"]).record
    for line in lines_of(document):
        snapshot = read_snapshot(session.board, record)
        understood = parse(line, snapshot, now=session.board.now, zone=UTC, person="mia")
        perform(session, snapshot.incident, understood)
    expected = by_number(show(imported.board, document["id"]))
    assert outcome(by_number(show(session.board, record))) == outcome(expected)


def test_an_incident_read_from_standard_input_ends_as_the_imported_one(tmp_path: Path) -> None:
    document = raw("cloudflare-2019-07-02")
    board = tmp_path / "board.sqlite"
    run(board, "declare", document["title"])
    done = run(board, "--json", "log", "-", stdin="\n".join(lines_of(document)))
    assert done.code == 0
    assert len(done.json["logged"]) == len(document["events"])
    imported = empty()
    take(imported, document)
    shown = by_number(run(board, "show", "INC-1", "--json").json)
    assert outcome(shown) == outcome(by_number(show(imported.board, document["id"])))
