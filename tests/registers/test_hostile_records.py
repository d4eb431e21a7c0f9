"""What another station may have written keeps no list from being shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.change import Write
from opsterm.calendar.agenda import agenda
from opsterm.calendar.due import due
from opsterm.calendar.week_ahead import as_markdown, week_ahead
from opsterm.core.valid_dates import is_day
from opsterm.obligations.obligation import start_of
from opsterm.records import KINDS, Dependency, Obligation, Ritual
from opsterm.records.record import stated_columns
from opsterm.registers.documents.document import standings
from opsterm.registers.teams.dependency import by_slack, mechanism
from opsterm.registers.teams.meeting import drift, occurrences
from opsterm.registers.vendors.vendor import register
from tests.support.bench import TODAY, Bench

KINDS_HERE = (
    "vendor",
    "document",
    "ritual",
    "occurrence",
    "dependency",
    "boundary_decision",
    "commitment",
    "vendor_review",
    "involvement",
    "system",
    "person",
)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "soon", "2026-13-40", "\x1b[2J", "1e9"])
def test_any_values_of_any_field_are_shown(bench: Bench, text: str) -> None:
    for kind in KINDS_HERE:
        fields: dict[str, object] = {}
        for name, column in stated_columns(KINDS[kind]).items():
            if name == "number":
                continue
            fields[name] = {str: text, int: -(10**9), float: -1e99, bool: False, tuple: [text, text]}[column.type]
        fields |= {"state": "open"} if kind == "dependency" else {}
        fields |= {"outcome": "missed"} if kind == "vendor_review" else {}
        fields |= {"outcome": ""} if kind == "boundary_decision" else {}
        fields |= {"renewal": "tacit", "tier": 1} if kind == "vendor" else {}
        fields |= {"ritual": "ritual", "held": True} if kind == "occurrence" else {}
        bench.board.record("x", [Write(kind, kind, "", fields)])
    due(bench.board, start_of(TODAY))
    assert as_markdown(week_ahead(bench.board, TODAY))
    register(bench.board, TODAY)
    standings(bench.board, TODAY)
    by_slack(bench.board, TODAY)
    for ritual in bench.board.all(Ritual):
        drift(ritual, occurrences(bench.board, ritual), TODAY)
    for item in bench.board.all(Dependency):
        assert mechanism(item)
    for which in ("weekly", "monthly", "quarterly"):
        agenda(bench.board, which, TODAY)


@given(st.text(max_size=12))
def test_what_is_a_day_is_told_apart(text: str) -> None:
    assert is_day(text) in (True, False)
    assert is_day("2026-02-28T10:00:00Z")
    assert not is_day("2026-02-29")
    assert not is_day("20260228")


def test_a_board_without_registers_owes_nothing(bench: Bench) -> None:
    assert not due(bench.board, start_of(TODAY))
    assert not bench.board.all(Obligation)
