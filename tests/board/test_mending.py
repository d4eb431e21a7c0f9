"""Whatever is damaged on a board, its tools say so in a line, set it aside, and bring back what the share has.

`OPSTERM_FLIPS=1` flips every 97th byte of a small board, one at a time, in the place of a sample.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.records import Incident
from tests.support.call import Done, refused, run

WHOLE = "OPSTERM_FLIPS" in os.environ
STEP = 97


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """The file of a small board, all of it in the file itself."""
    path = tmp_path / "own" / "board.sqlite"
    said(run(path, "declare", "Checkout fails"))
    for line in ("#sev2 checkout is down", "#impact cards fail", "? the new build", "! @ben roll back in 10m"):
        said(run(path, "log", "INC-1", line))
    alter(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def said(done: Done) -> str:
    assert done.code == 0, done
    return done.out


def alter(path: Path, sql: str, *args: object) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(sql, args)
    db.close()


def page_of(data: bytes, text: bytes) -> range:
    """The bytes of the page that holds a text first."""
    begin = data.index(text) // 4096 * 4096
    return range(begin, begin + 4096)


def page_of_an_index(data: bytearray) -> int:
    """Where the first page of an index begins [sqlite.org/fileformat2.html, 1.6]."""
    return next(at for at in range(4096, len(data), 4096) if data[at] == 0x0A)


def flips(data: bytes) -> list[int]:
    """Every 97th byte; sampled, the pages of the changes and of what the board remembers are looked at more closely."""
    if WHOLE:
        return [*range(0, len(data), STEP)]
    pages = (page_of(data, b"Checkout fails"), page_of(data, b"machine"))
    return [0, 18, 62, 70, *(at for page in pages for at in page[:: STEP * 3]), *range(100, len(data), STEP * 400)]


def test_whatever_byte_is_flipped_no_call_traces_back_and_rebuild_makes_a_board_that_can_be_used(board: Path) -> None:
    data = board.read_bytes()
    mended = 0
    for place, at in enumerate(flips(data)):
        flipped = bytearray(data)
        flipped[at] ^= 0xFF if place % 2 else 1
        for words in (["list"], ["show", "INC-1"], ["log", "INC-1", "hello"], ["check"], ["rebuild"]):
            for file in board.parent.iterdir():
                file.unlink()
            board.write_bytes(flipped)
            done = run(board, *words)
            assert done.code in (0, 1, 2), (at, done)
            assert done.err.count("\n") <= 1, (at, done)
        if done.code == 0:
            mended += 1
            said(run(board, "list", "--all"))
            said(run(board, "declare", "Search is slow"))
            assert "damaged: " not in run(board, "check").out, at
    assert mended > 20


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE change SET fields = 'x' || fields WHERE n = 2",
        "UPDATE change SET author = CAST(x'ff' AS TEXT) WHERE n = 2",
        "UPDATE change SET seq = 'two' WHERE n = 2",
    ],
)
def test_a_change_that_cant_be_read_is_named_set_aside_and_kept(board: Path, sql: str) -> None:
    alter(board, sql)
    assert "change " in run(board, "check").out
    assert run(board, "check").code == 1
    done = run(board, "rebuild", "--json")
    assert len(done.json["set_aside"]) == 1
    (kept,) = map(json.loads, Path(done.json["kept_in"]).read_text(encoding="ascii").splitlines())
    assert kept["n"] == 2
    assert kept["record"] == one_incident(board)
    assert "set aside" not in said(run(board, "rebuild"))


def one_incident(path: Path) -> str:
    with Board.open(path) as opened:
        (found,) = opened.all(Incident)
        return found.id


def test_a_table_with_what_is_no_text_is_named_and_made_anew(board: Path) -> None:
    alter(board, "UPDATE record_incident SET title = CAST(x'ff' AS TEXT)")
    refused(run(board, "list"), "is damaged: opsterm check names what, opsterm rebuild")
    assert "record_incident: a text in it can't be read" in run(board, "check").out
    said(run(board, "rebuild"))
    assert "Checkout fails" in said(run(board, "list"))


@pytest.mark.parametrize("key", ["former", "hlc", "proposed", "searched"])
def test_what_a_board_remembers_and_cant_read_is_named_and_worked_out_anew(board: Path, key: str) -> None:
    alter(board, "INSERT OR REPLACE INTO meta VALUES (?, '1x')", key)
    assert f"remembered as '{key}'" in run(board, "check").out
    assert f"remembered as '{key}'" in said(run(board, "rebuild"))
    assert run(board, "check").code == 0
    said(run(board, "log", "INC-1", "hello"))


def test_what_was_set_aside_comes_back_from_the_share(board: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    said(run(board, "join", str(share)))
    before = said(run(board, "dump"))
    station = stations(board)
    alter(board, "UPDATE change SET fields = 'x' || fields WHERE n IN (2, 3)")
    refused(run(board, "log", "INC-1", "#impact everybody"), "is damaged: opsterm check names what, opsterm rebuild")
    assert "2 changes taken from the share" in said(run(board, "rebuild"))
    assert said(run(board, "dump")) == before
    assert run(board, "check").code == 0
    said(run(board, "log", "INC-1", "hello"))
    assert station < stations(board), "what it says from now on never has a number that was given before"


def stations(path: Path) -> set[str]:
    with Board.open(path) as opened:
        return set(opened.known_as())


def test_a_board_without_a_share_says_that_nothing_could_be_taken(board: Path) -> None:
    alter(board, "UPDATE change SET fields = '' WHERE n = 3")
    assert "not shared: nothing could be taken" in said(run(board, "rebuild"))


def test_a_torn_file_is_written_anew_from_what_can_be_read_and_kept(board: Path) -> None:
    data = bytearray(board.read_bytes())
    index = page_of_an_index(data)
    data[index : index + 200] = b"\xff" * 200
    board.write_bytes(data)
    assert run(board, "check").code == 1
    done = run(board, "rebuild", "--json")
    assert b"\xff" * 200 in Path(done.json["damaged_file"]).read_bytes()
    assert run(board, "check").code == 0
    assert "Checkout fails" in said(run(board, "list"))


def test_a_torn_file_that_a_console_has_open_is_left_alone(board: Path) -> None:
    with Board.open(board):
        data = bytearray(board.read_bytes())
        index = page_of_an_index(data)
        data[index : index + 200] = b"\xff" * 200
        with board.open("r+b") as stream:
            stream.write(data)
        refused(run(board, "rebuild"), "open in another opsterm: quit that one")
        assert board.read_bytes() == data


def test_a_backup_holds_all_while_a_console_goes_on_and_comes_back(board: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    with Board.open(board) as opened:
        said(run(board, "log", "INC-1", "before the backup"))
        assert run(board, "backup", str(kept), "--json").json["changes"] == opened.count_changes()
    assert kept.stat().st_mode & 0o777 == 0o600
    said(run(board, "log", "INC-1", "after the backup"))
    before = stations(board)
    done = run(board, "restore", str(kept), "--json")
    shown = said(run(board, "show", "INC-1"))
    assert "before the backup" in shown
    assert "after the backup" not in shown
    assert "after the backup" in said(run(Path(done.json["before"]), "show", "INC-1"))
    assert before < stations(board), "what it said after the backup may be known elsewhere under its numbers"
    assert run(board, "check").code == 0


def test_a_backup_goes_over_an_older_one_and_over_nothing_else(board: Path, tmp_path: Path) -> None:
    kept, notes = tmp_path / "kept.sqlite", tmp_path / "notes.txt"
    said(run(board, "backup", str(kept)))
    said(run(board, "backup", str(kept)))
    notes.write_text("mine\n")
    refused(run(board, "backup", str(notes)), "no opsterm board")
    refused(run(board, "backup", str(board)), "no file for a backup")
    refused(run(board, "backup", str(tmp_path)), "no file for a backup")
    assert notes.read_text() == "mine\n"


def test_a_damaged_board_is_not_backed_up_and_a_damaged_backup_not_restored(board: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    said(run(board, "backup", str(kept)))
    alter(kept, "UPDATE change SET fields = '' WHERE n = 1")
    refused(run(board, "restore", str(kept)), "damaged: restore another backup")
    alter(board, "UPDATE change SET fields = '' WHERE n = 1")
    refused(run(board, "backup", str(tmp_path / "other")), "opsterm rebuild mends it")
    refused(run(board, "restore", str(tmp_path / "nowhere")), "not there")
    assert not (tmp_path / "other").exists()


def test_a_backup_is_not_put_under_a_console_that_has_the_board_open(board: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    said(run(board, "backup", str(kept)))
    with Board.open(board):
        refused(run(board, "restore", str(kept)), "open in another opsterm: quit that one")
    said(run(board, "restore", str(kept)))
    assert sorted(file.name for file in board.parent.iterdir()) == ["board.sqlite", "board.sqlite.before-restore"]
