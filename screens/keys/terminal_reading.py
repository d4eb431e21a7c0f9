"""What comes from a terminal, as the console is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.events import Paste
from textual.message import Message

from screens.keys.key_reports import said_plainly
from screens.keys.terminal_input import GOES_ON_S, Letter, Pasted, TerminalInput, Told
from screens.textual_private import Sequences


class Reading:
    """Reads pieces of any size as keys, pastes and answers. Times are seconds of one clock."""

    def __init__(self, escape_s: float = GOES_ON_S) -> None:
        self._input = TerminalInput(escape_s)
        self._sequences = Sequences()

    def feed(self, data: bytes, now: float) -> list[Message]:
        """What came now."""
        return list(self._meant(self._input.feed(data, now)))

    def tick(self, now: float) -> list[Message]:
        """What is settled by nothing coming for a while."""
        return list(self._meant(self._input.tick(now)))

    def _meant(self, told: Iterable[Told]) -> Iterator[Message]:
        for one in told:
            if isinstance(one, Pasted):
                yield Paste(one.text.replace("\x00", ""))
                continue
            for said in [one.text] if isinstance(one, Letter) else said_plainly(one.text):
                yield from self._sequences.meaning(said)
