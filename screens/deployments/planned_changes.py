"""Planned changes with rigor in proportion: what each one still wants, who approved which version, its stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.core.times import time_ahead
from opsterm.operations.deployments import deployment, planned_change, rollback
from opsterm.operations.deployments.change_risk import from_texts
from opsterm.operations.deployments.entry_line import TypedDeployment, read_freeze, read_line
from opsterm.operations.deployments.planned_change import approvals_of, collisions, missing, rigor
from opsterm.operations.deployments.rollback import warning_of
from opsterm.records import Freeze, PlannedChange
from opsterm.records.instant import Instant
from opsterm.records.planned_change import OPEN
from screens.checklists.open_run import pick_run
from screens.deployments.change_risk import Risk
from screens.deployments.freezes import freeze_rows, freeze_words
from screens.keys.actions import CHANGES, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.console_screen import until_typed
from screens.pages.list_page import ListPage
from screens.pages.page import Page
from screens.pages.rows import facts, fixed, folded, heading, listing
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

#: So many that are over are shown.
RECENT_MAX = 50
_TONES = {"routine": "good", "moderate": "", "high": "warn", "critical": "alarm"}


class Changes(Choosing[PlannedChange], ListPage):
    """Those that are not over, each with what it wants; then those that ended."""

    BINDINGS = bindings(CHANGES)
    place = CHANGES
    none_chosen = "no change here: n plans one"

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        items = list(reversed(board.all(PlannedChange)))
        self.open: Sequence[PlannedChange] = [item for item in items if item.state in OPEN]
        self.ended: Sequence[PlannedChange] = [item for item in items if item.state not in OPEN][:RECENT_MAX]
        self.wants = {item.id: missing(board, item, now) for item in self.open}
        self.freezes: Sequence[Freeze] = planned_change.freezes_ahead(board, now)

    def heading(self, now: Instant) -> str:
        return "Changes"

    def hint(self) -> tuple[Cell, ...]:
        if not self.open and not self.ended:
            return (Cell("n  web 414 on web, checkout: then nine questions by digits", "muted"),)
        return super().hint()

    def rows(self, columns: int, now: Instant) -> list[Row]:
        frozen = freeze_rows(self.freezes, columns, now, self.context.zone)
        if not self.open and not self.ended:
            return [
                *frozen,
                *heading("No change is planned."),
                fixed(()),
                fixed(
                    (Cell("n", "accent"), Cell("  say what is to change; a few digits say how risky it is", "muted"))
                ),
                fixed((Cell("   and with how much care it is made: most are routine, record them and go", "muted"),)),
            ]
        groups = (("Planned", self.open), ("Ended", self.ended))
        selected = self.lines.selected or next((freeze.id for freeze in self.freezes), "")
        return [*frozen, *listing(groups, selected, columns, lambda item: item.id, self._first, self._rest)]

    def _first(self, item: PlannedChange, columns: int, now: Instant) -> Line:
        wants = len(self.wants.get(item.id, ()))
        ready = f"wants {wants}" if wants else "may go on"
        state = item.state if item.state not in OPEN else ready
        stage = f"stage {item.stage} of {len(item.stages)}  " if item.stages else ""
        return Line(
            (
                Cell(f"{item.mark:<8}", "accent"),
                Cell(item.title, "strong" if item.state in OPEN else ""),
                Cell(f"  {item.sort} {SIGNS.dot} {', '.join(item.systems)}", "muted"),
            ),
            (
                Cell(f"  {item.owner}  {stage}"),
                Cell(f"{item.level} {item.score}", _TONES.get(item.level, "")),
                Cell(f"  {state:>10}", "warn" if wants else ""),
            ),
        )

    def _rest(self, item: PlannedChange, columns: int) -> list[Row]:
        zone, board, now = self.context.zone, self.context.board, self.context.board.now
        said = [f"{a.name} {'yes' if a.yes else 'no'}{', answers for it' if a.accountable else ''}" for a in
                approvals_of(board, item)]  # fmt: skip
        window = f"{clock(item.window_from, zone, today=now)} to {clock(item.window_to, zone, today=now)}"
        told = [
            ("version", f"{item.version}, {SIGNS.dot.join(f' {text} ' for text in said).strip() or 'nobody approved'}"),
            ("window", window if item.window_from else ""),
            ("decide by", clock(item.decide_by, zone, today=now)),
            ("stages", " | ".join(item.stages)),
            ("emergency", item.emergency),
            ("ended", ": ".join(filter(None, (item.state, item.state_why))) if item.state not in OPEN else ""),
            ("waived", f"{item.unmet} open asks when its last stage began" if item.unmet else ""),
            ("freeze", f"let through by {item.except_by}" if item.except_by else ""),
        ]
        rows = facts(told, columns, indent=8, label_width=11, key=item.id)
        for place, want in enumerate(self.wants.get(item.id, ())):
            label = "wants" if place == 0 else ""
            rows += folded(item.id, Cell(f"        {label:<11}", "warn"), want, columns)
        for other, systems in collisions(board, item, now) if item.state in OPEN else ():
            text = f"{other.mark} {other.title} touches {', '.join(systems)} too: one after the other"
            rows += folded(item.id, Cell(f"        {SIGNS.alarm + ' beside':<11}", "warn"), text, columns)
        warning = warning_of(board, item.sort, item.systems, now) if item.state in OPEN else ""
        if warning:
            rows += folded(item.id, Cell(f"        {SIGNS.alarm + ' back':<11}", "warn"), warning, columns)
        return rows

    # --- what it does

    def listed(self) -> dict[str, PlannedChange]:
        return {item.id: item for item in (*self.open, *self.ended)}

    def action_new(self) -> None:
        def named(session: Session, line: str) -> Outcome:
            said = read_line(line)
            self.call_after_refresh(self._ask_risk, said)
            return Outcome(f"{said.title}: answer by digits")

        teaching = "web 414 on web, checkout as configuration @noor"
        self.ask("what is to change", until_typed(teaching, _in_words), named)

    def _ask_risk(self, said: TypedDeployment) -> None:
        name = f"{said.title} {said.version}".strip()

        def take(session: Session, answers: Mapping[str, int]) -> Outcome:
            return planned_change.open_change(
                session,
                name,
                answers,
                sort=said.sort,
                systems=said.systems,
                version=said.version or "1",
                owner=said.owner,
            )

        warning = warning_of(self.context.board, said.sort, said.systems, self.context.board.now)
        self.app.push_screen(Risk(self.context, name, take, warning=warning))

    @on_chosen
    def action_approve(self, item: PlannedChange) -> None:
        self.do(lambda session: planned_change.approve(session, item, version=item.version))

    @on_chosen
    def action_answer_for(self, item: PlannedChange) -> None:
        self.do(lambda session: planned_change.approve(session, item, version=item.version, accountable=True))

    @on_chosen
    def action_refuse(self, item: PlannedChange) -> None:
        self.ask(
            "refuse, why?",
            "what speaks against this version",
            lambda s, why: planned_change.approve(s, item, version=item.version, yes=False, text=why),
        )

    @on_chosen
    def action_go_on(self, item: PlannedChange) -> None:
        self.do(lambda session: planned_change.stage(session, item))

    @on_chosen
    def action_emergency(self, item: PlannedChange) -> None:
        self.ask(
            "emergency",
            "the harm that it ends now; it is reviewed within two working days",
            lambda s, why: planned_change.stage(s, item, emergency=why),
        )

    @on_chosen
    def action_deploy(self, item: PlannedChange) -> None:
        self.do(
            lambda session: deployment.deploy(
                session, item.title, sort=item.sort, systems=item.systems, planned=item.id, owner=item.owner
            )
        )

    @on_chosen
    def action_checklist(self, item: PlannedChange) -> None:
        pick_run(self, self.context, deployment=item.id)

    def action_freeze(self) -> None:
        def freeze(session: Session, line: str) -> Outcome:
            said = read_freeze(line, self.context.board.now, self.context.zone)
            return planned_change.freeze(
                session, said.why, said.from_at, said.to_at, systems=said.systems, excepts=(self.context.person,)
            )

        empty = "from when to when, on what, why: 2026-12-22 2027-01-02 on web: the year's end"
        self.ask("freeze", until_typed(empty, self._freeze_in_words), freeze)

    def _freeze_in_words(self, line: str) -> str:
        said = read_freeze(line, self.context.board.now, self.context.zone)
        return freeze_words(said.from_at, said.to_at, said.systems, said.why, self.context.board.now, self.context.zone)

    @on_chosen
    def action_except(self, item: PlannedChange) -> None:
        self.ask(
            "let through, why?",
            "why it can't wait until the freeze is over",
            lambda s, why: planned_change.except_from_freeze(s, item, why),
        )

    def action_close(self) -> None:
        frozen = next((item for item in self.freezes if item.id == self.lines.selected), None)
        if frozen is not None:
            self.ask("lift the freeze, why?", "why it ends early", lambda s, why: planned_change.lift(s, frozen, why))
            return
        item = self.chosen()
        if item is None:
            return
        if item.state not in OPEN:
            self.prompt.flash(f"{item.mark} is {item.state}")
            return

        def end(state: str) -> None:
            self.ask(f"{state}, why?", "a word is enough", lambda s, why: planned_change.close(s, item, state, why))

        self.prompt.choose(
            f"{item.mark} ends as",
            [
                Choice("d", "done", lambda: self._done(item)),
                Choice("f", "failed", partial(end, "failed")),
                Choice("b", "rolled back", partial(end, "rolled back")),
                Choice("w", "withdrawn", partial(end, "withdrawn")),
            ],
        )

    def _done(self, item: PlannedChange) -> None:
        self.do(lambda session: planned_change.close(session, item, "done"))

    # --- another version

    @on_chosen
    def action_edit(self, item: PlannedChange) -> None:
        self.prompt.choose(
            f"{item.mark}: a new version with other",
            [
                Choice("a", "answers", lambda: self._edit_answers(item)),
                Choice("s", "stages", lambda: self._edit_stages(item)),
                Choice("w", "window", lambda: self._edit_window(item)),
                Choice("d", "decision deadline", lambda: self._edit_deadline(item)),
            ],
        )

    def _edit_answers(self, item: PlannedChange) -> None:

        def take(session: Session, answers: Mapping[str, int]) -> Outcome:
            return planned_change.edit(session, item, _next_version(item.version), answers=answers)

        self.app.push_screen(Risk(self.context, f"{item.mark} {item.title}", take, answers=from_texts(item.answers)))

    def _edit_stages(self, item: PlannedChange) -> None:
        def stages(session: Session, line: str) -> Outcome:
            given = [part.strip() for part in line.split("|") if part.strip()]
            return planned_change.edit(session, item, _next_version(item.version), stages=given)

        self.ask("stages", "1 %: errors under 1 % for 10m, noor | all: the same for an hour, noor", stages)

    def _edit_window(self, item: PlannedChange) -> None:
        def window(session: Session, line: str) -> Outcome:
            begin, end = self._two_times(line)
            return planned_change.edit(session, item, _next_version(item.version), window_from=begin, window_to=end)

        self.ask("window", "from when to when: 22:00 23:30, or 2026-12-01T22:00 2026-12-01T23:30", window)

    def _edit_deadline(self, item: PlannedChange) -> None:
        def deadline(session: Session, line: str) -> Outcome:
            at, _ = time_ahead(line, self.context.board.now, self.context.zone)
            if not at:
                raise Rejected("Say until when it is decided: 22:45, 2h, or 2026-12-01T22:45.")
            return planned_change.edit(session, item, _next_version(item.version), decide_by=at)

        self.ask("decide by", f"until when go or no-go is decided: 22:45{self._latest_deadline(item)}", deadline)

    def _latest_deadline(self, item: PlannedChange) -> str:
        now = self.context.board.now
        latest = rollback.latest_decision(self.context.board, item.sort, item.systems, item.window_to, now)
        if latest is None:
            return ""
        at, minutes = latest
        return f"; {clock(at, self.context.zone, today=now)} at the latest, the way back takes {minutes:g} min"

    def _two_times(self, line: str) -> tuple[Instant, Instant]:
        now = self.context.board.now
        begin, rest = time_ahead(line, now, self.context.zone)
        end, _ = time_ahead(rest.removeprefix("to "), begin or now, self.context.zone)
        if not begin or not end:
            raise Rejected("Say from when to when: 22:00 23:30.")
        return begin, end

    # --- whether the rigor earns its cost

    def action_measure(self) -> None:
        self.app.push_screen(Page(self.context, "Which path changes took", self._measured))

    def _measured(self, columns: int, now: Instant) -> list[Row]:
        found = rigor(self.context.board)
        rows = [fixed(()), fixed((Cell(f"{found.changes} changes, {found.emergencies} emergencies", "strong"),))]
        rows.append(fixed((Cell(f"{found.approvals} approvals, {found.refused} of them refused", "muted"),)))
        rows.append(fixed(()))
        for count in found.levels:
            rate = "none ended yet" if count.fail_rate is None else f"{count.fail_rate:.0%} of {count.ended} failed"
            rows.append(
                fixed((Cell(f"{count.level:<10}"), Cell(f"{count.changes:>4}  {count.share:.0%}")), (Cell(rate),))
            )
        for signal in found.signals:
            rows += [fixed(()), *folded("", Cell(f"{SIGNS.alarm} ", "warn"), signal, columns, tone="warn")]
        return rows


def _next_version(version: str) -> str:
    """The version after one: a number counts up; another text gets one."""
    head, dot, last = version.rpartition(".")
    if last.isdecimal() and (not head or dot):
        return f"{head}{dot}{int(last) + 1}"
    return f"{version}.2"


def _in_words(line: str) -> str:
    """What a line plans, in words."""
    said = read_line(line)
    return f"{said.title} {said.version}".strip() + f": {said.sort}, on {', '.join(said.systems)}; then its risk"
