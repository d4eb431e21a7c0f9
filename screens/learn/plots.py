"""Plots in the terminal, as lines of text. What they show stands in a table beside them too."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from opsterm.core.times import age
from opsterm.records.instant import Instant, moment
from screens.widgets.symbols import ASCII, SIGNS

#: What the axis and its labels take at the left and at the right.
_MARGIN = 26
#: Over so many days an axis names months, else days.
_LONG_DAYS = 100


def can_plot() -> bool:
    """Whether this terminal shows the signs that plots are drawn with."""
    return SIGNS is not ASCII


def over_time(
    series: Mapping[str, Sequence[tuple[Instant, float]]], since: Instant, until: Instant, columns: int, rows: int
) -> list[str]:
    """Durations over time, each value by its series' sign, seconds on a scale of powers of ten."""
    values = [seconds for points in series.values() for _, seconds in points]
    if not values or columns < _MARGIN + 10:
        return []
    import plotille  # type: ignore[import-untyped]

    figure = plotille.Figure()
    figure.with_colors = False
    figure.width, figure.height = columns - _MARGIN, rows
    low, high = _log(min(values)), _log(max(values))
    figure.set_x_limits(moment(since), moment(until))
    figure.set_y_limits(low - 0.1, high + 0.1)
    figure.x_label, figure.y_label = "began", "lasted"
    figure.register_label_formatter(float, _said)
    long = (moment(until) - moment(since)).days > _LONG_DAYS
    figure.register_label_formatter(datetime, partial(_day, "%Y-%m" if long else "%d %b"))
    for sign, points in series.items():
        figure.scatter([moment(at) for at, _ in points], [_log(seconds) for _, seconds in points], marker=sign)
    return _lines(figure.show())


def bars(counts: Mapping[str, int], columns: int) -> list[str]:
    """Counts as bars, each with its number."""
    if not counts or columns < 30:
        return []
    import plotille

    labels = [name.replace("_", " ") for name in counts]
    room = min(columns - max(map(len, labels)) - 10, 60)
    drawn = plotille.hist_aggregated([*counts.values()], labels=labels, width=max(room, 10))
    return _lines(drawn)[1:-1]


def _lines(drawn: str) -> list[str]:
    return [line.rstrip(" \u2800") for line in drawn.split("\n")]


def _log(seconds: float) -> float:
    return math.log10(max(seconds, 1.0))


def _said(value: float, chars: int, delta: float, left: bool = False) -> str:
    told = age(10**value)
    return told.ljust(chars) if left else told.rjust(chars)


def _day(form: str, value: Any, chars: int, delta: Any, left: bool = False) -> str:
    told = f"{value:{form}}"
    return told.ljust(chars) if left else told.rjust(chars)
