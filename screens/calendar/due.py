"""What is owed, and by when: late first, then what is coming up; done with evidence, put off with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.calendar.due import adopt, due
from opsterm.core.calendar_dates import day, team_holidays
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.obligations import obligation
from opsterm.obligations.obligation import DueItem
from opsterm.operations.checklists.template import Template, known
from opsterm.operations.deployments.entry_line import day_and_why
from opsterm.operations.deployments.rollback import begin
from opsterm.records import Obligation
from opsterm.records.instant import Instant
from screens.checklists.open_run import open_run
from screens.keys.actions import DUE, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.list_page import ListPage
from screens.pages.register_page import days_until
from screens.pages.rows import facts, fixed, folded, heading, listing
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_GROUPS = (
    ("overdue", "Late"),
    ("notice", "Coming up"),
    ("snoozed", "Put off"),
    ("ahead", "Ahead"),
    ("done", "Done in the last 30 days"),
)
_HISTORY_MAX = 5


class DuePage(Choosing[Obligation], ListPage):
    """All that is owed, in groups."""

    BINDINGS = bindings(DUE)
    place = DUE
    none_chosen = "nothing is owed here: n owes something"

    # --- what it shows

    def read(self, now: Instant) -> None:
        self.holidays = team_holidays()
        found = due(self.context.board, now, holidays=self.holidays)
        order = [state for state, _ in _GROUPS]
        self.due: Sequence[DueItem] = sorted(found, key=lambda line: order.index(line.state))

    def heading(self, now: Instant) -> str:
        late = sum(line.late for line in self.due)
        soon = sum(line.state == "notice" for line in self.due)
        told = [f"{late} late"] if late else []
        told += [f"{soon} coming up"] if soon else []
        return f"Owed {SIGNS.dot} {', '.join(told)}" if told else "Owed"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.due:
            return [
                *heading("Nothing is owed."),
                fixed(()),
                fixed((Cell("n", "accent"), Cell("  owe something by a day: 2w renew the contract @noor", "muted"))),
            ]
        groups = [(title, [line for line in self.due if line.state == state]) for state, title in _GROUPS]
        return listing(groups, self.lines.selected, columns, lambda line: line.obligation.id, self._first, self._rest)

    def _first(self, line: DueItem, columns: int, now: Instant) -> Line:
        item = line.obligation
        tone = {"overdue": "alarm", "notice": "warn"}.get(line.state, "")
        sign = f"{SIGNS.alarm} " if line.late else "  "
        return Line(
            (
                Cell(sign, tone),
                Cell(f"{item.mark or '-':<5}", "accent"),
                Cell(item.what, "muted" if line.state in ("done", "ahead") else ""),
            ),
            (
                Cell(f"  {item.owner or 'nobody named'}", "" if item.owner else "warn"),
                Cell(f"  {_when(line, now):>12}", tone),
            ),
        )

    def _rest(self, line: DueItem, columns: int) -> list[Row]:
        item, now = line.obligation, self.context.board.now
        told = [("why", item.reason), ("if missed", item.missed), ("by", item.due_at[:10])]
        told.append(("again", f"every {item.cadence}" if item.cadence else ""))
        told.append(("not after", item.hard_at[:10]))
        told.append(("put off", f"{item.snoozes} of 3 times: {item.state_why}" if item.snoozes else ""))
        told.append(("backup", item.backup))
        told.append(("link", item.link))
        told.append(("shown by", item.evidence if line.state == "done" else ""))
        rung = obligation.rung_on(item, now, self.holidays)
        told.append(("reminder", f"{rung.day} {', '.join(rung.to) or 'nobody'}: {rung.asks}" if rung else ""))
        rows = facts(told, columns, indent=7, label_width=11, key=item.id)
        past = obligation.history(self.context.board, item)[-_HISTORY_MAX:]
        for place, (at, by, text) in enumerate(past if len(past) > 1 else ()):
            begin_of = f"       {'history' if place == 0 else '':<11}{clock(at, self.context.zone, today=now)}  {by}  "
            rows += folded(item.id, Cell(begin_of, "muted"), text, columns, tone="muted")
        return rows

    # --- what it does

    def listed(self) -> dict[str, Obligation]:
        return {line.obligation.id: line.obligation for line in self.due}

    def _kept(self, session: Session, item: Obligation) -> Obligation:
        """What a register owes is recorded once somebody acts on it."""
        return item if self.context.board.get(Obligation, item.id) else adopt(session, item)

    @on_chosen
    def action_done(self, item: Obligation) -> None:
        self.ask("done, shown by", "what shows that it was done: a link, a run, a sentence", partial(self._done, item))

    def _done(self, item: Obligation, session: Session, evidence: str) -> Outcome:
        return obligation.complete(session, self._kept(session, item), evidence)

    @on_chosen
    def action_snooze(self, item: Obligation) -> None:
        self.ask("put off", "until when, and why: 2w waiting for the vendor", partial(self._snooze, item))

    def _snooze(self, item: Obligation, session: Session, line: str) -> Outcome:
        until, why = day_and_why(line, self.context.board.now)
        return obligation.snooze(session, self._kept(session, item), until, why)

    @on_chosen
    def action_redate(self, item: Obligation) -> None:
        self.ask("new date", "by when, and why: 2026-12-15 the audit moved", partial(self._redate, item))

    def _redate(self, item: Obligation, session: Session, line: str) -> Outcome:
        by, why = day_and_why(line, self.context.board.now)
        return obligation.redate(session, self._kept(session, item), by, why)

    @on_chosen
    def action_give(self, item: Obligation) -> None:
        self.ask("give to", "whose it is from now on", lambda s, who: obligation.give(s, self._kept(s, item), who))

    @on_chosen
    def action_drop(self, item: Obligation) -> None:
        self.ask("drop, why?", "it ends undone; say why", lambda s, why: obligation.drop(s, self._kept(s, item), why))

    def action_new(self) -> None:
        self.ask("owed", "by when, and what: 2w renew the contract @noor", self._new)

    def _new(self, session: Session, line: str) -> Outcome:
        by, what = day_and_why(line, self.context.board.now)
        words = [word for word in what.split() if not word.startswith("@")]
        owner = next((word[1:] for word in what.split() if word.startswith("@")), self.context.person)
        return obligation.owe(session, " ".join(words), by, owner=owner)

    @on_chosen
    def action_walk(self, item: Obligation) -> None:
        template = self._procedure(item)
        if template is None:
            self.prompt.flash("nothing to rehearse here: enter notes it as done")
            return
        tasks = template.tasks
        told = self.do(lambda session: begin(session, tasks.rollback_of, systems=tasks.systems, drill=True))
        if told is not None:
            open_run(self, self.context, told.record)

    def _procedure(self, item: Obligation) -> Template | None:
        templates = known(self.context.board, rollback=True)
        return next((t for t in templates if t.record and t.record == item.origin), None)


def _when(line: DueItem, now: Instant) -> str:
    """When it is due, in days."""
    item = line.obligation
    if line.state == "done":
        return f"{item.state} {item.state_since[:10]}" if item.state_since else item.state
    if line.state == "snoozed":
        return f"until {item.snoozed_until[:10]}"
    if not line.due_at:
        return "no date"
    try:
        return days_until(day(line.due_at), day(now))
    except Rejected:
        return line.due_at[:10]
