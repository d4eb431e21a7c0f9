"""The state of sharing, in words."""

from __future__ import annotations

from opsterm.board.store import Board
from opsterm.records.instant import Instant


def sharing_words(board: Board, now: Instant) -> str:
    """What the header says of the share."""
    return "not shared"
