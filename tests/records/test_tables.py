"""The SQLModel tables and the quick path are two readings of one definition."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from opsterm.board import schema
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.demo.demo import incident_file, incidents
from opsterm.exchange.importing import import_incident
from opsterm.incidents.actions import order
from opsterm.records import Incident
from opsterm.records.record import KINDS, as_fields, columns
from opsterm.records.tables import engine, every_record, table

_AFFINITIES = {"TEXT": "TEXT", "INTEGER": "INTEGER", "BOOLEAN": "INTEGER", "FLOAT": "REAL"}


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    """All incidents that come with opsterm, in a folder whose name has what addresses give a meaning."""
    with Board.open(tmp_path / "my board? 100% #1.sqlite") as made:
        session = Session(made, "mia")
        for name in incidents():
            import_incident(session, incident_file(name))
        order(session, made.all(Incident)[0], "应急 🔥 \x1b[31m", owner="ben")
        yield made


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_table_has_the_columns_that_its_model_says(board: Board, kind: str) -> None:
    found = sqlite3.connect(board.path)
    rows = found.execute(f"PRAGMA table_info({schema.table_of(KINDS[kind])})").fetchall()
    found.close()
    made = {row[1]: (row[2], bool(row[3]), bool(row[5])) for row in rows}
    source = engine(board.path)
    said = {
        column.name: (_AFFINITIES[str(column.type.compile(source.dialect))], not column.nullable, column.primary_key)
        for column in inspect(table(kind)).columns
    }
    source.dispose()
    assert made == said


def test_reading_by_models_gives_what_the_quick_path_gives(board: Board) -> None:
    typed = {(kind, fields["id"]): fields for kind, fields in every_record(board.path)}
    quick = {(kind, item.id): as_fields(item) for kind, cls in KINDS.items() for item in board.all(cls)}
    assert typed == quick
    assert len(typed) > 100


def test_reading_by_models_is_in_order_of_kind_and_id(board: Board) -> None:
    keys = [(kind, fields["id"]) for kind, fields in every_record(board.path)]
    assert keys == sorted(keys)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_says_what_it_means(kind: str) -> None:
    own = [c for c in columns(KINDS[kind]) if c.name not in ("id", "incident", "at", "by", "number", "mark", "born")]
    assert own
    assert [c.name for c in own if not c.doc] == []
    said = KINDS[kind].__doc__
    assert said
    assert not said.startswith(f"{KINDS[kind].__name__}("), "dataclass writes one where there is none"


def test_no_two_kinds_have_the_same_letter_in_their_marks() -> None:
    letters = Counter(cls.letter for cls in KINDS.values() if cls.letter)
    assert [letter for letter, kinds in letters.items() if kinds > 1] == []
