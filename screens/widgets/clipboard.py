"""Copying a text to where the person can paste it from, and saying in words where that is."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from opsterm.core.whole_file import write_whole

#: How long a clipboard program may take before another way is tried.
PATIENCE_S = 2.0
#: Terminals drop longer OSC 52 sequences unseen (xterm and tmux at about 74,994 bytes of text).
OSC52_BYTES_MAX = 74_000


def copy(text: str, *, write: Callable[[str], None], folder: Path, env: Mapping[str, str] | None = None) -> str:
    """Copies the text the first way that works, and returns where it went.

    `write` sends characters to the terminal, `folder` takes the file where nothing else is left.
    """
    here = os.environ if env is None else env
    if here.get("TMUX") and _by_tmux(text):
        return "copied to tmux's buffer and the terminal's clipboard"
    remote = bool(here.get("SSH_TTY") or here.get("SSH_CONNECTION"))
    if not remote and _has_clipboard(here) and _by_pyperclip(text):
        return "copied to the clipboard"
    if remote and not here.get("TMUX") and len(text.encode()) <= OSC52_BYTES_MAX:
        write(osc52(text))
        return "sent to your terminal's clipboard over SSH (OSC 52)"
    return _to_file(text, folder)


def osc52(text: str) -> str:
    """The sequence that asks a terminal to take the text as its clipboard."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def _by_tmux(text: str) -> bool:
    if not shutil.which("tmux"):
        return False
    done = _run(["tmux", "load-buffer", "-w", "-"], text)
    return done or _run(["tmux", "load-buffer", "-"], text)


def _run(command: list[str], text: str) -> bool:
    try:
        ran = subprocess.run(command, input=text.encode(), capture_output=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return ran.returncode == 0


def _has_clipboard(env: Mapping[str, str]) -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME"))


def _by_pyperclip(text: str) -> bool:
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True


def _to_file(text: str, folder: Path) -> str:
    path = folder / "copied.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode(), 0o600)
    except OSError as error:
        return f"not copied: no clipboard here, and {path} can't be written ({error.strerror})"
    return f"no clipboard here: written to {path}"
