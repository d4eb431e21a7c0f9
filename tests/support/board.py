"""A board that is the same each time: its clock is a test's, its names come from a seed, any disk will do."""

from __future__ import annotations

from pathlib import Path

from opsterm.board.store import Board, seeded_token
from tests.support.clock import HandClock


def open_board(path: Path, clock: HandClock, machine: str = "m", seed: int = 7) -> Board:
    """Opens the board, made where it is not there; `seed` says which ids it gives."""
    return Board.open(path, clock=clock, machine=machine, token=seeded_token(seed), any_disk=True)
