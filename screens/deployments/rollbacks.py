"""Ways back: which there are, which were run and when, what they take; rehearsing one, or going back for real."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.operations.checklists import run as checklist
from opsterm.operations.deployments.rollback import WayBack, runs_of, ways_back
from opsterm.records.instant import Instant
from screens.checklists.checklist_picker import tested_cells
from screens.checklists.open_run import open_run
from screens.keys.actions import DRILLS, bindings
from screens.pages.choosing import Choosing
from screens.pages.list_page import ListPage
from screens.pages.page import Page
from screens.pages.rows import facts, fixed, folded, heading, listing
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import age, clock, seconds_between, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Rollbacks(Choosing[WayBack], ListPage):
    """All procedures by type, each with how sure it is."""

    BINDINGS = bindings(DRILLS)
    place = DRILLS
    none_chosen = "no way back here"

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.ways: Sequence[WayBack] = ways_back(board, now)
        self.runs = {way.template.name: runs_of(board, way.template) for way in self.ways}

    def heading(self, now: Instant) -> str:
        untested = sum(not way.tested for way in self.ways)
        return f"Ways back {SIGNS.dot} {untested} of {len(self.ways)} untested" if untested else "Ways back"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        groups = [("", self.ways)]
        told = listing(groups, self.lines.selected, columns, lambda way: way.template.name, self._first, self._rest)
        return [fixed(()), *told]

    def _first(self, way: WayBack, columns: int, now: Instant) -> Line:
        only = f"  only {', '.join(way.systems)}" if way.systems else ""
        late = (Cell(f"  {SIGNS.alarm} drill overdue", "alarm"),) if way.drill_state == "overdue" else ()
        return Line((Cell(way.template.name, "strong"), Cell(only, "muted")), (*late, *tested_cells(way)))

    def _rest(self, way: WayBack, columns: int) -> list[Row]:
        key, now = way.template.name, self.context.board.now
        open_run = next((run for run in self.runs[key] if run.state != "closed"), None)
        estimated, measured = way.estimated_minutes, way.measured_minutes
        times = [f"{span(round(estimated * 60))} estimated"] if estimated is not None else []
        times += [f"{span(round(measured * 60))} measured"] if measured is not None else []
        last = f"{way.last_result} on {way.last_at[:10]}, {way.drills} drill(s) in all" if way.last_at else ""
        drill = f"{way.drill_due_at[:10]}, {way.drill_state}" if way.drill_due_at else ""
        told = [
            ("runs now", f"{open_run.mark} since {age(open_run.at, now)}, {open_run.purpose}" if open_run else ""),
            ("takes", ", ".join(times)),
            ("decides", way.decides),
            ("go back if", way.triggers),
            ("no return", way.no_return),
            ("last run", last),
            ("drill due", drill),
        ]
        return [*facts(told, columns, label_width=11, key=key), fixed(())]

    # --- what it does

    def listed(self) -> dict[str, WayBack]:
        return {way.template.name: way for way in self.ways}

    def action_drill(self) -> None:
        self._walk("drill")

    def action_roll_back(self) -> None:
        self._walk("rollback")

    def _walk(self, purpose: str) -> None:
        way = self.chosen()
        if way is None:
            return
        name = way.template.name
        going = next((r for r in self.runs[name] if r.state != "closed" and r.purpose == purpose), None)
        if going is not None:
            open_run(self, self.context, going.id)
            return
        told = self.do(lambda session: checklist.begin(session, "", name, purpose=purpose))
        if told is not None:
            open_run(self, self.context, told.record)

    def action_history(self) -> None:
        way = self.here
        if way is not None:
            name = way.template.name
            self.app.push_screen(Page(self.context, f"{name} {SIGNS.dot} its runs", partial(self._past, name)))

    def _past(self, name: str, columns: int, now: Instant) -> list[Row]:
        runs = self.runs[name]
        if not runs:
            return [fixed(()), fixed((Cell("It never ran.  enter  rehearses it", "muted"),))]
        rows = heading("Latest first")
        for run in reversed(runs):
            until = run.state_since if run.state == "closed" else now
            took = span(seconds_between(run.at, until))
            left = (Cell(f"{run.mark:<5}", "accent"), Cell(f"{run.purpose}  {run.result or run.state}"))
            rows.append(
                fixed(left, (Cell(f"  {took}  {run.by}  {clock(run.at, self.context.zone, today=now)}", "muted"),))
            )
            if run.result_why:
                rows += folded("", Cell("     "), run.result_why, columns, tone="muted")
        return rows
