"""Timeline: what happened, latest first. Only the lines on the screen are read from the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import overload

from rich.cells import cell_len

from opsterm.board.store import Board
from opsterm.board.telling import Moment
from opsterm.board.window import count
from opsterm.command.room import Room
from opsterm.command.timeline import GROUPS, Filter, next_group, people_of
from opsterm.command.timeline import page as lines_of
from opsterm.records.instant import Instant, to_ms
from screens.actions import TIMELINE, bindings
from screens.cells import Cell, fit, width, wrap
from screens.desk import Desk
from screens.lines import Spot
from screens.pane import Pane, plain_spot, teaching
from screens.signs import SIGNS
from screens.spans import clock, span

#: Lines read at a time: a little more than the tallest screen shows.
PAGE = 120
#: Lines that a moment gets before it is cut, in a column among others and in one of its own.
LINES_MAX_USUAL, LINES_MAX_WIDE = 2, 4
#: Lines in which those who wrote lately are looked for.
_LATELY = 1000
#: Columns for who it was.
_WHO, _WHO_WIDE = 9, 14
#: Kinds of line that turn the course of things.
_WEIGHTY = ("status", "severity", "decision", "declared", "milestone")

#: What a kind of line is called where it is not plain from its text.
CALLED = {
    "hypothesis": "hypothesis",
    "hypothesis_result": "result",
    "hypothesis_state": "hypothesis",
    "action_started": "order",
    "action_done": "result",
    "action_state": "order",
    "update_posted": "told",
    "decision": "decision",
    "status": "status",
    "severity": "severity",
    "milestone": "milestone",
    "impact": "impact",
    "exit": "exit",
    "evidence": "evidence",
    "declared": "declared",
    "role_change": "role",
    "checklist": "checklist",
    "step": "step",
    "removed": "removed",
    "restored": "restored",
    "edit": "edited",
    "link": "linked",
}

#: All lines.
ALL = Filter()


class Moments(Sequence[Spot]):
    """The lines of a timeline, the latest first, read from the board page by page as they are looked at.

    The lines of the first page are wrapped; further down each has one line, so that a place in the list is a place on
    the timeline and nothing before it has to be read.
    """

    def __init__(
        self,
        board: Board,
        incident: str,
        lay_out: Callable[[Moment, int], list[Spot]],
        lines_max: int,
        filtered: Filter = ALL,
    ) -> None:
        self._board = board
        self._incident = incident
        self._lay_out = lay_out
        self._filtered = filtered
        self._pages: dict[int, list[Moment]] = {}
        kinds = GROUPS.get(filtered.group, frozenset())
        self.total = (
            board.count_moments(incident)
            if filtered == ALL
            else count(board, incident, kinds=kinds, person=filtered.person, words=filtered.words)
        )
        self._lines_max = lines_max

    @cached_property
    def _head(self) -> list[Spot]:
        return [spot for moment in self._page(0) for spot in self._lay_out(moment, self._lines_max)]

    def first_page(self) -> list[Moment]:
        """The latest moments."""
        return self._page(0)

    def __len__(self) -> int:
        return len(self._head) + max(self.total - PAGE, 0)

    @overload
    def __getitem__(self, index: int) -> Spot: ...
    @overload
    def __getitem__(self, index: slice) -> list[Spot]: ...
    def __getitem__(self, index: int | slice) -> Spot | list[Spot]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index < len(self._head):
            return self._head[index]
        moment = self.moment(PAGE + index - len(self._head))
        return self._lay_out(moment, 1)[0] if moment else teaching("")[0]

    def moment(self, place: int) -> Moment | None:
        """The moment at a place, the latest being 0."""
        page, line = divmod(place, PAGE)
        lines = self._page(page)
        return lines[line] if line < len(lines) else None

    def _page(self, page: int) -> list[Moment]:
        if page not in self._pages:
            skip = page * PAGE
            found = lines_of(self._board, self._incident, self._filtered, last=PAGE, skip=skip)
            self._pages[page] = found[::-1]
        return self._pages[page]

    def named(self, key: str) -> Moment | None:
        """The moment of that key, among those that were read."""
        return next((m for page in self._pages.values() for m in page if m.key == key), None)

    def newer_than(self, key: str) -> list[Moment]:
        """The moments of the first page above one."""
        keys = [moment.key for moment in self._page(0)]
        return self._page(0)[: keys.index(key)] if key in keys else []


class TimelinePane(Pane):
    """What happened, by when it happened."""

    place, number, label = TIMELINE, 6, "Timeline"
    BINDINGS = bindings(TIMELINE)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.moments: Moments | None = None
        #: The group of kinds that is shown, and the person; all where they are empty.
        self.group = ""
        self.person = ""
        self.lines_max = LINES_MAX_USUAL
        self._who = _WHO
        self._marks: dict[str, str] = {}

    def enter_room(self, room: Room, now: Instant) -> None:
        self.room = room
        items = [*room.hypotheses, *room.actions, *room.decisions]
        self._marks = {item.id: item.mark for item in items}
        for of, found in room.evidence.items():
            for item in found:
                self._marks[item.id] = f"{'+' if item.supports else SIGNS.minus}{self._marks.get(of, '')}"
        self.now = now
        filtered = self.filtered
        self.moments = Moments(self.desk.board, room.incident.id, self._lay_out, self.lines_max, filtered)
        longest = max((cell_len(moment.by) for moment in self.moments.first_page()), default=1)
        self._who = min(longest, _WHO_WIDE if self.columns >= 60 else _WHO)
        if self.moments.total:
            self.show(self.moments, now)
        elif filtered == ALL:
            self.show(teaching("Nothing happened yet.", "l  log what you see"), now)
        else:
            self.show(teaching("No such line.", "f F /  show others"), now)

    @property
    def filtered(self) -> Filter:
        """What of the timeline is shown."""
        return Filter(self.group, self.person, self.wanted)

    def next_filter(self) -> str:
        """Goes on to the next group of kinds, and says what is shown."""
        self.group = next_group(self.group)
        return self._shown()

    def next_person(self) -> str:
        """Goes on to the next of those who wrote lately, and says what is shown."""
        if self.room is not None:
            lately = self.desk.board.moments(self.room.incident.id, last=_LATELY)
            names = ["", *people_of(lately)]
            self.person = names[(names.index(self.person) + 1) % len(names)] if self.person in names else ""
        return self._shown()

    def _shown(self) -> str:
        if self.room is not None:
            self.enter_room(self.room, self.now)
        return self.filtered.said

    def selected_moment(self) -> Moment | None:
        """The moment under the cursor."""
        key = self.selected
        if not key or self.moments is None:
            return None
        return self.moments.named(key)

    def summary(self, room: Room) -> tuple[Cell, ...]:
        filtered = Filter(self.group, self.person)
        return (Cell(filtered.said, "muted" if filtered == ALL else "accent"),)

    def text_of(self, key: str) -> str:
        moment = self.selected_moment()
        return f"{moment.at} {moment.by}: {moment.text}" if moment else ""

    def _lay_out(self, moment: Moment, lines_max: int) -> list[Spot]:
        columns = self.columns
        at = clock(moment.at, self.desk.zone, today=self.now)
        words = " ".join(part for part in (CALLED.get(moment.kind, ""), self._marks.get(moment.record, "")) if part)
        who = fit(moment.by or SIGNS.dot, self._who)
        called = f"{words}: " if words else ""
        recorded = _recorded_later(moment)
        start = cell_len(at) + cell_len(who) + 2
        text_columns = max(columns - start, 12)
        lines = wrap(
            moment.text, text_columns, lines_max, first=max(text_columns - cell_len(called) - width(recorded), 8)
        )
        tone = "strong" if moment.kind in _WEIGHTY else ""
        first = (Cell(f"{at} ", "muted"), Cell(who, "name"), Cell(" "), Cell(called, "muted"), Cell(lines[0], tone))
        indent = Cell(" " * start)
        return [
            plain_spot(moment.key, *first, right=recorded),
            *(plain_spot(moment.key, indent, Cell(line, tone)) for line in lines[1:]),
        ]


def _recorded_later(moment: Moment) -> tuple[Cell, ...]:
    """Says so, where a line was recorded a quarter of an hour or more after what it tells of."""
    late = (moment.hlc >> 16) // 1000 - to_ms(moment.at) // 1000
    return (Cell(f" recorded +{span(late)}", "muted"),) if 900 <= late < 86400 * 30 else ()
