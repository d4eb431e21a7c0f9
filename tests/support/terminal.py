"""A console in a real terminal (tmux): keys are pressed, and the screen is read until it says what is awaited."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

#: How long a screen may take to say what is awaited, on a machine with other work to do.
DEADLINE_S = 45.0
_POLL_S = 0.05


def missing() -> str:
    """Why there is no terminal to test in; empty where there is."""
    return "" if shutil.which("tmux") else "tmux is not installed"


@dataclass(slots=True)
class Terminal:
    """One person at one console."""

    person: str
    folder: Path
    size: tuple[int, int] = (120, 36)
    presses: int = 0
    env: dict[str, str] = field(default_factory=dict)

    @property
    def socket(self) -> str:
        return str(self.folder / f"{self.person}.tmux")

    @property
    def board(self) -> Path:
        return self.folder / self.person / "board.sqlite"

    def environment(self) -> dict[str, str]:
        keep = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        home = self.folder / self.person
        home.mkdir(exist_ok=True)
        own = {
            "HOME": str(home),
            "TZ": "UTC",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "OPSTERM_BOARD": str(self.board),
            "OPSTERM_USER": self.person,
            "OPSTERM_MACHINE": f"{self.person}-machine",
            "TEXTUAL_ANIMATIONS": "none",
        }
        return {**keep, **own, "PYTHONPATH": str(Path(__file__).parents[2]), **self.env}

    def call(self, *words: str) -> str:
        """A call of the command line on this person's board."""
        ran = subprocess.run(
            [sys.executable, "-m", "opsterm", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, *words: str) -> Terminal:
        """Opens the terminal with the console in it. Where the console fails, its last words stay."""
        columns, rows = self.size
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-s", "w", "-x", str(columns), "-y", str(rows),
            "sh", "-c", '"$@" || read _', "sh", sys.executable, "-m", "opsterm", *words,
        )  # fmt: skip
        self._tmux("set-option", "-g", "escape-time", "0")
        return self

    def press(self, *keys: str) -> Terminal:
        """Presses keys, each one counted."""
        self.presses += len(keys)
        for key in keys:
            self._tmux("send-keys", "-t", "w", key)
        return self

    def type(self, text: str) -> Terminal:
        """Types words; they are not counted as key presses."""
        self._tmux("send-keys", "-t", "w", "-l", text)
        return self

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", "w", check=False)

    def sees(self, *texts: str) -> Terminal:
        """Waits until the screen says all of it."""
        until = time.monotonic() + DEADLINE_S
        while not all(text in self.screen for text in texts):
            if time.monotonic() > until:
                raise AssertionError(f"{self.person} waits for {texts} and sees:\n{self.screen}")
            time.sleep(_POLL_S)
        return self

    def changes(self, before: str) -> Terminal:
        """Waits until the screen is another one."""
        until = time.monotonic() + DEADLINE_S
        while self.screen == before:
            if time.monotonic() > until:
                raise AssertionError(f"{self.person} sees nothing new:\n{before}")
            time.sleep(_POLL_S)
        return self

    def gone(self) -> Terminal:
        """Waits until the console has left."""
        until = time.monotonic() + DEADLINE_S
        while self._tmux("has-session", "-t", "w", check=False, ok=True) == "yes":
            if time.monotonic() > until:
                raise AssertionError(f"{self.person} is still there:\n{self.screen}")
            time.sleep(_POLL_S)
        return self

    def close(self) -> None:
        self._tmux("kill-server", check=False)

    def _tmux(self, *words: str, check: bool = True, ok: bool = False) -> str:
        ran = subprocess.run(
            ["tmux", "-S", self.socket, *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if check:
            assert ran.returncode == 0, ran.stderr
        return ("yes" if ran.returncode == 0 else "no") if ok else ran.stdout
