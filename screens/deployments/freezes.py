"""Freezes: times in which nothing is changed, as lines above the changes that they hold up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from opsterm.records import Freeze
from opsterm.records.instant import Instant
from screens.pages.rows import folded, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


def freeze_rows(freezes: Sequence[Freeze], columns: int, now: Instant, zone: tzinfo) -> list[Row]:
    """Those that hold, in amber, and those ahead; nothing where there is none."""
    rows = heading("Frozen") if freezes else []
    for item in freezes:
        holds = item.from_at <= now
        sign = Cell(f"{SIGNS.alarm if holds else SIGNS.dot} ", "warn" if holds else "muted")
        told = freeze_words(item.from_at, item.to_at, item.systems, item.text, now, zone)
        excepts = f"; {' or '.join(item.excepts)} may let a change through" if item.excepts else ""
        rows += folded(item.id, sign, f"{told}{excepts}", columns)
    return rows


def freeze_words(from_at: Instant, to_at: Instant, systems: Sequence[str], why: str, now: Instant, zone: tzinfo) -> str:
    """A freeze in one line: from when to when, on what, why."""
    when = f"{clock(from_at, zone, today=now)} to {clock(to_at, zone, today=now)}"
    return f"{when}: {', '.join(systems) or 'everything'}{f', {why}' if why else ''}"
