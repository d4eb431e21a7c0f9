"""The rules as a team's own data: the severity table, edited and replayed over past incidents before it is kept; the
thresholds; and which warnings are on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property

from opsterm.command.attention import Attention
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.core.thresholds import DEFAULTS, load_settings
from opsterm.incidents.severity import SHIFTS, own_rules, read_rules
from opsterm.incidents.severity import Rules as SeverityRules
from opsterm.incidents.severity_replay import replay_severity
from opsterm.incidents.team_file import change_level, change_shift, change_threshold
from opsterm.records.instant import Instant
from opsterm.settings import settings_path
from screens.console import ConsoleContext
from screens.keys.actions import RULES, bindings
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded, heading, row, warned
from screens.widgets.cells import Cell, cut, fit
from screens.widgets.lines import Lines, Row
from screens.widgets.symbols import SIGNS

_CELL = 11
#: Kinds of rows that hold one number → what changes it.
_NUMBERS: Mapping[str, Callable[[str, int], Outcome]] = {"number": change_threshold, "shift": change_shift}


def _number(kind: str, name: str, value: int, usual: int, told: str) -> Row:
    own = f" (usual {usual})" if value != usual else ""
    return row(
        f"{kind}:{name}",
        Cell(f"  {fit(name.replace('_', ' '), 24)}"),
        Cell(f"{value:>5}{own}  ", "strong"),
        Cell(told, "muted"),
    )


class RulesPage(ListPage):
    """Severity table, replay, thresholds, warnings."""

    BINDINGS = bindings(RULES)
    place = RULES

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self._read_files()
        #: Cells that were changed here and not kept: (breadth, depth) → level.
        self.changed: dict[tuple[str, str], int] = {}
        self.column = 0

    def _read_files(self) -> None:
        self.team = load_settings()
        self.rules, self.slips = read_rules(self.team.severity)
        self.read(self.context.board.now)

    def read(self, now: Instant) -> None:
        self.attention = Attention(self.context.board, self.team.thresholds)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        self.action_change()

    # --- what it shows

    @property
    def tried(self) -> SeverityRules:
        """The rules with the cells that were changed here."""
        depths = list(self.rules.depth)
        base: dict[str, tuple[int, ...]] = {
            breadth: tuple(
                self.changed.get((breadth, depth), level) for depth, level in zip(depths, levels, strict=True)
            )
            for breadth, levels in self.rules.base.items()
        }
        return replace(self.rules, base=base)

    def heading(self, now: Instant) -> str:
        return f"Rules {SIGNS.dot} {settings_path()}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = warned((*self.team.warnings, *self.slips), columns)
        rows += self._table(columns)
        rows += self._replay(columns)
        rows += self._warnings(columns)
        return [*rows, *self._shifts(), *self._thresholds()]

    def _table(self, columns: int) -> list[Row]:
        first = max(min(32, columns - _CELL * len(self.rules.depth)), 14)
        rows = heading("How bad: how many are hurt, and how badly  (1 worst, 5 least)")
        names = [Cell(fit(cut(words, _CELL - 1), _CELL), "muted") for words in self.rules.depth.values()]
        rows.append(fixed((Cell(" " * (first + 1)), *names)))
        selected = self.lines.selected or f"row:{next(iter(self.rules.breadth))}"
        for breadth, words in self.rules.breadth.items():
            here = selected == f"row:{breadth}"
            cells = [Cell(fit(words, first), "strong" if here else "")]
            for place, (depth, level) in enumerate(zip(self.rules.depth, self.tried.base[breadth], strict=True)):
                mark = "*" if (breadth, depth) in self.changed else " "
                at = here and place == self.column
                cells.append(Cell(fit(f"[{level}]{mark}" if at else f" {level} {mark}", _CELL), "accent" if at else ""))
            rows.append(row(f"row:{breadth}", *cells))
        where = list(self.rules.depth.values())[self.column]
        rows.append(fixed((Cell(cut(f"{SIGNS.right} {where}", columns), "muted"),)))
        return rows

    @cached_property
    def _replays(self) -> dict[tuple[tuple[tuple[str, str], int], ...], Sequence[str]]:
        return {}

    def _replay(self, columns: int) -> list[Row]:
        key = tuple(sorted(self.changed.items()))
        if key not in self._replays:
            self._replays[key] = replay_severity(self.context.board, self.tried, self.team.thresholds).words()
        title = "Replayed over past incidents" + (", with the cells you changed (*)" if self.changed else "")
        rows = heading(title)
        for text in self._replays[key][:12]:
            rows += folded("", Cell("  "), text, columns)
        return rows

    def _warnings(self, columns: int) -> list[Row]:
        tallies: Mapping[str, object] = self.attention.tallies
        families = sorted({*tallies, *self.attention.off})
        rows = heading("Warnings on this board")
        if not families:
            rows.append(
                fixed((Cell("  None was shown yet. What is ignored can be switched off here; alarms can't.", "muted"),))
            )
        ignored = {family for family, _ in self.attention.ignored()}
        for family in families:
            tally = self.attention.tallies.get(family)
            told = (
                f"shown {tally.shown}, acted on {tally.acted}, dismissed {tally.dismissed}" if tally else "never shown"
            )
            off = family in self.attention.off
            state = Cell("  off" if off else "  on", "muted" if off else "good")
            advice = "   few act on it: switch it off?" if family in ignored else ""
            rows.append(
                row(f"family:{family}", Cell(f"  {fit(family, 20)} "), Cell(f"{told}{advice}", "muted"), right=(state,))
            )
        return rows

    def _shifts(self) -> list[Row]:
        rows, usual = heading("What moves the level"), own_rules()
        for name, told in SHIFTS.items():
            rows.append(_number("shift", name, getattr(self.rules, name), getattr(usual, name), told))
        return rows

    def _thresholds(self) -> list[Row]:
        rows = heading("Thresholds")
        for field in fields(DEFAULTS):
            value, usual = getattr(self.team.thresholds, field.name), getattr(DEFAULTS, field.name)
            rows.append(_number("number", field.name, value, usual, str(field.metadata.get("doc", ""))))
        return rows

    def hint(self) -> tuple[Cell, ...]:
        kind = self._selected[0]
        if self.changed:
            return (Cell("S", "accent"), Cell(f" keeps {len(self.changed)} changed;  esc drops the change", "muted"))
        if kind in _NUMBERS:
            return (Cell("enter", "accent"), Cell(" another number;  esc back", "muted"))
        if kind == "family":
            return (Cell("space", "accent"), Cell(" switches it off or on;  esc back", "muted"))
        return (
            Cell("1-5", "accent"),
            Cell(" another level to try, ", "muted"),
            Cell("← →", "accent"),
            Cell(" the cell", "muted"),
        )

    @property
    def _selected(self) -> tuple[str, str]:
        kind, _, name = (self.lines.selected or f"row:{next(iter(self.rules.breadth))}").partition(":")
        return kind, name

    # --- what it does

    def action_level(self, key: str) -> None:
        kind, breadth = self._selected
        if kind != "row":
            self.prompt.flash("levels stand in the table above: g goes there")
            return
        depth = list(self.rules.depth)[self.column]
        if self.rules.base[breadth][self.column] == int(key):
            self.changed.pop((breadth, depth), None)
        else:
            self.changed[breadth, depth] = int(key)
        self.paint()

    def action_cell_left(self) -> None:
        self._aside(-1)

    def action_cell_right(self) -> None:
        self._aside(1)

    def _aside(self, by: int) -> None:
        self.column = (self.column + by) % len(self.rules.depth)
        self.paint()

    def action_keep(self) -> None:
        if not self.changed:
            self.prompt.flash("nothing was changed: 1-5 tries another level in the table")
            return
        try:
            told = [change_level(breadth, depth, level) for (breadth, depth), level in self.changed.items()]
        except (Rejected, OSError) as refused:
            self.refuse(refused)
            return
        self.changed = {}
        self._read_files()
        self._replays.clear()
        self.paint()
        self.prompt.told(told[-1] if len(told) == 1 else Outcome(f"{len(told)} cells kept in {settings_path()}"))

    def action_change(self) -> None:
        kind, name = self._selected
        if kind == "family":
            self.action_switch()
        elif kind not in _NUMBERS:
            self.prompt.flash("1-5 changes the level in this cell, to try; S keeps it")
        else:
            said, change = name.replace("_", " "), _NUMBERS[kind]

            def command(session: Session, typed: str) -> Outcome:
                if not re.fullmatch(r"\d{1,6}", typed):
                    raise Rejected(f"{said} is a whole number.")
                outcome = change(name, int(typed))
                self._read_files()
                self._replays.clear()
                return outcome

            value = str(getattr(self.rules if kind == "shift" else self.team.thresholds, name))
            self.ask(said, lambda typed: f"{said}: {typed}", command, value, key="", may_be_empty=True)

    def action_switch(self) -> None:
        kind, family = self._selected
        if kind != "family":
            self.prompt.flash("choose a kind of warning; it is switched off, or on")
        elif family in self.attention.off:
            self.attention.switch_on(family)
            self.paint()
            self.prompt.flash(f"warnings of the kind {family} are on", tone="good")
        else:
            self.attention.switch_off(family)
            self.paint()
            self.prompt.flash(f"{family}: off but for alarms", tone="good")

    def action_step_back(self) -> None:
        if self.changed:
            self.changed = {}
            self.paint()
            self.prompt.flash("the table is as it was; esc again goes back")
        else:
            super().action_step_back()
