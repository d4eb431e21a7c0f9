"""The private parts of Textual that the console uses, each with its reason; nothing else uses any.

A newer Textual is looked through for these, and for the order in which it passes keys on, on which
`screens.keys.key_order` rests.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.keys import _character_to_key


def key_of(character: str) -> str:
    """The key of a character as bindings name it: a team's file names keys by what is printed on them. [Textual names a
    key by its character when it is pressed, and offers that to nobody.]"""
    return _character_to_key(character)


def write_to_terminal(app: App[Any], characters: str) -> None:
    """Sends characters past all that is painted: the title of the window, a text for the terminal's clipboard. [What
    Textual offers for the clipboard writes more than terminals take; for the title it offers nothing.]"""
    if app._driver is not None:
        app._driver.write(characters)
