"""Which share a board belongs to, and whether a folder is that share, another team's, or an unmounted one."""

from __future__ import annotations

import json
from pathlib import Path

from opsterm.board.store import Board
from opsterm.share.carrier import ShareRefused, ShareUnreachable
from opsterm.share.folder import Folder
from opsterm.share.station import acquainted, has_met_others

_JOINED = "share"
_SEEN = "share.seen"


def joined_folder(board: Board) -> Path | None:
    """The folder that this board shares through, or nothing."""
    named = board.recall(_JOINED)
    return Path(named) if named else None


def keep_joined(board: Board, directory: Path | None) -> None:
    """Keeps which folder it is from now on. Raises BoardError."""
    board.remember(_JOINED, str(directory) if directory else "")


def seen_device(board: Board, directory: Path) -> int | None:
    """The filesystem on which the share in that folder was last seen, or nothing where it never was."""
    device: int | None = json.loads(board.recall(_SEEN) or "{}").get(str(directory))
    return device


def open_share(
    board: Board,
    directory: Path,
    *,
    joining: bool = False,
    anyway: bool = False,
    folder: type[Folder] = Folder,
) -> Folder:
    """The share in that folder, made there where it never was.

    Raises ShareUnreachable for a folder that is not there or gone (only `joining` begins anew in it), ShareRefused for
    one whose journals are all of stations that this board never met, unless `anyway`.
    """
    device = seen_device(board, directory)
    share = folder(directory, board.station, device=None if joining else device)
    present = share.present()
    if present is None and (device is None or joining):
        share.found()
        present = share.present()
    elif present is not None and (present != device or joining):
        share.device = None
        may_be_others = has_met_others(board) and not anyway
        may_be_gone = device is not None and not joining
        known = acquainted(board, share) if may_be_others or may_be_gone else None
        if known is False and may_be_others:
            raise ShareRefused(
                f"All journals in {directory} are of stations that this board has never met: is it another team's? To"
                f" join it with this board, say opsterm join --anyway {directory}."
            )
        if may_be_gone and not known:
            share.device = device
            return share
    share.device = present if device is None or joining or present is not None else device
    if present is not None and device != present:
        seen = json.loads(board.recall(_SEEN) or "{}")
        board.remember(_SEEN, json.dumps({**seen, str(directory): present}))
    return share


def unreachable_for(seconds: float, directory: Path) -> ShareUnreachable:
    """What to say of a share that did not answer in time."""
    return ShareUnreachable(
        f"The share {directory} did not answer within {seconds:g} s: check the network and the mount; what is typed"
        " stays on this board until it is back."
    )
