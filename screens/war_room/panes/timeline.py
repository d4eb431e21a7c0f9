"""Timeline: what happened, latest first. Only the lines on the screen are read from the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import overload

from rich.cells import cell_len

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.window import STRETCH, STRETCH_ON, Tally, place_of
from opsterm.incidents.snapshot import Snapshot
from opsterm.incidents.timeline import Filter, marks_of, next_group, people_of, scan
from opsterm.incidents.timeline import page as lines_of
from opsterm.records.instant import Instant, to_ms
from opsterm.records.person_name import person_key
from opsterm.records.timeline_entry import UNDONE, kind_of_line
from screens.console import Viewpoint
from screens.keys.actions import TIMELINE, bindings
from screens.pages.rows import row
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, fit, width, wrap
from screens.widgets.durations import clock, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Lines read at a time: a little more than the tallest screen shows.
PAGE = 64
#: Lines that a moment gets before it is cut, in a column among others and in one of its own.
LINES_MAX_USUAL, LINES_MAX_WIDE = 2, 4
#: Between two stretches that are looked through, time for what is painted to reach the terminal.
_BETWEEN_S = 0.01
#: Lines in which those who wrote lately are looked for.
_LATELY = 1000
#: Columns for who it was.
_WHO, _WHO_WIDE = 9, 14
#: Kinds of line that turn the course of things.
_WEIGHTY = ("status", "severity", "decision", "declared", "milestone")

#: All lines.
ALL = Filter()


class Moments(Sequence[Row]):
    """The lines of a timeline, the latest first, read from the board page by page as they are looked at.

    The lines of the first page are wrapped; further down each has one line, so that a place in the list is a place on
    the timeline and nothing before it has to be read. With a filter, lines are looked for a stretch at a time: those
    that are found first stand there before the rest was looked through.
    """

    def __init__(
        self,
        board: Board,
        incident: str,
        lay_out: Callable[[Moment, int], list[Row]],
        lines_max: int,
        tally: Tally,
        filtered: Filter = ALL,
        before: Moments | None = None,
    ) -> None:
        self._board = board
        self._incident = incident
        self._lay_out = lay_out
        self._lines_max = lines_max
        self._pages: dict[int, list[Moment]] = {}
        self._filtered = filtered
        self._version = board.version
        self._scan = None if filtered == ALL else scan(board, incident, filtered)
        wider = before._scan if before is not None and before.is_wider(filtered, self._version) else None
        if self._scan is not None and wider is not None:
            self._scan.narrow(wider)
        self.total = tally.count() if self._scan is None else 0
        #: Whether the first stretch was looked through.
        self.looked = False
        if self._scan is not None and self._scan.done:
            self.total = len(self._scan)
        else:
            self.look_on()

    def is_wider(self, filtered: Filter, version: int) -> bool:
        """Whether the few lines here are all that another filter could let through: its words go on from these."""
        goes_on = bool(self._filtered.words) and filtered.words.startswith(self._filtered.words)
        alike = replace(self._filtered, words=filtered.words) == filtered
        few = self._scan is not None and self._scan.done and len(self._scan) <= STRETCH
        return goes_on and alike and few and self._version == version

    @property
    def done(self) -> bool:
        """Whether all lines were looked through."""
        return self._scan is None or self._scan.done

    def look_on(self) -> bool:
        """Looks through a stretch more; says whether any line was found there."""
        if self._scan is None:
            return False
        self._scan.go_on(STRETCH if not self.looked else STRETCH_ON)
        self.looked = True
        found = len(self._scan) > self.total
        if found and self.total < PAGE:
            self.__dict__.pop("_head", None)
        if found:
            self._pages.pop(self.total // PAGE, None)
        self.total = len(self._scan)
        return found

    @cached_property
    def _head(self) -> list[Row]:
        return [row for moment in self._page(0) for row in self._drawn(moment, self._lines_max)]

    def first_page(self) -> list[Moment]:
        """The latest moments."""
        return self._page(0)

    def __len__(self) -> int:
        return len(self._head) + max(self.total - PAGE, 0)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index < len(self._head):
            return self._head[index]
        moment = self.moment(PAGE + index - len(self._head))
        return self._drawn(moment, 1)[0] if moment else teaching("")[0]

    def _drawn(self, moment: Moment, lines_max: int) -> list[Row]:
        return self._lay_out(moment, lines_max)

    def moment(self, place: int) -> Moment | None:
        """The moment at a place, the latest being 0."""
        page, line = divmod(place, PAGE)
        lines = self._page(page)
        return lines[line] if line < len(lines) else None

    def _page(self, page: int) -> list[Moment]:
        if page not in self._pages:
            if self._scan is not None:
                self._pages[page] = self._scan.read(page * PAGE, PAGE)
            else:
                self._pages[page] = lines_of(self._board, self._incident, ALL, last=PAGE, skip=page * PAGE)[::-1]
        return self._pages[page]

    def index_of(self, moment: Moment) -> int:
        """Where a moment stands among the lines, all being shown; -1 where it is not there."""
        place = place_of(self._board, moment)
        if place >= PAGE:
            found = self.moment(place)
            return len(self._head) + place - PAGE if found is not None and found.key == moment.key else -1
        return next((index for index, row in enumerate(self._head) if row.key == moment.key), -1)

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

    def __init__(self, context: Viewpoint) -> None:
        super().__init__(context)
        self.moments: Moments | None = None
        #: The group of kinds that is shown, and the person; all where they are empty.
        self.group = ""
        self.person = ""
        #: Whether lines stand by when they were recorded, and not by when they happened.
        self.by_recorded = False
        self.lines_max = LINES_MAX_USUAL
        self._tally: Tally | None = None
        self._who = _WHO
        self._marks: dict[str, str] = {}
        #: The changes that people said apart, and nobody settled.
        self._apart: frozenset[str] = frozenset()

    def enter(self, snapshot: Snapshot, now: Instant) -> None:
        self.snapshot = snapshot
        self._marks = marks_of(snapshot)
        self._apart = frozenset(str(head["digest"]) for conflict in snapshot.conflicts for head in conflict.heads)
        self.now = now
        board, incident = self.context.board, snapshot.incident.id
        self._tally = self._tally or Tally(board, incident)
        self.moments = Moments(board, incident, self._lay_out, self.lines_max, self._tally, self.filtered, self.moments)
        self._show_moments(self.moments)

    def _show_moments(self, moments: Moments) -> None:
        """Shows what was found, and looks on for more once that is painted."""
        longest = max((cell_len(moment.by) for moment in moments.first_page()), default=1)
        self._who = min(max(longest, 1), _WHO_WIDE if self.columns >= 60 else _WHO)
        if moments.total:
            self.show(moments, self.now)
        elif not moments.done:
            self.show(teaching(f"Looking{SIGNS.cut}"), self.now)
        elif self.filtered == ALL:
            self.show(teaching("Nothing happened yet.", "l  log what you see"), self.now)
        else:
            self.show(teaching("No such line.", "f F O /  show others"), self.now)
        if not moments.done:
            self.set_timer(_BETWEEN_S, lambda: self._look_on(moments))

    def _look_on(self, moments: Moments) -> None:
        """Looks through the next stretch, unless other lines are asked for by now."""
        if moments is not self.moments:
            return
        before = moments.total
        found = moments.look_on()
        if moments.done or (found and before < PAGE):
            self._show_moments(moments)
        else:
            self.set_timer(_BETWEEN_S, lambda: self._look_on(moments))

    @property
    def filtered(self) -> Filter:
        """What of the timeline is shown."""
        return Filter(self.group, self.person, self.wanted, self.by_recorded)

    def next_filter(self) -> str:
        """Goes on to the next group of kinds, and says what is shown."""
        self.group = next_group(self.group)
        return self._shown()

    def next_person(self) -> str:
        """Goes on to the next of those who wrote lately, and says what is shown."""
        if self.snapshot is not None:
            lately = self.context.board.moments(self.snapshot.incident.id, last=_LATELY)
            names = ["", *people_of(lately)]
            keys = [person_key(name) for name in names]
            here = person_key(self.person)
            self.person = names[(keys.index(here) + 1) % len(names)] if here in keys else ""
        return self._shown()

    def other_order(self) -> str:
        """Orders by when lines were recorded, or by when things happened again; says which."""
        self.by_recorded = not self.by_recorded
        return self._shown()

    def show_all(self) -> bool:
        narrowed = replace(self.filtered, by_recorded=False) != ALL
        self.group = self.person = self.wanted = ""
        if narrowed:
            self._shown()
        return narrowed

    def reveal(self, moment: Moment) -> bool:
        """Shows all lines, and puts the cursor on one of them, however far down it stands; says whether it is there."""
        if self.snapshot is None:
            return False
        self.group = self.person = self.wanted = ""
        self.by_recorded = False
        self.enter(self.snapshot, self.now)
        index = self.moments.index_of(moment) if self.moments else -1
        if index >= 0:
            self.move_to(index)
        return index >= 0

    def _shown(self) -> str:
        if self.snapshot is not None:
            self.enter(self.snapshot, self.now)
        return self.filtered.said

    def selected_moment(self) -> Moment | None:
        """The moment under the cursor."""
        key = self.selected
        if not key or self.moments is None:
            return None
        return self.moments.named(key)

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        filtered = Filter(self.group, self.person, by_recorded=self.by_recorded)
        return (Cell(filtered.said, "muted" if filtered == ALL else "accent"),)

    def text_of(self, key: str) -> str:
        moment = self.selected_moment()
        return f"{moment.at} {f'{moment.by}: ' if moment.by else ''}{moment.told}" if moment else ""

    def _called(self, moment: Moment) -> str:
        """What stands before a line's text: that it is disputed, the kind of line, and the mark where the text does not
        begin with it."""
        kind = kind_of_line(moment.kind)
        apart = f"{SIGNS.apart} disputed: " if moment.digest in self._apart else ""
        if moment.mark:
            return apart
        words = " ".join(part for part in (kind.label, self._marks.get(moment.record, "")) if part)
        return apart + (f"{words} " if words and kind.runs_on else f"{words}: " if words else "")

    def _lay_out(self, moment: Moment, lines_max: int) -> list[Row]:
        columns = self.columns
        at = clock(moment.at, self.context.zone, today=self.now)
        struck = moment.struck
        who = fit(moment.by or SIGNS.dot, self._who)
        called = f"{struck}: {self._called(moment)}" if struck else self._called(moment)
        recorded = _recorded_later(moment)
        start = cell_len(at) + cell_len(who) + 2
        text_columns = max(columns - start, 12)
        lines = wrap(
            moment.told, text_columns, lines_max, first=max(text_columns - cell_len(called) - width(recorded), 8)
        )
        tone = "struck" if struck else "muted" if moment.kind == UNDONE.name else ""
        tone = tone or ("strong" if moment.kind in _WEIGHTY else "")
        first = (Cell(f"{at} ", "muted"), Cell(who, "name"), Cell(" "), Cell(called, "muted"), Cell(lines[0], tone))
        indent = Cell(" " * start)
        return [
            row(moment.key, *first, right=recorded),
            *(row(moment.key, indent, Cell(line, tone)) for line in lines[1:]),
        ]


def _recorded_later(moment: Moment) -> tuple[Cell, ...]:
    """Says so, where a line was recorded a quarter of an hour or more after what it tells of."""
    late = moment.wall // 1000 - to_ms(moment.at) // 1000
    return (Cell(f" recorded +{span(late)}", "muted"),) if 900 <= late < 86400 * 30 else ()
