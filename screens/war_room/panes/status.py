"""Status: what is broken for whom, what changed, when it is over. On a small screen it is a digest of all panes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from opsterm.incidents.incident import asks_what_changed
from opsterm.incidents.snapshot import Snapshot
from opsterm.incidents.spells import spells_counted
from opsterm.records import Action
from opsterm.records.action import OPEN
from opsterm.records.hypothesis import ALIVE
from opsterm.records.instant import Instant
from opsterm.records.spell import spells_of
from opsterm.sharing.status import sharing_state
from opsterm.updates.next_update import next_words
from screens.deployments.what_changed import nearest_change
from screens.keys.actions import STATUS, bindings
from screens.pages.dispute_lines import dispute_row
from screens.pages.rows import row
from screens.share import status_words, usual_lines
from screens.war_room.disputed_rows import DISPUTED_ROW, of_status, told_in_status
from screens.war_room.panes.actions import time_left
from screens.war_room.panes.pane import Pane
from screens.war_room.panes.updates import draw_due
from screens.widgets.cells import Cell, Line, wrap
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_LABEL = 12
#: Lines that a long text gets before it is cut where there is no more room; `enter` opens it in full.
LINES_MAX = 3

#: Rows that are kept free for what is wrong with the share, where there is room for them.
_TROUBLES_MAX = 4


class StatusPane(Pane):
    """The situation in plain words."""

    place, number, label = STATUS, 1, "Status"
    BINDINGS = bindings(STATUS)
    #: Whether this pane stands for all of them: impact, likeliest hypotheses, late orders, next word.
    digest = False
    #: Lines that a long text gets before it is cut.
    lines_max = LINES_MAX
    #: Lines that it has because something is wrong with the share, and rows that are kept free for such.
    _troubles = 0
    rows_kept_free = 0

    @property
    def rows_wanted(self) -> int:
        return len(self.rows) - self._troubles

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        incident = snapshot.incident
        rows = [*self._impact(snapshot, columns)]
        if self.digest:
            rows += self._digest(snapshot)
        rows += _field("Data", incident.data, columns, self.lines_max)
        rows += _field("Workaround", incident.workaround, columns, self.lines_max)
        rows += _field("Services", ", ".join(incident.services), columns, self.lines_max)
        changed = incident.changed or nearest_change(self.context, incident)
        rows += _field("Changed", changed, columns, self.lines_max)
        if not changed and asks_what_changed(incident, self.now):
            ask = Cell("not said yet   C  what is known", "muted")
            rows.append(row("changed", Cell(f"{'Changed':<{_LABEL}}", "muted"), ask))
        rows += _field("First", incident.objectives, columns, self.lines_max)
        rows += _field("Plan B", incident.plan_b, columns, self.lines_max)
        rows += self._exit(snapshot, columns)
        rows += self._milestones(snapshot)
        placed, others = told_in_status(self.context, snapshot)
        shown = {row.key for row in rows}
        rows += [dispute_row(key, told) for key, told in placed.items() if key not in shown]
        return [*rows, *(dispute_row(f"{DISPUTED_ROW}{place}", told) for place, told in enumerate(others))]

    def disputes(self, snapshot: Snapshot) -> Mapping[str, str]:
        placed, _ = told_in_status(self.context, snapshot)
        return placed

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        drill = (Cell("a drill", "warn"),) if snapshot.incident.drill else ()
        many = len(of_status(snapshot))
        return (*drill, Cell(f"{'  ' if drill else ''}{SIGNS.apart} {many} disputed", "warn")) if many else drill

    def text_of(self, key: str) -> str:
        if self.snapshot is None:
            return ""
        incident = self.snapshot.incident
        commander = self.snapshot.in_command or "nobody"
        lines = [
            f"{incident.mark} {incident.title}",
            " · ".join(
                part
                for part in (
                    incident.severity.upper(),
                    incident.status,
                    f"commander {commander}",
                )
                if part
            ),
            *([f"Impact: {incident.impact}"] if incident.impact else []),
            *([f"Workaround: {incident.workaround}"] if incident.workaround else []),
        ]
        return "\n".join(lines)

    def _impact(self, snapshot: Snapshot, columns: int) -> list[Row]:
        incident = snapshot.incident
        parts = (incident.impact_who, incident.impact_what, incident.impact_extent)
        words = incident.impact or ", ".join(part for part in parts if part)
        if not words:
            return [
                row(
                    "impact",
                    Cell(f"{'Impact':<{_LABEL}}", "muted"),
                    Cell("not said yet", "warn"),
                    Cell("   # impact who can't do what", "muted"),
                )
            ]
        rows = _field("Impact", words, columns, self.lines_max)
        return rows + _field("Not hurt", incident.impact_unaffected, columns, self.lines_max)

    def _exit(self, snapshot: Snapshot, columns: int) -> list[Row]:
        incident = snapshot.incident
        if not incident.exit:
            return []
        met = Cell(f"{SIGNS.done} met", "good") if incident.exit_met else Cell("not met", "muted")
        rows = _field("Exit", incident.exit, columns - 9, self.lines_max)
        first = rows[0].draw(columns, self.now)
        return [Row("exit", partial(_same, Line(first.left, (met,)))), *rows[1:]]

    def _milestones(self, snapshot: Snapshot) -> list[Row]:
        incident = snapshot.incident
        stands = spells_of(incident, snapshot.spells)[-1]
        named = (
            ("started", incident.started_at),
            ("detected", incident.detected_at),
            ("mitigated", stands.mitigated),
            ("resolved", stands.resolved),
        )
        told = [f"{name} {clock(at, self.context.zone, today=self.now)}" for name, at in named if at]
        due = [Row("", partial(draw_due, audience, at)) for audience, at in next_words(snapshot)[:1]]
        rows = [] if self.digest else due
        if told:
            rows += _field("Times", f" {SIGNS.dot} ".join(told), self.columns, self.lines_max)
        rows += _field("Hurt", self._spells(snapshot), self.columns, self.lines_max)
        return rows + self._share()

    def _spells(self, snapshot: Snapshot) -> str:
        """From when to when people were hurt, where it came back."""
        if len(snapshot.hurt) < 2:
            return ""
        zone = self.context.zone
        spans = (
            f"{clock(one.begun, zone, today=self.now)} to {clock(one.ended, zone, today=self.now) or 'now'}"
            for one in snapshot.hurt
        )
        return f"{spells_counted(len(snapshot.hurt))}: {f' {SIGNS.dot} '.join(spans)}"

    def _share(self) -> list[Row]:
        state = sharing_state(self.context.board, self.now)
        lines = status_words(state, self.columns - _LABEL)
        self._troubles = len(lines) - usual_lines(state)
        self.rows_kept_free = _TROUBLES_MAX if state.shared else 0
        return [
            Row(
                "share",
                partial(_same, Line((Cell(f"{'Share' if place == 0 else '':<{_LABEL}}", "muted"), Cell(*line)))),
            )
            for place, line in enumerate(lines)
        ]

    def tick(self, now: Instant) -> None:
        """The share's state comes from beside the board: it is read each second."""
        if self.snapshot is not None:
            self.now = now
            self.enter(self.snapshot, now)
        super().tick(now)

    def _digest(self, snapshot: Snapshot) -> list[Row]:
        rows: list[Row] = [row("")]
        alive = [h for h in snapshot.ranked_hypotheses() if h.state in ALIVE or h.id in snapshot.disputed_causes]
        likeliest = alive[:2]
        for hypothesis in likeliest:
            confidence = "" if hypothesis.confidence is None else f" {hypothesis.confidence:.0%}"
            rows.append(
                row(
                    "",
                    Cell(f"{hypothesis.mark:<4}", "strong"),
                    Cell(hypothesis.text),
                    right=(Cell(f"  {snapshot.stands(hypothesis)}{confidence}"),),
                )
            )
        pressing = [a for a in snapshot.ordered_actions(self.now) if a.state in OPEN][:3]
        for action in pressing:
            rows.append(Row("", partial(_draw_order, action)))
        rows += [Row("", partial(draw_due, audience, at)) for audience, at in next_words(snapshot)[:1]]
        return [*rows, row("")]


def _draw_order(action: Action, columns: int, now: Instant) -> Line:
    left = time_left(action, now)
    sign = f"{SIGNS.alarm} " if left.tone in ("alarm", "warn") else ""
    return Line(
        (
            Cell(f"{action.mark:<4}", "strong"),
            Cell(f"{action.owner or '-'}  ", "name"),
            Cell(action.text),
        ),
        (Cell("  "), Cell(sign, left.tone), left),
    )


def _field(label: str, text: str, columns: int, lines_max: int) -> list[Row]:
    if not text:
        return []
    return [
        row(label.lower(), Cell(f"{label if place == 0 else '':<{_LABEL}}", "muted"), Cell(line))
        for place, line in enumerate(wrap(text, columns - _LABEL, lines_max))
    ]


def _same(line: Line, columns: int, now: Instant) -> Line:
    return line
