"""Joining, leaving, one publish and merge; shares that are gone, another team's, read-only or full."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from opsterm.board.chains import changes_of_station
from opsterm.records import Incident, Observation
from opsterm.share import ShareRefused, ShareUnreachable, check_share, join, leave, sync_once
from opsterm.share.folder import Folder
from opsterm.share.journal import encode
from opsterm.share.layout import live_name
from opsterm.share.lock import held
from opsterm.share.membership import joined_folder
from opsterm.share.state import read_state
from opsterm.share.sync import pass_lock
from tests.support.shares import OpenBoard, declare, journals, observe


def test_what_one_station_says_is_on_the_other_after_two_passes(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    assert "nobody else" in join(mia, share)
    about = declare(mia)
    assert sync_once(mia).published == 1
    assert "1 other station there; 0 published, 1 taken" in join(ben, share)
    observe(ben, about, "web is slow", "ben")
    assert sync_once(ben).published == 1
    result = sync_once(mia)
    assert (result.published, result.merged, result.problems) == (0, 1, ())
    assert [item.text for item in mia.all(Observation)] == ["web is slow"]
    assert {seen["person"] for seen in result.as_json()["stations"]} == {"mia", "ben"}
    assert sync_once(mia).merged == sync_once(ben).published == 0


def test_a_pass_that_has_nothing_to_say_writes_nothing(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    own = journals(share) / live_name(mia.station)
    before = own.stat()
    for _ in range(3):
        sync_once(mia)
    assert own.stat() == before


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    with pytest.raises(ShareUnreachable, match="is not there") as caught:
        join(mia, tmp_path / "nowhere")
    assert "\n" not in str(caught.value)
    assert joined_folder(mia) is None
    with pytest.raises(ShareRefused, match="opsterm join DIR"):
        sync_once(mia)


def test_in_a_share_that_is_gone_nothing_is_made_until_it_is_joined_again(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    (share / "opsterm").rename(share.with_name("away"))
    with pytest.raises(ShareUnreachable, match="gone"):
        sync_once(mia)
    assert list(share.iterdir()) == []
    assert "gone" in read_state(mia.path).trouble
    join(mia, share)
    assert sync_once(mia).problems == ()
    assert (journals(share) / live_name(mia.station)).exists()


def test_another_disk_in_place_of_the_share_is_not_written_to(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    mia.remember("share.seen", f'{{"{share}": 1}}')
    (share / "opsterm").rename(share.with_name("away"))
    (share / "opsterm").mkdir()
    with pytest.raises(ShareUnreachable, match="another disk"):
        sync_once(mia)
    assert list((share / "opsterm").iterdir()) == []


def test_the_same_share_mounted_anew_is_the_same_share(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    mia.remember("share.seen", f'{{"{share}": 1}}')
    assert sync_once(mia).problems == ()


def test_another_teams_folder_is_not_merged_until_a_person_says_so(tmp_path: Path, open_board: OpenBoard) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    mia, ben, eva = open_board("mia"), open_board("ben"), open_board("eva")
    for board, folder in ((mia, ours), (ben, ours), (eva, theirs)):
        declare(board)
        join(board, folder)
    sync_once(mia)
    with pytest.raises(ShareRefused, match="another team"):
        join(mia, theirs)
    with pytest.raises(ShareRefused):
        sync_once(mia, theirs)
    assert joined_folder(mia) == ours
    assert len(mia.all(Incident)) == 2
    assert not (journals(theirs) / live_name(mia.station)).exists()
    join(mia, theirs, anyway=True)
    assert len(mia.all(Incident)) == 3
    sync_once(eva)
    assert len(eva.all(Incident)) == 3


def test_a_board_that_has_met_nobody_joins_anyone(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    declare(mia)
    declare(ben)
    join(mia, share)
    join(ben, share)
    assert len(ben.all(Incident)) == 2


def test_moving_to_a_new_folder_takes_all_history_along(tmp_path: Path, open_board: OpenBoard) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    mia, ben, eva = open_board("mia"), open_board("ben"), open_board("eva")
    declare(ben)
    join(ben, old)
    declare(mia)
    join(mia, old)
    join(mia, new)
    join(eva, new)
    assert len(eva.all(Incident)) == 2


def test_leaving_says_what_was_not_published(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    assert leave(mia) == "This board is not shared."
    about = declare(mia)
    join(mia, share)
    observe(mia, about, "one more")
    assert "1 of its changes" in leave(mia)
    assert joined_folder(mia) is None


def test_a_turn_that_another_process_holds_ends_in_words(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    with held(pass_lock(mia.path), 0) as got:
        assert got
        with pytest.raises(ShareUnreachable, match="Another process"):
            sync_once(mia, timeout_s=0.05)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
def test_a_share_that_can_not_be_written_is_still_read(
    share: Path, open_board: OpenBoard, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    join(ben, share)
    declare(ben)
    sync_once(ben)
    about = declare(mia)

    def fails(_self: Folder, path: Path, *_: object) -> os.stat_result:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "_fill", fails)
        result = sync_once(mia)
    assert (result.merged, result.published) == (1, 0)
    assert ["not published" in problem.what for problem in result.problems] == [True]
    assert sync_once(mia).published == 1
    sync_once(ben)
    assert ben.get(Incident, about.id) is not None


def test_a_rename_that_another_hosts_open_file_stands_against_is_tried_again(
    share: Path, open_board: OpenBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = open_board("mia")
    join(mia, share)
    declare(mia)
    real: Callable[..., Path] = Path.replace
    tries: list[int] = []

    def held_open(self: Path, target: Path) -> Path:
        if target.suffix == ".sqlite" and len(tries) < 3:
            tries.append(1)
            raise PermissionError(errno.EACCES, "sharing violation")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held_open)
    result = sync_once(mia)
    assert (result.published, result.problems, len(tries)) == (1, (), 3)


def test_a_writer_that_died_leaves_nothing_behind(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    left = journals(share) / f".opsterm-{mia.station}-0000.tmp"
    others = journals(share) / ".opsterm-beef-0000.tmp"
    left.write_bytes(b"half")
    others.write_bytes(b"half")
    declare(mia)
    sync_once(mia)
    assert not left.exists()
    assert others.exists()


def test_folders_are_as_open_to_others_as_the_one_that_was_chosen(share: Path, open_board: OpenBoard) -> None:
    share.chmod(0o2770)
    umask = os.umask(0o077)
    try:
        mia = open_board("mia")
        join(mia, share)
    finally:
        os.umask(umask)
    assert journals(share).stat().st_mode & 0o7777 == 0o2770
    assert (journals(share) / live_name(mia.station)).stat().st_mode & 0o777 == 0o660


def test_an_older_console_does_not_destroy_what_a_newer_one_wrote(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    about = declare(mia)
    join(mia, share)
    join(ben, share)
    own = journals(share) / live_name(mia.station)
    newer = bytearray(own.read_bytes())
    newer[60:64] = (9).to_bytes(4, "big")
    own.write_bytes(newer)
    observe(mia, about, "work goes on")
    assert any("newer opsterm" in problem.what for problem in sync_once(ben).problems)
    result = sync_once(mia)
    assert own.read_bytes() == newer
    assert any("format 9" in problem.what for problem in result.problems)
    sync_once(ben)
    assert [item.text for item in ben.all(Observation)] == ["work goes on"]


def test_check_names_file_station_and_first_bad_seq(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    about = declare(mia)
    for index in range(5):
        observe(mia, about, f"n {index}")
    join(mia, share)
    join(ben, share)
    assert check_share(ben) == []
    own = journals(share) / live_name(mia.station)
    changes = list(changes_of_station(mia, mia.station))
    from opsterm.share.journal import About

    changes[3] = changes[3]._replace(author="eve")
    own.write_bytes(encode(About(mia.station, "mia@laptop", "mia"), changes))
    found = {problem.where: problem.what for problem in check_share(ben)}
    assert f"change 4 of station {mia.station}" in found[own.name]
    assert "change 4 is missing" in found[f"station {mia.station}"]
    own.write_bytes(encode(About(mia.station, "mia@laptop", "mia"), [*changes[:2], *changes[4:]]))
    found = {problem.where: problem.what for problem in check_share(ben)}
    assert "change 3 is missing: this board knows it" in found[f"station {mia.station}"]
    sync_once(mia)
    sync_once(ben)
    assert check_share(ben) == []


@pytest.mark.parametrize("board_first", [True, False])
def test_a_torn_file_is_told_and_taken_once_it_is_whole(share: Path, open_board: OpenBoard, board_first: bool) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(ben, share)
    declare(mia)
    join(mia, share)
    own = journals(share) / live_name(mia.station)
    whole = own.read_bytes()
    own.write_bytes(whole[: len(whole) // 2])
    if board_first:
        assert len(sync_once(mia).problems) <= 1
    else:
        assert [problem.file for problem in sync_once(ben).problems] == [own.name]
        assert len(ben.all(Incident)) == 0
        own.write_bytes(whole)
    assert sync_once(ben).problems == ()
    assert len(ben.all(Incident)) == 1


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    pid = os.fork()
    if not pid:
        with held(path, 0):
            os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    with held(path, 0) as got:
        assert got


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    release = threading.Event()
    taken = threading.Event()

    def hold() -> None:
        with held(path, 0):
            taken.set()
            release.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    with held(path, 0) as got:
        assert not got
    threading.Timer(0.05, release.set).start()
    with held(path, 30) as got:
        assert got
    thread.join()
