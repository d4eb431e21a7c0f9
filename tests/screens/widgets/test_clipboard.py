"""A copied text goes where the person can paste it from, and the screen says where that is."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from screens.widgets import clipboard


def sent_to_terminal(tmp_path: Path, env: dict[str, str], text: str = "hello 世界") -> tuple[str, str]:
    written: list[str] = []
    where = clipboard.copy(text, write=written.append, folder=tmp_path, env=env)
    return where, "".join(written)


def test_over_ssh_the_terminal_is_asked(tmp_path: Path) -> None:
    where, written = sent_to_terminal(tmp_path, {"SSH_TTY": "/dev/pts/1"})
    assert "SSH" in where
    assert written == f"\x1b]52;c;{base64.b64encode('hello 世界'.encode()).decode()}\x07"


def test_in_tmux_its_buffer_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[list[str], str]] = []
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")

    def run(command: list[str], text: str) -> bool:
        ran.append((command, text))
        return True

    monkeypatch.setattr(clipboard, "_run", run)
    where, written = sent_to_terminal(tmp_path, {"TMUX": "/tmp/tmux", "SSH_TTY": "x"})
    assert "tmux" in where
    assert not written
    assert ran == [(["tmux", "load-buffer", "-w", "-"], "hello 世界")]


def test_where_there_is_no_clipboard_a_file_takes_it(tmp_path: Path) -> None:
    where, written = sent_to_terminal(tmp_path, {})
    assert not written
    assert str(tmp_path / "copied.txt") in where
    assert (tmp_path / "copied.txt").read_text(encoding="utf-8") == "hello 世界"


def test_a_text_too_long_for_a_terminal_goes_to_the_file(tmp_path: Path) -> None:
    where, written = sent_to_terminal(tmp_path, {"SSH_TTY": "x"}, "x" * 100_000)
    assert not written
    assert "written to" in where


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "not copied" in clipboard.copy("x", write=lambda _: None, folder=blocked / "below", env={})


def test_a_clipboard_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr("pyperclip.copy", taken.append)
    where, _ = sent_to_terminal(tmp_path, {"DISPLAY": ":0"})
    assert where == "copied to the clipboard"
    assert taken == ["hello 世界"]
