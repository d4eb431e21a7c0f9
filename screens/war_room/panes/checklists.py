"""Checklists: the runs that belong to this incident, and how far each one is."""

from __future__ import annotations

from functools import partial

from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Run
from opsterm.records.instant import Instant
from screens.keys.actions import CHECKLISTS, bindings
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class ChecklistsPane(Pane):
    """The runs, open ones first."""

    place, number, label = CHECKLISTS, 5, "Checklists"
    BINDINGS = bindings(CHECKLISTS)

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        if not snapshot.runs:
            return teaching("No checklist is open.  c  pick one to walk through")
        runs = sorted(snapshot.runs, key=lambda run: (run.state == "closed", -run.born))
        return [Row(run.id, partial(self._draw, run)) for run in runs]

    def badge(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        run = next((run for run in snapshot.runs if run.state != "closed"), None)
        if run is None:
            return ()
        settled, of = snapshot.progress(run)
        return (Cell(f" {settled}/{of}"),)

    def text_of(self, key: str) -> str:
        snapshot = self.snapshot
        run = next((r for r in snapshot.runs if r.id == key), None) if snapshot else None
        if snapshot is None or run is None:
            return ""
        steps = (f"[{'x' if step.state == 'done' else ' '}] {step.text}" for step in snapshot.steps.get(key, ()))
        return "\n".join([run.name, *steps])

    def _draw(self, run: Run, columns: int, now: Instant) -> Line:
        settled, of = self.snapshot.progress(run) if self.snapshot else (0, 0)
        closed = run.state == "closed"
        kind = {"rollback": "way back", "drill": "drill"}.get(run.purpose, "")
        left = (
            Cell(run.name, "muted" if closed else ""),
            Cell(f"  {settled}/{of}", "muted" if closed else "strong"),
            Cell(f"  {kind}" if kind else "", "muted" if closed else "warn"),
        )
        return Line(left, (Cell("  "), self._stands(run, of - settled, now)))

    def _stands(self, run: Run, left: int, now: Instant) -> Cell:
        """What a run waits for: an open killer item first, then whoever goes on with it."""
        if run.state == "closed":
            sign = SIGNS.out if run.result == "failed" else SIGNS.done
            return Cell(f"{sign} {run.result or 'closed'} {age(run.state_since, now)} ago", "muted")
        if run.state == "paused":
            return Cell(f"paused by {run.state_by} {age(run.state_since, now)}", "warn")
        asked = [
            s
            for s in (self.snapshot.steps.get(run.id, ()) if self.snapshot else ())
            if s.asked_by and s.state == "open"
        ]
        if asked:
            return Cell(f"{asked[0].asked_by} asks step {asked[0].label}", "warn")
        return Cell(f"{left} left" if left else "to be closed")
