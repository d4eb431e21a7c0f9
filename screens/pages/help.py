"""The keys of a screen, from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import CAPTURE, PANES, of
from screens.pages.page import Page
from screens.pages.rows import fixed, heading
from screens.widgets.cells import Cell, fit
from screens.widgets.lines import Row

_KEYS = 14
#: The capture language on one page; the same signs as in the table of actions.
_SIGNS = (
    ("text", "something you see, on the timeline"),
    ("? text", "a hypothesis"),
    ("+h2 text  -h2 text", "evidence for, against"),
    ("! @name text in 10m", "an order, its owner and when to check back"),
    ("= text", "a decision"),
    ("h2 eliminated why", "moves a hypothesis: testing, supported, confirmed, parked; h4 60% @noor"),
    ("a3 done result", "moves an order: acknowledged, failed, cancelled; a3 +10m; a3 @ben"),
    ("#identified  #sev1 why", "status, severity, milestone (#mitigated, #started 12:10)"),
    ("#impact text", "also #workaround, #exit, #changed, #data, #unaffected"),
    ("@name role", "who takes which role"),
    (">customers text", "an update that was sent"),
    ("-7m …  10:42 …", "when it happened, if not now; comes first"),
    ("… ~name", "who said it, if not you; comes last"),
    ("\\text", "plain text, whatever it looks like"),
)


def help_page(context: ConsoleContext, places: Sequence[str], more: Callable[[int], Sequence[Row]]) -> Page:
    """The page for where one is, most particular place first; `more` makes what stands below the keys."""
    return Page(context, "Keys", partial(_rows, places, more))


def _rows(places: Sequence[str], more: Callable[[int], Sequence[Row]], columns: int, now: Instant) -> list[Row]:
    rows: list[Row] = []
    for place in places:
        rows += heading(place.capitalize() if place not in PANES else f"Pane: {place}")
        for action in of(place):
            keys = action.sign if action.told_key else "  ".join(action.signs)
            rows.append(fixed((Cell(f"  {fit(keys, _KEYS)}", "accent"), Cell(action.words))))
    if CAPTURE in places:
        rows += heading("What the capture line understands")
        for sign, means in _SIGNS:
            rows.append(fixed((Cell(f"  {fit(sign, 24)}", "accent"), Cell(means))))
    return [*rows, *more(columns)]
