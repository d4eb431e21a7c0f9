"""A journal is a series: full files are sealed, read once in a life, and made again with the same boundaries."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from opsterm.board.chains import chain_sizes
from opsterm.board.change import Write
from opsterm.board.store import Board
from opsterm.records import Observation
from opsterm.share import check_share, join, sync_once
from opsterm.share import layout as layout_of
from opsterm.share.exchange import Exchange
from opsterm.share.folder import Folder
from opsterm.share.layout import live_name
from opsterm.share.membership import open_share
from tests.support.shares import OpenBoard, declare, journals, observe


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are full after some twenty changes."""
    monkeypatch.setattr(layout_of, "SEAL_BYTES", 10_000)
    monkeypatch.setattr("opsterm.share.exchange.SEAL_BYTES", 10_000)


def say(board: Board, count: int) -> None:
    writes = [Write("observation", board.new_id(), "i1", {"text": f"line {n}"}) for n in range(count)]
    board.record("mia", writes)


def sealed(share: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((journals(share) / "sealed").iterdir())}


def test_full_files_are_sealed_and_never_written_again(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    join(ben, share)
    before: dict[str, bytes] = {}
    for _ in range(8):
        say(mia, 17)
        sync_once(mia)
        now = sealed(share)
        assert {name: now[name] for name in before} == before
        before = now
        sync_once(ben)
        assert chain_sizes(ben) == chain_sizes(mia)
    assert len(before) >= 3
    assert (journals(share) / live_name(mia.station)).stat().st_size < 40_000


def test_missing_and_damaged_sealed_files_are_made_again_with_the_same_boundaries(
    share: Path, open_board: OpenBoard
) -> None:
    mia = open_board("mia")
    join(mia, share)
    say(mia, 100)
    sync_once(mia)
    whole = sealed(share)
    assert len(whole) >= 2
    first, second = sorted((journals(share) / "sealed").iterdir())[:2]
    first.unlink()
    second.write_bytes(second.read_bytes()[:3000])
    sync_once(mia)
    assert sealed(share) == whole
    assert check_share(mia) == []


def test_a_large_history_that_is_carried_is_sealed_too(share: Path, open_board: OpenBoard) -> None:
    mia, ben, eva = open_board("mia"), open_board("ben"), open_board("eva")
    say(mia, 100)
    join(mia, share)
    join(ben, share)
    for file in [*journals(share).glob(f"{mia.station}*"), *(journals(share) / "sealed").iterdir()]:
        file.unlink()
    sync_once(ben)
    join(eva, share)
    assert chain_sizes(eva)[mia.station] == 100
    assert len(eva.all(Observation)) == 100
    assert len(sealed(share)) >= 2


def test_a_live_file_that_arrives_before_its_sealed_one_loses_nothing(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(ben, share)
    say(mia, 60)
    join(mia, share)
    held_back = {file: file.read_bytes() for file in (journals(share) / "sealed").iterdir()}
    for file in held_back:
        file.unlink()
    sync_once(ben)
    assert ben.count_changes() < 60
    assert any("missing" in problem.what for problem in check_share(ben))
    for file, data in held_back.items():
        file.write_bytes(data)
    sync_once(ben)
    assert ben.count_changes() == 60


def test_an_idle_poll_opens_live_files_only_and_reads_nothing(
    share: Path, open_board: OpenBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    say(mia, 100)
    sync_once(mia)
    join(ben, share)
    observe(ben, declare(ben), "x")
    exchange = Exchange(ben, open_share(ben, share), label="ben@desk")
    exchange.once(thorough=True)
    opened: list[str] = []
    from opsterm.share import folder as module

    real = module._opened

    def noted(path: Path) -> AbstractContextManager[tuple[int, str]]:
        opened.append(path.name)
        return real(path)

    monkeypatch.setattr(module, "_opened", noted)
    monkeypatch.setattr(Folder, "read", lambda *_: pytest.fail("an idle poll reads nothing"))
    monkeypatch.setattr(Folder, "write", lambda *_: pytest.fail("an idle poll writes nothing"))
    exchange.once()
    assert sorted(opened) == sorted(live_name(board.station) for board in (mia, ben))


def test_another_process_reads_no_sealed_file_again(
    share: Path, open_board: OpenBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    say(mia, 100)
    sync_once(mia)
    join(ben, share)
    read: list[str] = []
    real = Folder.read

    def noted(self: Folder, name: str) -> tuple[str, bytes]:
        read.append(name)
        return real(self, name)

    monkeypatch.setattr(Folder, "read", noted)
    sync_once(ben)
    assert read == []
