"""Dates of records that another station may have written: what is no date counts as none, so that one bad record keeps
no list from being shown."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, TypeVar

from opsterm.records.record import Record

R = TypeVar("R", bound=Record)

#: Years that contracts and promises lie in: arithmetic on them stays within the calendar.
YEAR_MIN, YEAR_MAX = 1900, 2200


def is_day(text: str) -> bool:
    """Whether it begins with a date, YYYY-MM-DD, of those years."""
    try:
        return YEAR_MIN <= date.fromisoformat(text[:10]).year <= YEAR_MAX and text[4:5] == "-"
    except ValueError:
        return False


def sound(item: R, *names: str) -> R:
    """The record without those of the named fields that should be dates and are none."""
    wrong: dict[str, Any] = {name: "" for name in names if getattr(item, name) and not is_day(getattr(item, name))}
    return dataclasses.replace(item, **wrong) if wrong else item
