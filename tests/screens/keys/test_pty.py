"""The console at a real pseudo-terminal: what comes in does not end it, and the shell gets it back whole.

OPSTERM_FUZZ=200000 sends more.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.support.pty_console import PtyConsole
from tests.support.terminal_bytes import FUZZ, SEQUENCES, lines, mutated


@pytest.fixture
def console(tmp_path: Path) -> Iterator[PtyConsole]:
    made = PtyConsole(tmp_path)
    made.terminal.call("declare", "Checkout fails")
    yield made
    made.close()


def test_bytes_of_all_kinds_and_then_its_own_keys_for_leaving(console: PtyConsole) -> None:
    console.start().sees("Hypotheses", "log")
    console.send(b"l").sees("type what you see")
    console.send(b"queue at M\xfcnchen grows\r").sees("on the timeline")
    console.send(b"\x1b[97:65;2;65u\x1b[97;1:3u\x1b[1114112u")
    console.send(b"l").sees("type what you see")
    console.send("نمی\u200cشود 👩\u200d🚒\r".encode()).sees("on the timeline")
    console.send(b"l13:10 queue grows\r13:12 srPnv1 kim looks\r13:20 drained\r").sees("3 lines pasted")
    console.send(b"\r").sees("on the timeline")
    console.send(b"\x1bh").sees("what could explain this")
    console.send(b"\x1b").look(0.3)
    console.send(b"\x03").sees("q leaves this page")
    told = console.terminal.call("show", "INC-1")
    assert "M\ufffdnchen" in told
    assert "نمی\u200cشود 👩\u200d🚒" in told
    assert console.lives


def test_a_stream_of_anything_ends_nothing(console: PtyConsole) -> None:
    console.start().sees("Hypotheses", "log")
    chance = Random(1)
    for _ in range(FUZZ // 10):
        sequence = mutated(chance, chance.choice(SEQUENCES).encode())
        paste = b"\x1b[200~" + lines(chance).encode() + b"\x1b[201~"
        os.write(console.fd, chance.choice((sequence, paste, b"\x1b")))
        console.look(0.01)
    time.sleep(1.5)
    for _ in range(3):
        console.send(b"\x1b").look(0.3)
    assert console.lives
    assert "Traceback" not in console.look().decode("utf-8", "replace")


@pytest.mark.parametrize("how", ["key", "signal"])
def test_out_to_the_shell_and_back_paints_all(console: PtyConsole, how: str) -> None:
    console.start(shell=True).sees("Hypotheses", "log")
    if how == "key":
        console.send(b"\x1a").sees("Stopped", "shell$")
    else:
        console.painted.clear()
        (job,) = Path(f"/proc/{console.pid}/task/{console.pid}/children").read_text(encoding="utf-8").split()
        os.kill(int(job), signal.SIGTSTP)
        console.sees("Stopped", "shell$")
    console.send(b"echo $((20 + 3))\r").sees("23")
    console.send(b"fg\r").sees("INC-1", "commander", "Status", "Hypotheses", "Actions", "Timeline", "log")
    console.send(b"l").sees("type what you see")
    console.send(b"\x1b").look(0.3)
    console.send(b"q").sees("Incidents")
    console.send(b"q").sees("shell$")


def test_where_no_shell_waits_the_console_is_back_at_once(console: PtyConsole) -> None:
    console.start().sees("Hypotheses", "log")
    console.send(b"\x1a").sees("INC-1", "Hypotheses", "Timeline")
    console.send(b"l").sees("type what you see")
    console.send(b"\x1b").look(0.3)
    console.send(b"q").sees("Incidents")
    console.send(b"q")
    assert console.ends() == 0


def test_a_board_that_another_program_holds_is_waited_for_and_keys_are_taken_meanwhile(console: PtyConsole) -> None:
    console.start().sees("Hypotheses", "log")
    with closing(sqlite3.connect(console.terminal.board, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        console.send(b"l").sees("type what you see")
        console.send(b"queue grows\r").sees("waiting for the board")
        console.send(b"lqueue drained\r")
        holder.execute("ROLLBACK")
    console.sees("on the timeline")
    console.send(b"?").sees("Keys")
    told = console.terminal.call("show", "INC-1")
    assert "queue grows" in told
    assert "queue drained" in told
    assert console.lives
