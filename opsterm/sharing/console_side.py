"""The console's side of the share: the process beside it is started, nudged and let go here. Nothing waits for it.

What is asked of the folder itself, to join it or to leave it, runs in a thread of its own with a board of its own, and
answers later: a folder that hangs holds nobody up, neither at a key nor at the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.share import ShareError, ShareRefused, join, leave, start_sync_process
from opsterm.share.membership import joined_folder

if TYPE_CHECKING:
    from opsterm.share.process import SyncProcess


class Sharing:
    """Keeps one board in step with one folder, for as long as the console runs."""

    def __init__(self, board: Board, folder: Path | None = None, *, allowed: bool = True) -> None:
        self._path = board.path
        self._board = board
        #: The folder named for this run; without one, the board's own memory decides.
        self._named = folder
        #: Whether this board may be shared at all: a demo's may not.
        self.allowed = allowed
        self._beside: SyncProcess | None = None

    @property
    def named(self) -> bool:
        """Whether a folder was named for this run."""
        return self._named is not None

    @property
    def running(self) -> bool:
        """Whether a process stands beside the console."""
        return self._beside is not None and self._beside.running

    def start(self) -> None:
        """Starts the process, where the board is shared."""
        folder = self._named or joined_folder(self._board)
        if self.allowed and folder is not None and self._beside is None and not self._board.out_of_place:
            self._beside = start_sync_process(self._path, folder)

    def nudge(self) -> None:
        """Says that there is something new to publish."""
        if self._beside is not None:
            self._beside.nudge()

    def stop(self) -> None:
        """Lets the process publish what waits, and end by itself."""
        if self._beside is not None:
            self._beside.stop()
            self._beside = None

    def join(self, folder: str, answer: Callable[[str, bool], None], *, anyway: bool = False) -> None:
        """Joins a folder; `answer` is called from another thread with what came of it, and whether it is to be asked
        again because the folder may be another team's."""
        if fault := self._board.out_of_place:
            answer(f"Not joined: {fault}: write it back first.", False)
            return
        self.stop()
        threading.Thread(target=self._join, args=(folder, answer, anyway), daemon=True, name="join").start()

    def _join(self, folder: str, answer: Callable[[str, bool], None], anyway: bool) -> None:
        try:
            with Board.open(self._path, any_disk=True) as board:
                said = join(board, folder, anyway=anyway)
        except ShareRefused as refused:
            answer(str(refused), not anyway)
        except (ShareError, BoardError, OSError) as error:
            answer(str(error), False)
        else:
            self._named = None
            answer(said, False)

    def leave(self) -> str:
        """Ends sharing, and says what came of it. Raises BoardError."""
        self.stop()
        self._named = None
        return leave(self._board)
