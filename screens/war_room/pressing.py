"""What is red or amber in a war room, as lines of words: for whoever can't see the screen.

The lines are those that the screen paints, made by its head, its notices and its panes, and told apart by their tone: a
line that some pane makes amber one day is said from that day on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from opsterm.command.attention import Attention
from opsterm.command.room_notices import room_notices
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.instant import Instant
from screens.console import Viewpoint
from screens.war_room.header import head_lines
from screens.war_room.panes.actions import ActionsPane
from screens.war_room.panes.checklists import ChecklistsPane
from screens.war_room.panes.hypotheses import HypothesesPane
from screens.war_room.panes.pane import Pane
from screens.war_room.panes.status import StatusPane
from screens.war_room.panes.timeline import PAGE, TimelinePane
from screens.war_room.panes.updates import UpdatesPane
from screens.widgets.cells import Cell
from screens.widgets.symbols import SIGNS

#: Tones that ask for a person, the worst first, each with the word that says it.
CALLED = {"alarm": "Alarm", "warn": "Warning"}
#: What a notice of a level is painted in; an offer is neither red nor amber.
TONE_OF = {"alarm": "alarm", "warning": "warn"}
#: A line is told whole: none is folded or cut at so many columns.
_COLUMNS = 10_000
#: Signs that stand before words which say the same.
_SIGNS = (SIGNS.alarm, SIGNS.right, SIGNS.apart)
#: Numbers go on by themselves, and the line is the same: `late 3m`, `late 1h 05m`, `+2`.
_NUMBERS = re.compile(r"\b(?:\d+(?:[smhd]\b|\.\d+)?\s?)+")
_WORDS = re.compile(r"[^\s,:;()·]+")
_PANES: Sequence[type[Pane]] = (
    StatusPane,
    HypothesesPane,
    ActionsPane,
    UpdatesPane,
    ChecklistsPane,
    TimelinePane,
)


@dataclass(frozen=True, slots=True)
class PressingLine:
    """One line that is red or amber."""

    tone: str
    words: str
    #: Names it for as long as nothing but a time or a number in it goes on.
    key: str
    #: Whether it sums up what other lines say, as the title of a pane does.
    sums: bool = False

    @property
    def said(self) -> str:
        return f"{CALLED[self.tone]}: {self.words}"


def pressing_lines(view: Viewpoint, snapshot: Snapshot, now: Instant) -> list[PressingLine]:
    """All of them as they stand, red ones first."""
    found = [*_of_notices(view, snapshot, now), *_of_head(view, snapshot, now), *_of_panes(view, snapshot, now)]
    known: dict[str, PressingLine] = {}
    for line in found:
        known.setdefault(line.key, line)
    return _worst_first(known.values())


class PressingWatch:
    """Tells what came to be red or amber since it was last asked. What is a part of another line is not told twice."""

    def __init__(self, view: Viewpoint) -> None:
        self._view = view
        self._incident = ""
        self._told: frozenset[str] = frozenset()

    def all(self, snapshot: Snapshot, now: Instant) -> list[str]:
        """All that is red or amber; it counts as told."""
        return [line.said for line in _each_once(self._look(snapshot, now))]

    def news(self, snapshot: Snapshot, now: Instant) -> list[str]:
        """What is so now and was not when it was asked last."""
        told = self._told if self._incident == snapshot.incident.id else ()
        lines = self._look(snapshot, now)
        return [line.said for line in _each_once([new for new in lines if new.key not in told and not new.sums])]

    def _look(self, snapshot: Snapshot, now: Instant) -> list[PressingLine]:
        lines = pressing_lines(self._view, snapshot, now)
        self._incident, self._told = snapshot.incident.id, frozenset(line.key for line in lines)
        return lines


def _each_once(lines: Sequence[PressingLine]) -> list[PressingLine]:
    """The lines but those whose every word is in another of them, which is then as red as they are."""
    said = {line: frozenset(_WORDS.findall(line.words.casefold())) for line in lines}
    kept: dict[PressingLine, list[str]] = {}
    for line in sorted(lines, key=lambda line: -len(said[line])):
        whole = next((other for other in kept if said[line] <= said[other]), line)
        kept.setdefault(whole, []).append(line.tone)
    once = [replace(line, tone=_worst(tones)) for line, tones in kept.items()]
    return _worst_first(sorted(once, key=lambda line: [other.key for other in lines].index(line.key)))


def _worst_first(lines: Iterable[PressingLine]) -> list[PressingLine]:
    return sorted(lines, key=lambda line: [*CALLED].index(line.tone))


def _of_notices(view: Viewpoint, snapshot: Snapshot, now: Instant) -> Iterator[PressingLine]:
    attention = Attention(view.board)
    notices = room_notices(view.board, snapshot, view.person, now)
    for notice in attention.standing(notices, snapshot.incident.id, now):
        # What is to be settled stands in the head, with both its values.
        if notice.level in TONE_OF and notice.act != "settle":
            yield _line(f"notice:{notice.key}", TONE_OF[notice.level], notice.text)


def _of_head(view: Viewpoint, snapshot: Snapshot, now: Instant) -> Iterator[PressingLine]:
    """Of the two lines that always stand there what is red or amber, each with its label; of what stands below them all
    but the keys."""
    first, second, *below = head_lines(snapshot, view, now)
    for cells in (first.left, first.right, second.left, second.right):
        for before, cell in pairwise((Cell(""), *cells)):
            labelled = before.tone == "muted" and before.text.strip().isalpha()
            yield from _of_cells("head", [cell], [before, cell] if labelled else [cell])
    for line in below:
        toned = [cell for cell in line.right if cell.tone in CALLED]
        yield from _of_cells("head", (*line.left, *toned), line.left, toned)


def _of_panes(view: Viewpoint, snapshot: Snapshot, now: Instant) -> Iterator[PressingLine]:
    for kind in _PANES:
        pane = kind(view)
        pane.given_columns, pane.now = _COLUMNS, now
        pane.enter(snapshot, now)
        for row in islice(pane.rows, PAGE):
            line = row.draw(pane.columns, now)
            yield from _of_cells(f"{pane.place}:{row.key}", (*line.left, *line.right), line.left, line.right)
        toned = [cell for cell in pane.summary(snapshot) if cell.tone in CALLED]
        yield from _of_cells(pane.place, toned, [Cell(f"{pane.label}: "), *toned], sums=True)


def _of_cells(
    key: str, seen: Iterable[Cell], left: Iterable[Cell], right: Iterable[Cell] = (), *, sums: bool = False
) -> Iterator[PressingLine]:
    """The line of some cells, where any of those that are `seen` is red or amber."""
    tones = [cell.tone for cell in seen if cell.tone in CALLED]
    if tones:
        yield _line(key, _worst(tones), _words_of(left, right), sums=sums)


def _line(key: str, tone: str, words: str, *, sums: bool = False) -> PressingLine:
    return PressingLine(tone, words, f"{key}:{tone}:{_NUMBERS.sub('#', words)}", sums)


def _worst(tones: Collection[str]) -> str:
    return next(tone for tone in CALLED if tone in tones)


def _words_of(left: Iterable[Cell], right: Iterable[Cell] = ()) -> str:
    """What cells say, without the signs that stand before words; a comma stands where the screen leaves room."""
    sides = (" ".join("".join(map(_unsigned, cells)).split()) for cells in (left, right))
    return ", ".join(side for side in sides if side)


def _unsigned(cell: Cell) -> str:
    text = cell.text
    for sign in _SIGNS if cell.tone in CALLED else ():
        if text.lstrip().startswith(sign):
            text = text.lstrip().removeprefix(sign)
    return text
