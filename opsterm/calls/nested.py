"""Calls within a call, such as `opsterm checklist run`, and the options that every call takes."""

from __future__ import annotations

import argparse

from opsterm.calls.call import Add, Handler


def options(parser: argparse.ArgumentParser) -> None:
    """The options of every call; given before it or after, the last one counts."""
    unset = argparse.SUPPRESS
    parser.add_argument("--board", metavar="FILE", default=unset, help="the board's file (OPSTERM_BOARD)")
    parser.add_argument("--share", metavar="DIR", default=unset, help="the team's folder (OPSTERM_SHARE)")
    parser.add_argument("--as", dest="person", metavar="NAME", default=unset, help="who you are (OPSTERM_USER)")
    parser.add_argument("--json", dest="as_json", action="store_true", default=unset, help="answer in JSON")


def nested(parser: argparse.ArgumentParser) -> Add:
    """Puts calls under a call."""
    calls = parser.add_subparsers(metavar="WHAT")

    def call(name: str, handler: Handler, help_text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = calls.add_parser(
            name, help=help_text, description=help_text, allow_abbrev=False
        )
        options(made)
        made.set_defaults(handler=handler)
        return made

    return call
