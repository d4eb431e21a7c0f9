"""How much hangs on how few: spend and critical systems by group, and the single points."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from opsterm.records.instant import Instant
from opsterm.registers.vendors.concentration import SHARE_ACCEPT, SHARE_WATCH, band, effective
from opsterm.registers.vendors.vendor import Register
from screens.console import ConsoleContext
from screens.pages.page import Page
from screens.pages.rows import fixed, heading, warned
from screens.pages.text_page import nothing_rows
from screens.widgets.cells import Cell
from screens.widgets.lines import Row

#: So many groups are shown of each.
_GROUPS_MAX = 12


def concentration_page(context: ConsoleContext, found: Register) -> Page:
    """The page, of contracts in force today."""
    return Page(context, "Concentration, of contracts in force", partial(_rows, found))


def _rows(found: Register, columns: int, now: Instant) -> list[Row]:
    parts = found.concentration
    rows = [
        *_shares("Spend, by group", parts.spend, parts.hhi_spend, columns, judged=True),
        *_shares("Serving critical systems, by group", parts.systems, parts.hhi_systems, columns),
        *heading("Single points: one group alone, and leaving was never rehearsed"),
    ]
    rows += warned([point.why for point in parts.single_points], columns, tone="")
    if not parts.single_points:
        rows += nothing_rows("none", columns)
    warnings = (*parts.warnings, *found.warnings)
    rows += heading("What that asks for") if warnings else []
    return [*rows, *warned(warnings, columns)]


def _shares(of: str, shares: Mapping[str, float], hhi: float, columns: int, *, judged: bool = False) -> list[Row]:
    if not shares:
        return [*heading(of), *nothing_rows("nothing on record", columns)]
    index = f"index {hhi:,.0f} of 10,000, {band(hhi)}: as among {effective(hhi):.1f} equal ones"
    rows = [*heading(of), *nothing_rows(index, columns)]
    for group, share in list(shares.items())[:_GROUPS_MAX]:
        word, tone = _judgement(share) if judged else ("", "")
        rows.append(fixed((Cell(f"  {share:>5.0%}  ", tone), Cell(group), Cell(f"  {word}", tone))))
    if len(shares) > _GROUPS_MAX:
        rest = sum(list(shares.values())[_GROUPS_MAX:])
        rows.append(fixed((Cell(f"  {rest:>5.0%}  {len(shares) - _GROUPS_MAX} others", "muted"),)))
    return rows


def _judgement(share: float) -> tuple[str, str]:
    """What a share asks for, and its tone."""
    return (
        ("accept or spread", "alarm")
        if share > SHARE_ACCEPT
        else ("watch", "warn")
        if share > SHARE_WATCH
        else ("", "")
    )
