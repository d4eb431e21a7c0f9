"""When a postmortem is wanted, by when, and how many improvements are few: opsterm's own rules
(`data/learn/postmortem.toml`), and what a team puts in their place in its settings file:

    [postmortem]
    required = ["sev1", "sev2"]       # severities that have to have one
    offered = ["sev3"]                # severities that are offered one; below, one line will do
    few = 5                           # improvements, from which on a postmortem is told that it has many

    [postmortem.due]                  # days from resolving: draft, meeting, publishing; `else` for all others
    sev1 = [3, 5, 7]

    [postmortem.improvement_weeks]    # by when an improvement is due where nobody said
    sev1 = 4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opsterm.learn.taxonomy import data
from opsterm.records.incident import SEVERITIES
from opsterm.settings import kept_until_changed, settings_document

DAYS_MAX, WEEKS_MAX, FEW_MAX = 365, 52, 50


@dataclass(frozen=True, slots=True)
class PostmortemRules:
    """The rules that hold, and what in the file was not understood, a line each."""

    #: Severity → why one is required, or offered.
    required: Mapping[str, str]
    offered: Mapping[str, str]
    #: Severity or `else` → days until draft, meeting and publishing.
    due: Mapping[str, tuple[int, int, int]]
    #: Severity or `else` → weeks.
    improvement_weeks: Mapping[str, int]
    few: int
    warnings: tuple[str, ...] = ()

    def days(self, severity: str) -> tuple[int, int, int]:
        """Days from resolving until draft, meeting and publishing."""
        return self.due.get(severity) or self.due["else"]

    def weeks(self, severity: str) -> int:
        """Weeks in which an improvement is due."""
        return self.improvement_weeks.get(severity) or self.improvement_weeks["else"]


@kept_until_changed
def postmortem_rules(file: Path | None) -> PostmortemRules:
    """The rules as the settings file has them now. Never raises: what is not understood is left at opsterm's own, and
    named in a warning."""
    if file is None:
        return read_rules({})
    try:
        document = settings_document(file)
    except (OSError, ValueError):
        # The rules page and the thresholds say what is wrong with the whole file.
        document = {}
    return read_rules(document, str(file))


def read_rules(document: Mapping[str, Any], where: str = "settings") -> PostmortemRules:
    """The same from a parsed file."""
    own, warnings = data("postmortem"), _Warnings(where)
    section = document.get("postmortem", {})
    if not isinstance(section, dict):
        warnings.add("[postmortem] should be a table")
        section = {}
    for name in section:
        if name not in ("required", "offered", "few", "due", "improvement_weeks"):
            warnings.add(f"[postmortem] has no {name}; it is ignored", holds=False)
    required, offered = (_severities(section, name, own, warnings) for name in ("required", "offered"))
    return PostmortemRules(
        required,
        {severity: why for severity, why in offered.items() if severity not in required},
        {name: _three(days) for name, days in own["due"].items()} | _due(section, warnings),
        {**own["improvement_weeks"], **_weeks(section, warnings)},
        _few(section, warnings),
        tuple(warnings.lines),
    )


class _Warnings:
    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: list[str] = []

    def add(self, text: str, *, holds: bool = True) -> None:
        self.lines.append(f"{self.where}: {text}{'; opsterm’s own rule holds' if holds else ''}.")


def _whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most


def _severities(section: Mapping[str, Any], name: str, own: Mapping[str, Any], warnings: _Warnings) -> dict[str, str]:
    usual = {severity: why for severity, why in own[name].items() if severity in SEVERITIES}
    if name not in section:
        return usual
    given = section[name]
    if not isinstance(given, list) or any(severity not in SEVERITIES for severity in given):
        warnings.add(f"{name} should be a list of {', '.join(SEVERITIES)}")
        return usual
    return {severity: f"{severity}: a review is {name}" for severity in given}


def _table(section: Mapping[str, Any], name: str, warnings: _Warnings) -> dict[str, Any]:
    given = section.get(name, {})
    if not isinstance(given, dict):
        warnings.add(f"[postmortem.{name}] should be a table")
        return {}
    for key in given:
        if key not in (*SEVERITIES, "else"):
            warnings.add(f"[postmortem.{name}] {key} is no severity; it is ignored", holds=False)
    return {key: value for key, value in given.items() if key in (*SEVERITIES, "else")}


def _three(days: Sequence[int]) -> tuple[int, int, int]:
    draft, meeting, publishing = days
    return draft, meeting, publishing


def _due(section: Mapping[str, Any], warnings: _Warnings) -> dict[str, tuple[int, int, int]]:
    out = {}
    for severity, days in _table(section, "due", warnings).items():
        sound = isinstance(days, list) and len(days) == 3 and all(_whole(day, DAYS_MAX) for day in days)
        if sound and days == sorted(days):
            out[severity] = _three(days)
        else:
            warnings.add(f"due.{severity} should be three numbers of days that do not fall: draft, meeting, publishing")
    return out


def _weeks(section: Mapping[str, Any], warnings: _Warnings) -> dict[str, int]:
    out = {}
    for severity, weeks in _table(section, "improvement_weeks", warnings).items():
        if _whole(weeks, WEEKS_MAX):
            out[severity] = weeks
        else:
            warnings.add(f"improvement_weeks.{severity} should be a number of weeks up to {WEEKS_MAX}")
    return out


def _few(section: Mapping[str, Any], warnings: _Warnings) -> int:
    usual: int = data("improvements")["few"]
    given = section.get("few", usual)
    if _whole(given, FEW_MAX):
        return int(given)
    warnings.add(f"few should be a whole number up to {FEW_MAX}")
    return usual
