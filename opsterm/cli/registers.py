"""What the calls of the registers share: the day that is asked about, and files in and out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Container, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from opsterm.board.store import Board
from opsterm.cli.call import Call, bytes_of, warn
from opsterm.core.session import Outcome, Session
from opsterm.records.instant import moment
from opsterm.records.record import Record
from opsterm.settings import local_zone

if TYPE_CHECKING:
    from opsterm.registers.entry_line import Words

R = TypeVar("R", bound=Record)


def today_of(call: Call, session: Session) -> date:
    """The day that `--today` names, else this one in the user's zone. Raises Rejected."""
    from opsterm.core.calendar_dates import day

    named = call.args.today
    return day(named) if named else moment(session.board.now).astimezone(local_zone()).date()


def holidays() -> Container[date]:
    """The team's holidays, as its settings name them."""
    from opsterm.core.calendar_dates import team_holidays

    return team_holidays()


def read(name: str) -> tuple[bytes, str]:
    """(bytes, name for messages) of a file, or of standard input for `-`. Raises Rejected."""
    from opsterm.registers.csv_file import BYTES_MAX

    return bytes_of(name, BYTES_MAX), "standard input" if name == "-" else Path(name).name


def take(call: Call, importer: Callable[[Session, bytes, str], Outcome]) -> None:
    """Imports each file that the call names, all of them or none."""
    with call.session() as session, session.board.transaction():
        told = [importer(session, *read(name)) for name in call.args.file]
    call.say({"said": [each.sentence for each in told]}, *(each.sentence for each in told))


def give(call: Call, lines: Iterator[str]) -> None:
    """Writes a register's CSV to standard output; with --json in a key."""
    text = "".join(lines)
    if call.as_json:
        call.say({"csv": text})
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()


def say(call: Call, told: Outcome) -> None:
    """Answers with what a command did."""

    warn(told.warning)
    call.say({"said": told.sentence, "record": told.record or None}, told.sentence)


def bring_up(call: Call, find: Callable[[Board, str], R], words: Words, called: Callable[[R], str]) -> None:
    """Changes a record by a line of its register's words. Raises Rejected."""
    from opsterm.registers.entry_line import amend, read

    with call.session() as session:
        item = find(session.board, call.args.name)
        _, fields = read(" ".join(call.args.line), words, named=False)
        say(call, amend(session, item, fields, called(item)))


def asks_line(parser: argparse.ArgumentParser, words: Words, *, name: str = "NAME") -> None:
    parser.add_argument("name", metavar=name)
    parser.add_argument("line", nargs="+", metavar="LINE", help=f"parts with ; between: {', '.join(words)}")


def asks_today(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--today", metavar="DATE", help="answers as of that day")


def asks_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="+", metavar="FILE", help="a file, or - for standard input")
