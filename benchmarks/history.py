"""Boards with a long history, as a team's years would leave them, and one incident that runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from opsterm.board.change import Change, Write, make
from opsterm.board.store import Board
from opsterm.core.session import Attribution, Session
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from opsterm.records.instant import from_ms, to_ms
from opsterm.updates.update import sent

_YEARS_AGO_MS = to_ms("2024-01-01T00:00:00Z")
_SERVICES = ("web", "checkout", "search", "mail", "login")

#: What stands on the screen when it is of use: title, hypothesis, late order, last update.
TITLE, HYPOTHESIS, ORDER, UPDATE = "Checkoutfails", "poolexhausted", "rollbackweb", "Weareonit"


def _changes(incidents: int, changes: int) -> Iterator[Change]:
    prev, seq, wall = "", 0, _YEARS_AGO_MS
    each = changes // incidents
    for number in range(1, incidents + 1):
        incident = f"past{number:06d}"
        for place in range(each):
            wall += 60_000
            kind, record, fields = _said(incident, number, place, last=place == each - 1, at=from_ms(wall))
            of = "" if kind == "incident" else incident
            seq += 1
            change = make(prev, "years", seq, wall << 16, wall, "noor", Write(kind, record, of, fields), {})
            prev = change.digest
            yield change


def _said(incident: str, number: int, place: int, *, last: bool, at: str) -> tuple[str, str, dict[str, Any]]:
    if place == 0:
        title = f"{_SERVICES[number % 5]} was slow, for the {number}th time"
        times = {"started_at": at, "declared_at": at}
        return (
            "incident",
            incident,
            {"title": title, "status": "investigating", "number": number, "severity": "sev3", **times},
        )
    if last:
        return "incident", incident, {"status": "closed", "resolved_at": at}
    if place % 7 == 1:
        return "hypothesis", f"{incident}/h{place}", {"text": f"cause {place}", "state": "eliminated", "number": place}
    if place % 7 == 2:
        return "action", f"{incident}/a{place}", {"text": f"restart {place}", "state": "done", "number": place}
    return "observation", f"{incident}/e{place}", {"text": f"latency at {place * 10} ms on node {place % 9}"}


def board_with(path: Path, incidents: int, changes: int) -> None:
    """A board with that much history, and one incident that runs."""
    with Board.open(path, any_disk=True) as board:
        board.merge(_changes(incidents, changes) if incidents else ())
        session = Session(board, "mia")
        record = declare(session, TITLE, severity="sev2", services=["web"]).record
        of = board.get(Incident, record)
        assert of is not None
        for text in (HYPOTHESIS, *(f"cause {number}" for number in range(1, 12))):
            propose(session, of, text)
        begun = Attribution(at=from_ms(board.clock.now_ms() - 1_800_000))
        order(session, of, ORDER, owner="ben", within=timedelta(minutes=10), said=begun)
        sent(session, of, "customers", UPDATE)
