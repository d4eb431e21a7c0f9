"""Calls within a call, such as `opsterm checklist run`, and the options that every call takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import Add, Handler

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    SubParsers = argparse._SubParsersAction


def options(parser: argparse.ArgumentParser) -> None:
    """The options of every call; given before it or after, the last one counts."""
    unset = argparse.SUPPRESS
    parser.add_argument("--board", metavar="FILE", default=unset, help="the board's file (OPSTERM_BOARD)")
    parser.add_argument("--share", metavar="DIR", default=unset, help="the team's folder (OPSTERM_SHARE)")
    parser.add_argument("--as", dest="person", metavar="NAME", default=unset, help="who you are (OPSTERM_USER)")
    parser.add_argument("--json", dest="as_json", action="store_true", default=unset, help="answer in JSON")


def nested(parser: argparse.ArgumentParser, fill: Callable[[Add], None]) -> None:
    """Puts calls under a call. They are made once they are asked for: a parser of all of them takes longer than the
    call that `opsterm log` is."""
    action = parser.add_subparsers(metavar="WHAT", action=_Later)
    assert isinstance(action, _Later)

    def call(name: str, handler: Handler, help_text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = action.add_parser(
            name, help=help_text, description=help_text, allow_abbrev=False
        )
        options(made)
        made.set_defaults(handler=handler)
        return made

    action.calls.fill = lambda: fill(call)


class _Calls(dict[str, argparse.ArgumentParser]):
    """The parsers of nested calls by name, made at the first look."""

    fill: Callable[[], None] | None = None

    def made(self) -> None:
        fill, self.fill = self.fill, None
        if fill:
            fill()

    def __contains__(self, name: object) -> bool:
        self.made()
        return super().__contains__(name)

    def __getitem__(self, name: str) -> argparse.ArgumentParser:
        self.made()
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        self.made()
        return super().__iter__()

    def __len__(self) -> int:
        self.made()
        return super().__len__()

    def items(self) -> Any:
        self.made()
        return super().items()

    def values(self) -> Any:
        self.made()
        return super().values()


class _Later(SubParsers):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calls = _Calls()
        self._name_parser_map = self.calls
        self.choices = self.calls

    def _get_subactions(self) -> list[argparse.Action]:
        self.calls.made()
        return super()._get_subactions()
