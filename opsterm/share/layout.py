"""Which of a board's changes lie in which file of its own journal.

A sealed file's spans are kept on the board before the file is written, so that a missing or damaged one is made again
with the same boundaries. What is in no sealed file is in the live one: this station's own later changes, and the
changes of others that the share lacked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from opsterm.board.chains import changes_of_station
from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.share.chain_runs import ChainLink, SeqSpan, spans_of
from opsterm.share.folder import SEALED

#: A journal's file is sealed once its changes are about this large.
SEAL_BYTES = 1 << 20
#: What a row takes beside its fields and its basis: two digests, ids, numbers.
_ROW_BYTES = 260
_KEY = "share.layout"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one station's journal."""

    station: str
    sealed: tuple[tuple[SeqSpan, ...], ...] = ()
    #: Changes of others in the live file.
    carried: tuple[SeqSpan, ...] = ()

    @property
    def own_sealed(self) -> int:
        """The last of the station's own changes that is sealed."""
        return max((span.last for file in self.sealed for span in file if span.station == self.station), default=0)


def live_name(station: str) -> str:
    """The name of a station's live file."""
    return f"{station}.sqlite"


def sealed_name(station: str, number: int) -> str:
    """The name of a station's sealed file; numbers begin at 1."""
    return f"{SEALED}/{station}-{number}.sqlite"


def read_layout(board: Board, station: str) -> Layout:
    """The layout that the board keeps for a station; a new one for a new station."""
    told = json.loads(board.recall(_KEY) or "{}")
    if told.get("station") != station:
        return Layout(station)
    return Layout(
        station,
        tuple(tuple(SeqSpan(*span) for span in file) for file in told["sealed"]),
        tuple(SeqSpan(*span) for span in told["carried"]),
    )


def keep_layout(board: Board, layout: Layout) -> None:
    """Keeps it on the board. Raises BoardError."""
    told = {"station": layout.station, "sealed": layout.sealed, "carried": layout.carried}
    board.remember(_KEY, json.dumps(told))


def changes_in(board: Board, spans: Iterable[SeqSpan]) -> Iterator[Change]:
    """The changes of those spans, as the board knows them."""
    for station, first, last in spans:
        yield from takewhile(lambda c, last=last: c.seq <= last, changes_of_station(board, station, after=first - 1))  # type: ignore[misc]


def link(change: Change) -> ChainLink:
    """Where a change stands in its chain."""
    return ChainLink(change.station, change.seq, change.prev, change.digest)


def size(change: Change) -> int:
    """About how many bytes a change takes in a file."""
    return _ROW_BYTES + len(change.fields.encode("utf-8", "replace")) + len(change.basis)


def with_full_files_sealed(layout: Layout, changes: Iterable[Change]) -> Layout:
    """The layout with all that the live file is too small for sealed. `changes` are the live file's."""
    sealed = list(layout.sealed)
    filling: list[ChainLink] = []
    filled = 0
    for change in changes:
        filling.append(link(change))
        filled += size(change)
        if filled >= SEAL_BYTES:
            sealed.append(tuple(spans_of(filling)))
            filling, filled = [], 0
    if len(sealed) == len(layout.sealed):
        return layout
    carried = [item for item in filling if item.station != layout.station]
    return Layout(layout.station, tuple(sealed), tuple(spans_of(carried)))
