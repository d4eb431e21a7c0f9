"""A console at a pseudo-terminal that is fed bytes, under a shell that can stop it and let it go on."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.terminal import Terminal

#: How long a console may take to say what is awaited, on a machine with other work to do.
DEADLINE_S = 45.0


@dataclass(slots=True)
class PtyConsole:
    """What was painted is read as it comes; it is looked through by its letters alone."""

    folder: Path
    size: tuple[int, int] = (120, 40)
    #: What the terminal says that it is.
    term: str = "xterm-256color"
    pid: int = 0
    fd: int = -1
    painted: bytearray = field(default_factory=bytearray)

    @property
    def terminal(self) -> Terminal:
        return Terminal("mia", self.folder)

    def start(self, *, shell: bool = False, words: Sequence[str] = ()) -> PtyConsole:
        """The console alone, or as a job of a shell; `words` make another call of it."""
        console = [sys.executable, "-m", "opsterm", *words]
        begun = ["bash", "--norc", "--noprofile", "-i"] if shell else console
        env = {**self.terminal.environment(), "PS1": "shell$ ", "TERM": self.term}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(begun[0], begun, env)
        columns, rows = self.size
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if shell:
            self.sees("shell$")
            self.send((" ".join(console) + "\r").encode())
        return self

    def send(self, data: bytes) -> PtyConsole:
        """All in one piece."""
        self.painted.clear()
        os.write(self.fd, data)
        return self

    def sees(self, *texts: str) -> PtyConsole:
        """Waits until all of it was painted since something was sent."""
        until = time.monotonic() + DEADLINE_S
        while not all(text.encode() in self.painted for text in texts):
            assert time.monotonic() < until, f"waits for {texts} and sees {bytes(self.painted[-4000:])!r}"
            self.look()
        return self

    def look(self, seconds: float = 0.05) -> bytes:
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.painted += os.read(self.fd, 65536)
            except OSError:
                time.sleep(seconds)
        return bytes(self.painted)

    @property
    def lives(self) -> bool:
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)

    def ends(self) -> int:
        """Waits until it has left; its exit code."""
        until = time.monotonic() + DEADLINE_S
        while time.monotonic() < until:
            self.look()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it is still there")

    def close(self) -> None:
        if self.pid:
            for number in (signal.SIGHUP, signal.SIGKILL):
                os.kill(self.pid, number)
                time.sleep(0.2)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
