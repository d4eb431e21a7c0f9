"""What the answers of triage are called where a line tells of them: in the words of opsterm's own severity rules."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from opsterm.records.timeline_entry import said


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    tables: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (files("opsterm") / "data" / "severity.toml").read_text(encoding="utf-8")
    )
    return tables


def answer_words(table: str) -> Callable[[Any], str]:
    """Puts an answer into the words of its row or column; one of a team's own table stays as it is called there."""
    return lambda value: _tables()[table].get(said(value), said(value)) if value else ""
