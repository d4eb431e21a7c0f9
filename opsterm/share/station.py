"""Who this station is, and whether it still is: clones and restored backups go on under a new identity."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Iterable

from opsterm.board.chains import last_seq, stations
from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.records.plain import one_line
from opsterm.share.carrier import Carrier
from opsterm.share.journal import Malformed, decode


def own_label() -> str:
    """What others see this station as: `mia@laptop`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "someone"
    return one_line(f"{user}@{platform.node().split('.')[0] or 'somewhere'}")


def of_another_self(board: Board, fresh: Iterable[Change], *, own_file: bool) -> bool:
    """Whether changes that were found in the share, and that the board did not know, show that this station has been
    cloned, or its board restored from a backup.

    In its own file any such change does: nobody else writes there. Elsewhere only one past its board's last does: a
    clone that moved on carries what it had said under the common name, and one of two has to keep that name.
    """
    own = board.station
    seqs = [change.seq for change in fresh if change.station == own]
    if not seqs:
        return False
    return own_file or max(seqs) > last_seq(board, own)


def acquainted(board: Board, carrier: Carrier) -> bool | None:
    """Whether any journal in a share is of a station that this board has been or met; nothing where there are no
    journals. Raises ShareUnreachable."""
    known = {*stations(board), *board.known_as()}
    found = None
    for name in carrier.journals(thorough=True).versions:
        try:
            journal = decode(carrier.read(name)[1])
        except (OSError, Malformed):
            continue
        if known & {journal.about.station, *(c.station for c in journal.changes if isinstance(c.station, str))}:
            return True
        found = False
    return found


def has_met_others(board: Board) -> bool:
    """Whether the board knows changes of any station but those that it has been itself."""
    return not set(stations(board)) <= set(board.known_as())
