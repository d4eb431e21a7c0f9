"""When changes were written down, by the clock on their author's wall.

The hybrid logical clock orders changes and is no time of day: once one station's clock is ahead, it is ahead in all
that is written after having seen that station.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from opsterm.board.store import Board


def walls(board: Board, digests: Collection[str]) -> Mapping[str, int]:
    """Digest → milliseconds since 1970 on its author's clock, of those changes that the board knows."""
    asked = "SELECT digest, wall FROM change WHERE digest IN (SELECT value FROM json_each(?))"
    return dict(board._db.execute(asked, (json.dumps(sorted(digests)),)))
