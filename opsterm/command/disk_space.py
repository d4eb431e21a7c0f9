"""A disk that is nearly full is said before it is full: then nothing more can be recorded."""

from __future__ import annotations

from opsterm.board.filesystem import last_bytes
from opsterm.board.store import Board
from opsterm.incidents.notice import Notice


def disk_notice(board: Board) -> Notice | None:
    """What the disk that a board lies on has left, once that is little."""
    free = last_bytes(board.path)
    if free is None:
        return None
    text = f"disk nearly full: {free // 1_000_000} MB left"
    return Notice("disk", text, "warning")
