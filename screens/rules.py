"""The rules as a team's own data: the severity table, edited and replayed over past incidents before it is kept; the
thresholds; and which warnings are on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from opsterm.board.store import Touched
from opsterm.command.attention import Attention
from opsterm.core.session import Refused, Told
from opsterm.core.thresholds import DEFAULTS, load_settings, settings_path
from opsterm.incidents.severity import SHIFTS, own_rules, read_rules
from opsterm.incidents.severity import Rules as SeverityRules
from opsterm.incidents.severity_replay import replay_severity
from opsterm.incidents.team_file import change_level, change_shift, change_threshold
from screens.console import Desk
from screens.keys.actions import LISTS, RULES, bindings
from screens.pages.incident_page import folded, row
from screens.pages.page import PageLines, fixed, heading
from screens.widgets.cells import Cell, cut, fit
from screens.widgets.lines import Lines, Spot
from screens.widgets.prompt import Foot, Question
from screens.widgets.symbols import SIGNS

_CELL = 11
#: Kinds of rows that hold one number → what changes it.
_NUMBERS: Mapping[str, Callable[[str, int], Told]] = {"number": change_threshold, "shift": change_shift}


def _number(kind: str, name: str, value: int, usual: int, told: str) -> Spot:
    own = f" (usual {usual})" if value != usual else ""
    return row(
        f"{kind}:{name}",
        Cell(f"  {fit(name.replace('_', ' '), 24)}"),
        Cell(f"{value:>5}{own}  ", "strong"),
        Cell(told, "muted"),
    )


class RulesPage(Screen[None]):
    """Severity table, replay, thresholds, warnings."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(RULES)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.lines = PageLines("Rules")
        self.foot = Foot()
        self._read()
        #: Cells that were changed here and not kept: (breadth, depth) → level.
        self.changed: dict[tuple[str, str], int] = {}
        self.column = 0

    def _read(self) -> None:
        self.team = load_settings()
        self.rules, self.slips = read_rules(self.team.severity)
        self.attention = Attention(self.desk.board, self.team.thresholds)

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.foot

    # --- what it reacts to

    def on_mount(self) -> None:
        self.foot.places = (RULES, LISTS)
        self.set_focus(self.lines)
        self.paint_page()

    def on_resize(self) -> None:
        self.call_after_refresh(self.paint_page)

    def on_lines_moved(self, event: Lines.Moved) -> None:
        event.stop()
        self.paint_page()

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()
        self.action_change()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        self.attention = Attention(self.desk.board, self.team.thresholds)
        self.paint_page()

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

    def paint_page(self) -> None:
        """Paints the rules as they would be."""
        now = self.desk.board.now
        self.lines.heading = f"Rules {SIGNS.dot} {settings_path()}"
        columns = max((self.lines.size.width or self.app.size.width) - 3, 20)
        self.lines.show(self._spots(columns), now)
        self.lines.refresh()
        self.foot.hint = self._hint()
        self.foot.rest()

    def _spots(self, columns: int) -> list[Spot]:
        spots: list[Spot] = []
        for text in (*self.team.warnings, *self.slips):
            spots += folded("", Cell(f"{SIGNS.alarm} ", "warn"), text, columns, tone="warn")
        spots += self._table(columns)
        spots += self._replay(columns)
        spots += self._warnings(columns)
        return [*spots, *self._shifts(), *self._thresholds()]

    def _table(self, columns: int) -> list[Spot]:
        first = max(min(32, columns - _CELL * len(self.rules.depth)), 14)
        spots = heading("How bad: how many are hurt, and how badly  (1 worst, 5 least)")
        names = [Cell(fit(cut(words, _CELL - 1), _CELL), "muted") for words in self.rules.depth.values()]
        spots.append(fixed((Cell(" " * (first + 1)), *names)))
        selected = self.lines.selected or f"row:{next(iter(self.rules.breadth))}"
        for breadth, words in self.rules.breadth.items():
            here = selected == f"row:{breadth}"
            cells = [Cell(fit(words, first), "strong" if here else "")]
            for place, (depth, level) in enumerate(zip(self.rules.depth, self.tried.base[breadth], strict=True)):
                mark = "*" if (breadth, depth) in self.changed else " "
                at = here and place == self.column
                cells.append(Cell(fit(f"[{level}]{mark}" if at else f" {level} {mark}", _CELL), "accent" if at else ""))
            spots.append(row(f"row:{breadth}", *cells))
        where = list(self.rules.depth.values())[self.column]
        spots.append(fixed((Cell(cut(f"{SIGNS.right} {where}", columns), "muted"),)))
        return spots

    @cached_property
    def _replays(self) -> dict[tuple[tuple[tuple[str, str], int], ...], Sequence[str]]:
        return {}

    def _replay(self, columns: int) -> list[Spot]:
        key = tuple(sorted(self.changed.items()))
        if key not in self._replays:
            self._replays[key] = replay_severity(self.desk.board, self.tried, self.team.thresholds).words()
        title = "Replayed over past incidents" + (", with the cells you changed (*)" if self.changed else "")
        spots = heading(title)
        for text in self._replays[key][:12]:
            spots += folded("", Cell("  "), text, columns)
        return spots

    def _warnings(self, columns: int) -> list[Spot]:
        tallies: Mapping[str, object] = self.attention.tallies
        families = sorted({*tallies, *self.attention.off})
        spots = heading("Warnings on this board")
        if not families:
            spots.append(
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
            spots.append(
                row(f"family:{family}", Cell(f"  {fit(family, 20)} "), Cell(f"{told}{advice}", "muted"), right=(state,))
            )
        return spots

    def _shifts(self) -> list[Spot]:
        spots, usual = heading("What moves the level"), own_rules()
        for name, told in SHIFTS.items():
            spots.append(_number("shift", name, getattr(self.rules, name), getattr(usual, name), told))
        return spots

    def _thresholds(self) -> list[Spot]:
        spots = heading("Thresholds")
        for field in fields(DEFAULTS):
            value, usual = getattr(self.team.thresholds, field.name), getattr(DEFAULTS, field.name)
            spots.append(_number("number", field.name, value, usual, str(field.metadata.get("doc", ""))))
        return spots

    def _hint(self) -> tuple[Cell, ...]:
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
            self.foot.flash("levels stand in the table above: g goes there")
            return
        depth = list(self.rules.depth)[self.column]
        if self.rules.base[breadth][self.column] == int(key):
            self.changed.pop((breadth, depth), None)
        else:
            self.changed[breadth, depth] = int(key)
        self.paint_page()

    def action_cell_left(self) -> None:
        self._aside(-1)

    def action_cell_right(self) -> None:
        self._aside(1)

    def _aside(self, by: int) -> None:
        self.column = (self.column + by) % len(self.rules.depth)
        self.paint_page()

    def action_keep(self) -> None:
        if not self.changed:
            self.foot.flash("nothing was changed: 1-5 tries another level in the table")
            return
        try:
            told = [change_level(breadth, depth, level) for (breadth, depth), level in self.changed.items()]
        except (Refused, OSError) as refused:
            self.foot.flash(str(refused), tone="warn")
            return
        self.changed = {}
        self._read()
        self._replays.clear()
        self.paint_page()
        self.foot.told(told[-1] if len(told) == 1 else Told(f"{len(told)} cells kept in {settings_path()}"))

    def action_change(self) -> None:
        kind, name = self._selected
        if kind == "family":
            self.action_switch()
        elif kind not in _NUMBERS:
            self.foot.flash("1-5 changes the level in this cell, to try; S keeps it")
        else:
            said, change = name.replace("_", " "), _NUMBERS[kind]

            def done(typed: str) -> bool:
                if not re.fullmatch(r"\s*\d{1,6}\s*", typed):
                    raise Refused(f"{said} is a whole number.")
                told = change(name, int(typed))
                self._read()
                self._replays.clear()
                self.paint_page()
                self.foot.told(told)
                return True

            value = str(getattr(self.rules if kind == "shift" else self.team.thresholds, name))
            self.foot.ask(Question(prompt=said, words=lambda typed: f"{said}: {typed}", done=done), value)

    def action_switch(self) -> None:
        kind, family = self._selected
        if kind != "family":
            self.foot.flash("choose a kind of warning; it is switched off, or on")
        elif family in self.attention.off:
            self.attention.switch_on(family)
            self.paint_page()
            self.foot.flash(f"warnings of the kind {family} are on", tone="good")
        else:
            self.attention.switch_off(family)
            self.paint_page()
            self.foot.flash(f"{family}: off but for alarms", tone="good")

    def action_help(self) -> None:
        from screens.pages.help import help_page

        self.app.push_screen(help_page(self.desk, RULES, LISTS))

    def action_step_back(self) -> None:
        if self.changed:
            self.changed = {}
            self.paint_page()
            self.foot.flash("the table is as it was; esc again goes back")
        else:
            self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()
