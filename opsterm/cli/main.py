"""The command line: the console's twin for scripts, alert hooks and tests. It loads no Textual."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

from opsterm import __version__
from opsterm.board.failure import BoardError
from opsterm.cli import console
from opsterm.cli.call import DONE, UNREACHED, WRONG, Call, Handler, warn
from opsterm.cli.nested import options
from opsterm.core.session import Rejected
from opsterm.settings import Settings
from opsterm.share.carrier import ShareError, ShareUnreachable

#: The families of calls, in the order in which help shows them, and the calls of each: only the family of the call
#: that is made is loaded.
FAMILIES = {
    "console": ("demo", "tutorial"),
    "incidents": ("declare", "log", "list", "bring-back", "show"),
    "words": ("draft", "review", "page"),
    "exchange": ("import", "export"),
    "board": ("dump", "check", "rebuild", "backup", "restore"),
    "share": ("join", "leave", "sync"),
    "triage": ("triage",),
    "search": ("search",),
    "learn": ("postmortem", "wording", "recurrences", "problems", "measures"),
    "checklist": ("checklist",),
    "change": ("change",),
    "deploy": ("deploy",),
    "rollback": ("rollback",),
    "due": ("due",),
    "vendor": ("vendor",),
    "document": ("document",),
    "meeting": ("meeting",),
    "dependency": ("dependency",),
    "catalog": ("system", "handover", "onboard"),
    "brief": ("brief",),
}
_FAMILY_OF = {name: family for family, names in FAMILIES.items() for name in names}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line."""

    def error(self, message: str) -> NoReturn:
        raise Rejected(f"{message}; opsterm --help shows the calls.")


def build_parser(families: Iterable[str] = FAMILIES) -> argparse.ArgumentParser:
    """The parser of the whole command line, or of some families; `docs` and tests read its calls too."""
    parser = _Parser(prog="opsterm", description="A console for live incident command.", allow_abbrev=False)
    options(parser)
    parser.add_argument("--linear", action="store_true", help="plain lines in place of the screen, for screen readers")
    parser.add_argument("--version", action="version", version=f"opsterm {__version__}")
    calls = parser.add_subparsers(metavar="CALL", parser_class=_Parser)
    parser.set_defaults(handler=console.console, board="", share="", person="", as_json=False)

    def call(name: str, handler: Handler, help_text: str) -> argparse.ArgumentParser:
        made = calls.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
        options(made)
        made.set_defaults(handler=handler)
        return made

    for family in families:
        import_module(f"opsterm.cli.{family}").add(call)
    return parser


_VALUED = ("--board", "--share", "--as")


def _split_free_text(argv: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """(the call without its free text, the free text): all that follows `log INCIDENT` is text, whatever it begins
    with."""
    place = 0
    log_seen = False
    while place < len(argv):
        word = argv[place]
        if word in _VALUED:
            place += 2
            continue
        if word.startswith("--") and word != "--":
            place += 1
            continue
        if not log_seen:
            if word != "log":
                return list(argv), None
            log_seen = True
            place += 1
            continue
        return list(argv[: place + 1]), list(argv[place + 1 :])
    return list(argv), None


def _needed(words: Sequence[str]) -> Iterable[str]:
    """The families that a call needs: its own, or all of them where help is asked for or the call is unknown."""
    place = 0
    while place < len(words):
        word = words[place]
        if word in _VALUED:
            place += 2
        elif word.startswith("--") and word != "--help":
            place += 1
        else:
            return (_FAMILY_OF[word],) if word in _FAMILY_OF else FAMILIES
    return ("console",)


def read_call(argv: Sequence[str]) -> Call:
    """The call that the words make. Raises Rejected."""
    words, text = _split_free_text(argv)
    args = build_parser(_needed(words)).parse_args(words)
    if text is not None:
        args.text = text
    return Call(Settings(board=args.board, share=args.share, person=args.person), args.as_json, args)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one call; returns its exit code. Errors are one line on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        call = read_call(sys.argv[1:] if argv is None else argv)
        handler: Handler = call.args.handler
        code = handler(call) or DONE
        sys.stdout.flush()
        return code
    except (Rejected, BoardError) as error:
        warn(str(error))
        return WRONG
    except ShareError as error:
        warn(str(error))
        return UNREACHED if isinstance(error, ShareUnreachable) else WRONG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        warn(f"{error.strerror or error}: check the disk and the terminal, then try again.")
        return WRONG
    except KeyboardInterrupt:
        return 130
