"""Before resolving: what is unmet, each point passed with one key. Nothing here stands in the way."""

from __future__ import annotations

from collections.abc import Mapping

from opsterm.command import capture
from opsterm.command.closing import Unmet, before_resolve, hold_exit, pass_all, pass_unmet, resolve
from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.core.thresholds import load_settings
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, ENDING, bindings
from screens.pages.choosing import about
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class BeforeResolving(IncidentPage):
    """What stands between mitigated and resolved, and what was passed on to whom."""

    BINDINGS = bindings(ENDING)
    place = ENDING

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        self.limits = load_settings().thresholds
        #: The points that are painted as unmet.
        self._painted: list[str] = []

    def unmet(self, now: Instant) -> list[Unmet]:
        """What is not met yet, and not passed."""
        return before_resolve(self.snapshot, now, self.limits)

    # --- what it shows

    def heading(self, now: Instant) -> str:
        count = len(self.unmet(now))
        return f"{self.snapshot.incident.mark} {SIGNS.dot} {f'{count} unmet' if count else 'all is met'}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        of, found = self.snapshot.incident, self.unmet(now)
        self._painted = [point.key for point in found]
        over = f"{of.mark} is {of.status}." if self.snapshot.over else "Mitigated is not resolved yet."
        if not found:
            end = "esc  back" if self.snapshot.over else "enter  resolve"
            rows = [fixed(()), fixed((Cell(f"{SIGNS.done} Nothing is unmet.", "good"), Cell(f"  {end}", "muted")))]
        else:
            told = f"{over} What is passed becomes somebody's by tomorrow."
            rows = [fixed(()), *folded("", Cell(""), told, columns, tone="muted"), fixed(())]
        for point in found:
            whose = f"  {point.owner or of.commander or self.context.person}"
            rows += folded(
                point.key, Cell(f"{SIGNS.alarm} ", "warn"), point.text, columns, right=(Cell(whose, "muted"),)
            )
        passed = [item for item in self.snapshot.obligations if item.sort == "exit" and item.state == "open"]
        if passed:
            rows += heading("Passed on")
            for item in passed:
                right = (
                    Cell(f"  {item.owner}", "name"),
                    Cell(f"  by {clock(item.due_at, self.context.zone, today=now)}"),
                )
                rows += folded("", Cell(f"  {item.mark} "), item.what, columns, right=right)
        return rows

    def under_keys(self) -> Mapping[str, object]:
        found = super().under_keys()
        return {**found, ASKED: (self.snapshot.over, self._painted)} if found else {}

    def hint(self) -> tuple[Cell, ...]:
        if self.snapshot.over:
            return (Cell("p", "accent"), Cell(" makes the point somebody's;  esc back", "muted"))
        return (Cell("enter", "accent"), Cell(" resolves, whatever is unmet;  esc back", "muted"))

    # --- what it does

    def _point(self) -> Unmet | None:
        found = self.unmet(self.context.board.now)
        point = next((item for item in found if item.key == self.lines.selected), None)
        if point is None:
            self.prompt.flash("nothing is unmet here")
        return point

    def action_resolve(self) -> None:
        if self.snapshot.over:
            self.dismiss()
            return
        told = self.do(lambda session: resolve(session, self.snapshot, limits=self.limits))
        if told is not None:
            self.back_with(told)

    @about(_point)
    def action_pass_one(self, point: Unmet) -> None:
        self.do(lambda session: pass_unmet(session, self.snapshot.incident, point))

    @about(_point)
    def action_pass_to(self, point: Unmet) -> None:
        self.ask(
            "to whom",
            lambda typed: f"{person_name(typed) or 'who'} owes by tomorrow: {point.duty}",
            lambda session, typed: pass_unmet(session, self.snapshot.incident, point, owner=typed),
            key=f"pass:{point.key}:{self.incident}",
        )

    def action_pass_all(self) -> None:
        found = self.unmet(self.context.board.now)
        if not found:
            self.prompt.flash("nothing is unmet")
            return
        self.do(lambda session: pass_all(session, self.snapshot.incident, found))

    def action_holds(self) -> None:
        if not self.snapshot.incident.exit:
            self.prompt.flash("no exit criteria yet: #exit and when it is over", tone="warn")
        else:
            self.do(lambda session: hold_exit(session, self.snapshot.incident, not self.snapshot.incident.exit_met))

    def action_watch(self) -> None:
        self.ask("watch until", self._watch_words, self._watch)

    def _read(self, typed: str) -> capture.Captured:
        board, context = self.context.board, self.context
        line = f"#monitoring until {typed}"
        return capture.parse(line, self.snapshot, now=board.now, zone=context.zone, person=context.person)

    def _watch_words(self, typed: str) -> str:
        captured = self._read(typed)
        return captured.words if captured.verb == "watch" else "until when, by whom:  09:00 @noor"

    def _watch(self, session: Session, typed: str) -> Outcome:
        captured = self._read(typed)
        if captured.verb != "watch":
            raise Rejected("Say until when, and by whom: 09:00 @noor.")
        return capture.perform(session, self.snapshot.incident, captured)
