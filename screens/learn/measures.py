"""Measures that do not mislead: how many, middle values with their n, single values over time; drills apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from opsterm.board.store import Board
from opsterm.core.times import age
from opsterm.learn.alert_load import IdleAlert, Shift, idle_alerts, shifts
from opsterm.learn.measures import (
    ENOUGH,
    SPLITS,
    Measures,
    Proportion,
    Spread,
    Timing,
    measures,
    repeated,
    split,
    timings,
)
from opsterm.learn.recurrence import repeats
from opsterm.records import Alert
from opsterm.records.instant import Instant, instant, moment
from screens.console import ConsoleContext
from screens.keys.actions import MEASURES, bindings
from screens.learn.document_lines import table_rows
from screens.learn.plots import bars, can_plot, over_time
from screens.pages.background_work import BackgroundWork
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded, heading, words
from screens.widgets.cells import Cell, fit
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Days looked back; 0 is all.
DAYS = (90, 365, 0, 30)
_SPLITS = (*SPLITS, "")
_BEGINNING = "1970-01-01T00:00:00Z"
#: So many groups, and so many shifts, are shown.
_GROUPS_MAX, _SHIFTS_MAX = 9, 14
#: Over more months, years are counted.
_MONTHS_MAX = 18
#: From so many columns on, a table stands beside its plot.
_BESIDE_MIN = 110
_ROWS = 10
TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that the page shows of a time."""

    since: Instant
    until: Instant
    measures: Measures
    timings: Sequence[Timing]
    shifts: Sequence[Shift]
    idle: Sequence[IdleAlert]


class MeasuresPage(ListPage):
    """Counts, durations, one duration over time, words, improvements, alert load."""

    BINDINGS = bindings(MEASURES)
    place = MEASURES

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self.days, self.by, self.span = DAYS[0], _SPLITS[0], "to mitigate"
        self.found: Gathered | None = None
        #: The incidents that repeat another; it takes longest, and comes last.
        self.repeated: frozenset[str] | None = None
        self._aside = BackgroundWork(self, context.board, self._work, self._took)
        self._repeats = BackgroundWork(self, context.board, _all_repeated, self._took_repeated)

    def _work(self, board: Board) -> Gathered:
        until = board.now
        since = instant(moment(until) - timedelta(days=self.days)) if self.days else _BEGINNING
        load = shifts(board, since, until, self.context.zone)
        found = measures(board, since, until, pairs=())
        return Gathered(since, until, found, timings(board, since, until), load, idle_alerts(board.all(Alert)))

    def _took(self, found: Gathered) -> None:
        self.found = found
        self.paint()

    def _took_repeated(self, found: frozenset[str]) -> None:
        self.repeated = found
        self.paint()

    # --- what it shows

    def read(self, now: Instant) -> None:
        self._aside.ask()

    def on_mount(self) -> None:
        self._repeats.ask()

    def heading(self, now: Instant) -> str:
        return f"Measures {SIGNS.dot} {f'the last {self.days} days' if self.days else 'all that is recorded'}"

    def hint(self) -> tuple[Cell, ...]:
        return (Cell(f"over time: {self.span}, {f'split by {self.by}' if self.by else 'all together'}", "muted"),)

    def rows(self, columns: int, now: Instant) -> list[Row]:
        found = self.found
        if found is None:
            return [fixed(()), fixed((Cell("Counting …", "muted"),))]
        of = found.measures
        if not (of.incidents or of.drills or found.shifts):
            return _teaching(columns, bool(self.days))
        rows = self._counts(found, columns)
        rows += self._durations(of, columns)
        rows += self._over_time(found, columns)
        rows += self._promises(of, columns)
        return [*rows, *self._load(found, columns)]

    def _counts(self, found: Gathered, columns: int) -> list[Row]:
        of = found.measures
        drills = f", {of.drills} drill{'s' if of.drills != 1 else ''} apart" if of.drills else ", no drill"
        rows = heading(f"{of.incidents} incident{'s' if of.incidents != 1 else ''}{drills}")
        over_months = _without_gaps(of.by_month)
        for line in bars(over_months, columns) if can_plot() else ():
            rows.append(fixed((Cell(line),)))
        for name, counts in (
            *((("over time", over_months),) if not can_plot() else ()),
            ("by severity", of.by_severity),
            ("by system", of.by_system),
            ("by factor", of.by_factor),
        ):
            told = [f"{group.replace('_', ' ')} {count}" for group, count in [*counts.items()][:_GROUPS_MAX]]
            more = len(counts) - len(told)
            told += [f"and {more} more"] if more > 0 else []
            rows += folded("", Cell(f"{name:<13}", "muted"), ", ".join(told), columns) if told else []
        again = "being looked for …"
        if self.repeated is not None:
            share = Proportion(sum(item.incident in self.repeated for item in found.timings), of.incidents)
            again = f"{share.words} repeat another, confirmed or likely"
        return [*rows, *folded("", Cell(f"{'recurrence':<13}", "muted"), again, columns)]

    def _durations(self, of: Measures, columns: int) -> list[Row]:
        cells = [_row(spread.name, spread) for spread in of.durations]
        return [*heading("Durations"), *table_rows(cells, columns, ("duration", "n", "median", "p90", "values"))]

    def _over_time(self, found: Gathered, columns: int) -> list[Row]:
        groups = [*split(found.timings, self.span, self.by).items()][:_GROUPS_MAX]
        rows = heading(f"{self.span}{f', by {self.by}' if self.by else ''}: one sign an incident, over time")
        if not groups:
            return [
                *rows,
                *words("Not recorded of any incident: # in the war room sets a milestone.", columns, "muted"),
            ]
        signs = {group: _sign(group, place) for place, (group, _) in enumerate(groups, 1)}
        cells = [(signs[name], *_row(name.replace("_", " "), _spread(name, self.span, told))) for name, told in groups]
        head = ("", self.by or "all", "n", "median", "p90", "values")
        begins = max(found.since, min(timing.at for _, told in groups for timing in told))
        series = {signs[name]: [(timing.at, timing.seconds[self.span]) for timing in told] for name, told in groups}
        beside = columns >= _BESIDE_MIN
        drawn = over_time(series, begins, found.until, columns // 2 if beside else columns, _ROWS) if can_plot() else []
        if not drawn or not beside:
            return [*rows, *(fixed((Cell(line),)) for line in drawn), *table_rows(cells, columns, head)]
        half = columns // 2
        table = table_rows(cells, columns - half - 2, head)
        for place in range(max(len(drawn), len(table))):
            line = drawn[place] if place < len(drawn) else ""
            right = table[place].draw(columns, found.until).left if place < len(table) else ()
            rows.append(fixed((Cell(fit(line, half)), Cell("  "), *right)))
        return rows

    def _promises(self, of: Measures, columns: int) -> list[Row]:
        rows = heading("Words and promises")
        late = of.late_words
        told = f"{late.words} late" if late.whole else "no word was due"
        told += f"; minutes late: {of.lateness.words}" if late.part else ""
        rows += folded("", Cell(f"{'updates':<13}", "muted"), told, columns)
        in_time = of.improvements_in_time
        told = f"{in_time.words} done in time" if in_time.whole else "none was due yet"
        told += f"; {of.improvements_open} open"
        told += f", their ages: {of.improvement_ages.words}" if of.improvements_open else ""
        return [*rows, *folded("", Cell(f"{'improvements':<13}", "muted"), told, columns)]

    def _load(self, found: Gathered, columns: int) -> list[Row]:
        shown = found.shifts[-_SHIFTS_MAX:][::-1]
        more = len(found.shifts) - len(shown)
        rows = heading(f"Alert load by shift{f', the last {len(shown)} of {len(found.shifts)}' if more > 0 else ''}")
        if not found.shifts:
            return [*rows, *words("No alert and no incident came in.", columns, "muted")]
        cells = [
            (
                clock(shift.begins, self.context.zone, today=found.until),
                str(shift.alerts),
                f"{shift.acted} acted on",
                f"{shift.at_night} at night",
                f"{shift.incidents} incident{'s' if shift.incidents != 1 else ''}",
                f"{SIGNS.alarm} {'; '.join(shift.warnings)}" if shift.warnings else "",
            )
            for shift in shown
        ]
        rows += table_rows(cells, columns, ("shift", "alerts", "", "", "", ""))
        for idle in found.idle:
            rows += folded("", Cell(f"{SIGNS.right} ", "accent"), idle.proposal, columns)
        return rows

    # --- what it does

    def action_measure(self) -> None:
        names = [spread.name for spread in self.found.measures.durations] if self.found else [self.span]
        self.span = names[(names.index(self.span) + 1) % len(names)]
        self.paint()
        self.prompt.flash(f"over time: {self.span}")

    def action_group(self) -> None:
        self.by = _SPLITS[(_SPLITS.index(self.by) + 1) % len(_SPLITS)]
        self.paint()
        self.prompt.flash(f"split by {self.by}" if self.by else "all together")

    def action_since(self) -> None:
        self.days = DAYS[(DAYS.index(self.days) + 1) % len(DAYS)]
        self.repaint()
        self.prompt.flash(f"the last {self.days} days" if self.days else "all that is recorded")


def _all_repeated(board: Board) -> frozenset[str]:
    from opsterm.learn.seen_before import get_ready

    get_ready(board)
    return repeated(repeats(board))


def _without_gaps(by_month: Mapping[str, int]) -> dict[str, int]:
    """The counts with every month between that had none; by year where there are many months."""
    if not by_month:
        return {}
    (first, _), (last, _) = min(by_month.items()), max(by_month.items())
    begin, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    if end - begin < _MONTHS_MAX:
        months = (f"{place // 12:04}-{place % 12 + 1:02}" for place in range(begin, end + 1))
        return {month: by_month.get(month, 0) for month in months}
    years = range(begin // 12, end // 12 + 1)
    return {str(year): sum(n for month, n in by_month.items() if int(month[:4]) == year) for year in years}


def _spread(name: str, span: str, told: Sequence[Timing]) -> Spread:
    return Spread(name, "seconds", tuple(timing.seconds[span] for timing in told))


def _row(name: str, spread: Spread) -> tuple[str, ...]:
    """One line of a table: where values are few they stand themselves."""
    if not spread.n:
        return (name, "0", "", "", "none recorded")
    if spread.median is None:
        return (name, str(spread.n), TOO_FEW, "", ", ".join(age(value) for value in spread.values))
    p90 = age(spread.p90) if spread.p90 is not None else TOO_FEW
    return (name, str(spread.n), age(spread.median), p90, f"{age(min(spread.values))} to {age(max(spread.values))}")


def _sign(group: str, place: int) -> str:
    """The sign of a group in the plot: a severity's own digit, else its place."""
    return group[-1] if group.startswith("sev") else str(place)


def _teaching(columns: int, some_days: bool) -> list[Row]:
    return [
        *heading("Nothing to measure in this time." if some_days else "Nothing to measure yet."),
        fixed(()),
        *words(
            "Incidents count by when they began; how long they took is told by their milestones (# in the war room). "
            f"A median is said from {ENOUGH} values on; with fewer, the values themselves. "
            "d looks at other days.",
            columns,
            "muted",
        ),
    ]
