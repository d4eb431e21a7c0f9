"""What every screen works with: the board, the person at it, and what the person can take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING

from opsterm.board.store import Board
from opsterm.board.undo import Undo
from opsterm.core.session import Session

if TYPE_CHECKING:
    from opsterm.demo.playback import Playback
    from opsterm.sharing.console_side import Sharing


@dataclass(slots=True)
class ConsoleContext:
    """One person at one board."""

    board: Board
    person: str
    zone: tzinfo
    undo: Undo
    playback: Playback | None = None
    #: Puts a text on the clipboard, and says where it went.
    copy: Callable[[str], str] = field(default=lambda text: "not copied")
    #: The console's side of the share; none where a screen stands on its own.
    sharing: Sharing | None = None

    @property
    def may_share(self) -> bool:
        """Whether this board may be shared through a folder; a demo's may not."""
        return self.sharing is not None and self.sharing.allowed

    def session(self, painted: int) -> Session:
        """A session of someone who has seen the board as it was at version `painted`."""
        zone = getattr(self.zone, "key", "UTC")
        return Session(self.board, self.person, basis_version=painted, zone=zone)
