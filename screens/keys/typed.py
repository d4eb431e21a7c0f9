"""Which characters a key types."""

from __future__ import annotations

from textual.events import Key

from opsterm.records.plain import plain


def types_itself(letter: str) -> bool:
    """Whether it is kept as it is typed: so is what joins or parts the letters beside it, and a space of any kind."""
    return bool(letter) and (letter.isprintable() if letter.isascii() else plain(letter) == letter)


def unseen_letter(event: Key) -> str:
    """The letter of a key that types one which Textual takes for none; empty where it does not."""
    letter = event.character or ""
    return letter if len(letter) == 1 and not event.is_printable and types_itself(letter) else ""
