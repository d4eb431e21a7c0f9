"""Many processes at one board at the same time: they wait for each other, and none is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from opsterm.board.chains import stations
from opsterm.board.check import check
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.incidents.timeline import observe
from opsterm.records import Incident, Observation


def start(board: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "OPSTERM_BOARD": str(board), "OPSTERM_USER": "mia"}
    return subprocess.Popen(
        [sys.executable, "-m", "opsterm", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_several_that_write_at_once_all_have_their_say(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Board.open(path) as board:
        declare(Session(board, "mia"), "Checkout fails")
    running = [start(path, "log", "-") for _ in range(4)]
    for number, process in enumerate(running):
        assert process.stdin is not None
        process.stdin.write("".join(f"{number} saw {line}\n" for line in range(25)))
        process.stdin.flush()
    ended = [process.communicate() for process in running]
    assert [(process.returncode, err) for process, (_, err) in zip(running, ended, strict=True)] == [(0, "")] * 4
    with Board.open(path) as board:
        assert {o.text for o in board.all(Observation)} == {f"{n} saw {line}" for n in range(4) for line in range(25)}
        assert [change.seq for change in board.all_changes()] == [*range(1, 102)]
        assert check(board) == []


def test_several_that_make_the_same_board_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    running = [start(path, "declare", f"seen by {number}") for number in range(5)]
    ended = [process.communicate() for process in running]
    assert [(process.returncode, err) for process, (_, err) in zip(running, ended, strict=True)] == [(0, "")] * 5
    with Board.open(path) as board:
        assert sorted(i.mark for i in board.all(Incident)) == [f"INC-{n}" for n in range(1, 6)]
        assert len(stations(board)) == 1
        assert check(board) == []


def test_a_board_notices_what_another_process_committed(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Board.open(path) as console, Board.open(path) as script:
        record = declare(Session(console, "mia"), "Checkout fails").record
        painted, before = console.version, console.data_version
        incident = script.get(Incident, record)
        assert incident is not None
        observe(Session(script, "hook"), incident, "5xx at 3 %")
        assert console.data_version != before
        (touched,) = console.touched_since(painted)
        assert (touched.kind, touched.incident) == ("observation", record)


def test_an_act_that_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    with Board.open(tmp_path / "board.sqlite") as board:
        session = Session(board, "mia")
        try:
            with board.transaction():
                declare(session, "Checkout fails")
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        assert board.count_changes() == 0
        assert board.all(Incident) == []
        declare(session, "Search is slow")
        assert [i.mark for i in board.all(Incident)] == ["INC-1"]
