"""How far others see what is typed, in words; joining and leaving from the console; a share that hangs holds nobody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opsterm.board.store import Board, seeded_token
from opsterm.cli.main import main
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.share import join
from opsterm.share.process import SyncProcess
from opsterm.sharing.console_side import Sharing
from opsterm.sharing.status import sharing_state
from screens import share as sharing
from screens.palette import Commands
from tests.support.console import Console, Scene
from tests.support.team import Team


def test_the_status_pane_says_who_is_there_and_when_the_share_was_heard(team: Team) -> None:
    async def run() -> None:
        async with team.noor.console(person="noor") as console:
            assert "in step" in console.head
            assert "2 stations" in console.head
            pane = console.war_room.status_pane
            told = "\n".join("".join(c.text for c in pane.line_at(y).left) for y in range(20))
            assert "last heard" in told
            assert "mia" in told

    asyncio.run(run())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_a_share_unheard_for_long_says_in_amber_to_say_it_aloud(team: Team, size: tuple[int, int]) -> None:
    async def run() -> None:
        team.wait(3)
        async with team.noor.console(person="noor", size=size) as console:
            await console.pilot.pause()
            amber = [cell for line in console.war_room.head.lines for cell in line.right if cell.tone == "warn"]
            assert any("unheard" in cell.text for cell in amber)
            assert "say it aloud" in console.screen_text
            assert any(n.key == "unheard share" for n in console.war_room.notice_line.notices)

    asyncio.run(run())


def test_how_long_it_may_be_unheard_is_set_from_the_palette(team: Team) -> None:
    async def run() -> None:
        team.wait(3)
        async with team.noor.console(person="noor") as console:
            [(_, ask)] = [one for one in Commands(console.war_room)._sharing() if "unheard" in one[0]]
            ask()
            await console.type("soon")
            await console.press("enter")
            assert "say 90s, 5m or 2h" in console.screen_text
            await console.press(*["backspace"] * 4)
            await console.type("5m")
            assert "unheard for 5m" in console.screen_text
            await console.press("enter")
            assert not sharing_state(console.war_room.context.board).late
            sharing.show(console.war_room)
            await console.pilot.pause()
            assert "unheard for 5m" in console.screen_text

    asyncio.run(run())


def test_how_long_it_may_be_unheard_is_set_when_joining(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "b.sqlite"))
    (tmp_path / "share").mkdir()
    assert main(["join", str(tmp_path / "share"), "--usual-delay", "soon"]) == 2
    assert "say 90s, 5m or 2h" in capsys.readouterr().err
    assert main(["join", str(tmp_path / "share"), "--usual-delay", "10m"]) == 0
    with Board.open(tmp_path / "b.sqlite", any_disk=True) as board:
        assert sharing_state(board).usual_s == 600


def test_what_waits_to_be_published_is_counted(team: Team) -> None:
    from opsterm.incidents import timeline

    timeline.observe(team.noor.as_("noor"), team.noor.read(), "not yet there")

    async def run() -> None:
        async with team.noor.console(person="noor") as console:
            assert "1 to publish" in console.head
            sharing.show(console.war_room)
            await console.pilot.pause()
            assert "1 change of yours waits to be published" in console.screen_text

    asyncio.run(run())


def test_a_first_run_asks_name_and_folder_once_and_both_are_skipped(empty: Scene) -> None:
    async def first() -> None:
        async with empty.console() as console:
            await console.pilot.pause()
            assert console.prompt.label.text.strip() == "your name"
            await console.press("escape")
            assert console.prompt.label.text.strip() == "shared folder"
            await console.press("escape")
            assert console.prompt.question is None

    async def second() -> None:
        async with empty.console() as console:
            await console.pilot.pause()
            assert console.prompt.question is None

    asyncio.run(first())
    asyncio.run(second())


def test_another_teams_folder_is_asked_about(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strangers = tmp_path / "theirs"
    strangers.mkdir()
    with Board.open(tmp_path / "other.sqlite", machine="o", token=seeded_token(9), any_disk=True) as other:
        declare(Session(other, "ada"), "their own incident")
        join(other, strangers)
    monkeypatch.setenv("OPSTERM_MACHINE", "n")
    asked: list[str] = []

    def join_now(self: Sharing, folder: str, answer: object, *, anyway: bool = False) -> None:
        asked.append(f"{folder} {anyway}")
        self._join(folder, answer, anyway)  # type: ignore[arg-type]

    monkeypatch.setattr(Sharing, "join", join_now)

    async def run() -> None:
        async with team.noor.console(person="noor") as console:
            sharing.join(console.war_room, str(strangers))
            await console.pilot.pause()
            assert "another team's folder?" in console.said
            await console.press("j")
            await console.pilot.pause()
            assert asked[-1] == f"{strangers} True"
            assert "Shared through" in console.said

    asyncio.run(run())


@pytest.fixture
def frozen() -> SyncProcess:
    """A stand-in for a process that hangs in the share: it reads nothing, and does not end."""
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    return SyncProcess(subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, start_new_session=True))


def test_a_frozen_share_holds_up_neither_a_key_nor_the_end(scene: Scene, frozen: SyncProcess) -> None:
    pid = frozen.pid

    async def run() -> float:
        async with scene.console() as console:
            console.app.sharing._beside = frozen
            begun = time.process_time()
            await say(console, "pool at 98 %")
            assert "pool at 98 %" in console.screen_text
            spent = time.process_time() - begun
            assert spent < 2
            begun = time.monotonic()
            console.app.exit()
        return time.monotonic() - begun

    try:
        assert asyncio.run(run()) < 5
        frozen.nudge()
    finally:
        subprocess.run(["kill", "-9", str(pid)], check=False)


async def say(console: Console, text: str) -> None:
    """One captured line."""
    await console.act("log")
    await console.type(text)
    await console.press("enter")
