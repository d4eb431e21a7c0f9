"""A console that dies at any moment: every command that was answered is there afterwards.

`OPSTERM_KILLS=50` kills fifty runs, each at another moment. `OPSTERM_STRACE=1` counts the fsyncs: a kill alone would
not show a missing one.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from opsterm.board.check import check
from opsterm.board.store import Board
from opsterm.records import Incident

COMMANDS = 500
KILLS = int(os.environ.get("OPSTERM_KILLS", "4"))


def start(path: Path, commands: int, *before: str) -> subprocess.Popen[str]:
    words = [*before, sys.executable, "-m", "tests.board.commander", str(path), str(commands)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=root)


def killed_after(path: Path, answers: int) -> list[str]:
    """The digests that a run had answered with when it was killed, soon after so many answers."""
    process = start(path, COMMANDS)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(answers)]
    process.send_signal(signal.SIGKILL)
    said += [line for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [digest for line in said for digest in line.split()]


@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_answered_survives_a_kill(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "board.sqlite"
    answered = killed_after(path, random.Random(seed).randrange(COMMANDS // 5 if KILLS < 50 else COMMANDS))
    with Board.open(path) as board:
        assert [digest for digest in answered if not board.change(digest)] == []
        assert check(board) == []
        kept = board.count_changes()
        assert kept >= len(answered)
        board.rebuild()
        assert check(board) == []


def test_a_run_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    answered: list[str] = []
    for answers in (0, 1, 3, 17):
        answered += killed_after(path, answers)
    with Board.open(path) as board:
        assert [digest for digest in answered if not board.change(digest)] == []
        assert check(board) == []
        assert [i.mark for i in board.all(Incident)] == [f"INC-{n + 1}" for n in range(len(board.all(Incident)))]


def test_killing_one_console_leaves_another_at_work(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Board.open(path):
        pass
    other = start(path, 40)
    killed = killed_after(path, 5)
    out, _ = other.communicate()
    assert other.returncode == 0
    with Board.open(path) as board:
        assert [digest for digest in (*killed, *out.split()) if not board.change(digest)] == []
        assert check(board) == []


def test_every_answered_command_was_synced_to_disk_before_its_answer(tmp_path: Path) -> None:
    if not os.environ.get("OPSTERM_STRACE"):
        pytest.skip("counting fsyncs takes long: OPSTERM_STRACE=1 asks for it")
    if not shutil.which("strace"):
        pytest.skip("counting fsyncs needs strace")
    log = tmp_path / "calls"
    calls = "trace=fsync,fdatasync,write,openat"
    process = start(tmp_path / "board.sqlite", COMMANDS, "strace", "-f", "-y", "-e", calls, "-o", str(log))
    out, _ = process.communicate()
    assert process.returncode == 0
    assert len(out.splitlines()) == COMMANDS
    synced, answers, unsynced = 0, 0, []
    for line in log.read_text(errors="replace").splitlines():
        if re.search(r"\bf(data)?sync\(\d+<[^>]*board\.sqlite-wal>\) += 0", line):
            synced += 1
        elif re.search(r"\bwrite\(1<", line):
            answers += 1
            if not synced:
                unsynced.append(line)
            synced = 0
    assert answers == COMMANDS
    assert unsynced == []
