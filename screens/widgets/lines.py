"""A list drawn line by line: only what is on the screen is drawn, and no line is a widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from opsterm.records.instant import Instant
from screens.keys.actions import LISTS, bindings
from screens.widgets.cells import BLANK, Cell, Line, paint
from screens.widgets.symbols import SIGNS
from screens.widgets.tones import cursor_of, tones_of

Draw = Callable[[int, Instant], Line]


class Row(NamedTuple):
    """One line of a list: what the cursor holds on to there (empty: it passes by), and how the line is drawn for a
    width and a time."""

    key: str
    draw: Draw


def texts_of(rows: Sequence[Row], now: Instant) -> Mapping[str, str]:
    """The words of each record's lines, for whoever looks for some."""
    texts: dict[str, list[str]] = {}
    for row in rows:
        line = row.draw(400, now)
        texts.setdefault(row.key, []).extend(cell.text for cell in (*line.left, *line.right))
    return {key: " ".join(told).casefold() for key, told in texts.items()}


def with_words(rows: Sequence[Row], words: str, now: Instant) -> list[Row]:
    """The lines of the things that have these words; one that says so where none has."""
    wanted, texts = words.casefold(), texts_of(rows, now)
    found = [row for row in rows if row.key and wanted in texts[row.key]]
    nothing = Line((Cell("Nothing here has these words. esc shows all.", "muted"),))
    return found or [Row("", lambda columns, now: nothing)]


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """A list with a title. The cursor belongs to a record, not to a line: a repaint never moves it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LISTS)

    class Moved(Message):
        """The cursor is on another record."""

        def __init__(self, lines: Lines) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> Lines:
            return self.lines

    class Opened(Moved):
        """A record was clicked that was selected already."""

    #: Columns kept free at the left for the cursor and the fresh mark.
    GUTTER = 2

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.rows: Sequence[Row] = ()
        self.now: Instant = "1970-01-01T00:00:00Z"
        #: The record under the cursor; empty while the cursor follows the first one.
        self.cursor_key = ""
        #: Whether it stands there only because its record left the list.
        self.lost = False
        #: Records that another person just touched.
        self.fresh: frozenset[str] = frozenset()
        self._cursor = 0
        self._drawn: dict[int, Line] = {}

    # --- what it shows

    def title(self) -> Line:
        """The first line, which does not scroll."""
        return BLANK

    @property
    def title_height(self) -> int:
        return 1

    def show(self, rows: Sequence[Row], now: Instant) -> None:
        """Takes new lines; the cursor stays on its record, at its place on the screen."""
        before, first = self._cursor, self.scroll_offset.y
        grown = len(rows) - len(self.rows)
        self.rows, self.now = rows, now
        self._cursor = self._found(before, grown) if self.cursor_key else self._first()
        if self.rows and self.cursor_key and self._key(self._cursor) != self.cursor_key:
            self.cursor_key, self.lost = self._key(self._cursor), True
        size = Size(max(self.size.width, 1), len(rows) + self.title_height)
        if size != self.virtual_size:
            self.virtual_size = size
        if first and self._cursor != before:
            self.scroll_to(y=first + self._cursor - before, animate=False, immediate=True)
        self._redraw()

    def tick(self, now: Instant) -> None:
        """Lets ages and countdowns go on: only lines that read differently now are painted again."""
        if now != self.now:
            self.now = now
            self._redraw()

    def mark_fresh(self, keys: Iterable[str]) -> None:
        """Marks the records that another person just touched, and no others."""
        marked = frozenset(keys)
        if marked != self.fresh:
            changed = marked ^ self.fresh
            self.fresh = marked
            for y in range(self.title_height, self.size.height):
                if self._key(self._index_at(y)) in changed:
                    self._refresh_row(y)

    @property
    def selected(self) -> str:
        """The record under the cursor, or nothing."""
        return self._key(self._cursor)

    def select(self, key: str) -> bool:
        """Puts the cursor on a record; says whether it is here."""
        for index in range(len(self.rows)):
            if self._key(index) == key:
                self.move_to(index)
                return True
        return False

    @property
    def under_keys(self) -> object:
        """What the keys of this list act on; where it is another, they mean another thing."""
        return self.selected

    @property
    def shows_all(self) -> bool:
        """Whether the last line is on the screen, or was scrolled past."""
        return self.scroll_offset.y + self.size.height - self.title_height >= len(self.rows)

    def pin(self) -> None:
        """Leaves the cursor on its record, also where that was only the first one."""
        self.cursor_key = self.selected

    # --- moving

    def action_down(self, by: int = 1) -> None:
        self._step(by)

    def action_up(self, by: int = 1) -> None:
        self._step(-by)

    def action_page_down(self) -> None:
        self._page(max(self.size.height - self.title_height - 1, 1))

    def action_page_up(self) -> None:
        self._page(-max(self.size.height - self.title_height - 1, 1))

    def action_first(self) -> None:
        self.move_to(self._first())
        self.scroll_to(y=0, animate=False, immediate=True)

    def action_last(self) -> None:
        index = len(self.rows) - 1
        while index > 0 and not self._key(index):
            index -= 1
        self.move_to(index)
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)

    def _step(self, by: int) -> None:
        index, key = self._cursor, self.selected
        step = 1 if by > 0 else -1
        while 0 <= index + step < len(self.rows):
            index += step
            if self._key(index) and self._key(index) != key:
                self.move_to(index)
                return
        # There is no other record that way: show what is beyond the last one.
        self.scroll_to(y=self.scroll_offset.y + step, animate=False, immediate=True)

    def _page(self, by: int) -> None:
        if not any(self._key(index) for index in range(min(len(self.rows), 200))):
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, immediate=True)
            return
        index = min(max(self._cursor + by, 0), len(self.rows) - 1)
        step = 1 if by > 0 else -1
        while 0 <= index < len(self.rows) and not self._key(index):
            index += step
        if 0 <= index < len(self.rows):
            self.move_to(index)

    def move_to(self, index: int) -> None:
        """Puts the cursor on the record of a line."""
        key = self._key(index)
        while index > 0 and key and self._key(index - 1) == key:
            index -= 1
        before = self.selected
        self._cursor, self.cursor_key, self.lost = index, key, False
        for y in range(self.title_height, self.size.height):
            if self._key(self._index_at(y)) in (before, key):
                self._refresh_row(y)
        self._refresh_row(0)
        self._keep_in_view()
        if key != before:
            self.post_message(self.Moved(self))

    def _keep_in_view(self) -> None:
        room = self.size.height - self.title_height
        if room <= 0:
            return
        last = self._cursor
        while last + 1 < len(self.rows) and self._key(last + 1) == self.selected and self.selected:
            last += 1
        top = self.scroll_offset.y
        start = 0 if self._cursor == self._first() else self._cursor
        if start < top:
            self.scroll_to(y=start, animate=False, immediate=True)
        elif last >= top + room:
            self.scroll_to(y=min(last - room + 1, self._cursor), animate=False, immediate=True)

    # --- drawing

    def _key(self, index: int) -> str:
        return self.rows[index].key if 0 <= index < len(self.rows) else ""

    def _first(self) -> int:
        for index in range(min(len(self.rows), 50)):
            if self._key(index):
                return index
        return 0

    def _found(self, hint: int, grown: int) -> int:
        for index in (hint, hint + grown):
            if self._key(index) == self.cursor_key and self._key(index - 1) != self.cursor_key:
                return index
        for index in range(len(self.rows)):
            if self._key(index) == self.cursor_key:
                return index
        index = min(hint, max(len(self.rows) - 1, 0))
        while index > 0 and not self._key(index):
            index -= 1
        return index if self._key(index) else self._first()

    def _index_at(self, y: int) -> int:
        return self.scroll_offset.y + y - self.title_height

    def line_at(self, y: int) -> Line:
        """The line at a place of the screen, counted from the top of this list."""
        if y < self.title_height:
            return self.title()
        index = self._index_at(y)
        if index >= len(self.rows):
            return BLANK
        return self.rows[index].draw(max(self.size.width - self.GUTTER - 1, 1), self.now)

    def _redraw(self) -> None:
        for y in range(self.size.height):
            if self._drawn.get(y) != self.line_at(y):
                self._refresh_row(y)

    def _refresh_row(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        line = self.line_at(y)
        self._drawn[y] = line
        columns = self.size.width
        base, tones = self.rich_style, tones_of(self.app)
        if y < self.title_height:
            return paint(line, columns, base, tones)
        key = self._key(self._index_at(y))
        on_cursor = bool(key) and key == self.selected and self.has_focus
        if on_cursor:
            base = base + cursor_of(self.app)
        first = key != self._key(self._index_at(y) - 1)
        sign = Cell("")
        if on_cursor and first:
            sign = Cell(SIGNS.cursor, "accent")
        elif key and first and key in self.fresh:
            sign = Cell(SIGNS.fresh, "accent")
        if not self.GUTTER:
            return paint(line, columns, base, tones)
        style = base + tones[sign.tone] if sign.tone else base
        gutter = Segment(f"{sign.text:<{self.GUTTER}}", style)
        body = paint(line, max(columns - self.GUTTER - 1, 0), base, tones)
        return Strip([gutter, *body, Segment(" ", base)], columns)

    def on_resize(self) -> None:
        self.virtual_size = Size(max(self.size.width, 1), len(self.rows) + self.title_height)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        index = self._index_at(event.y)
        if event.y < self.title_height or not self._key(index):
            return
        if self._key(index) == self.selected and event.chain > 1:
            self.post_message(self.Opened(self))
        else:
            self.move_to(index)
