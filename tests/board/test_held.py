"""Another process holds the board: what is recorded waits and says so; what is only kept aside holds nobody up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from tests.support.board import open_board
from tests.support.clock import HandClock


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with open_board(tmp_path / "board.sqlite", HandClock()) as made:
        yield made


@pytest.fixture
def holder(board: Board) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(board.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield db


def test_who_waits_for_long_is_told_and_told_when_it_is_over(board: Board, holder: sqlite3.Connection) -> None:
    told: list[bool] = []

    def waits(waiting: bool) -> None:
        told.append(waiting)
        if waiting:
            holder.execute("ROLLBACK")

    board.on_waiting = waits
    declare(Session(board, "mia"), "Checkout fails")
    assert told == [True, False]
    declare(Session(board, "mia"), "Search fails")
    assert told == [True, False]
    assert len(board.all(Incident)) == 2


def test_who_has_no_patience_is_refused_and_nothing_is_recorded(board: Board, holder: sqlite3.Connection) -> None:
    with pytest.raises(BoardError, match="held by another program"), board.transaction(patience_s=0):
        pytest.fail("nobody may write here")


def test_what_is_kept_aside_is_there_at_once_and_written_with_the_next_act(
    board: Board, holder: sqlite3.Connection
) -> None:
    board.keep_draft("log", "half typed")
    board.keep_draft("hypothesis", "none")
    board.keep_draft("hypothesis", "")
    board.remember_aside("attention", "{}")
    assert (board.draft("log"), board.recall("attention")) == ("half typed", "{}")
    assert board.drafts("") == {"log": "half typed"}
    holder.execute("ROLLBACK")
    declare(Session(board, "mia"), "Checkout fails")
    with open_board(board.path, HandClock()) as other:
        assert (other.drafts(""), other.recall("attention")) == ({"log": "half typed"}, "{}")
