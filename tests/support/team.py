"""Two people at two boards, and a folder between them that is synced when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsterm.board.store import Board
from opsterm.share import join, sync_once
from tests.support.board import open_board
from tests.support.clock import HandClock
from tests.support.console import Console, Scene, checkout_at


class Team:
    """mia at one board, noor at another; both clocks stand until they are moved."""

    def __init__(self, folder: Path, mia: Scene, noor: Scene) -> None:
        self.folder, self.mia, self.noor = folder, mia, noor

    def sync(self, rounds: int = 2) -> None:
        """Lets all that both know reach both."""
        for _ in range(rounds):
            for scene, machine in ((self.mia, "m"), (self.noor, "n")):
                with Board.open(scene.path, clock=scene.clock, machine=machine, any_disk=True) as beside:
                    sync_once(beside, self.folder)

    def wait(self, minutes: float) -> None:
        self.mia.wait(minutes)
        self.noor.wait(minutes)

    async def bring(self, console: Console) -> None:
        """Syncs, and lets a console notice it."""
        self.sync()
        await console.notice()
        await console.pilot.pause()


@contextmanager
def team_at(folder: Path) -> Iterator[Team]:
    """The checkout incident, known to both."""
    (folder / "mia").mkdir()
    (folder / "noor").mkdir()
    share = folder / "share"
    share.mkdir()
    path = folder / "noor" / "board.sqlite"
    with checkout_at(folder / "mia") as mia:
        clock = HandClock(mia.clock.ms)
        with open_board(path, clock, "n", seed=8) as board:
            board.remember("person", "noor")
            team = Team(share, mia, Scene(board, clock, path, mia.incident))
            join(mia.board, share)
            join(board, share)
            team.sync()
            yield team
