"""Two people at two boards, and a folder between them that is synced when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsterm.board.store import Board, seeded_token
from opsterm.share import join, sync_once
from tests.support.clock import HandClock
from tests.support.console import Console, Scene


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
    mia = Scene.of_checkout(folder / "mia")
    clock = HandClock(mia.clock.ms)
    path = folder / "noor" / "board.sqlite"
    board = Board.open(path, clock=clock, machine="n", token=seeded_token(8), any_disk=True)
    board.remember("person", "noor")
    noor = Scene(board, clock, path, mia.incident)
    team = Team(share, mia, noor)
    join(mia.board, share)
    join(board, share)
    team.sync()
    try:
        yield team
    finally:
        mia.board.close()
        board.close()
