"""The private parts of Textual that the console uses, each with its reason; nothing else uses any.

A newer Textual is looked through for these, and for the order in which it passes keys on, on which
`screens.keys.key_order` rests.
"""

from __future__ import annotations

import re
from typing import Any

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.events import Key
from textual.keys import _character_to_key
from textual.message import Message


def key_of(character: str) -> str:
    """The key of a character as bindings name it: a team's file names keys by what is printed on them. [Textual names a
    key by its character when it is pressed, and offers that to nobody.]"""
    return _character_to_key(character)


def write_to_terminal(app: App[Any], characters: str) -> None:
    """Sends characters past all that is painted: the title of the window, a text for the terminal's clipboard. [What
    Textual offers for the clipboard writes more than terminals take; for the title it offers nothing.]"""
    if app._driver is not None:
        app._driver.write(characters)


def write_over_row(app: App[Any], row: int, characters: str) -> None:
    """Shows a line where nothing can be painted, since what runs waits; `app.refresh` takes it away. [Textual paints
    only between two messages.]"""
    write_to_terminal(app, f"\x1b7\x1b[{row + 1};1H\x1b[0;7m{characters}\x1b[0m\x1b8")


#: A key without a letter, by its number. Textual takes an unknown number for that of a letter.
_FUNCTION = re.compile(r"\x1b\[(\d*)(?:;[\d:]*)*([~A-FHP-S])")


class Sequences:
    """What the sequences and letters of a terminal mean, each one whole. [Textual reads them as a stream: it takes what
    it does not know for keys that were typed, ends at some that it half knows, and offers its reading to nobody.]"""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def meaning(self, sequence: str) -> list[Message]:
        """The keys, the mouse, the answers; of what is none of these, nothing."""
        if sequence == "\x1b":
            return [Key("escape", sequence)]
        function = _FUNCTION.fullmatch(sequence)
        if (
            function
            and sequence not in ANSI_SEQUENCES_KEYS
            and f"{function[1] or 1}{function[2]}" not in FUNCTIONAL_KEYS
        ):
            return []
        parser = self._parser
        try:
            meant = list(parser.feed(sequence))
            if parser._awaiting.timeout is None:
                return meant
        except (ValueError, OverflowError, ZeroDivisionError):
            pass
        parser._tokens.clear()
        parser._gen = parser.parse(parser._tokens.append)
        parser._awaiting = next(parser._gen)
        return []
