"""A disk that is nearly full is said before it is full, at home and in the war room, and not before that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from opsterm.board.filesystem import last_bytes
from screens.war_room.war_room import WarRoom
from tests.support.console import Console, Scene, at_console

MB = 1_000_000


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Says how large the disk is, and how much of it is free."""

    def has(total: int, free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(total, total - free, free))

    return has


@pytest.mark.parametrize(
    ("total", "free", "said"),
    [
        (500_000 * MB, 100 * MB, None),
        (500_000 * MB, 99 * MB, 99 * MB),
        (500_000 * MB, 0, 0),
        (64 * MB, 60 * MB, None),
        (64 * MB, 6 * MB, 6 * MB),
    ],
)
def test_a_disk_is_nearly_full_by_what_is_free_and_by_its_size(
    disk: Callable[[int, int], None], total: int, free: int, said: int | None
) -> None:
    disk(total, free)
    assert last_bytes(Path("board.sqlite")) == said


def test_what_a_disk_has_left_can_not_always_be_told(tmp_path: Path) -> None:
    assert last_bytes(tmp_path / "nowhere" / "board.sqlite") is None


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_is_said_in_the_room_and_at_home(
    scene: Scene, disk: Callable[[int, int], None], size: tuple[int, int]
) -> None:
    told = "disk nearly full: 42 MB left"

    async def steps(console: Console) -> None:
        assert isinstance(console.app.screen, WarRoom)
        notices = {notice.key: notice.text for notice in console.app.screen.notice_line.notices}
        assert notices["disk"] == told
        console.app.go_home()
        await console.pilot.pause()
        assert told in console.screen_text

    disk(500_000 * MB, 42 * MB)
    at_console(scene, steps, size=size)
