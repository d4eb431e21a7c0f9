"""The tones as styles in the theme of the day, worked out once for all widgets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App
from textual.color import Color

#: What a piece of text is, for the eye: tone → (colour of the theme or none, how the text is set). None says anything
#: that a word or a sign beside it does not say too.
TONES: Mapping[str, tuple[str, str]] = {
    "muted": ("muted", ""),
    "strong": ("", "bold"),
    "accent": ("accent", "bold"),
    "name": ("accent", ""),
    "alarm": ("alarm", "bold"),
    "warn": ("warn", ""),
    "good": ("good", ""),
    "struck": ("muted", "strike"),
    "rule": ("rule", ""),
}


def tones_of(app: App[object]) -> Mapping[str, Style]:
    """The style of each tone in the app's theme."""
    return _styles(tuple((tone, app.theme_variables.get(name, ""), look) for tone, (name, look) in TONES.items()))


def cursor_of(app: App[object]) -> Style:
    """The ground of the selected record."""
    return _ground(app.theme_variables.get("cursor", ""))


@lru_cache(maxsize=8)
def _styles(named: tuple[tuple[str, str, str], ...]) -> Mapping[str, Style]:
    return {tone: Style.parse(look) + Style(color=_colour(colour)) for tone, colour, look in named}


@lru_cache(maxsize=8)
def _ground(colour: str) -> Style:
    found = _colour(colour)
    return Style(bgcolor=found) if found else Style(reverse=True)


def _colour(text: str) -> RichColor | None:
    return Color.parse(text).rich_color if text else None
