"""Sharing a board through a folder. Only this package knows that there are files.

The command line and the console call what is here. What they get back is plain data; what goes wrong is a ShareError
of one line: ShareUnreachable where the share can't be reached, ShareRefused where a person has to say first that it is
meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opsterm.board.chains import last_seq
from opsterm.board.filesystem import filesystem_of, is_network
from opsterm.board.store import Board
from opsterm.share.carrier import ShareError, ShareRefused, ShareUnreachable
from opsterm.share.state import ShareProblem, State, StationSeen, forget_state, read_state

if TYPE_CHECKING:
    from opsterm.board.check import BoardProblem
    from opsterm.share.process import SyncProcess
    from opsterm.share.sync import SyncResult

__all__ = [
    "ShareError",
    "ShareProblem",
    "ShareRefused",
    "ShareUnreachable",
    "State",
    "StationSeen",
    "check_share",
    "join",
    "leave",
    "start_sync_process",
    "sync_once",
    "take_lost",
]

#: How long a person waits for a share that does not answer, in seconds.
PATIENCE_S = 20.0


def join(board: Board, directory: Path | str, *, anyway: bool = False, timeout_s: float = PATIENCE_S) -> str:
    """Shares the board through a folder from now on; returns what came of it, in a sentence.

    `anyway` joins a folder whose journals are all of stations that this board never met. Raises ShareUnreachable,
    ShareRefused and BoardError; the board then shares as before.
    """
    from opsterm.share.membership import keep_joined

    folder = _folder(directory)
    result = _sync(board, folder, timeout_s=timeout_s, joining=True, anyway=anyway)
    keep_joined(board, folder)
    others = len({seen.station for seen in result.stations} - set(board.known_as()))
    there = "nobody else is there yet" if not others else f"{others} other station{'s' * (others != 1)} there"
    sentence = f"Shared through {folder}: {there}; {result.published} published, {result.merged} taken."
    return " ".join([sentence, *(f"{problem.file}: {problem.what}." for problem in result.problems[:1])])


def leave(board: Board) -> str:
    """Ends sharing; returns what came of it, in a sentence. The journal stays in the share. Raises BoardError."""
    from opsterm.share.membership import joined_folder, keep_joined

    folder = joined_folder(board)
    if folder is None:
        return "This board is not shared."
    state = read_state(board.path)
    keep_joined(board, None)
    forget_state(board.path)
    published = state.published_seq if state.station == board.station else 0
    waiting = max(0, last_seq(board, board.station) - published)
    left = f" {waiting} of its changes were not published yet." if waiting else ""
    return f"No longer shared through {folder}; what is on this board stays, and so does its journal there.{left}"


def sync_once(board: Board, directory: Path | str | None = None, *, timeout_s: float = PATIENCE_S) -> SyncResult:
    """One publish and merge with the share, here and now: the folder given, else the one that was joined.

    Waits at most about `timeout_s` seconds for a share that does not answer. Raises ShareUnreachable, ShareRefused
    and BoardError.
    """
    from opsterm.share.membership import joined_folder

    folder = _folder(directory) if directory is not None else joined_folder(board)
    if folder is None:
        raise ShareRefused("This board is not shared: say opsterm join DIR, or name the folder with --share DIR.")
    return _sync(board, folder, timeout_s=timeout_s)


def check_share(board: Board, directory: Path | str | None = None) -> list[BoardProblem]:
    """All that is wrong with the share's journals: damage, gaps, forks, conflict copies, clocks. Nothing where the
    board is not shared. Raises ShareUnreachable."""
    from opsterm.share.check import check_journals
    from opsterm.share.folder import Folder
    from opsterm.share.membership import joined_folder, seen_device

    folder = _folder(directory) if directory is not None else joined_folder(board)
    if folder is None:
        return []
    share = Folder(folder, board.station, device=seen_device(board, folder))
    return check_journals(board, share, read_state(board.path))


def take_lost(board: Board, directory: Path | str | None = None) -> int:
    """Takes from the share what it has and this board lacks, its own changes among them; returns how many. Nothing
    where the board is not shared. Raises ShareUnreachable and BoardError."""
    from opsterm.share.folder import Folder
    from opsterm.share.membership import joined_folder, seen_device
    from opsterm.share.taking_again import take_again

    folder = _folder(directory) if directory is not None else joined_folder(board)
    if folder is None:
        return 0
    return take_again(board, Folder(folder, board.station, device=seen_device(board, folder)))


def start_sync_process(board_path: Path, directory: Path | str) -> SyncProcess:
    """Starts the process that keeps the board and the share in step, and returns at once; so does its `stop`."""
    from opsterm.share.process import start_sync_process as start

    return start(board_path, _folder(directory))


def _folder(directory: Path | str) -> Path:
    return Path(directory).expanduser().absolute()


def _sync(board: Board, folder: Path, *, timeout_s: float, joining: bool = False, anyway: bool = False) -> SyncResult:
    """In this process, unless the folder is on a disk that may hang for ever."""

    if is_network(filesystem_of(folder)):
        from opsterm.share.process import sync_in_child

        return sync_in_child(board.path, folder, timeout_s=timeout_s, joining=joining, anyway=anyway)
    from opsterm.share.sync import sync_here

    return sync_here(board, folder, timeout_s=timeout_s, joining=joining, anyway=anyway)
