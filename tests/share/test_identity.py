"""Clones, restored backups and lost journals: everything said is kept, and nobody writes in another's name."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.records import Incident, Observation
from opsterm.share import check_share, join, sync_once
from opsterm.share.layout import live_name
from tests.share.world import CONFLICT_COPIES
from tests.support.shares import OpenBoard, declare, journals, observe


def copy(board: Board, to: Path) -> None:
    with closing(sqlite3.connect(board.path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def texts(board: Board) -> set[str]:
    return {item.text for item in board.all(Observation)}


def test_of_two_clones_one_keeps_the_name_and_nothing_is_lost(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    about = declare(mia)
    join(mia, share)
    join(ben, share)
    copy(mia, tmp_path / "twin.sqlite")
    twin = open_board("twin")
    assert twin.station == mia.station
    observe(mia, about, "from the first")
    observe(twin, about, "from the second")
    sync_once(mia)
    result = sync_once(twin)
    assert twin.station != mia.station
    assert "cloned or restored" in result.said[0]
    for board in (mia, ben, twin, mia):
        sync_once(board)
    assert texts(mia) == texts(ben) == texts(twin) == {"from the first", "from the second"}
    assert len(mia.known_as()) == 1
    assert any("there twice" in problem.what for problem in check_share(ben))


def test_a_board_restored_from_a_backup_finds_what_it_had_said(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia = open_board("mia")
    about = declare(mia)
    join(mia, share)
    copy(mia, tmp_path / "backup.sqlite")
    observe(mia, about, "after the backup")
    sync_once(mia)
    restored = open_board("backup")
    observe(restored, about, "after the restore")
    result = sync_once(restored)
    assert result.merged == 1
    assert restored.station != mia.station
    assert texts(restored) == {"after the backup", "after the restore"}
    ben = open_board("ben")
    join(ben, share)
    assert texts(ben) == {"after the backup", "after the restore"}


def test_a_backup_that_lacks_nothing_goes_on_as_the_same_station(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    copy(mia, tmp_path / "backup.sqlite")
    restored = open_board("backup")
    assert sync_once(restored).said == ()
    assert restored.station == mia.station


def test_a_board_on_another_machine_carries_on_under_another_name(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia = open_board("mia")
    about = declare(mia)
    observe(mia, about, "not published yet")
    copy(mia, tmp_path / "moved.sqlite")
    moved = open_board("moved", machine="a new laptop")
    assert moved.station != mia.station
    join(moved, share)
    ben = open_board("ben")
    join(ben, share)
    assert texts(ben) == {"not published yet"}


def test_the_lost_journal_of_someone_who_left_is_made_whole_by_another(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    about = declare(mia)
    observe(mia, about, "then I left")
    join(mia, share)
    join(ben, share)
    (journals(share) / live_name(mia.station)).unlink()
    sync_once(ben)
    eva = open_board("eva")
    join(eva, share)
    assert texts(eva) == {"then I left"}
    assert check_share(eva) == []


def test_what_one_station_carries_no_other_carries_again(share: Path, open_board: OpenBoard) -> None:
    mia, ben, eva = open_board("mia"), open_board("ben"), open_board("eva")
    declare(mia)
    for board in (mia, ben, eva):
        join(board, share)
    (journals(share) / live_name(mia.station)).unlink()
    assert sync_once(ben).published == 1
    assert sync_once(eva).published == 0


def test_an_own_journal_that_is_lost_or_damaged_is_made_again(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    declare(mia)
    join(mia, share)
    own = journals(share) / live_name(mia.station)
    whole = own.read_bytes()
    for damage in (lambda: own.unlink(), lambda: own.write_bytes(whole[:5000]), lambda: own.write_bytes(b"")):
        damage()
        sync_once(mia)
        assert own.read_bytes() == whole


def test_an_older_own_journal_that_comes_back_is_brought_up_to_date(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    about = declare(mia)
    join(mia, share)
    own = journals(share) / live_name(mia.station)
    old = own.read_bytes()
    observe(mia, about, "newer")
    sync_once(mia)
    new = own.read_bytes()
    own.write_bytes(old)
    assert sync_once(mia).said == ()
    assert own.read_bytes() == new


@pytest.mark.parametrize("pattern", CONFLICT_COPIES)
def test_a_conflict_copy_is_one_more_journal(share: Path, open_board: OpenBoard, pattern: str) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(ben, share)
    declare(mia)
    join(mia, share)
    own = journals(share) / live_name(mia.station)
    copied = own.with_name(pattern.format(own.stem))
    shutil.move(own, copied)
    sync_once(ben)
    assert len(ben.all(Incident)) == 1
    assert sync_once(mia).said == ()
    assert own.exists()
    assert [problem.where for problem in check_share(ben) if "copy" in problem.what] == [copied.name]


def test_two_clones_that_say_nothing_do_not_write_over_each_other(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    declare(mia)
    declare(ben)
    for board in (mia, ben):
        join(board, share)
    sync_once(mia)
    copy(mia, tmp_path / "twin.sqlite")
    twin = open_board("twin")
    (journals(share) / live_name(ben.station)).unlink()
    for _ in range(3):
        sync_once(mia)
        sync_once(twin)
    before = {file: file.stat().st_mtime_ns for file in journals(share).iterdir()}
    sync_once(mia)
    sync_once(twin)
    assert {file: file.stat().st_mtime_ns for file in journals(share).iterdir()} == before
