"""Undo: this console's own last command, and only what nobody else touched since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opsterm.board.change import Change, Write, in_order
from opsterm.board.fold import DELETED, Folded
from opsterm.board.store import Board
from opsterm.board.timeline import moment_of
from opsterm.records.timeline_entry import REF, WHY, kind_of_line

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
        #: (an undoing change, field) → the change whose value it brought back; nothing where there was none.
        self._brought_back: dict[tuple[str, str], str] = {}
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

    @property
    def last(self) -> str:
        """What undo would take back, in words; nothing where there is nothing."""
        return _in_words(self._acts[-1]) if self._acts else ""

    def undo(self, author: str) -> Undone:
        """Takes back the last act: each field whose head is still this act's own gets the value it had before."""
        if not self._acts:
            return Undone("nothing to undo", ())
        act = self._acts.pop()
        words = _in_words(act)
        if any(change.kind in _KEPT for change in act):
            return Undone(f"can't be undone, it was sent: {words}; send a correction", ())
        self._undoing = True
        left: list[str] = []
        try:
            with self._board.transaction():
                for change in reversed(act):
                    earlier, kept = self._restored(change)
                    left += kept
                    if earlier:
                        fields = {field: value for field, (value, _) in earlier.items()}
                        write = Write(change.kind, change.record, change.incident, {**fields, WHY: f"undone: {words}"})
                        (made,) = self._board.record(author, [write])
                        self._brought_back |= {(made.digest, field): of for field, (_, of) in earlier.items()}
        finally:
            self._undoing = False
        return Undone(f"undone: {words}", tuple(left))

    def _restored(self, change: Change) -> tuple[dict[str, tuple[Any, str]], list[str]]:
        """Field → (the value it had before, the change that gave it), and what others changed since, in words."""
        folded = self._board.folded(change.record, change.kind)
        if folded is None:
            return {}, []
        if folded.first.digest == change.digest:
            return self._taken_off(change, folded)
        fields: dict[str, tuple[Any, str]] = {}
        left: list[str] = []
        history = [
            c for c in self._board.changes_of_record(change.record, change.kind) if in_order(c) < in_order(change)
        ]
        for field in (f for f in change.values if not f.startswith("_")):
            heads = folded.heads.get(field, ())
            if [self._origin(head.change.digest, field) for head in heads] == [change.digest]:
                before = next((c for c in reversed(history) if field in c.values), None)
                origin = self._origin(before.digest, field) if before else ""
                fields[field] = (before.values[field] if before else None, origin)
            else:
                left.append(f"{field.replace('_', ' ')} was changed since and stays")
        return fields, left

    def _origin(self, digest: str, field: str) -> str:
        return self._brought_back.get((digest, field), digest)

    def _taken_off(self, change: Change, folded: Folded) -> tuple[dict[str, tuple[Any, str]], list[str]]:
        origins = {self._origin(h.change.digest, field) for field, heads in folded.heads.items() for h in heads}
        if origins - {change.digest, ""}:
            return {}, ["others wrote on it since, so it stays"]
        return {DELETED: (True, "")}, []


def _in_words(act: tuple[Change, ...]) -> str:
    lines = [line for change in act if (line := moment_of(change)) is not None]
    if not lines:
        return act[0].kind
    text = " ".join(lines[0].text.split())
    kind = kind_of_line(lines[0].kind).in_words
    return f"{kind}: {text[:59]}…" if len(text) > 60 else f"{kind}: {text}"
