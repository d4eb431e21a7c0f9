"""Changing the team's settings file from a screen: one value at a time, and nothing else in the file."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from opsterm.core.session import Outcome, Rejected
from opsterm.core.thresholds import Thresholds, read_settings
from opsterm.core.whole_file import write_whole
from opsterm.incidents.severity import read_rules
from opsterm.settings import settings_path, settings_text


def set_value(text: str, section: str, key: str, value: int | list[int]) -> str:
    """The file's text with one value changed or added; comments and all else stay. Raises Rejected where the file is
    written in a way that this can't follow."""
    wanted = table = _parsed(text)
    for part in section.split("."):
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise Rejected(f"{section} is no table in the settings file: mend it by hand first.")
    table[key] = value
    with suppress(ValueError):
        changed = _changed(text, section, key, value)
        if tomllib.loads(changed) == wanted:
            return changed
    raise Rejected(f"{section}.{key} is written in a way that opsterm can't change: change it by hand.")


def _changed(text: str, section: str, key: str, value: int | list[int]) -> str:
    """The text changed where the section stands, else with the section at its end. Raises ValueError where tomlkit
    can't read it, or it stands on one line with others."""
    import tomlkit
    from tomlkit.items import Array, InlineTable

    text = f"{text}\n" if text and not text.endswith("\n") else text
    document = tomlkit.parse(text)
    table: Any = document
    for part in section.split("."):
        if part not in table:
            gap = "\n" if text.strip() and not text.endswith("\n\n") else ""
            return f"{text}{gap}[{section}]\n{key} = {value}\n"
        table = table[part]
    if isinstance(table, InlineTable):
        raise ValueError(section)
    old = table.get(key)
    if isinstance(old, Array) and isinstance(value, list) and len(old) == len(value):
        # Cell by cell: what is noted beside one stays there.
        for place, item in enumerate(value):
            old[place] = item
    else:
        table[key] = value
    return document.as_string()


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Rejected(f"The settings file is no TOML ({error}): mend it by hand first.") from error


def _read(file: Path) -> str:
    try:
        return settings_text(file)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise Rejected(f"{file} is no text in UTF-8: mend it by hand first.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else ""
        raise Rejected(f"{file} can't be read ({why or error}): mend it by hand first.") from error


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.encode(), 0o600)


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
    rules, warnings = read_rules(read_settings(_parsed(text)).severity)
    if warnings or getattr(rules, name, None) != value or value < 0:
        raise Rejected(f"{name.replace('_', ' ')} can't be {value}: a level is 1 to 5, a shift a few levels.")
    _write(file, text)
    return Outcome(f"{name.replace('_', ' ')} is {value} now, in {file}")


def change_level(breadth: str, depth: str, level: int, path: Path | None = None) -> Outcome:
    """Changes one cell of the severity table in the team's file: the level, 1 to 5, of a breadth and a depth."""
    file = path or settings_path()
    text = _read(file)
    rules, _ = read_rules(read_settings(_parsed(text)).severity)
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
