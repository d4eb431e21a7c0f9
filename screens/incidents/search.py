"""Search over all incidents: while one types, what was found stands above; `enter` opens the incident at that line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.search import Found, search
from opsterm.board.store import Touched
from opsterm.board.timeline import Moment
from opsterm.records import Incident
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant
from opsterm.records.timeline_entry import kind_of_line
from screens.console import ConsoleContext
from screens.keys.actions import LISTS, SEARCH, bindings
from screens.pages.incident_page import row
from screens.pages.page import PageLines, fixed, heading
from screens.widgets.cells import Cell, fit
from screens.widgets.durations import clock
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Prompt, Question
from screens.widgets.symbols import SIGNS

#: So many lines are shown; more words find fewer.
LINES_MAX = 100


class Search(Screen[None]):
    """Incidents by their titles, then lines of all timelines, the last ones first."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(SEARCH)

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__()
        self.context = context
        self.words = ""
        self.lines = PageLines("Search all incidents")
        self.prompt = Prompt()
        self._found: Sequence[Found] = ()
        self._incidents: Sequence[Incident] = ()

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        self.prompt.places = (SEARCH, LISTS)
        self.prompt.hint = (Cell("enter", "accent"), Cell(" opens the incident there;  esc back", "muted"))
        self.set_focus(self.lines)
        self._look("")
        self.action_search()

    def on_resize(self) -> None:
        self.call_after_refresh(self.paint_page)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()
        self.action_open()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        self._look(self.words)

    # --- what it shows

    def _look(self, words: str) -> None:
        self.words = words
        known = self.context.board.all(Incident)
        wanted = words.casefold().split()
        self._incidents = [i for i in reversed(known) if all(word in _told(i) for word in wanted)]
        self._incidents = sorted(self._incidents, key=lambda i: i.status in OVER or bool(i.folded_into))
        self._found = search(self.context.board, words, limit=LINES_MAX) if words.strip() else ()
        self.lines.cursor_key = ""
        self.paint_page()

    def paint_page(self) -> None:
        """Paints what was found."""
        now = self.context.board.now
        many = f"{len(self._found)}{'+' if len(self._found) == LINES_MAX else ''} lines" if self.words.strip() else ""
        self.lines.heading = f"Search all incidents{f' {SIGNS.dot} {self.words.strip()}: {many}' if many else ''}"
        self.lines.show(self._rows(now), now)
        self.lines.refresh()
        self.prompt.rest()

    def _rows(self, now: Instant) -> list[Row]:
        rows: list[Row] = []
        if self._incidents:
            rows += heading("Incidents")
        for incident in self._incidents[:50]:
            right = (Cell(f"  {incident.severity.upper()}", "muted"), Cell(f"  {incident.status}", "muted"))
            drill = (Cell("DRILL ", "warn"),) if incident.drill else ()
            rows.append(
                row(
                    f"{incident.id} ",
                    Cell(f"  {fit(incident.mark, 8)}", "accent"),
                    *drill,
                    Cell(incident.title),
                    right=right,
                )
            )
        if self._found:
            rows += heading("Lines")
        for found in self._found:
            moment = found.moment
            at = clock(moment.at, self.context.zone, today=now)
            called = kind_of_line(moment.kind).label
            rows.append(
                row(
                    f"{moment.incident} {moment.key}",
                    Cell(f"  {fit(found.mark, 8)}", "accent"),
                    Cell(f"{at}  ", "muted"),
                    Cell(f"{called + ': ' if called else ''}{' '.join(moment.text.split())}"),
                    right=(Cell(f"  {moment.by}", "muted"),),
                )
            )
        if rows:
            return rows
        if self.words.strip():
            return [
                fixed(()),
                fixed((Cell("Nothing has these words. Fewer words, or beginnings of them, find more.", "muted"),)),
            ]
        return [fixed(()), fixed((Cell("No incident yet. What people write in incidents is found here.", "muted"),))]

    # --- what it does

    def action_search(self) -> None:
        self.prompt.ask(
            Question(
                prompt="/",
                words=lambda text: "words, or beginnings of them; enter goes to what was found",
                done=self._go_to_found,
                follow=self._look,
            ),
            self.words,
        )

    def _go_to_found(self, text: str) -> bool:
        self._look(text)
        return True

    def action_open(self) -> None:
        incident, _, key = self.lines.selected.partition(" ")
        if not incident:
            self.prompt.flash("nothing was found: / asks for other words")
            return
        self.dismiss()
        self.app.call_later(self._open, incident, key)

    def _open(self, incident: str, key: str) -> None:
        from screens.war_room.war_room import WarRoom

        app = self.app
        here = app.screen
        if not (isinstance(here, WarRoom) and here.incident == incident):
            app.open_incident(incident)  # type: ignore[attr-defined]
        moment = next((found.moment for found in self._found if found.moment.key == key), None) if key else None
        if moment is not None:
            app.call_later(_jump, app.screen, moment)

    def action_copy(self) -> None:
        lines = [f"{f.mark} {f.moment.at} {f.moment.by}: {f.moment.text}" for f in self._found]
        lines = lines or [f"{i.mark} {i.title}" for i in self._incidents]
        self.prompt.flash(self.context.copy("\n".join(lines)), tone="good")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.context, SEARCH, LISTS))

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()


def _told(incident: Incident) -> str:
    return f"{incident.mark} {incident.title} {incident.commander} {incident.status} {incident.severity}".casefold()


def _jump(room: Screen[None], moment: Moment) -> None:
    """Goes to a line of the timeline."""
    from screens.war_room.war_room import WarRoom

    if isinstance(room, WarRoom):
        room.action_go_timeline()
        if not room.timeline_pane.reveal(moment):
            room.prompt.flash("that line was said better since: its words now stand there")
