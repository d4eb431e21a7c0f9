"""A board whose file is deleted, replaced or restored while it is open: nothing is acknowledged, nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from tests.support.board import open_board
from tests.support.clock import HandClock

PARTS = ("", "-wal", "-shm")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with open_board(tmp_path / "own" / "board.sqlite", HandClock()) as made:
        declare(Session(made, "mia"), "Checkout fails")
        yield made


def titles(board: Board) -> list[str]:
    return [incident.title for incident in board.all(Incident)]


def read_by_another(path: Path) -> list[str]:
    with open_board(path, HandClock()) as other:
        return titles(other)


def part(path: Path, name: str) -> Path:
    return path.with_name(path.name + name)


def set_aside(path: Path) -> Path:
    """The file that was set aside, without its own log."""
    (found,) = (file for file in path.parent.iterdir() if ".aside-" in file.name and file.name[-4:] not in PARTS)
    return found


def deleted(path: Path) -> None:
    path.unlink()


def deleted_with_its_parts(path: Path) -> None:
    for name in PARTS:
        part(path, name).unlink()


def folder_moved_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def log_deleted(path: Path) -> None:
    part(path, "-wal").unlink()


def index_deleted(path: Path) -> None:
    part(path, "-shm").unlink()


def another_board_moved_over(path: Path) -> None:
    other = path.with_name("other")
    with open_board(other, HandClock(), machine="other", seed=9) as made:
        declare(Session(made, "ben"), "Search is slow")
    other.replace(path)


def another_board_with_its_own_log(path: Path) -> None:
    deleted_with_its_parts(path)
    another_board_moved_over(path)
    sqlite3.connect(path).close()


def notes_moved_over(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("my notes\n")
    other.replace(path)


GONE = [
    deleted,
    deleted_with_its_parts,
    folder_moved_away,
    log_deleted,
    index_deleted,
    another_board_moved_over,
    another_board_with_its_own_log,
    notes_moved_over,
]


@pytest.mark.parametrize("gone", GONE)
def test_nothing_is_acknowledged_into_a_file_that_is_gone(board: Board, gone: Callable[[Path], None]) -> None:
    gone(board.path)
    assert board.out_of_place
    with pytest.raises(BoardError, match=r"Not recorded: the board's .* write it back"):
        declare(Session(board, "mia"), "Search fails")
    assert titles(board) == ["Checkout fails"]


def test_nothing_is_merged_into_a_file_that_is_gone(board: Board, tmp_path: Path) -> None:
    with open_board(tmp_path / "other", HandClock(), machine="other", seed=9) as other:
        declare(Session(other, "ben"), "Search is slow")
        deleted(board.path)
        with pytest.raises(BoardError, match="Not recorded"):
            board.merge(other.all_changes())


@pytest.mark.parametrize("gone", GONE)
def test_a_board_written_back_holds_all_and_goes_on_in_its_place(board: Board, gone: Callable[[Path], None]) -> None:
    station = board.station
    board.keep_draft("log", "half typed")
    gone(board.path)
    board.keep_draft("log", "half typed, and more")
    assert board.write_back().startswith("The board is written back")
    assert board.out_of_place == ""
    declare(Session(board, "mia"), "Search fails")
    assert titles(board) == read_by_another(board.path) == ["Checkout fails", "Search fails"]
    assert (board.station, board.draft("log")) == (station, "half typed, and more")
    left = {file.name for file in board.path.parent.iterdir() if ".aside-" not in file.name}
    assert left == {part(board.path, name).name for name in PARTS}


@pytest.mark.parametrize("gone", [another_board_moved_over, another_board_with_its_own_log])
def test_what_took_the_place_of_a_board_is_set_aside_unaltered(board: Board, gone: Callable[[Path], None]) -> None:
    gone(board.path)
    said = board.write_back()
    aside = set_aside(board.path)
    assert said.endswith(f"what was there is now {aside.name}, beside it.")
    assert read_by_another(aside) == ["Search is slow"]


def test_notes_in_the_place_of_a_board_are_set_aside(board: Board) -> None:
    notes_moved_over(board.path)
    board.write_back()
    assert set_aside(board.path).read_text() == "my notes\n"


def test_a_board_restored_from_a_copy_is_set_aside_for_what_was_recorded_since(board: Board, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with sqlite3.connect(copy) as to:
        board._db.backup(to)
    declare(Session(board, "mia"), "Search fails")
    copy.replace(board.path)
    assert "replaced" in board.out_of_place
    board.write_back()
    assert read_by_another(board.path) == ["Checkout fails", "Search fails"]


def test_of_two_consoles_the_second_takes_up_what_the_first_wrote_back(board: Board) -> None:
    with open_board(board.path, HandClock(), seed=9) as second:
        deleted_with_its_parts(board.path)
        board.write_back()
        declare(Session(board, "mia"), "Search fails")
        assert "replaced" in second.out_of_place
        assert "that is open now" in second.write_back()
        declare(Session(second, "ben"), "Login fails")
    assert titles(board) == read_by_another(board.path) == ["Checkout fails", "Search fails", "Login fails"]
    assert not [file for file in board.path.parent.iterdir() if ".aside-" in file.name]


def test_where_a_board_cannot_be_written_back_all_is_as_it_was(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    another_board_with_its_own_log(board.path)
    before = board.path.read_bytes()

    def refuse() -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(board, "_open_again", refuse)
    with pytest.raises(BoardError, match="can't be opened"):
        board.write_back()
    assert board.path.read_bytes() == before
    assert {file.name for file in board.path.parent.iterdir()} <= {part(board.path, name).name for name in PARTS}
    assert read_by_another(board.path) == ["Search is slow"]
    assert titles(board) == ["Checkout fails"]
    monkeypatch.undo()
    board.write_back()
    assert read_by_another(board.path) == ["Checkout fails"]


def test_others_that_open_and_close_the_board_leave_it_in_its_place(board: Board) -> None:
    for _ in range(2):
        assert read_by_another(board.path) == ["Checkout fails"]
        assert board.out_of_place == ""
