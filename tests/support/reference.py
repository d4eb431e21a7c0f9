"""The pages of docs/ that are lists of what the code has: the calls of the command line, and what keys do.

    python -m tests.support.reference

writes them anew; a test compares them with the code.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from opsterm.cli.main import FAMILIES, build_parser
from screens.keys.actions import (
    CAPTURE,
    COMPOSER,
    DISPUTED,
    GONE,
    HOME,
    LISTS,
    PAGE,
    PAGES,
    PANES,
    PICKING,
    PLAYBACK,
    ROOM,
    TABLE,
    TEXT,
    WALK,
    KeyAction,
)

DOCS = Path(__file__).parents[2] / "docs"

#: All places of keys, in the order in which a person meets them.
PLACES = (ROOM, *PANES, CAPTURE, PLAYBACK, HOME, LISTS, PAGE, DISPUTED, GONE, COMPOSER, TEXT, WALK, PICKING, *PAGES)
#: An action of all these places is one of every screen.
_EVERY_SCREEN = frozenset({ROOM, HOME, PAGE, COMPOSER, WALK, *PAGES})

_CALLS = """\
# The calls

Every call of the command line. `opsterm CALL --help` lists its options, and each answers with `--json`. It exits 0 when
it is done, 1 if it found what it looks for (findings, damage, open killer items), 2 if it was refused, and 3 if the
share can't be reached.

<!-- Written by python -m tests.support.reference. -->
"""
_KEYS = """\
# The keys

What keys do, place by place; `?` shows the same where you are. The name is what `[keys]` in the
[settings file](settings.md) calls it, with the place before it if it is meant for that place alone:
`"walkthrough.done" = "f5"`.

<!-- Written by python -m tests.support.reference. -->
"""


class CallPath(NamedTuple):
    """One call of the command line: `("checklist", "run")` for `opsterm checklist run`."""

    path: tuple[str, ...]
    parser: argparse.ArgumentParser

    @property
    def words(self) -> str:
        """How it is written, with what it cannot do without."""
        given = [str(action.metavar or action.dest) for action in self.parser._actions if not action.option_strings]
        return " ".join(("opsterm", *self.path, *given)).replace("|", "\\|")


def calls() -> list[CallPath]:
    """Every call, each followed by those within it."""
    return [*_within(build_parser(), ())]


def _within(parser: argparse.ArgumentParser, path: tuple[str, ...]) -> Iterator[CallPath]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, made in action.choices.items():
                yield CallPath((*path, name), made)
                yield from _within(made, (*path, name))


def calls_page() -> str:
    """docs/calls.md as it should be."""
    page = _CALLS
    for family, names in FAMILIES.items():
        found = [call for call in calls() if call.path[0] in names]
        page += _table(family, ("call", ""), ((f"`{call.words}`", call.parser.description or "") for call in found))
    return page


def keys_page() -> str:
    """docs/keys.md as it should be."""
    everywhere = [action for action in TABLE if set(action.places) >= _EVERY_SCREEN]
    page = _KEYS + _table("on every screen", ("key", "does", "name"), map(_row, everywhere))
    for place in PLACES:
        found = (_row(action) for action in TABLE if place in action.places and action not in everywhere)
        page += _table(f"pane: {place}" if place in PANES else place, ("key", "does", "name"), found)
    return page


def _row(action: KeyAction) -> tuple[str, ...]:
    return (
        " ".join(f"`{key}`" for key in ([action.sign] if action.told_key else action.signs)),
        action.words,
        f"`{action.name}`",
    )


def _table(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [" | ".join(cells) for cells in (columns, ("---",) * len(columns), *rows)]
    return f"\n## {heading.capitalize()}\n\n" + "".join(f"| {line} |\n" for line in lines)


if __name__ == "__main__":
    for name, text in (("calls.md", calls_page()), ("keys.md", keys_page())):
        (DOCS / name).write_text(text, encoding="utf-8")
        print(DOCS / name)
