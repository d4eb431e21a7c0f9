"""Picking what to walk: a checklist, or a way back. What is open comes first, then what fits what changed last.

Two keys from the war room: one opens this page, enter begins the line that is selected already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opsterm.board.failure import BoardError
from opsterm.core.session import Rejected
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import Template, find_template, fitting, known
from opsterm.operations.checklists.walkthrough import Course
from opsterm.operations.deployments.deployment import deployment_or_change, deployments_of, suspects
from opsterm.operations.deployments.rollback import WayBack, choose, way_back
from opsterm.records import Deployment, Incident, Run
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import LISTS, PAGE, PICKING, bindings
from screens.pages.page import Page
from screens.pages.rows import fixed, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import age, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Stands between a procedure and the deployment that it takes back, in the key of a line.
_OF = "\x1f"


class ChecklistPicker(Page):
    """Runs to go on with, then lists to begin."""

    BINDINGS = bindings(PICKING)
    places = (PICKING, PAGE, LISTS)
    said = "enter walks it; l what its runs taught; esc back"

    def __init__(
        self,
        context: ConsoleContext,
        walk: Callable[[str], None],
        incident: str = "",
        *,
        rollback: bool = False,
        deployment: str = "",
    ) -> None:
        """`walk` opens the walk through the run that was picked."""
        self.walk = walk
        self.incident = incident
        self.rollback = rollback
        self.deployment = deployment
        super().__init__(context, "Which way back?" if rollback else "Which checklist?", self._rows)

    # --- what it shows

    def _rows(self, columns: int, now: Instant) -> list[Row]:
        board = self.context.board
        templates = known(board, rollback=self.rollback)
        rows = [*self._open_runs(now)]
        suggested = self._suggested(templates, now) if self.rollback else []
        if suggested:
            rows += [*heading("For what changed"), *suggested]
        about = None if self.rollback else deployment_or_change(board, self.deployment)
        fit = fitting(templates, about.sort, about.systems) if about else []
        if fit:
            rows += [*heading("For this"), *(self._line(template, now) for template in fit)]
        others = [template for template in templates if template not in fit]
        if others:
            rows += heading("Any" if suggested or fit else "Begin")
        rows += [self._line(template, now) for template in others]
        return rows or [fixed(()), fixed((Cell("No such list yet: opsterm checklist import FILE.md", "muted"),))]

    def _line(self, template: Template, now: Instant) -> Row:
        return fixed((Cell(template.name),), self._standing(template, now), key=template.name)

    def _open_runs(self, now: Instant) -> list[Row]:
        board = self.context.board
        runs = checklist.open_runs(board, self.incident, rollback=self.rollback)
        rows = heading("Go on with") if runs else []
        for run in runs:
            done, of = Course(board, run.id).progress
            item = deployment_or_change(board, run.deployment)
            told = f"  {item.mark} {item.title}" if item else ""
            stands = f"paused by {run.state_by}  " if run.state == "paused" else ""
            far = (Cell(f"  {stands}", "warn"), Cell(f"{done}/{of}  since {age(run.at, now)}", "muted"))
            rows.append(fixed((Cell(run.name), Cell(told, "muted")), far, key=run.id))
        return rows

    def _suggested(self, templates: Sequence[Template], now: Instant) -> list[Row]:
        """The way back of each deployment that may be at fault: that which this is about, else the incident's last."""
        rows = []
        for item in self._deployments(now):
            template = choose(templates, item.sort, item.systems)
            version = f" {item.version}" if item.version else ""
            when = f"  {age(item.started_at, now)} ago" if item.started_at else ""
            what = (Cell(f"{item.mark} ", "accent"), Cell(f"{item.title}{version}", "strong"), Cell(when, "muted"))
            if template is None:
                rows.append(fixed((*what, Cell(f"  no way back is written for {item.sort}", "warn"))))
                continue
            name = Cell(f"  {SIGNS.right} {template.name}")
            key = f"{template.name}{_OF}{item.id}"
            rows.append(fixed((*what, name), self._standing(template, now), key=key))
        return rows

    def _deployments(self, now: Instant) -> list[Deployment]:
        board = self.context.board
        if self.deployment:
            return deployments_of(board, self.deployment)
        incident = board.get(Incident, self.incident) if self.incident else None
        return suspects(board, incident, now) if incident else []

    def _standing(self, template: Template, now: Instant) -> tuple[Cell, ...]:
        many = f"  {len(template.tasks.items)} steps"
        if not self.rollback:
            return (Cell(many, "muted"),)
        return (*tested_cells(way_back(self.context.board, template, now)), Cell(many, "muted"))

    # --- what it does

    def action_open(self) -> None:
        key = self.lines.selected
        if not key:
            self.prompt.flash("nothing to walk here: esc goes back")
            return
        run = self.context.board.get(Run, key)
        try:
            record = run.id if run else self._begin(key)
        except (Rejected, BoardError) as refused:
            self.refuse(refused)
            return
        self.dismiss()
        self.walk(record)

    def action_learn(self) -> None:
        from screens.checklists.lessons import Taught

        run = self.context.board.get(Run, self.lines.selected)
        name = run.name if run else self.lines.selected.partition(_OF)[0]
        if not name:
            self.prompt.flash("no list here: esc goes back")
            return
        try:
            template = find_template(self.context.board, name)
        except Rejected as refused:
            self.refuse(refused)
            return
        self.app.push_screen(Taught(self.context, template.name))

    def _begin(self, key: str) -> str:
        name, _, deployment = key.partition(_OF)
        session = self.context.session(self.context.board.version)
        purpose = "rollback" if self.rollback else "checklist"
        return checklist.begin(
            session, self.incident, name, purpose=purpose, deployment=deployment or self.deployment
        ).record


def tested_cells(way: WayBack) -> tuple[Cell, ...]:
    """How long a way back takes, and whether it was tested."""
    minutes = f"  {span(round(way.minutes * 60))}" if way.minutes is not None else ""
    if way.untested:
        return (Cell(minutes, "muted"), Cell(f"  {SIGNS.alarm} untested: {way.untested}", "warn"))
    return (Cell(f"{minutes}  {SIGNS.done} tested {way.last_at[:10]}", "muted"),)
