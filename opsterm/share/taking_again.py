"""Taking from a share what a board has lost: whoever wrote it, this board among them, and whatever was read before."""

from __future__ import annotations

from contextlib import suppress

from opsterm.board.store import Board
from opsterm.share.carrier import Carrier
from opsterm.share.journal import Malformed, decode


def take_again(board: Board, carrier: Carrier) -> int:
    """Takes all that is sound in all journals and that the board lacks. Returns how many changes. Raises
    ShareUnreachable and BoardError."""
    taken = 0
    for name in sorted(carrier.journals(thorough=True).versions):
        with suppress(OSError, Malformed):
            taken += board.merge(decode(carrier.read(name)[1]).changes).taken
    return taken
