"""The process beside the console: it alone touches the share, and may hang there for ever.

A thread in an uninterruptible wait on a dead mount keeps its whole process from ending, even by SIGKILL; so this is a
process of its own session that has none of the console's descriptors. It learns by the end of its standard input, a
pipe, that the console is gone, and by a byte in it that there is something to publish; it says by a byte in another one
that something was taken. The console waits for nothing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from typing import Any

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.share.carrier import ShareError, ShareRefused, ShareUnreachable
from opsterm.share.exchange import Exchange
from opsterm.share.lock import held
from opsterm.share.membership import joined_folder, open_share, unreachable_for
from opsterm.share.state import ShareProblem, State, StationSeen, read_state, write_state
from opsterm.share.station import own_label
from opsterm.share.sync import SyncResult, heard, sync_here, troubled, turn
from opsterm.share.watch import Watch, poll_seconds

#: How often the board is asked whether another process has committed to it, where nobody nudges.
BOARD_POLL_S = 0.25
#: The share gets at most this part of the time while changes come without a pause.
SHARE_OF_TIME = 0.1
#: Whoever types goes first.
NICENESS = 10
#: One file is read again each so often, whether it seems to have changed or not.
REREAD_S = 10.0
#: All sealed files are listed anew each so often.
THOROUGH_S = 60.0
#: After so long without what the board knows, one station carries what the share lacks, the others see it in time.
PATIENCE_S = (20.0, 60.0)
#: How often what is shown is told, while nothing else changes.
TELL_S = 1.0
#: Nudges that come so close are one.
_NUDGES_S = 0.02
_TURN_S = 5.0
_AFTER_TROUBLE_S = 2.0
#: How long the last publishing may take once the console is gone.
_FAREWELL_S = 30.0


class SyncProcess:
    """The console's handle on the process. All of it returns at once."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def fileno(self) -> int:
        """Becomes readable when something was taken from the share: for an event loop's `add_reader`; see `heard`."""
        stdout = self._process.stdout
        return stdout.fileno() if stdout is not None and not stdout.closed else -1

    def heard(self) -> bool:
        """Whether something was taken from the share since this was last asked."""
        try:
            return bool(os.read(self.fileno(), 4096))
        except OSError:
            return False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def nudge(self) -> None:
        """Says that the board has something new to publish."""
        with suppress(OSError, ValueError, AttributeError):
            self._process.stdin.write(b"n")  # type: ignore[union-attr]

    def stop(self) -> None:
        """Lets it publish what waits, and end. It may hang in the share: nobody waits for it, and the system reaps it
        once the console is gone."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        if self._process.poll() is None:
            self._process.returncode = 0


def start_sync_process(board: Path, directory: Path) -> SyncProcess:
    """Starts the process for a board and a share. A second one for the same board stands by until the first ends."""
    process = _spawn(["beside", str(board), str(directory)], stdout=subprocess.PIPE)
    for stream in (process.stdin, process.stdout):
        if stream is not None and os.name == "posix":
            os.set_blocking(stream.fileno(), False)
    return SyncProcess(process)


def _spawn(args: Sequence[str], **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "opsterm.share.process", *args],
        stdin=subprocess.PIPE,
        stdout=more.get("stdout", subprocess.DEVNULL),
        stderr=subprocess.DEVNULL,
        bufsize=0,
        close_fds=True,
        start_new_session=True,
        cwd="/" if os.name == "posix" else None,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )


def sync_in_child(board: Path, directory: Path, *, timeout_s: float, joining: bool, anyway: bool) -> SyncResult:
    """One publish and merge in a child process, which is left alone where the share hangs.

    Raises ShareUnreachable, ShareRefused and BoardError, as the child says.
    """
    flags = [*(["joining"] if joining else []), *(["anyway"] if anyway else [])]
    child = _spawn(["once", str(board), str(directory), f"{timeout_s:g}", *flags], stdout=subprocess.PIPE)
    try:
        out = child.communicate(timeout=timeout_s + 5.0)[0]
    except subprocess.TimeoutExpired:
        child.terminate()
        child.returncode = 0
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        raise unreachable_for(timeout_s, directory) from None
    try:
        told = json.loads(out)
    except ValueError:
        raise ShareUnreachable(f"The exchange with {directory} broke off: try again.") from None
    if "result" not in told:
        kinds: dict[str, type[Exception]] = {"refused": ShareRefused, "board": BoardError}
        raise kinds.get(told["kind"], ShareUnreachable)(told["error"])
    result = told["result"]
    return SyncResult(
        result["published"],
        result["merged"],
        tuple(StationSeen(**item) for item in result["stations"]),
        tuple(ShareProblem(**item) for item in result["problems"]),
        tuple(result["said"]),
    )


# --- in the process itself


class _Console:
    """What is heard from the console: a byte is news of the board, the end is the end of this process."""

    def __init__(self) -> None:
        self.news = threading.Event()
        self.gone = threading.Event()
        #: Whether there is something to finish first; who only stands by ends at once.
        self.working = False
        threading.Thread(target=self._listen, name="console", daemon=True).start()

    def _listen(self) -> None:
        while os.read(0, 4096):
            self.news.set()
            time.sleep(_NUDGES_S)
        self.gone.set()
        self.news.set()
        if self.working:
            time.sleep(_FAREWELL_S)
        os._exit(0)


class _Loop:
    """Passes, until the console is gone or the board has left the share."""

    def __init__(self, path: Path, directory: Path, console: _Console) -> None:
        self._board = Board.open(path, any_disk=True)
        self._directory = directory
        self._bound = joined_folder(self._board) == directory
        self._news, self._ending = console.news, console.gone
        self._exchange: Exchange | None = None
        self._watch: Watch | None = None
        self._poll_s = poll_seconds(Path(os.path.realpath(directory)))
        self._patience_s = random.uniform(*PATIENCE_S)
        self._state = read_state(path)
        if self._state.directory != str(directory):
            self._state = State(directory=str(directory))
        self._told = 0.0
        self._reread = time.monotonic() + REREAD_S
        self._thorough = 0.0
        self._again = cycle([""])

    def run(self) -> None:
        version = -1
        polled = 0.0
        while not self._left():
            now = time.monotonic()
            ending = self._ending.is_set()
            changed = self._board.data_version
            if self._news.is_set() or changed != version or now - polled >= self._poll_s:
                self._news.clear()
                version, polled = changed, now
                ok = self._pass()
                took = time.monotonic() - now
                rest = took * (1 / SHARE_OF_TIME - 1) if ok else _AFTER_TROUBLE_S
                self._ending.wait(min(rest, _AFTER_TROUBLE_S))
            if ending:
                break
            self._news.wait(BOARD_POLL_S)
        if self._exchange is not None:
            with suppress(BoardError):
                self._exchange.remember_all()

    def _left(self) -> bool:
        """Whether the board was joined to this share when the process began, and is no more."""
        return self._bound and joined_folder(self._board) != self._directory

    def _pass(self) -> bool:
        """One pass; whatever goes wrong is words in the state. Returns whether the share was heard."""
        before = self._state
        try:
            with turn(self._board, _TURN_S):
                self._state = self._exchanged()
        except ShareError as error:
            self._exchange = None
            self._state = troubled(self._state, str(error), self._board.clock.now_ms())
        except BoardError as error:
            self._state = troubled(self._state, str(error), self._board.clock.now_ms())
        now = time.monotonic()
        shown = (before.stations, before.problems, before.trouble, before.said, before.published_seq)
        is_news = shown != (
            self._state.stations,
            self._state.problems,
            self._state.trouble,
            self._state.said,
            self._state.published_seq,
        )
        if self._left():
            return False
        if is_news or now - self._told >= TELL_S:
            write_state(self._board.path, self._state)
            self._told = now
        return not self._state.trouble

    def _exchanged(self) -> State:
        now = time.monotonic()
        if self._exchange is None:
            share = open_share(self._board, self._directory)
            self._exchange = Exchange(
                self._board, share, label=own_label(), patience_s=self._patience_s, delays=self._state.delays
            )
            if self._watch is None:
                self._watch = Watch(share.journals_folder, self._news)
                self._watch.start()
        thorough = now >= self._thorough
        if thorough:
            self._thorough = now + THOROUGH_S
        outcome = self._exchange.once(thorough=thorough, again=self._due_again(now))
        if outcome.merged:
            with suppress(OSError):
                os.write(1, b"n")
        return heard(self._state, self._exchange, outcome, self._board.clock.now_ms())

    def _due_again(self, now: float) -> list[str]:
        """The file whose turn it is to be read and verified anew; none most of the time."""
        if now < self._reread or self._exchange is None:
            return []
        self._reread = now + REREAD_S
        names = self._exchange.names
        name = next(self._again)
        if name not in names:
            self._again = cycle([*names, ""])
            name = next(self._again)
        return [name] if name else []


def _once(path: Path, directory: Path, timeout_s: float, flags: Sequence[str]) -> dict[str, Any]:
    try:
        with Board.open(path, any_disk=True) as board:
            result = sync_here(
                board, directory, timeout_s=timeout_s, joining="joining" in flags, anyway="anyway" in flags
            )
    except ShareRefused as error:
        return {"kind": "refused", "error": str(error)}
    except BoardError as error:
        return {"kind": "board", "error": str(error)}
    except ShareError as error:
        return {"kind": "unreachable", "error": str(error)}
    return {"result": asdict(result)}


def main(args: Sequence[str]) -> None:
    """`beside BOARD DIR`: passes until the console ends. `once BOARD DIR SECONDS [joining] [anyway]`: one, in JSON."""
    role, board, directory, *rest = args
    if role == "once":
        print(json.dumps(_once(Path(board), Path(directory), float(rest[0]), rest[1:])))
        return
    if os.name == "posix":
        os.set_blocking(1, False)
    console = _Console()
    with held(Path(f"{board}-share-beside"), float("inf")):
        console.working = True
        if hasattr(os, "nice"):
            os.nice(NICENESS)
        _Loop(Path(board), Path(directory), console).run()
        os._exit(0)  # the threads that wait for the console and the folder are not waited for


if __name__ == "__main__":
    main(sys.argv[1:])
