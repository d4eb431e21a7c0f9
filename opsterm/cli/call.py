"""One call of the command line: what it was given, and how it answers."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsterm.board.failure import BoardError, damaged, in_one_line
from opsterm.board.store import Board
from opsterm.core.given_file import bytes_given
from opsterm.core.session import Rejected, Session
from opsterm.records.plain import escaped, json_text
from opsterm.settings import Settings, zone_name

DONE, FOUND, WRONG, UNREACHED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was given."""

    settings: Settings
    as_json: bool
    args: argparse.Namespace

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The board, open for as long as the call needs it, and who acts."""
        path = self.settings.board_path
        with _told_as_damage(path), Board.open(path) as board, in_one_line(path, of=(sqlite3.Error,)):
            yield Session(board, self.settings.person_name(board.recall("person")), zone=zone_name())

    def given(self, *options: str) -> dict[str, Any]:
        """What some options were given, by their names; those that were not are left out."""
        said = vars(self.args)
        return {name: said[name] for name in options if said[name] is not None}

    def say(self, document: Mapping[str, Any], *lines: str) -> None:
        """Prints the JSON document, or the lines for a person."""
        if self.as_json:
            print(as_json(document))
        else:
            for line in lines:
                print(escaped(line))


@contextmanager
def _told_as_damage(path: Path) -> Iterator[None]:
    """What goes wrong because something on the board can't be read is told as that; all else as it is."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        from opsterm.board.mending import damage_of

        if damage_of(path):
            raise BoardError(damaged(path)) from error
        raise


#: What runs a call; it gives an exit code where that is not DONE.
Handler = Callable[[Call], int | None]
#: Puts one call on the parser: its name, what runs it, its line of help; answers with its own parser.
Add = Callable[[str, Handler, str], argparse.ArgumentParser]


def as_json(document: Mapping[str, Any], indent: int | None = 2) -> str:
    """The document as JSON that loses nothing on the way out, whatever the locale can write."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json_text(document, indent=indent, unicode=unicode)


def bytes_of(name: str, most: int) -> bytes:
    """What a call is given in a file, or for `-` on standard input: `most` bytes and one more at the most. Raises
    Rejected where it can't be read."""
    return sys.stdin.buffer.read(most + 1) if name == "-" else bytes_given(Path(name), most)


def text_of(name: str, most: int, what: str) -> str:
    """The same as text, of `most` bytes: `what` says what it is too long for. Raises Rejected."""
    data = bytes_of(name, most)
    if len(data) > most:
        raise Rejected(f"{name} is too long for {what}: give it the text alone.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"{name} is not UTF-8 text: save it as UTF-8.") from error


def warn(text: str) -> None:
    """Says on standard error what a person should know; nothing where there is nothing."""
    if text:
        print(f"opsterm: {escaped(' '.join(text.split()))}", file=sys.stderr)
