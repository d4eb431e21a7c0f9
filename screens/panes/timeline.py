"""Timeline: what happened, latest first. Only the lines on the screen are read from the board."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import overload

from opsterm.board.store import Board
from opsterm.board.telling import Moment
from opsterm.command.room import Room
from opsterm.records.instant import Instant, to_ms
from screens.actions import TIMELINE, bindings
from screens.cells import Cell, Line, fit
from screens.lines import Spot
from screens.pane import Pane, teaching
from screens.signs import SIGNS
from screens.spans import clock, span

#: Lines read at a time: a little more than the tallest screen shows.
PAGE = 120

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

#: Filters by name: which kinds of line each one shows.
FILTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("all", ()),
    (
        "status and decisions",
        ("status", "severity", "milestone", "decision", "declared", "role_change", "impact", "exit"),
    ),
    ("hypotheses", ("hypothesis", "hypothesis_state", "hypothesis_result", "evidence")),
    ("orders", ("action_started", "action_state", "action_done")),
    ("updates", ("update_posted",)),
    ("observations", ("observation",)),
)


class Moments(Sequence[Spot]):
    """The lines of a timeline, read from the board page by page as they are looked at."""

    def __init__(self, board: Board, incident: str, draw: Moment2Line) -> None:
        self._board = board
        self._incident = incident
        self._draw = draw
        self._count = board.count_moments(incident)
        self._pages: dict[int, list[Moment]] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Spot: ...
    @overload
    def __getitem__(self, index: slice) -> list[Spot]: ...
    def __getitem__(self, index: int | slice) -> Spot | list[Spot]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        moment = self.moment(index)
        if moment is None:
            return teaching("")[0]
        return Spot(moment.key, partial(self._draw, moment))

    def moment(self, index: int) -> Moment | None:
        """The line at a place, the latest first."""
        page, place = divmod(index, PAGE)
        if page not in self._pages:
            read = self._board.moments(self._incident, last=PAGE, skip=page * PAGE)
            self._pages[page] = read[::-1]
        lines = self._pages[page]
        return lines[place] if place < len(lines) else None

    def newer_than(self, key: str) -> list[Moment]:
        """The lines of the first page above a line."""
        self.moment(0)
        first = self._pages.get(0, [])
        keys = [moment.key for moment in first]
        return first[: keys.index(key)] if key in keys else []


class Moment2Line:
    """Draws one line of the timeline."""

    def __init__(self, pane: TimelinePane) -> None:
        self._pane = pane

    def __call__(self, moment: Moment, columns: int, now: Instant) -> Line:
        return self._pane.draw(moment, columns, now)


class TimelinePane(Pane):
    """What happened, by when it happened."""

    place, number, label = TIMELINE, 6, "Timeline"
    BINDINGS = bindings(TIMELINE)

    def __init__(self, desk: object) -> None:
        super().__init__(desk)  # type: ignore[arg-type]
        self.moments: Moments | None = None
        self.filter = 0
        self._marks: dict[str, str] = {}

    def enter_room(self, room: Room, now: Instant) -> None:
        self.room = room
        items = [*room.hypotheses, *room.actions, *room.decisions]
        self._marks = {item.id: item.mark for item in items}
        for of, found in room.evidence.items():
            for item in found:
                self._marks[item.id] = f"{'+' if item.supports else SIGNS.minus}{self._marks.get(of, '')}"
        self.moments = Moments(self.desk.board, room.incident.id, Moment2Line(self))
        kinds = FILTERS[self.filter][1]
        if not len(self.moments):
            self.show(teaching("Nothing happened yet.", "l  log what you see"), now)
        elif kinds or self.wanted:
            self.show(self._filtered(kinds, now), now)
        else:
            self.show(self.moments, now)

    def _filtered(self, kinds: tuple[str, ...], now: Instant) -> list[Spot]:
        wanted = self.wanted.casefold()
        draw = Moment2Line(self)
        assert self.room is not None
        found = [
            moment
            for moment in reversed(self.desk.board.moments(self.room.incident.id))
            if (not kinds or moment.kind in kinds)
            and (not wanted or wanted in f"{self._marks.get(moment.record, '')} {moment.by} {moment.text}".casefold())
        ]
        return [Spot(moment.key, partial(draw, moment)) for moment in found] or teaching("No line of that sort.")

    def next_filter(self) -> str:
        """Goes on to the next filter, and says which it is."""
        self.filter = (self.filter + 1) % len(FILTERS)
        if self.room is not None:
            self.enter_room(self.room, self.now)
        return FILTERS[self.filter][0]

    def selected_moment(self) -> Moment | None:
        """The line under the cursor."""
        key = self.selected
        if not key or self.moments is None:
            return None
        for index in range(len(self.moments)):
            moment = self.moments.moment(index)
            if moment is not None and moment.key == key:
                return moment
        return None

    def summary(self, room: Room) -> tuple[Cell, ...]:
        name = FILTERS[self.filter][0]
        return (Cell(name, "accent" if self.filter else "muted"),)

    def text_of(self, key: str) -> str:
        moment = self.selected_moment()
        return f"{moment.at} {moment.by}: {moment.text}" if moment else ""

    def draw(self, moment: Moment, columns: int, now: Instant) -> Line:
        at = clock(moment.at, self.desk.zone, today=now)
        mark = self._marks.get(moment.record, "")
        called = CALLED.get(moment.kind, "")
        tone = "strong" if moment.kind in ("status", "severity", "decision", "declared", "milestone") else ""
        words = " ".join(part for part in (called, mark) if part)
        by = 9 if columns < 90 else 14
        return Line(
            (
                Cell(f"{at} ", "muted"),
                Cell(fit(moment.by or SIGNS.dot, by), "accent"),
                Cell(" "),
                *((Cell(f"{words}: ", "muted"),) if words else ()),
                Cell(moment.text, tone),
            ),
            _recorded_later(moment),
        )


def _recorded_later(moment: Moment) -> tuple[Cell, ...]:
    """Says so, where a line was recorded a quarter of an hour or more after what it tells of."""
    late = (moment.hlc >> 16) // 1000 - to_ms(moment.at) // 1000
    return (Cell(f" recorded +{span(late)}", "muted"),) if 900 <= late < 86400 * 30 else ()
