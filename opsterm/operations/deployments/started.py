"""Whether anything was deployed at all: asked wherever a room is painted, before more of deployments is loaded."""

from __future__ import annotations

from opsterm.board.store import Board
from opsterm.records import Deployment


def any_started(board: Board) -> bool:
    """Whether a deployment ever began."""
    return any(board.fields(Deployment, "id", where="started_at <> ''"))
