"""Work that a key must not wait for: on a thread of its own, at a board of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Generic, TypeVar

from textual.widget import Widget

from opsterm.board.failure import BoardError, in_one_line
from opsterm.board.store import Board

T = TypeVar("T")

#: What the threads are called.
NAME = "learning"


class BackgroundWork(Generic[T]):
    """One piece of work of one screen: asked for again while it runs, it runs once more."""

    def __init__(self, screen: Widget, board: Board, work: Callable[[Board], T], took: Callable[[T], None]) -> None:
        self._screen, self._board = screen, board
        self._work, self._took = work, took
        self._running = self._again = False

    def ask(self) -> None:
        """Has it done; `took` is called with what came of it."""
        if self._running:
            self._again = True
            return
        board = self._board
        if board.out_of_place:
            # Opening makes a board where there is none: none is made in the place of one that is gone.
            return
        self._running = True
        # A daemon: leaving the console waits for nothing.
        Thread(target=self._run, args=(board.recall("machine"),), name=NAME, daemon=True).start()

    def _run(self, machine: str) -> None:
        found: list[T] = []
        path, clock = self._board.path, self._board.clock
        with (
            suppress(BoardError),
            in_one_line(path),
            Board.open(path, clock=clock, machine=machine, any_disk=True) as own,
        ):
            found.append(self._work(own))
        # The screen may be gone by now, and the console with it.
        with suppress(RuntimeError):
            self._screen.call_later(self._done, found)

    def _done(self, found: list[T]) -> None:
        self._running = False
        if self._again:
            self._again = False
            self.ask()
        elif found and self._screen.is_attached:
            self._took(found[0])
