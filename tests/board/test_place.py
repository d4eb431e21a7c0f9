"""A board belongs on a local disk, and a station is a board and a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.board import opening
from opsterm.board.chains import stations
from opsterm.board.failure import BoardError
from opsterm.board.filesystem import is_network, mounted_at, synced_by
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare

MOUNTS = """\
21 1 252:0 / / rw,relatime - ext4 /dev/vda rw
30 21 0:40 / /mnt/team rw - nfs4 server:/team rw
31 30 0:41 / /mnt/team/local rw - ext4 /dev/vdb rw
32 21 0:42 / /mnt/with\\040space rw shared:1 - fuse.sshfs mia@host: rw
"""


@pytest.mark.parametrize(
    ("path", "mounted"),
    [
        ("/home/mia/board.sqlite", ("/", "ext4")),
        ("/mnt/team/board.sqlite", ("/mnt/team", "nfs4")),
        ("/mnt/teamwork/board.sqlite", ("/", "ext4")),
        ("/mnt/team/local/board.sqlite", ("/mnt/team/local", "ext4")),
        ("/mnt/with space/board.sqlite", ("/mnt/with space", "fuse.sshfs")),
    ],
)
def test_the_longest_mount_point_above_a_path_is_its_disk(path: str, mounted: tuple[str, str]) -> None:
    assert mounted_at(Path(path), MOUNTS) == mounted


@pytest.mark.parametrize(("filesystem", "network"), [("nfs", True), ("fuse.sshfs", True), ("ext4", False), ("", False)])
def test_disks_that_other_hosts_write_on_are_network_disks(filesystem: str, network: bool) -> None:
    assert is_network(filesystem) is network


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Acme GmbH", "Nextcloud"])
def test_a_folder_of_a_sync_tool_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "deep"
    folder.mkdir(parents=True)
    assert synced_by(folder / "board.sqlite") == str(tmp_path / name)


def test_a_folder_of_a_sync_tool_is_known_by_what_it_leaves_there(tmp_path: Path) -> None:
    (tmp_path / "team" / ".stfolder").mkdir(parents=True)
    assert synced_by(tmp_path / "team" / "board.sqlite") == str(tmp_path / "team")
    assert synced_by(tmp_path / "own" / "board.sqlite") == ""


def test_a_board_on_a_network_disk_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "filesystem_of", lambda path: "nfs4")
    with pytest.raises(BoardError, match=r"network disk \(nfs4\).*--board FILE"):
        Board.open(tmp_path / "board.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_board_in_a_synced_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match=r"synced folder .*--board FILE"):
        Board.open(tmp_path / "Dropbox" / "board.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_link_does_not_hide_a_synced_folder(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(BoardError, match="synced folder"):
        Board.open(tmp_path / "data" / "board.sqlite")


def test_a_board_found_on_another_machine_goes_on_under_a_new_identity(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Board.open(path, machine="here") as board:
        declare(Session(board, "mia"), "Checkout fails")
        former = board.station
    with Board.open(path, machine="there") as board:
        assert board.station != former
        assert board.known_as() == [former, board.station]
        declare(Session(board, "mia"), "Search is slow")
        assert stations(board) == {former: 1, board.station: 1}
    with Board.open(path, machine="there") as board:
        assert board.known_as() == [former, board.station]


def test_a_board_that_comes_home_does_not_take_its_old_identity_up_again(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    names = []
    for machine in ("here", "there", "here"):
        with Board.open(path, machine=machine) as board:
            names.append(board.station)
    assert len(set(names)) == 3


def test_a_new_board_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Board.open(path) as board:
        declare(Session(board, "mia"), "Checkout fails")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}
