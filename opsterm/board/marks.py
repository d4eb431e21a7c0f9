"""The marks that people say aloud: INC-7, h2, a3."""

from __future__ import annotations

from string import ascii_lowercase


def lettered(letter: str, number: int, index: int, of: int) -> str:
    """The mark of the `index`-th of `of` records that were given the same number: alone it needs no letter more."""
    return f"{letter}{number}" if of == 1 else f"{letter}{number}{_suffix(index)}"


def _suffix(index: int) -> str:
    out = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        out = ascii_lowercase[place] + out
    return out
