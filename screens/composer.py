"""The composer: a message to stakeholders, from its first words to its being sent.

It opens for reading, so that keys act; `e` goes into the text and esc comes back out of it. What was typed is kept at
every change. It sends nothing itself: the text goes to the clipboard, and the record says that it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.command import update
from opsterm.command.cadence import next_word
from opsterm.command.room import Room, read_room
from opsterm.command.session import Refused
from opsterm.records.instant import Instant
from opsterm.records.update import AUDIENCES
from screens.actions import COMPOSER, TEXT, bindings
from screens.bar import Bar
from screens.cells import Cell, Line
from screens.desk import Desk
from screens.foot import Choice, Foot
from screens.lines import Lines, Spot
from screens.page import fixed, words
from screens.signs import SIGNS
from screens.spans import clock, countdown, zone_name

if TYPE_CHECKING:
    from screens.writing import Writing

#: What a message is about; without one it follows from the record.
STAGES = (
    "first",
    "scoping",
    "identified",
    "monitoring",
    "resolved",
    "long-running",
    "correction",
    "stand-down",
)
#: What a message tells.
_TELL = (
    "who is hurt, how, and since when",
    "what they can do meanwhile",
    "what you do about it",
    "when they hear from you next",
)
#: Writes the first words from what is recorded: (room, audience, stage) → text. Nothing drafts yet.
Drafting = Callable[[Room, str, str], str]


class Composer(Screen[None]):
    """One message to one audience."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMPOSER)

    def __init__(self, desk: Desk, incident: str, *, drafting: Drafting | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.room = read_room(desk.board, incident)
        self.drafting = drafting
        self.audience = self._first_audience()
        self.stage = ""
        self.text = ""
        self.head = Bar(id="head")
        self.reading = Lines(id="reading")
        self.writing: Writing | None = None
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.reading
        yield self.foot

    def _first_audience(self) -> str:
        """Whoever is owed a word first; customers where nobody is."""
        due = [(at, audience) for audience in AUDIENCES if (at := next_word(self.room, audience))]
        return min(due)[1] if due else "customers"

    # --- what it reacts to

    def on_mount(self) -> None:
        self.foot.places = (COMPOSER,)
        self._take_text()
        self.set_focus(self.reading)

    def on_resize(self) -> None:
        self.call_after_refresh(self._paint)

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Others did something: the text stays as it is, what stands around it follows."""
        self.room = read_room(self.desk.board, self.room.incident.id)
        self._paint()

    def tick(self, now: Instant) -> None:
        self._paint_head()

    def written(self, text: str) -> None:
        """The text was changed: it is kept at once."""
        if text != self.text:
            self.text = text
            self.desk.board.keep_draft(self._draft_key, text)

    # --- painting

    @property
    def _draft_key(self) -> str:
        return f"update:{self.room.incident.id}:{self.audience}"

    def _take_text(self) -> None:
        """The text that was left unfinished for this audience, else what is drafted from the record."""
        self.text = self.desk.board.draft(self._draft_key)
        if not self.text and self.drafting is not None:
            self.text = self.drafting(self.room, self.audience, self.stage)
        self._paint()

    def _paint(self) -> None:
        now = self.desk.board.now
        columns = max((self.reading.size.width or self.app.size.width) - 4, 20)
        self.reading.show(self._spots(columns), now)
        self._paint_head()
        self.foot.hint = (Cell("it sends nothing: S copies the text and records that you sent it", "muted"),)
        self.foot.rest()

    def _spots(self, columns: int) -> list[Spot]:
        if self.text.strip():
            return [fixed(()), *words(self.text, min(columns, 90))]
        spots = [fixed(()), fixed((Cell("Nothing written yet.", "strong"),)), fixed(())]
        told = (
            "who is hurt and how, since when, what they can do meanwhile,",
            "what you do about it, and when you next write",
        )
        spots += [
            fixed((Cell("e", "accent"), Cell(f"  write: {told[0]}", "muted"))),
            fixed((Cell(f"   {told[1]}", "muted"),)),
        ]
        last = self.room.last_update(self.audience)
        if last is not None:
            when = clock(last.at, self.desk.zone, today=self.desk.board.now)
            spots += [fixed(()), fixed((Cell(f"Last told {self.audience} at {when} by {last.by}:", "muted"),))]
            spots += words(last.text, min(columns, 90), "muted", indent=2)
        return spots

    def _paint_head(self) -> None:
        now, zone = self.desk.board.now, self.desk.zone
        due = next_word(self.room, self.audience)
        left: tuple[Cell, ...] = ()
        if due:
            told = countdown(due, now)
            tone = "alarm" if told.startswith("late") else ""
            when = f"{clock(due, zone, today=now)} {zone_name(due, zone)}"
            left = (Cell("next word due ", "muted"), Cell(f"{when} "), Cell(f"{told} ", tone))
        incident = self.room.incident
        stage = self.stage or "stage by the record"
        about = f" {SIGNS.dot} {stage} {SIGNS.dot} {incident.mark} {incident.title}"
        first = Line((Cell(f" To {self.audience}", "accent"), Cell(about, "muted")), left)
        self.head.show([first, Line(fill=Cell(SIGNS.rule, "rule"))])

    # --- what it does

    def action_edit(self) -> None:
        from screens.writing import Writing

        if self.writing is None:
            self.writing = Writing(self.text)
            self.mount(self.writing, after=self.reading)
        self.writing.text = self.text
        self.reading.display = False
        self.writing.display = True
        self.writing.focus()
        self.foot.places = (TEXT,)
        self.foot.rest()

    def action_read(self) -> None:
        if self.writing is not None:
            self.written(self.writing.text)
            self.writing.display = False
        self.reading.display = True
        self.set_focus(self.reading)
        self.foot.places = (COMPOSER,)
        self._paint()

    def action_audience(self) -> None:
        self.foot.choose("To", [Choice(str(n), name, partial(self._to, name)) for n, name in enumerate(AUDIENCES, 1)])

    def _to(self, audience: str) -> None:
        self.audience = audience
        self._take_text()

    def action_stage(self) -> None:
        self.foot.choose(
            "Stage", [Choice(str(n), stage, partial(self._at, stage)) for n, stage in enumerate(STAGES, 1)]
        )

    def _at(self, stage: str) -> None:
        self.stage = stage
        self._take_text()

    def action_copy(self) -> None:
        if not self.text.strip():
            self.foot.flash("nothing to copy yet: e writes the text", tone="warn")
        else:
            self.foot.flash(f"{self.desk.copy(self.text)}; not recorded as sent", tone="good")

    def action_send(self) -> None:
        if not self.text.strip():
            self.foot.flash("nothing to send yet: e writes the text", tone="warn")
            return
        where = self.desk.copy(self.text)
        session = self.desk.session(self.room.version)
        try:
            told = update.sent(session, self.room.incident, self.audience, self.text, stage=self.stage, via=where)
        except (Refused, BoardError) as refused:
            self.foot.flash(str(refused), tone="warn")
            return
        self.desk.board.keep_draft(self._draft_key, "")
        self.text = ""
        self.repaint()
        self.foot.flash(f"{told.sentence}; {where}", tone="good")

    def action_help(self) -> None:
        from screens.help import help_page

        self.app.push_screen(help_page(self.desk, COMPOSER, TEXT))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
