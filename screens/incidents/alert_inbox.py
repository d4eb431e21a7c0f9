"""Alerts that wait for a person: each is declared an incident, or logged as a minor anomaly."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.incidents.alert_inbox import declare_alert, inbox, log_alert
from opsterm.records import Alert
from opsterm.records.instant import Instant
from screens.keys.actions import INBOX, bindings
from screens.pages.choosing import about
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded
from screens.widgets.cells import Cell
from screens.widgets.durations import age
from screens.widgets.lines import Row


class Inbox(ListPage):
    """What came in, folded by its group's key, the worst first."""

    BINDINGS = bindings(INBOX)
    place = INBOX
    _alerts: Sequence[Alert] = ()

    def read(self, now: Instant) -> None:
        self._alerts = inbox(self.context.board)

    def heading(self, now: Instant) -> str:
        return f"Alerts that wait: {len(self._alerts)}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self._alerts:
            told = "No alert waits. opsterm triage FILE --inbox puts what an alert proposes here."
            return [fixed(()), *folded("", Cell(""), told, columns, tone="muted")]
        rows: list[Row] = [fixed(())]
        for alert in self._alerts:
            again = f"  {alert.times} times" if alert.times > 1 else ""
            right = (Cell(again), Cell(f"  {age(alert.times_since or alert.at, now)} ago", "muted"))
            start = Cell(f"  {alert.severity or '-':<5} ", "strong")
            rows += folded(alert.id, start, alert.title, columns, right=right)
            on = f"on {', '.join(alert.services)}; " if alert.services else ""
            told = f"{on}{alert.because}".rstrip("; ")
            rows += folded(alert.id, Cell("        "), told, columns, tone="muted") if told else []
        return rows

    def hint(self) -> tuple[Cell, ...]:
        if not self._alerts:
            return super().hint()
        return (
            Cell("enter", "accent"),
            Cell(" declares it an incident;  ", "muted"),
            Cell("c", "accent"),
            Cell(" logs and closes it", "muted"),
        )

    def _alert(self) -> Alert | None:
        found = next((alert for alert in self._alerts if alert.id == self.lines.selected), None)
        if found is None:
            self.prompt.flash("no alert waits here", tone="warn")
        return found

    @about(_alert)
    def action_declare(self, alert: Alert) -> None:
        told = self.do(lambda session: declare_alert(session, alert))
        if told is not None:
            self.leave_for(told.record)

    @about(_alert)
    def action_anomaly(self, alert: Alert) -> None:
        self.do(lambda session: log_alert(session, alert))
