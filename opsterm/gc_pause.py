"""Times without the garbage collector: where a hundred thousand objects are made and hardly any is dropped, it looks
through all of them over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def begin_start() -> None:
    """Before the screens are loaded."""
    gc.disable()


def end_start() -> None:
    """After the first paint: what was loaded stays for good and is never looked through again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


@contextmanager
def paused() -> Iterator[None]:
    """For as long as much is read; what is dropped meanwhile is freed by its count of references."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
