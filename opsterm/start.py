"""A start without the garbage collector: it makes a hundred thousand objects and drops hardly any of them."""

from __future__ import annotations

import gc


def begin() -> None:
    """Before the screens are loaded."""
    gc.disable()


def end() -> None:
    """After the first paint: what was loaded stays for good and is never looked through again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
