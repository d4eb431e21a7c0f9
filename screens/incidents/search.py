"""Search over all incidents: while one types, what was found stands above; `enter` opens the incident at that line."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.board.search import Found, search
from opsterm.incidents.reading import all_incidents
from opsterm.records import Incident
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant
from opsterm.records.timeline_entry import kind_of_line
from screens.console import ConsoleContext
from screens.keys.actions import SEARCH, bindings
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, heading, row
from screens.widgets.cells import Cell, fit
from screens.widgets.durations import clock
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Question
from screens.widgets.symbols import SIGNS

#: So many lines are shown; more words find fewer.
LINES_MAX = 100


class Search(ListPage):
    """Incidents by their titles, then lines of all timelines, the last ones first."""

    BINDINGS = bindings(SEARCH)
    place = SEARCH

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self.words = ""
        self._found: Sequence[Found] = ()
        self._incidents: Sequence[Incident] = ()

    def on_mount(self) -> None:
        self.set_focus(self.lines)
        self.action_search()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        self.action_open()

    # --- what it shows

    def read(self, now: Instant) -> None:
        known = all_incidents(self.context.board)
        wanted = self.words.casefold().split()
        self._incidents = [i for i in reversed(known) if all(word in _told(i) for word in wanted)]
        self._incidents = sorted(self._incidents, key=lambda i: i.status in OVER or bool(i.folded_into))
        self._found = search(self.context.board, self.words, limit=LINES_MAX) if self.words.strip() else ()
        self.lines.cursor_key = ""

    def _look(self, words: str) -> None:
        self.words = words
        self.repaint()

    def heading(self, now: Instant) -> str:
        many = f"{len(self._found)}{'+' if len(self._found) == LINES_MAX else ''} lines" if self.words.strip() else ""
        return f"Search all incidents{f' {SIGNS.dot} {self.words.strip()}: {many}' if many else ''}"

    def hint(self) -> tuple[Cell, ...]:
        return (Cell("enter", "accent"), Cell(" opens the incident there;  esc back", "muted"))

    def rows(self, columns: int, now: Instant) -> list[Row]:
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
                    Cell(f"{called + ': ' if called else ''}{' '.join(moment.told.split())}"),
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
        moment = next((found.moment for found in self._found if found.moment.key == key), None) if key else None
        self.leave_for(incident, at=moment)

    @property
    def text(self) -> str:
        found = [(f.mark, f.moment) for f in self._found]
        lines = [f"{mark} {line.at} {f'{line.by}: ' if line.by else ''}{line.told}" for mark, line in found]
        return "\n".join(lines or [f"{i.mark} {i.title}" for i in self._incidents])


def _told(incident: Incident) -> str:
    return f"{incident.mark} {incident.title} {incident.commander} {incident.status} {incident.severity}".casefold()
