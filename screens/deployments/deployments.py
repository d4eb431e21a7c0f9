"""Deployments: what goes out, what is on its way, how it went; one that turned bad is an incident in one key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.core.session import Outcome, Session
from opsterm.operations.deployments import deployment, rollback
from opsterm.operations.deployments.entry_line import read_line
from opsterm.operations.deployments.rollback import warning_of
from opsterm.records import Deployment, Incident
from opsterm.records.deployment import OPEN
from opsterm.records.instant import Instant
from screens.checklists.open_run import open_run, pick_run
from screens.keys.actions import DEPLOYMENTS, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.console_screen import until_typed
from screens.pages.list_page import ListPage
from screens.pages.rows import facts, fixed, folded, heading
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import age, clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many that are over are shown.
RECENT_MAX = 100
_TONES = {"running": "strong", "failed": "alarm", "rolled back": "warn", "done": "good"}


class Deployments(Choosing[Deployment], ListPage):
    """Those of which nobody said yet how they went, then those that ended."""

    BINDINGS = bindings(DEPLOYMENTS)
    place = DEPLOYMENTS
    none_chosen = "no deployment here: n records one"

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        items = board.all(Deployment)
        self.open: Sequence[Deployment] = deployment.running(board)
        ended = [item for item in items if item.state not in OPEN]
        self.ended = sorted(ended, key=lambda item: (item.ended_at, item.born), reverse=True)[:RECENT_MAX]
        self.warnings = {item.id: warning_of(board, item.sort, item.systems, now) for item in self.open}

    def heading(self, now: Instant) -> str:
        return "Deployments"

    def hint(self) -> tuple[Cell, ...]:
        if not self.open and not self.ended:
            return (Cell("n  web 414 on web, checkout was 413", "muted"),)
        return super().hint()

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.open and not self.ended:
            return [
                *heading("No deployment yet."),
                fixed(()),
                fixed((Cell("n", "accent"), Cell("  one line says it: web 414 on web, checkout was 413", "muted"))),
                fixed((Cell("   later: it is only planned.  as TYPE: configuration, database migration, …", "muted"),)),
            ]
        rows = heading("On their way") if self.open else []
        for item in self.open:
            rows += self._lines(item, columns)
        rows += heading("Ended") if self.ended else []
        for item in self.ended:
            rows += self._lines(item, columns)
        return rows

    def _lines(self, item: Deployment, columns: int) -> list[Row]:
        rows = [Row(item.id, partial(self._first, item))]
        here = item.id == (self.lines.selected or (self.open or self.ended)[0].id)
        warning = self.warnings.get(item.id, "")
        if warning:
            rows += folded(item.id, Cell(f"        {SIGNS.alarm} ", "warn"), warning, columns, tone="warn")
        return [*rows, *self._rest(item, columns)] if here else rows

    def _first(self, item: Deployment, columns: int, now: Instant) -> Line:
        since = item.ended_at or item.started_at
        when = f"  {age(since, now)}{' ago' if item.ended_at else ''}" if since else ""
        return Line(
            (
                Cell(f"{item.mark:<8}", "accent"),
                Cell(f"{item.title} {item.version}".strip(), "strong" if item.state in OPEN else ""),
                Cell(f"  {item.sort} {SIGNS.dot} {', '.join(item.systems) or 'no system named'}", "muted"),
            ),
            (Cell(f"  {item.owner}"), Cell(f"  {item.state}", _TONES.get(item.state, "")), Cell(f"{when:>9}")),
        )

    def _rest(self, item: Deployment, columns: int) -> list[Row]:
        board, zone, now = self.context.board, self.context.zone, self.context.board.now
        run = deployment.run_of(board, item)
        incident = board.get(Incident, item.became) if item.became else None
        ended = f"{deployment.how_it_ended(board, item)} ({item.state_by} {clock(item.state_since, zone, today=now)})"
        told = (
            ("before", item.before),
            ("way back", item.rollback),
            ("checklist", f"{run.name}, {run.state}" if run else ""),
            ("incident", f"{incident.mark} {incident.title}, {incident.status}" if incident else ""),
            ("ended", ended if item.state not in OPEN else ""),
        )
        return facts(told, columns, indent=8, label_width=11, key=item.id)

    # --- what it does

    def listed(self) -> dict[str, Deployment]:
        return {item.id: item for item in (*self.open, *self.ended)}

    def action_new(self) -> None:
        teaching = "web 414 on web, checkout was 413 as configuration"
        self.ask("new deployment", until_typed(teaching, _in_words), self._new)

    def _new(self, session: Session, line: str) -> Outcome:
        said = read_line(line)
        return deployment.deploy(
            session,
            said.title,
            sort=said.sort,
            systems=said.systems,
            version=said.version,
            before=said.before,
            owner=said.owner,
            running=not said.later,
        )

    @on_chosen
    def action_go_on(self, item: Deployment) -> None:
        if item.state == "planned":
            self.do(lambda session: deployment.start(session, item))
        elif item.state == "running":
            self.do(lambda session: deployment.finish(session, item, "done"))
        elif item.became and self.context.board.get(Incident, item.became):
            self.context.console.open_incident(item.became)
        else:
            self.prompt.flash(f"{item.mark} is {item.state}: i makes an incident of it, b goes back")

    @on_chosen
    def action_failed(self, item: Deployment) -> None:
        self.ask("failed, how?", "what was seen", lambda s, why: deployment.finish(s, item, "failed", why))

    @on_chosen
    def action_incident(self, item: Deployment) -> None:
        told = self.do(lambda session: deployment.turn_bad(session, item))
        if told is not None:
            self.context.console.open_incident(told.record)

    @on_chosen
    def action_roll_back(self, item: Deployment) -> None:
        told = self.do(lambda session: rollback.for_deployment(session, item))
        if told is not None:
            open_run(self, self.context, told.record)

    @on_chosen
    def action_checklist(self, item: Deployment) -> None:
        pick_run(self, self.context, deployment=item.id)


def _in_words(line: str) -> str:
    """What a line records, in words."""
    said = read_line(line)
    when = "is planned" if said.later else "runs from now"
    before = f", back to {said.before}" if said.before else ""
    version = f" {said.version}" if said.version else ""
    return f"{said.title}{version} {when}: {said.sort}, on {', '.join(said.systems)}{before}"
