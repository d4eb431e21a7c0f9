"""Sharing beside the bare parts that it is made of, as ratios in one run: times vary by machine, ratios hardly.

    python -m benchmarks.share [NAME…]

Names: news join idle writers frozen; all of them without a name. Each prints what it measured, of what, and the limit;
the exit code is 1 where a limit is passed.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from opsterm.board import schema
from opsterm.board.change import COLUMNS, Change, Write, make
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.timeline import observe
from opsterm.records import Incident
from opsterm.share import join, start_sync_process, sync_once
from opsterm.share.exchange import Exchange
from opsterm.share.folder import Folder
from opsterm.share.membership import open_share
from opsterm.share.state import read_state
from opsterm.share.watch import DEBOUNCE_MS, STEP_MS

_START_MS = 1_790_000_000_000
#: Where files outlive a restart, so that flushing them costs what it costs; `/tmp` may be memory.
_KEPT_DISK = Path("/var/tmp") if Path("/var/tmp").is_dir() else None
_INSERT = f"INSERT OR IGNORE INTO change ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Measured:
    """One ratio, with the most or the least that it may be."""

    what: str
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{'ok  ' if self.holds else 'MISS'} {self.what}: {self.ratio:.2f} ({sign} {self.limit:g})"


@contextmanager
def place() -> Iterator[Path]:
    """A folder on a disk that keeps what is flushed, taken away afterwards."""
    with tempfile.TemporaryDirectory(prefix="opsterm-bench-", dir=_KEPT_DISK, ignore_cleanup_errors=True) as folder:
        (Path(folder) / "share").mkdir()
        yield Path(folder)


def board_at(path: Path) -> Board:
    return Board.open(path, any_disk=True)


def filled(board: Board, count: int) -> None:
    """A history as incidents bring it: of three changes one is seen, one orders, and one ends an order."""
    changes: list[Change] = []
    for seq in range(1, count + 1):
        incident, record = f"i{seq // 120}", board.new_id()
        basis: dict[str, list[str]] = {}
        fields: dict[str, object] = {"text": f"error rate 2.{seq} % on web-{seq}, p99 latency of checkout 2.3 s"}
        kind = "observation"
        if seq % 3 == 1:
            kind = "action"
            fields = {"text": f"roll back web-{seq}", "owner": "ben", "state": "ordered", "number": seq % 120}
        elif seq % 3 == 2:
            kind, record = "action", changes[-1].record
            fields, basis = {"state": "done", "_why": "rolled back"}, {"state": [changes[-1].digest]}
        write = Write(kind, record, incident, fields)
        prev = changes[-1].digest if changes else ""
        at = _START_MS + seq
        changes.append(make(prev, board.station, seq, at << 16, at, "mia", write, basis))
    board.merge(changes, slice_s=1.0)


# --- a change on one console until another repaints


def news(rounds: int = 40) -> list[Measured]:
    """A change on A to B's room read anew, beside a row that a loop of watchfiles and sqlite3 passes on."""
    with place() as root:
        ours = _news_ours(root, rounds)
        bare = _news_bare(root, rounds)
    print(f"  news: {ours * 1000:.1f} ms from a key on A to B's room; bare loop {bare * 1000:.1f} ms")
    return [Measured("a change on A to repaint on B, beside a bare watchfiles + sqlite3 loop", ours / bare, 2.0)]


def _news_ours(root: Path, rounds: int) -> float:
    with board_at(root / "a.sqlite") as a, board_at(root / "b.sqlite") as b:
        share = root / "share"
        join(a, share)
        join(b, share)
        handles = [start_sync_process(board.path, share) for board in (a, b)]
        session = Session(a, "mia")
        about = a.get(Incident, declare(session, "checkout fails").record)
        assert about is not None
        _until(lambda: b.get(Incident, about.id) is not None)
        took = []
        for index in range(rounds):
            time.sleep(0.15)
            handles[1].heard()
            version = b.version
            began = time.perf_counter()
            observe(session, about, f"line {index}")
            handles[0].nudge()
            while b.version == version:
                select.select([handles[1]], [], [], 10)
                handles[1].heard()
            read_snapshot(b, about.id)
            took.append(time.perf_counter() - began)
        for handle in handles:
            handle.stop()
        return median(took)


def _news_bare(root: Path, rounds: int) -> float:
    from watchfiles import watch

    folder = root / "bare"
    folder.mkdir()
    stop, seen = threading.Event(), threading.Event()
    with closing(sqlite3.connect(folder / "a.sqlite", isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE line (n INTEGER PRIMARY KEY, text TEXT)")

        def loop() -> None:
            last = 0
            for _ in watch(folder, debounce=DEBOUNCE_MS, step=STEP_MS, stop_event=stop, rust_timeout=500):
                with closing(sqlite3.connect(folder / "a.sqlite")) as reader:
                    rows = reader.execute("SELECT n, text FROM line WHERE n > ?", (last,)).fetchall()
                if rows:
                    last = rows[-1][0]
                    seen.set()

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        time.sleep(1.0)
        took = []
        for index in range(rounds):
            time.sleep(0.15)
            seen.clear()
            began = time.perf_counter()
            db.execute("INSERT INTO line (text) VALUES (?)", (f"line {index}",))
            if seen.wait(10):
                took.append(time.perf_counter() - began)
        stop.set()
        thread.join()
    return median(took)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit("the share does not move")
        time.sleep(0.01)


# --- first join


def first_join(count: int = 100_000) -> list[Measured]:
    """A first join of a long history, beside a bare executemany of the same rows into the same tables."""
    with place() as root, board_at(root / "a.sqlite") as a:
        filled(a, count)
        join(a, root / "share")
        changes = list(a.all_changes())
        tables = _rows_of(root / "a.sqlite")
        bare, whole, ours, cpu, bare_cpu = [], [], [], [], []
        for index in range(3):
            used = time.process_time()
            bare.append(_bare_rows(root / f"bare{index}.sqlite", changes))
            bare_cpu.append(time.process_time() - used)
            with board_at(root / f"b{index}.sqlite") as b:
                began, used = time.perf_counter(), time.process_time()
                join(b, root / "share")
                ours.append(time.perf_counter() - began)
                cpu.append(time.process_time() - used)
                assert b.count_changes() == len(changes)
            whole.append(_bare_tables(root / f"whole{index}.sqlite", changes, tables))
    print(
        f"  join: {median(ours):.1f} s for {count} changes; bare executemany of the changes {median(bare):.1f} s,"
        f" of all rows that a join leaves on a board {median(whole):.1f} s;"
        f" processor {median(cpu):.1f} s and {median(bare_cpu):.1f} s"
    )
    return [
        Measured("first join, beside a bare executemany of the same changes", median(ours) / median(bare), 3.0),
        Measured("first join, beside a bare executemany of all rows it makes", median(ours) / median(whole), 3.0),
    ]


def _kept_board(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    schema.run_script(db, schema.KEPT)
    return db


def _bare_rows(path: Path, changes: list[Change]) -> float:
    with closing(_kept_board(path)) as db:
        began = time.perf_counter()
        db.execute("BEGIN")
        db.executemany(_INSERT, changes)
        db.execute("COMMIT")
        return time.perf_counter() - began


def _rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        derived = [name for name in names if name.startswith("record_") or name == "moment"]
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in derived}


def _bare_tables(path: Path, changes: list[Change], tables: dict[str, list[tuple[object, ...]]]) -> float:
    with closing(_kept_board(path)) as db:
        schema.run_script(db, schema.derived_schema())
        began = time.perf_counter()
        db.execute("BEGIN")
        db.executemany(_INSERT, changes)
        for name, rows in tables.items():
            if rows:
                db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        db.execute("COMMIT")
        return time.perf_counter() - began


# --- an idle poll


def idle(stations: int = 20, count: int = 10_000) -> list[Measured]:
    """Polls where nothing happens: bytes read, and the time with ten times the history, in turn."""
    with _reader(stations, count) as long, _reader(stations, count // 10) as short:
        before = _Counted.bytes_read
        took: tuple[list[float], list[float]] = ([], [])
        gc.collect()
        gc.disable()
        for _ in range(500):
            for index, exchange in enumerate((long, short)):
                began = time.perf_counter()
                exchange.once()
                took[index].append(time.perf_counter() - began)
        gc.enable()
        long_s, short_s = map(median, took)
        bytes_read = _Counted.bytes_read - before
    print(
        f"  idle: {long_s * 1e6:.0f} µs a poll with {stations} journals of {count} changes, {short_s * 1e6:.0f} µs with"
        f" {count // 10}; {bytes_read} bytes read"
    )
    return [
        Measured("bytes read by an idle poll", float(bytes_read), 0.0),
        Measured("an idle poll, beside one with a tenth of the history", long_s / short_s, 1.25),
    ]


class _Counted(Folder):
    """Counts what is read."""

    bytes_read = 0

    def read(self, name: str) -> tuple[str, bytes]:
        version, data = super().read(name)
        _Counted.bytes_read += len(data)
        return version, data


@contextmanager
def _reader(stations: int, count: int) -> Iterator[Exchange]:
    """A station that has read all that `stations` others published."""
    with place() as root:
        share = root / "share"
        for number in range(stations):
            with board_at(root / f"s{number}.sqlite") as board:
                filled(board, count)
                # Publishing alone: what the others say is not needed here, and would take hours to write.
                folder = Folder(share, board.station)
                folder.found()
                exchange = Exchange(board, folder, label=f"s{number}")
                exchange.publish()
        with board_at(root / "reader.sqlite") as board:
            exchange = Exchange(board, open_share(board, share, folder=_Counted), label="reader")
            exchange.once()
            exchange.once()
            yield exchange


# --- eight writers

#: What all writers do once they are set up and know how to `write`.
_WRITING = """
print("ready", flush=True)
sys.stdin.readline()
end = time.perf_counter() + float(sys.argv[3])
count, longest = 0, 0.0
while (began := time.perf_counter()) < end:
    write()
    count, longest = count + 1, max(longest, time.perf_counter() - began)
print(count, longest, flush=True)
"""
_OURS = f"""
import sys, time
from pathlib import Path
from opsterm.board.change import Write
from opsterm.board.store import Board
from opsterm.share import start_sync_process
from opsterm.share.state import read_state
board = Board.open(Path(sys.argv[1]), any_disk=True)
began_ms = board.clock.now_ms()
handle = start_sync_process(board.path, sys.argv[2])
while read_state(board.path).heard_ms < began_ms:
    time.sleep(0.05)
def write():
    board.record("w", [Write("observation", board.new_id(), "i1", {{"text": "web is slow"}})])
    handle.nudge()
{_WRITING}
handle.stop()
"""
#: What a team would have without sharing: the same commands on one board's file in the share. Boards there are in a
#: rollback journal, for a write-ahead log needs memory that all its readers share. [sqlite.org/wal.html]
_ONE_BOARD = f"""
import secrets, sqlite3, sys, time
from pathlib import Path
from opsterm.board.change import Write
from opsterm.board.clock import SystemClock
from opsterm.board.store import Board
path = Path(sys.argv[1])
db = sqlite3.connect(path, timeout=60, isolation_level=None, cached_statements=256)
db.execute("PRAGMA synchronous=FULL")
board = Board(path, db, SystemClock(), secrets.token_hex)
def write():
    board.record("w", [Write("observation", board.new_id(), "i1", {{"text": "web is slow"}})])
{_WRITING}
"""
_ONE_FILE = f"""
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
db.execute("PRAGMA synchronous=FULL")
def write():
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO line (text) VALUES (?)", ("web is slow",))
    db.execute("COMMIT")
{_WRITING}
"""


def writers(seconds: float = 10.0, number: int = 8) -> list[Measured]:
    """Eight consoles that write without a pause and share, beside eight that record the same on one board's file in
    the share, and beside eight writers that each put one bare row in one file."""
    with place() as root:
        share = root / "share"
        paths = [root / f"w{n}.sqlite" for n in range(number)]
        for path in paths:
            with board_at(path) as board:
                join(board, share)
        commits, longest = _race(_OURS, [str(path) for path in paths], share, seconds)
        for path in paths:
            with board_at(path) as board:
                sync_once(board, timeout_s=60)
        one_board, one_row = root / "one.sqlite", root / "row.sqlite"
        with board_at(one_board):
            pass
        with closing(sqlite3.connect(one_board)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
        one_commits, one_longest = _race(_ONE_BOARD, [str(one_board)] * number, share, seconds)
        with closing(sqlite3.connect(one_row)) as db:
            db.execute("CREATE TABLE line (n INTEGER PRIMARY KEY, text TEXT)")
        rows, row_longest = _race(_ONE_FILE, [str(one_row)] * number, share, seconds)
    print(
        f"  writers: {commits / seconds:.0f} commands a second, longest wait {longest * 1000:.0f} ms; the same commands"
        f" on one file: {one_commits / seconds:.0f} and {one_longest * 1000:.0f} ms; bare rows in one file:"
        f" {rows / seconds:.0f} and {row_longest * 1000:.0f} ms"
    )
    return [
        Measured(f"commits of {number} writers, beside bare rows in one file", commits / rows, 3.0, at_least=True),
        Measured(
            f"commits of {number} writers, beside the same in one file", commits / one_commits, 3.0, at_least=True
        ),
        Measured("the longest wait of any writer, beside bare rows in one file", longest / row_longest, 0.2),
        Measured("the longest wait of any writer, beside the same in one file", longest / one_longest, 0.2),
    ]


def _race(script: str, boards: list[str], share: Path, seconds: float) -> tuple[int, float]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, board, str(share), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for board in boards
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].split() for process in processes]
    return sum(int(count) for count, _ in told), max(float(longest) for _, longest in told)


# --- a share that hangs


def frozen(pairs: int = 200) -> list[Measured]:
    """A commit while the share hangs, beside one while it is healthy, in turn: the process beside one of two consoles
    is stopped, which is what an unanswered read makes of it."""
    with place() as root, board_at(root / "a.sqlite") as a, board_at(root / "b.sqlite") as b:
        presses = []
        handles = []
        for board in (a, b):
            join(board, root / "share")
            session = Session(board, "mia")
            about = board.get(Incident, declare(session, "checkout fails").record)
            assert about is not None
            handle = start_sync_process(board.path, root / "share")
            handles.append(handle)
            presses.append((session, about, handle))
        _until(lambda: all(read_state(board.path).published_seq > 0 for board in (a, b)))
        os.kill(handles[1].pid, signal.SIGSTOP)
        took: tuple[list[float], list[float]] = ([], [])
        try:
            for index in range(pairs):
                for which in (0, 1) if index % 2 else (1, 0):
                    session, about, handle = presses[which]
                    began = time.perf_counter()
                    observe(session, about, f"line {index}")
                    handle.nudge()
                    took[which].append(time.perf_counter() - began)
                    time.sleep(0.01)
        finally:
            os.kill(handles[1].pid, signal.SIGCONT)
            for handle in handles:
                handle.stop()
    healthy, hung = median(took[0]) * 1000, median(took[1]) * 1000
    print(f"  frozen: {hung:.2f} ms a commit while the share hangs, {healthy:.2f} ms while it is healthy")
    allowed = max(1.1, (healthy + 1.0) / healthy)
    return [Measured("a commit with a frozen share, beside a healthy one", hung / healthy, round(allowed, 2))]


BENCHMARKS: dict[str, Callable[[], list[Measured]]] = {
    "news": news,
    "join": first_join,
    "idle": idle,
    "writers": writers,
    "frozen": frozen,
}


def main() -> int:
    """Runs those named, or all; 1 where a limit is passed."""
    measured = [one for name in sys.argv[1:] or BENCHMARKS for one in BENCHMARKS[name]()]
    for one in measured:
        print(one)
    return int(not all(one.holds for one in measured))


if __name__ == "__main__":
    raise SystemExit(main())
