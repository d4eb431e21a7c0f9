"""Changing the team's settings file from a screen: one value at a time, and nothing else in the file."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

from opsterm.core.session import Outcome, Rejected
from opsterm.core.thresholds import Thresholds, read_settings, settings_path
from opsterm.incidents.severity import read_rules

_HEADER = re.compile(r"^\s*\[([A-Za-z0-9_.\-\" ]+)\]\s*(?:#.*)?$")


def set_value(text: str, section: str, key: str, value: int | list[int]) -> str:
    """The file's text with one value changed or added; comments and all else stay. Raises Rejected where the file is
    written in a way that this can't follow."""
    try:
        wanted: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Rejected(f"The settings file is no TOML ({error}): mend it by hand first.") from error
    wanted = deepcopy(wanted)
    table = wanted
    for part in section.split("."):
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise Rejected(f"{section} is no table in the settings file: mend it by hand first.")
    table[key] = value
    changed = _changed(text, section, key, f"{key} = {value}")
    try:
        same = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise Rejected(f"{section}.{key} is written in a way that opsterm can't change: change it by hand.")
    return changed


def _changed(text: str, section: str, key: str, line: str) -> str:
    lines = text.splitlines()
    here, last = False, -1
    for place, row in enumerate(lines):
        if header := _HEADER.match(row):
            here = header[1].strip() == section
            last = place if here else last
        elif here and re.match(rf"\s*{re.escape(key)}\s*=", row):
            note = re.search(r"\s+#[^\"']*$", row)
            lines[place] = f"{line}{note[0] if note else ''}"
            return "\n".join(lines) + "\n"
        elif here and row.strip():
            last = place
    if last >= 0:
        lines.insert(last + 1, line)
        return "\n".join(lines) + "\n"
    gap = [""] if lines and lines[-1].strip() else []
    return "\n".join([*lines, *gap, f"[{section}]", line]) + "\n"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise Rejected(f"{file} is no text in UTF-8: mend it by hand first.") from error


def change_threshold(name: str, value: int, path: Path | None = None) -> Outcome:
    """Changes one threshold in the team's file. Raises Rejected for an unknown name or a number that is none."""
    if name not in {field.name for field in fields(Thresholds)}:
        raise Rejected(f"No threshold is called {name!r}: docs/command.md lists them.")
    found = read_settings({"thresholds": {name: value}})
    if found.warnings:
        raise Rejected(f"{name.replace('_', ' ')} is a whole number above 0.")
    file = path or settings_path()
    _write(file, set_value(_read(file), "thresholds", name, value))
    return Outcome(f"{name.replace('_', ' ')} is {value} now, in {file}")


def change_shift(name: str, value: int, path: Path | None = None) -> Outcome:
    """Changes one of severity's `SHIFTS` in the team's file. Raises Rejected."""
    file = path or settings_path()
    text = set_value(_read(file), "severity.shift", name, value)
    rules, warnings = read_rules(read_settings(tomllib.loads(text)).severity)
    if warnings or getattr(rules, name, None) != value or value < 0:
        raise Rejected(f"{name.replace('_', ' ')} can't be {value}: a level is 1 to 5, a shift a few levels.")
    _write(file, text)
    return Outcome(f"{name.replace('_', ' ')} is {value} now, in {file}")


def change_level(breadth: str, depth: str, level: int, path: Path | None = None) -> Outcome:
    """Changes one cell of the severity table in the team's file: the level, 1 to 5, of a breadth and a depth."""
    file = path or settings_path()
    text = _read(file)
    rules, _ = read_rules(read_settings(tomllib.loads(text) if text else {}).severity)
    if breadth not in rules.base or depth not in rules.depth:
        raise Rejected(f"There is no cell {breadth!r}, {depth!r} in the severity table.")
    if not 1 <= level <= 5:
        raise Rejected("A level is 1 (worst) to 5.")
    column = list(rules.depth).index(depth)
    for name, row in rules.base.items():
        changed = [level if name == breadth and place == column else old for place, old in enumerate(row)]
        text = set_value(text, "severity.base", name, changed)
    _write(file, text)
    return Outcome(f"{rules.depth[depth]}, {rules.breadth[breadth]}: sev{level} now, in {file}")
