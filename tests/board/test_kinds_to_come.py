"""What this version does not know stays in the log untouched, and appears once a later one knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsterm.board import derived, fold, schema
from opsterm.board.store import Board
from opsterm.records import record as records
from opsterm.records.record import KINDS, Record, stated
from tests.support.stations import Pair, change_of, everything


def forget_forms() -> None:
    """As a new process would begin: nothing worked out from the kinds is remembered."""
    for module in (derived, fold, records, schema):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def upgrade() -> Iterator[None]:
    """Lets the test register kinds, and takes them away afterwards."""
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)
    forget_forms()


def reopened(board: Board) -> Board:
    board.close()
    return Board.open(board.path, machine="machine of mia", any_disk=True)


def test_a_kind_from_the_future_is_kept_and_appears_after_an_upgrade(pair: Pair, upgrade: None) -> None:
    sent = change_of(
        {"text": "spare pumps: 3", "number": 1}, kind="inventory", record="v1", station="far", incident=pair.incident
    )
    assert pair.mia.board.merge([sent]).taken == 1
    assert sent in everything(pair.mia.board)

    @records.record("inventory", letter="v")
    class Inventory(Record):
        """What is at hand."""

        text: str = stated("", "What.")

    forget_forms()
    with reopened(pair.mia.board) as board:
        (found,) = board.all(Inventory, pair.incident)
        assert (found.text, found.mark) == ("spare pumps: 3", "v1")
        assert board.get(Inventory, "v1") == found


def test_a_field_from_the_future_is_kept_by_edits_of_this_version(pair: Pair, upgrade: None) -> None:
    sent = change_of({"taste": "sour"}, record=pair.hypothesis, station="far", incident=pair.incident)
    pair.mia.board.merge([sent])
    assert pair.hypothesis_at(pair.mia).text == "the pool is exhausted"
    pair.mia.set(pair.hypothesis_at(pair.mia), {"owner": "mia"})
    folded = pair.mia.board.folded(pair.hypothesis)
    assert folded is not None
    assert folded.standing["taste"].value == "sour"

    @records.record("hypothesis", letter="h")
    class Tasted(Record):
        """The same kind, a version on."""

        taste: str = stated("", "How it tastes.")

    forget_forms()
    with reopened(pair.mia.board) as board:
        assert [h.taste for h in board.all(Tasted, pair.incident)] == ["sour"]


def test_another_form_of_the_tables_is_made_anew_from_the_changes(pair: Pair, tmp_path: Path) -> None:
    board = pair.mia.board
    before = board.all(type(pair.hypothesis_at(pair.mia)))
    board._db.execute("DELETE FROM record_hypothesis")
    board._db.execute("UPDATE meta SET value = 'older' WHERE key = 'form'")
    with reopened(board) as again:
        assert again.all(type(before[0])) == before
