"""Checklists: the runs that belong to this incident, and how far each one is."""

from __future__ import annotations

from functools import partial

from opsterm.command.room import Room
from opsterm.records import Run
from opsterm.records.instant import Instant
from screens.actions import CHECKLISTS, bindings
from screens.cells import Cell, Line
from screens.lines import Spot
from screens.pane import Pane, teaching
from screens.signs import SIGNS
from screens.spans import age


class ChecklistsPane(Pane):
    """The runs, open ones first."""

    place, number, label = CHECKLISTS, 5, "Checklists"
    BINDINGS = bindings(CHECKLISTS)

    def spots_of(self, room: Room, columns: int) -> list[Spot]:
        if not room.runs:
            return teaching("No checklist is open.  c  pick one to walk through")
        runs = sorted(room.runs, key=lambda run: (run.state == "closed", -run.born))
        return [Spot(run.id, partial(self._draw, run)) for run in runs]

    def badge(self, room: Room) -> tuple[Cell, ...]:
        run = next((run for run in room.runs if run.state != "closed"), None)
        if run is None:
            return ()
        settled, of = room.progress(run)
        return (Cell(f" {settled}/{of}"),)

    def text_of(self, key: str) -> str:
        room = self.room
        run = next((r for r in room.runs if r.id == key), None) if room else None
        if room is None or run is None:
            return ""
        steps = (f"[{'x' if step.state == 'done' else ' '}] {step.text}" for step in room.steps.get(key, ()))
        return "\n".join([run.name, *steps])

    def _draw(self, run: Run, columns: int, now: Instant) -> Line:
        settled, of = self.room.progress(run) if self.room else (0, 0)
        closed = run.state == "closed"
        done = Cell(f"{SIGNS.done} closed {age(run.state_since, now)} ago", "muted")
        state = (
            done
            if closed
            else Cell(
                run.state if run.state == "paused" else f"{of - settled} left", "warn" if run.state == "paused" else ""
            )
        )
        return Line(
            (Cell(run.name, "muted" if closed else ""), Cell(f"  {settled}/{of}", "muted" if closed else "strong")),
            (state,),
        )
