"""A pane of the war room: a numbered list with a title rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from opsterm.incidents.snapshot import Snapshot
from opsterm.records.instant import Instant
from screens.console import Viewpoint
from screens.pages.dispute_lines import under
from screens.pages.rows import row
from screens.war_room.disputed_rows import DISPUTED_ROW, told_by_row
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Lines, Row, texts_of
from screens.widgets.symbols import SIGNS


class Pane(Lines):
    """One pane. Subclasses say what it shows of a room; the keys of a pane are answered by its screen."""

    #: Its place in the table of actions, its number key and its name.
    place: ClassVar[str] = ""
    number: ClassVar[int] = 0
    label: ClassVar[str] = ""

    def __init__(self, context: Viewpoint) -> None:
        super().__init__(id=self.place, classes="pane")
        self.context = context
        self.snapshot: Snapshot | None = None
        #: Only lines with these words are shown, where there are any.
        self.wanted = ""
        self._made_of: tuple[object, ...] = ()
        self._all: Sequence[Row] = ()
        self._texts: Mapping[str, str] = {}
        #: Whether people said two things apart of anything in it.
        self.disputed = False
        #: The columns that it will have, where its screen knows them before it is laid out.
        self.given_columns = 0

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        """The lines that it shows of a room, for a width."""
        raise NotImplementedError

    def made_of(self, snapshot: Snapshot) -> tuple[object, ...]:
        """What its lines are made from, beside its columns: while that stays the same, they are not made anew. Records
        are the same where they are the very ones that were read before. Nothing: they are made anew each time."""
        return ()

    def disputes(self, snapshot: Snapshot) -> Mapping[str, str]:
        """Row → what people said apart there, and nobody settled."""
        return told_by_row(self.context, snapshot)

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        """What its title says at the right: counts, with what needs a person in red or amber."""
        return ()

    def badge(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        """What its tab says beside its name."""
        return ()

    def text_of(self, key: str) -> str:
        """The selected thing as text for the clipboard."""
        return ""

    def enter(self, snapshot: Snapshot, now: Instant) -> None:
        """Shows another version of the room."""
        self.snapshot = snapshot
        made_of = self.made_of(snapshot)
        disputes = self.disputes(snapshot)
        disputed = "\n".join(f"{key} {told}" for key, told in disputes.items())
        if not made_of or not _same((self.columns, disputed, *made_of), self._made_of):
            self._made_of = (self.columns, disputed, *made_of)
            rows = self.rows_of(snapshot, self.columns)
            self.disputed = any(row.key in disputes or row.key.startswith(DISPUTED_ROW) for row in rows)
            self._all = under(rows, disputes)
            self._texts = {}
        self.show(self._matching(self._all), now)

    @property
    def rows_wanted(self) -> int:
        """How many rows its lines would fill. Lines that come and go count for none: no pane moves for them."""
        return len(self.rows)

    def want(self, words: str) -> None:
        """Shows only lines with these words."""
        if words != self.wanted and self.snapshot is not None:
            self.wanted = words
            self.enter(self.snapshot, self.now)

    def show_all(self) -> bool:
        """Shows all again where only some was shown; says whether it was so."""
        narrowed = bool(self.wanted)
        self.want("")
        return narrowed

    @property
    def columns(self) -> int:
        """The columns that a line's text has."""
        return max((self.given_columns or self.size.width or 60) - self.GUTTER - 1, 20)

    def _matching(self, rows: Sequence[Row]) -> Sequence[Row]:
        if not self.wanted:
            return rows
        wanted = self.wanted.casefold()
        if not self._texts:
            self._texts = texts_of(rows, self.now)
        texts = self._texts
        return [row for row in rows if row.key and wanted in texts[row.key]]

    def title(self) -> Line:
        tone = "accent" if self.has_focus else "strong"
        name = Cell(f"{self.number} {self.label}", tone)
        wanted = (Cell(f" / {self.wanted}", "accent"),) if self.wanted else ()
        right = self.summary(self.snapshot) if self.snapshot is not None else ()
        more = self._beyond()
        told = (*right, *((Cell("  "),) if right and more else ()), *more)
        rule = Cell(SIGNS.rule, "accent" if self.has_focus else "rule")
        edge = Cell(SIGNS.rule, rule.tone)
        return Line(
            (edge, Cell(" "), name, *wanted, Cell(" ")),
            ((Cell(" "), *told, Cell(" "), edge) if told else ()),
            fill=rule,
        )

    def _beyond(self) -> tuple[Cell, ...]:
        snapshot = self.size.height - self.title_height
        total = len(self.rows)
        if snapshot <= 0 or total <= snapshot:
            return ()
        top = self.scroll_offset.y
        return (Cell(f"{top + 1}{SIGNS.rule}{min(top + snapshot, total)} of {total}", "muted"),)


def _same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    plain = (int, str, frozenset)
    return len(some) == len(others) and all(
        one is other or (isinstance(one, plain) and one == other) for one, other in zip(some, others, strict=True)
    )


def teaching(*texts: str) -> list[Row]:
    """What an empty pane says: which key fills it."""
    return [row("", Cell(text, "muted")) for text in texts]
