"""Undo: this console's own last command, and only what nobody else touched since.

What is taken back is struck out by notes on its changes: then what they replaced stands again, and their lines stay on
the timeline, struck. Nothing else is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opsterm.board.change import Change, Write
from opsterm.board.fold import DELETED, says_more
from opsterm.board.notes import is_note
from opsterm.board.store import Board
from opsterm.board.timeline import Moment, in_short, several
from opsterm.records.record import KINDS, stated_columns
from opsterm.records.timeline_entry import FIRST, LAST, OF, REF, STRUCK, UNDOES, kind_of_line

#: What was sent can't be called back: people have read it.
_KEPT = frozenset({"update"})


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did and what it left, in words."""

    sentence: str
    left: tuple[str, ...]


class Undo:
    """The acts of one console, last first. An act is what was recorded in one transaction; what a file says, as in a
    playback, is none."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._acts: list[tuple[Change, ...]] = []
        self._undoing = False
        board.on_recorded.append(self._remember)

    def _remember(self, group: Sequence[Change]) -> None:
        from_a_file = all(REF in change.values for change in group)
        if not self._undoing and not from_a_file:
            self._acts.append(tuple(group))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is recorded within is the console's own note, not an act of the person at it."""
        before, self._undoing = self._undoing, True
        try:
            yield
        finally:
            self._undoing = before

    def undo(self, author: str) -> Undone:
        """Takes back the last act: what stands by its changes is struck out, and what would stand without them stands
        again."""
        if not self._acts:
            return Undone("nothing to undo", ())
        act = self._acts.pop()
        words = self._in_words(act)
        if any(change.kind in _KEPT for change in act):
            return Undone(f"can't be undone, it was sent: {words}; send a correction", ())
        left: list[str] = []
        with self.aside(), self._board.transaction():
            taken = [change for change in reversed(act) if self._may_go(change, act, left)][::-1]
            lines = [line for change in taken for line in self._line_of(change)]
            count = len(lines) if _alike(lines) else min(len(lines), 1)
            for change in taken:
                said: dict[str, Any] = {OF: change.digest, STRUCK: True, UNDOES: 0}
                if lines and lines[0].digest == change.digest:
                    said |= {UNDOES: count, FIRST: _first(lines), LAST: _last(lines)}
                self._board.record(author, [Write(change.kind, change.record, change.incident, said)])
        return Undone(f"undone: {words}", tuple(dict.fromkeys(left)))

    def _may_go(self, change: Change, act: Sequence[Change], left: list[str]) -> bool:
        """Whether a change is taken back; what others changed since, in words, is added to what is `left`."""
        folded = self._board.folded(change.record, change.kind)
        if folded is None:
            return False
        if is_note(change):
            return True
        own = {one.digest for one in act}
        if folded.first.change.digest == change.digest:
            others = [
                one for one in folded.rest if one.struck is None and one.change.digest not in own and says_more(one)
            ]
            if others or (DELETED in folded.standing and change.digest not in own):
                left.append("others wrote on it since, so it stays")
            return not others
        late = {digest for of in folded.fields.values() for digest in of.late}
        names = [name for name in change.values if not name.startswith("_")]
        stands = [name for name in names if own & {head.change.digest for head in folded.heads.get(name, ())}]
        if change.digest in late or not names:
            return True
        columns = stated_columns(KINDS[change.kind]) if change.kind in KINDS else {}
        for name in names:
            called = columns[name].called.removesuffix(":") if name in columns else ""
            if called and name not in stands:
                left.append(f"{called} was changed since and stays")
        return bool(stands)

    def _line_of(self, change: Change) -> list[Moment]:
        name = change.values.get(OF, change.digest) if is_note(change) else change.digest
        return [line for line in self._board.lines_of_record(change.record, change.kind) if line.digest == name]

    def _in_words(self, act: Sequence[Change]) -> str:
        lines = [line for change in act for line in self._line_of(change)]
        if not lines:
            return kind_of_line(act[0].kind).in_words
        if not _alike(lines):
            return f"correction of {in_short(lines[0])}" if is_note(act[0]) else in_short(lines[0])
        return several(len(lines), _first(lines), _last(lines))


def _alike(lines: Sequence[Moment]) -> bool:
    """Whether they are several of one kind, as of a pasted timeline."""
    return len({line.record for line in lines}) > 1 and len({line.kind for line in lines}) == 1


def _first(lines: Sequence[Moment]) -> str:
    return min((line.at for line in lines), default="")


def _last(lines: Sequence[Moment]) -> str:
    return max((line.at for line in lines), default="")
