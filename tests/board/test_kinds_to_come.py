"""What this version does not know stays in the log untouched, and appears once a later one knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from opsterm.board import derived, fold, schema
from opsterm.board.store import Board
from opsterm.exchange.dump import dump
from opsterm.records import Hypothesis, hypothesis
from opsterm.records import record as records
from opsterm.records.record import KINDS, OTHER, Record, as_said, stated
from tests.support.clock import BEGIN_MS
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


def put_dormant(pair: Pair) -> None:
    """A later version says a state that this one does not know, after all that was said here."""
    later = (BEGIN_MS + 1000) << 16
    sent = change_of({"state": "dormant"}, record=pair.hypothesis, station="far", incident=pair.incident, hlc=later)
    assert pair.mia.board.merge([sent]).taken == 1


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


def test_a_word_from_the_future_reads_other_is_kept_as_said_and_appears_after_an_upgrade(
    pair: Pair, upgrade: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_dormant(pair)
    found = pair.hypothesis_at(pair.mia)
    assert (found.state, as_said(found, "state"), as_said(found, "text")) == (OTHER, "dormant", found.text)
    assert [item["state"] for item in dump(pair.mia.board) if item["kind"] == "hypothesis"] == ["dormant"]

    monkeypatch.setattr(hypothesis, "State", Literal["proposed", "dormant"])
    forget_forms()
    with reopened(pair.mia.board) as board:
        again = board.get(Hypothesis, pair.hypothesis)
        assert again is not None
        assert (again.state, again.unread) == ("dormant", None)


def test_nobody_who_edits_it_loses_a_word_from_the_future(pair: Pair) -> None:
    put_dormant(pair)
    pair.mia.set(pair.hypothesis_at(pair.mia), {"owner": "mia"})
    assert as_said(pair.hypothesis_at(pair.mia), "state") == "dormant"
    pair.mia.set(pair.hypothesis_at(pair.mia), {"state": "testing"})
    assert as_said(pair.hypothesis_at(pair.mia), "state") == pair.hypothesis_at(pair.mia).state == "testing"


def test_another_form_of_the_tables_is_made_anew_from_the_changes(pair: Pair, tmp_path: Path) -> None:
    board = pair.mia.board
    before = board.all(type(pair.hypothesis_at(pair.mia)))
    board._db.execute("DELETE FROM record_hypothesis")
    board._db.execute("UPDATE meta SET value = 'older' WHERE key = 'form'")
    with reopened(board) as again:
        assert again.all(type(before[0])) == before
