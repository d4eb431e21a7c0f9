"""What every screen works with: the board, the person at it, what the person can take back, and the console around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.undo import Undo
from opsterm.core.session import Session
from opsterm.settings import zone_name
from opsterm.sharing.console_side import Sharing
from screens.widgets.bell import Bell
from screens.widgets.lines import Row

if TYPE_CHECKING:
    from opsterm.demo.playback import Playback


class Console(Protocol):
    """What a screen asks of the console that it stands in, which knows all screens."""

    def open_incident(self, incident: str, *, at: Moment | None = None) -> None:
        """Opens the war room of an incident in place of the screen that is there, at a line of its timeline if one is
        named."""

    def open_help(self, places: Sequence[str], more: Callable[[int], Sequence[Row]]) -> None:
        """Opens the page of the keys of these places, most particular first; `more` makes what stands below them."""

    def open_board_gone(self) -> None:
        """Opens the page of what became of the board's file."""

    def go_home(self) -> None:
        """Goes to the list of incidents."""

    def keep_theme(self, theme: str) -> None:
        """Takes a theme, and keeps it for the next time."""

    def leave_for_linear(self) -> None:
        """Leaves the screen; the same person goes on in plain lines."""

    def step_out(self) -> bool:
        """Gives the terminal back to the shell, until that says to go on; says whether there is one."""


@dataclass(slots=True)
class Viewpoint:
    """Who looks at which board, and in which zone: all that a line of text is made from beside the records."""

    board: Board
    person: str
    zone: tzinfo


@dataclass(slots=True)
class ConsoleContext(Viewpoint):
    """One person at one board, at the screen."""

    undo: Undo
    console: Console
    ringing: Bell
    #: Puts a text on the clipboard, and says where it went.
    copy: Callable[[str], str]
    sharing: Sharing
    playback: Playback | None = None

    def session(self, painted: int) -> Session:
        """A session of someone who has seen the board as it was at version `painted`."""
        return Session(self.board, self.person, basis_version=painted, zone=zone_name(self.zone))
