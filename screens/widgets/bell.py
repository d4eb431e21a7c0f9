"""The terminal's bell and title: for nothing but an alarm, once for each; a key switches the bell off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.app import App

from opsterm.board.store import Board
from opsterm.incidents.notice import Notice
from screens.textual_private import write_to_terminal
from screens.widgets.symbols import SIGNS

_KEY = "bell"


class Bell:
    """What one console rings for."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._rung: set[str] = set()
        self._title = ""

    @property
    def muted(self) -> bool:
        """Whether the bell is off; kept on the board."""
        return self._board.recall(_KEY) == "off"

    def toggle(self) -> str:
        """Switches the bell off, or on again; says which."""
        self._board.remember(_KEY, "on" if self.muted else "off")
        return "the bell is off; alarms stay on the screen" if self.muted else "the bell rings on alarms"

    def hear(self, app: App[Any], mark: str, notices: Iterable[Notice]) -> None:
        """Rings once for each alarm that is new, and puts the first one into the terminal's title."""
        alarms = [notice for notice in notices if notice.level == "alarm"]
        keys = {f"{mark}/{notice.key}" for notice in alarms}
        new = keys - self._rung
        self._rung = {key for key in self._rung if not key.startswith(f"{mark}/")} | keys
        if new and not self.muted:
            app.bell()
        self._say(app, f"{SIGNS.alarm} {mark} {alarms[0].text}" if alarms else f"opsterm {mark}".strip())

    def _say(self, app: App[Any], title: str) -> None:
        """Sets the terminal's title; what people wrote is on one line of plain characters by now."""
        if title != self._title and not app.is_headless:
            self._title = title
            kept = "".join(char for char in title if char.isprintable())[:120]
            write_to_terminal(app, f"\x1b]2;{kept}\x07")
