"""The page on the rules says what the rules say."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

from opsterm.core.thresholds import Thresholds, read_settings
from opsterm.incidents.severity import own_rules, read_rules

PAGE = (Path(__file__).parents[1] / "docs" / "command.md").read_text(encoding="utf-8")


def test_every_threshold_stands_there_with_its_default_and_source() -> None:
    for field in fields(Thresholds):
        assert f"| `{field.name}` | {field.default} | {field.metadata['doc']} |" in PAGE


def test_the_severity_table_and_its_floors_stand_there() -> None:
    rules = own_rules()
    for name, row in rules.base.items():
        assert f"| {rules.breadth[name]} | {' | '.join(map(str, row))} |" in PAGE
    for floor in rules.floors:
        assert f"| {floor.level} | {floor.words} |" in PAGE
    for name, asks in rules.asks.items():
        assert f"| {name} | {asks.words} |" in PAGE


def test_its_example_is_understood() -> None:
    example = PAGE.split("```toml\n")[1].split("```")[0]
    found = read_settings(tomllib.loads(example))
    assert (found.warnings, found.thresholds.repeat_minutes) == ((), 3)
    rules, warnings = read_rules(found.severity)
    assert (warnings, rules.growing, rules.base["half"][1]) == ((), 2, 1)
