"""Where an export may be written: over a file or nothing, through links, into devices and pipes; never half."""

from __future__ import annotations

import os
import pty
import select
import socket
import subprocess
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsterm.cli.main import main
from opsterm.core import whole_file
from opsterm.core.session import Rejected
from opsterm.core.whole_file import export_whole, write_whole
from tests.support import structure


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("umask")
def test_a_new_file_has_what_the_umask_leaves_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("old")
    old.chmod(0o604)
    export_whole(new, "text")
    export_whole(old, "text")
    assert (mode(new), mode(old), old.read_text()) == (0o640, 0o604, "text")
    write_whole(new, b"private", 0o600)
    assert mode(new) == 0o600


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    for name, text in (("there", "old"), ("not there", "")):
        target, link, further = tmp_path / "far" / name, tmp_path / f"link {name}", tmp_path / f"further {name}"
        if text:
            target.write_text(text)
        link.symlink_to(target)
        further.symlink_to(link)
        export_whole(further, "text")
        assert (target.read_text(), link.is_symlink(), further.is_symlink()) == ("text", True, True)
    assert names(tmp_path / "far") == {"there", "not there"}


def test_links_in_a_circle_a_folder_a_socket_and_no_folder_are_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    before = names(tmp_path)
    for name, why in (
        ("a", "symbolic links"),
        ("folder", "Is a directory"),
        ("none/x", "No such file"),
        ("file/x", "Not a directory"),
        ("x\0y", "null byte"),
        ("n" * 300, "File name too long"),
    ):
        with pytest.raises(Rejected, match=f"can't be written .*{why}.*name another file"):
            export_whole(tmp_path / name, "text")
    with pytest.raises(Rejected, match="surrogates not allowed"):
        export_whole(tmp_path / "file", "\ud800")
    assert names(tmp_path) == before
    assert (tmp_path / "file").read_text() == "x"


def test_a_socket_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind("socket")
        with pytest.raises(Rejected, match="can't be written"):
            export_whole(Path("socket"), "text")
        assert Path("socket").is_socket()


def test_a_device_is_written_into_and_never_replaced(tmp_path: Path) -> None:
    reader, device = pty.openpty()
    tty.setraw(device)
    link = tmp_path / "device"
    link.symlink_to(os.ttyname(device))
    export_whole(link, "text")
    assert link.is_symlink()
    assert link.is_char_device()
    assert os.read(reader, 100) == b"text"
    os.close(device)
    os.close(reader)


def test_a_pipe_is_written_into_where_somebody_reads_and_never_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_file, "READER_PATIENCE_S", 0.01)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Rejected, match="nobody reads it"):
        export_whole(pipe, "text")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    export_whole(pipe, "text")
    assert os.read(reader, 100) == b"text"
    with pytest.raises(Rejected, match="its reader takes no more"):
        export_whole(pipe, "x" * 1_000_000)
    os.close(reader)
    assert pipe.is_fifo()
    assert names(tmp_path) == {"pipe"}


def test_a_pipe_gets_all_of_a_large_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_file, "READER_PATIENCE_S", 60.0)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reads = "import os, select, sys; f = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK); print(flush=True); "
    reads += "select.select([f], [], []); os.set_blocking(f, True); "
    reads += "print(sum(len(data) for data in iter(lambda: os.read(f, 65536), b'')))"
    command = [sys.executable, "-c", reads, str(pipe)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        export_whole(pipe, "x" * 1_000_000)
        assert reader.stdout.readline() == "1000000\n"


def test_the_name_that_is_written_beside_cannot_be_foretold_and_nothing_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    really = Path.replace

    def refuses(self: Path, target: Path) -> Path:
        seen.append(self.name)
        if len(seen) > 2:
            raise OSError(28, "No space left on device")
        return really(self, target)

    monkeypatch.setattr(Path, "replace", refuses)
    place = tmp_path / "out"
    export_whole(place, "one")
    export_whole(place, "two")
    with pytest.raises(Rejected, match="No space left"):
        export_whole(place, "three")
    assert len(set(seen)) == 3
    assert all(len(name) > 30 and str(os.getpid()) not in name.split("-") for name in seen)
    assert (names(tmp_path), place.read_text()) == ({"out"}, "two")


@pytest.mark.parametrize("kept", ["", "what stood there\n"], ids=("anew", "added"))
def test_what_the_shell_sends_elsewhere_is_added_to(tmp_path: Path, kept: str) -> None:
    out = tmp_path / "out"
    out.write_text(kept)
    call = "import sys; from pathlib import Path; from opsterm.core.whole_file import export_whole as e;"
    call += "e(Path('/dev/stdout'), 'text\\n'); print('written')"
    with out.open("a") as file:
        subprocess.run([sys.executable, "-c", call], stdout=file, check=True)
    assert out.read_text() == f"{kept}text\nwritten\n"
    piped = subprocess.run([sys.executable, "-c", call], stdout=subprocess.PIPE, check=True, text=True)
    assert piped.stdout == "text\nwritten\n"


EXPORTS = {
    "ics": ("due", "--ics"),
    "page": ("page", "--html"),
    "postmortem": ("postmortem", "INC-1", "--out"),
}


@pytest.mark.parametrize("words", EXPORTS.values(), ids=EXPORTS)
def test_each_call_that_writes_a_file_writes_into_a_pipe_and_through_a_link(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["--board", str(tmp_path / "board"), "--as", "mia"]
    assert main([*call, "declare", "Checkout fails"]) == 0
    folder = tmp_path / "out"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert main([*call, *words, str(folder / "link")]) == 0, capsys.readouterr().err
    assert select.select([reader], [], [], 0)[0]
    assert os.read(reader, 65536)
    os.close(reader)
    assert names(folder) == {"pipe", "link"}
    assert (folder / "pipe").is_fifo()
    assert main([*call, *words, str(folder / "none" / "x")]) != 0
    assert "can't be written" in capsys.readouterr().err


def test_whatever_puts_a_file_in_its_place_does_it_by_the_one_writer() -> None:
    # A board's own file is put in its place by the board, a journal by the share.
    own = {"opsterm.core.whole_file", "opsterm.board.place_kept", "opsterm.share.folder", "opsterm.share.state"}
    writing = {
        name
        for name, path in structure.modules(tops=("opsterm", "screens")).items()
        if any(word in path.read_text(encoding="utf-8") for word in (".write_text(", ".write_bytes(", "mkstemp("))
    }
    assert writing - own == {"opsterm.registers.documents.git_history"}
