"""Keys from the settings file: `[keys]` holds `name = "key"`, or `"place.name" = "key"` for one place alone.

A key that would mean two things in one place is refused in one line, and the usual one holds: nobody should look for a
key at three in the morning because of a slip in a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opsterm.settings import team_table
from screens.keys import actions
from screens.keys.actions import CAPTURE, COMPOSER, LISTS, PANES, PLAYBACK, ROOM, TEXT, KeyAction
from screens.textual_private import key_of

#: Keys that always do what they do: a way out and a way in must not be lost.
_FIXED = frozenset({"escape", "enter", "tab", "shift+tab"})


@dataclass(frozen=True, slots=True)
class Keymap:
    """The table of actions with a team's or a person's own keys."""

    table: tuple[KeyAction, ...]
    #: What Textual is told: id of the binding → its keys.
    bindings: Mapping[str, str]
    #: What was refused, a line each.
    warnings: tuple[str, ...] = ()


def keys_in_file(path: Path | None = None) -> Mapping[str, object]:
    """What the settings file says of keys; nothing where it can't be read, which others tell already."""
    return team_table("keys", path)


def remapped(wanted: Mapping[str, object], table: Sequence[KeyAction] = actions.TABLE) -> Keymap:
    """The table with other keys, as far as they can be had."""
    now = list(table)
    warnings: list[str] = []
    changed: set[int] = set()
    for name, given in wanted.items():
        trial, touched, why = _with(now, name, given)
        if why:
            warnings.append(f"keys: {name} stays as it is: {why}")
        else:
            now, changed = trial, changed | touched
    told = {f"{place}:{now[n].name}": ",".join(now[n].keys) for n in sorted(changed) for place in now[n].places}
    return Keymap(tuple(now), told, tuple(warnings))


def _with(table: list[KeyAction], name: str, given: object) -> tuple[list[KeyAction], set[int], str]:
    """(the table with one action's key changed, which rows, why not)."""
    place, _, action = name.rpartition(".")
    rows = {n for n, row in enumerate(table) if row.name == action and (not place or place in row.places)}
    if not rows:
        return table, set(), "there is no such action; the help page (?) names the keys"
    key = _named(given)
    if not key:
        return table, set(), "its key is one character, or a name such as f2 or ctrl+l"
    if key in _FIXED:
        return table, set(), f"{given} always does the same"
    if any(table[n].told_key for n in rows):
        return table, set(), "it has many keys"
    trial = list(table)
    for n in rows:
        row = table[n]
        if place and row.places != (place,):
            trial[n] = replace(row, places=tuple(other for other in row.places if other != place))
            trial.append(replace(row, keys=(key,), places=(place,)))
        else:
            trial[n] = replace(row, keys=(key,))
    touched = {n for n in range(len(trial)) if n >= len(table) or (trial[n] != table[n] and trial[n].keys == (key,))}
    for n in touched:
        for where in trial[n].places:
            other = _clash(trial, n, where, key)
            if other is not None:
                return table, set(), f"{given} is {other.name} there already"
    return trial, touched, ""


def _clash(table: Sequence[KeyAction], n: int, place: str, key: str) -> KeyAction | None:
    """The other action that this key has in a place, or in a list on it; a pane's own key may hide the room's."""
    around = {place} if place in (CAPTURE, TEXT) else {place, LISTS}
    around |= set(PANES) | {PLAYBACK} if place == ROOM else set()
    around |= {ROOM} if place in (*PANES, PLAYBACK) else set()
    around |= _everywhere(table) if place == LISTS else set()
    for other, row in enumerate(table):
        if other != n and key in row.keys and around & set(row.places) and row.name != table[n].name:
            return row
    return None


def _everywhere(table: Sequence[KeyAction]) -> set[str]:
    """Every place with a list on it."""
    return {place for row in table for place in row.places} - {CAPTURE, TEXT, COMPOSER}


def _named(given: object) -> str:
    """A key as Textual names it; nothing where it is none."""
    if not isinstance(given, str) or not given.strip():
        return "space" if given == " " else ""
    text = given.strip()
    if len(text) == 1:
        return key_of(text)
    known = text.lower().replace("pgdn", "pagedown").replace("pgup", "pageup")
    known = "escape" if known == "esc" else known
    parts = known.split("+")
    named = parts[-1]
    # alt with a key is what most terminals send for esc and that key, one after the other
    ok = "alt" not in parts and (named in _NAMES or (len(named) == 1 and parts[:-1] == ["ctrl"]))
    return known if ok else ""


_NAMES = frozenset(
    {f"f{n}" for n in range(1, 13)}
    | {"space", "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace"}
    | {"escape", "enter", "tab"}
)
