"""What can be wrong with a board's file: one plain line each, exit 2, and nothing of it altered."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from opsterm.board import schema
from opsterm.board.check import damage
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.records import Incident
from tests.support.call import Done, refused, run


def bytes_of(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def opsterm(*words: str, board: Path, prepare: Callable[[], None] | None = None) -> Done:
    """One call in a process of its own, in which `prepare` runs first."""
    environment = {**os.environ, "OPSTERM_BOARD": str(board), "OPSTERM_USER": "mia"}
    done = subprocess.run(
        [sys.executable, "-m", "opsterm", *words], capture_output=True, text=True, env=environment, preexec_fn=prepare
    )
    return Done(done.returncode, done.stdout, done.stderr)


def without_roots_rights() -> None:
    """Lets permissions count for root too [capabilities(7): CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH]."""
    if os.getuid() == 0:
        prctl_drop_from_bounding_set = 24
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(prctl_drop_from_bounding_set, capability, 0, 0, 0)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """The file of a board with one incident."""
    path = tmp_path / "own" / "board.sqlite"
    with Board.open(path) as made:
        declare(Session(made, "mia"), "Checkout fails")
    return path


def of_another_program(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.commit()
    db.close()


def of_another_program_with_an_open_log(path: Path) -> None:
    """As a program leaves it that was killed: its last words are in the write-ahead log alone."""
    made = path.with_name("made")
    db = sqlite3.connect(made)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.commit()
    shutil.copy(made, path)
    shutil.copy(f"{made}-wal", f"{path}-wal")
    db.close()
    made.unlink()


def of_another_program_that_names_itself(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA application_id = 252006674")
    db.execute("CREATE TABLE repository (id TEXT)")
    db.commit()
    db.close()


def of_a_newer_opsterm(path: Path) -> None:
    with Board.open(path):
        pass
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {schema.FORMAT + 1}")
    db.close()


FOREIGN: list[tuple[Callable[[Path], object], str]] = [
    (of_another_program, "another program's database"),
    (of_another_program_with_an_open_log, "another program's database"),
    (of_another_program_that_names_itself, "another program's database"),
    (of_a_newer_opsterm, "newer opsterm (format 2): upgrade"),
    (lambda path: path.write_bytes(bytes(range(256)) * 64), "damaged or no opsterm board"),
    (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 50), "damaged or no opsterm board"),
    (lambda path: path.write_text("my notes\n"), "damaged or no opsterm board"),
    (lambda path: path.mkdir(), "is a folder"),
    (lambda path: os.mkfifo(path), "no file that could hold a board"),
]


@pytest.mark.parametrize(("made", "said"), FOREIGN)
def test_what_is_no_board_is_refused_and_untouched(tmp_path: Path, made: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "board.sqlite"
    made(path)
    before = bytes_of(tmp_path)
    for words in (("list",), ("declare", "Checkout fails"), ("check",), ("dump",)):
        refused(run(path, *words), said, str(path))
    assert bytes_of(tmp_path) == before


def test_a_board_damaged_inside_is_said_to_be_damaged_not_shown_as_whole(board: Path) -> None:
    with board.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\x5a" * (board.stat().st_size - 4096))
    for words in (("list",), ("dump",), ("declare", "Search is slow")):
        refused(run(board, *words), "damaged")
    done = run(board, "check")
    assert done.code in (1, 2)
    assert "damaged" in done.out + done.err


def test_a_read_only_file_is_refused_and_its_data_intact(board: Path) -> None:
    board.chmod(0o444)
    board.parent.chmod(0o555)
    before = bytes_of(board.parent)
    refused(opsterm("declare", "Search is slow", board=board, prepare=without_roots_rights), "--board FILE")
    assert bytes_of(board.parent) == before
    board.parent.chmod(0o755)


def test_a_new_board_in_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    for path in (folder / "board.sqlite", folder / "deeper" / "board.sqlite"):
        refused(opsterm("declare", "Search is slow", board=path, prepare=without_roots_rights), str(path))
    assert list(folder.iterdir()) == []
    folder.chmod(0o755)


def no_more_than(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_disk_that_takes_no_more_is_said_and_what_was_acknowledged_is_intact(board: Path) -> None:
    text = "x" * 100_000
    full = no_more_than(len(text))
    refused(opsterm("declare", text, board=board, prepare=full), str(board))
    with Board.open(board) as opened:
        assert [incident.title for incident in opened.all(Incident)] == ["Checkout fails"]
        assert damage(opened) == []
    assert opsterm("declare", "Search is slow", board=board).code == 0


def test_a_new_board_on_a_disk_that_takes_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    refused(opsterm("declare", "Checkout fails", board=path, prepare=no_more_than(4096)), str(path))
    assert opsterm("declare", "Checkout fails", board=path).code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.getuid() or not shutil.which("mount") or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_what_was_acknowledged_is_intact(small_disk: Path) -> None:
    path = small_disk / "board.sqlite"
    assert opsterm("declare", "Checkout fails", board=path).code == 0
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(b"x" * (8 << 20))
    refused(opsterm("log", "-", "y" * 100_000, board=path), str(path))
    filler.unlink()
    assert "y" not in opsterm("show", "-", board=path).out.partition("Timeline")[2]
    assert opsterm("log", "-", "there is room again", board=path).code == 0
    assert opsterm("check", board=path).code == 0


def test_text_longer_than_an_entry_holds_is_refused_before_it_is_kept(board: Path) -> None:
    with Board.open(board) as opened:
        before = opened.count_changes()
    refused(run(board, "log", "-", stdin="z" * (1 << 21)), "more than one entry holds")
    with Board.open(board) as opened:
        assert opened.count_changes() == before
