"""One call of the command line: what it was given, and how it answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opsterm.board.store import Board
from opsterm.command.session import Session
from opsterm.records.plain import plain
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
        with Board.open(self.settings.board_path) as board:
            yield Session(board, self.settings.person_name(board.recall("person")), zone=zone_name())

    def say(self, document: Mapping[str, Any], *lines: str) -> None:
        """Prints the JSON document, or the lines for a person."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(plain(line))


Handler = Callable[[Call], int]
#: Puts one call on the parser: its name, what runs it, its line of help; answers with its own parser.
Add = Callable[[str, Handler, str], argparse.ArgumentParser]


def warn(text: str) -> None:
    print(f"opsterm: {' '.join(plain(text).split())}", file=sys.stderr)
