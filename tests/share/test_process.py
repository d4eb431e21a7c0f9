"""The process beside the console: it keeps boards in step, and nobody ever waits for it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsterm.board.chains import chain_sizes
from opsterm.board.store import Board
from opsterm.records import Incident, Observation
from opsterm.share import check_share, join, start_sync_process, sync_once
from opsterm.share.process import SyncProcess
from opsterm.share.state import read_state
from tests.support.shares import LONG_S, OpenBoard, declare, eventually, observe


@pytest.fixture(autouse=True)
def one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes run on the machine that the test's boards were made on."""
    monkeypatch.setenv("OPSTERM_MACHINE", "one machine")


@pytest.fixture
def beside() -> Iterator[Callable[[Path, Path], SyncProcess]]:
    handles: list[SyncProcess] = []

    def start(board: Path, share: Path) -> SyncProcess:
        handles.append(start_sync_process(board, share))
        return handles[-1]

    yield start
    for handle in handles:
        handle.stop()
    for handle in handles:
        _await_end(handle.pid)


def _await_pass(board: Board) -> None:
    """Waits until the process beside has taken its first turn."""
    before = read_state(board.path).heard_ms
    eventually(lambda: read_state(board.path).heard_ms > before, "it does not begin")


def _await_end(pid: int) -> None:
    def ended() -> bool:
        try:
            return os.waitpid(pid, os.WNOHANG)[0] == pid
        except ChildProcessError:
            return True

    eventually(ended, "the process did not end")


def test_two_consoles_are_kept_in_step(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    for board in (mia, ben):
        join(board, share)
    handle = beside(mia.path, share)
    other = beside(ben.path, share)
    about = declare(mia)
    handle.nudge()
    eventually(lambda: ben.get(Incident, about.id) is not None, "ben does not see it")
    eventually(other.heard, "ben's console is not told")
    observe(ben, about, "nobody nudges", "ben")
    eventually(lambda: bool(mia.all(Observation)), "mia does not see it")
    eventually(lambda: read_state(ben.path).published_seq == 1, "the state does not tell")


def test_what_is_typed_last_is_published_after_the_console_is_gone(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    for board in (mia, ben):
        join(board, share)
    handle = beside(mia.path, share)
    _await_pass(mia)
    about = declare(mia)
    handle.stop()
    _await_end(handle.pid)
    sync_once(ben)
    assert ben.get(Incident, about.id) is not None


def test_it_ends_when_its_console_is_killed(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    script = (
        "import sys, time; from pathlib import Path; from opsterm.share import start_sync_process\n"
        "print(start_sync_process(Path(sys.argv[1]), sys.argv[2]).pid, flush=True); time.sleep(600)"
    )
    console = subprocess.Popen(
        [sys.executable, "-c", script, str(mia.path), str(share)], stdout=subprocess.PIPE, text=True
    )
    assert console.stdout is not None
    pid = int(console.stdout.readline())
    console.kill()
    console.wait()
    console.stdout.close()
    eventually(lambda: not _runs(pid), "it outlives its console")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_it_has_its_own_session_and_none_of_the_consoles_descriptors(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    mia = open_board("mia")
    join(mia, share)
    handle = beside(mia.path, share)
    _await_pass(mia)
    assert os.getsid(handle.pid) != os.getsid(0)
    assert os.getsid(handle.pid) == handle.pid
    if Path("/proc").is_dir():
        targets = [str(fd.readlink()) for fd in Path(f"/proc/{handle.pid}/fd").iterdir() if fd.name in ("0", "1", "2")]
        assert sorted(target.partition(":")[0] for target in targets) == ["/dev/null", "pipe", "pipe"]


def test_a_second_one_stands_by_until_the_first_ends(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    for board in (mia, ben):
        join(board, share)
    first = beside(mia.path, share)
    _await_pass(mia)
    second = beside(mia.path, share)
    first.stop()
    _await_end(first.pid)
    about = declare(mia)
    second.nudge()

    def arrived() -> bool:
        sync_once(ben)
        return ben.get(Incident, about.id) is not None

    eventually(arrived, "the second does not take over")


def test_it_ends_when_the_board_leaves(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    from opsterm.share import leave

    mia = open_board("mia")
    join(mia, share)
    handle = beside(mia.path, share)
    _await_pass(mia)
    leave(mia)
    eventually(lambda: not _runs(handle.pid), "it stays in a share that was left")


def test_a_share_that_vanishes_is_words_and_comes_back(
    share: Path, open_board: OpenBoard, beside: Callable[[Path, Path], SyncProcess]
) -> None:
    mia = open_board("mia")
    join(mia, share)
    beside(mia.path, share)
    _await_pass(mia)
    away = share.with_name("away")
    (share / "opsterm").rename(away)
    declare(mia)
    eventually(lambda: "gone" in read_state(mia.path).trouble, "it does not say that the share is gone")
    assert list(share.iterdir()) == []
    away.rename(share / "opsterm")
    eventually(lambda: not read_state(mia.path).trouble, "it does not find the share again")
    eventually(lambda: read_state(mia.path).published_seq == 1, "it does not publish what waited")


def test_neither_textual_nor_sqlmodel_is_loaded() -> None:
    script = "import json, sys, opsterm.share.process, opsterm.sharing.status; print(json.dumps(list(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    loaded = {name.partition(".")[0] for name in json.loads(out)}
    assert not loaded & {"textual", "rich", "sqlmodel", "sqlalchemy", "pydantic", "watchfiles"}


_WRITER = """
import os, sys, time
from pathlib import Path
from opsterm.board.change import Write
from opsterm.board.store import Board
from opsterm.share import start_sync_process
suite = os.getppid()
board = Board.open(Path(sys.argv[1]), any_disk=True)
handle = start_sync_process(board.path, sys.argv[2])
while os.getppid() == suite:
    [change] = board.record("writer", [Write("observation", board.new_id(), "i1", {"text": "x"})])
    print(change.digest, flush=True)
    handle.nudge()
    time.sleep(float(sys.argv[3]))
"""


class _Writer:
    """A console that writes without a pause, and can be killed at any moment."""

    def __init__(self, board: Path, share: Path, log: Path) -> None:
        self.log = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(board), str(share), "0.01"], stdout=self.log, start_new_session=True
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def test_processes_that_are_killed_lose_nothing_acknowledged(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    """OPSTERM_WRITERS_S=60 lets them write for a minute; killed consoles and killed processes beside them alike."""
    seconds = float(os.environ.get("OPSTERM_WRITERS_S", "3"))
    rng = random.Random(8)
    paths = [tmp_path / f"writer{n}.sqlite" for n in range(8)]
    for path in paths:
        join(open_board(path.stem), share)
    writers = [_Writer(path, share, path.with_suffix(".log")) for path in paths]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.2)
        which = rng.randrange(len(writers))
        if rng.random() < 0.5:
            writers[which].kill()
            writers[which] = _Writer(paths[which], share, paths[which].with_suffix(".log"))
        else:
            _kill_beside(paths[which])
    for writer in writers:
        writer.kill()
    said = {
        line.decode()
        for path in paths
        for line in path.with_suffix(".log").read_bytes().split(b"\n")
        if len(line) == 64
    }
    assert len(said) > 8
    boards = [open_board(path.stem) for path in paths]
    for _ in range(2):
        for board in boards:
            assert sync_once(board, share, timeout_s=LONG_S).problems == ()
    for board in boards:
        assert said <= {change.digest for change in board.all_changes()}
        assert chain_sizes(board) == chain_sizes(boards[0])
        assert len(board.known_as()) == 1
    assert check_share(boards[0]) == []


def _kill_beside(board: Path) -> None:
    """Kills the process beside a board, by what it was started with."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            args = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"opsterm.share.process" in args and str(board).encode() in args:
            os.kill(int(folder.name), signal.SIGKILL)
