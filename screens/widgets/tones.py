"""The tones as styles in the theme of the day, worked out once for all widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rich.color import Color as RichColor
from rich.color import ColorSystem
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


#: Contrast that text needs on its ground. [WCAG 2.2, 1.4.3]
AA = 4.5
#: Colours as a terminal of few has them: Rich's name for what a terminal says of itself → how a colour is brought down.
_FEW = {"standard": ColorSystem.STANDARD, "windows": ColorSystem.WINDOWS, "256": ColorSystem.EIGHT_BIT}


def tones_of(app: App[Any]) -> Mapping[str, Style]:
    """The style of each tone in the app's theme, on the terminal that it is shown on."""
    named = tuple((tone, app.theme_variables.get(name, ""), look) for tone, (name, look) in TONES.items())
    return _styles(named, app.theme_variables.get("background", ""), terminal_of(app))


def terminal_of(app: App[Any]) -> str:
    """What the terminal says of its colours, in Rich's words; nothing where there is no terminal."""
    return "" if app.is_headless else app.console.color_system or ""


def cursor_of(app: App[Any]) -> Style:
    """The ground of the selected record: reversed where the terminal has too few colours for a ground of its own."""
    if app.no_color or terminal_of(app) in _FEW:
        return Style(reverse=True)
    return _ground(app.theme_variables.get("cursor", ""))


@lru_cache(maxsize=8)
def _styles(named: tuple[tuple[str, str, str], ...], ground: str, terminal: str) -> Mapping[str, Style]:
    return {
        tone: Style.parse(look) + Style(color=_colour(colour) if readable(colour, ground, terminal) else None)
        for tone, colour, look in named
    }


def readable(colour: str, ground: str, terminal: str) -> bool:
    """Whether a colour still has enough contrast once a terminal of few colours has brought both down; a tone that has
    not is shown in the colour of other text: a word or a sign beside it says the same."""
    if terminal not in _FEW or not (colour and ground):
        return True
    text, below = (RichColor.parse(Color.parse(name).hex).downgrade(_FEW[terminal]) for name in (colour, ground))
    return contrast(text, below) >= AA


def contrast(text: RichColor, ground: RichColor) -> float:
    """Contrast of two colours, from 1 to 21. [WCAG 2.2]"""
    dark, light = sorted(_luminance(colour.get_truecolor()) for colour in (text, ground))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Sequence[int]) -> float:
    red, green, blue = ((p / 255 / 12.92 if p <= 10 else ((p / 255 + 0.055) / 1.055) ** 2.4) for p in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=8)
def _ground(colour: str) -> Style:
    found = _colour(colour)
    return Style(bgcolor=found) if found else Style(reverse=True)


def _colour(text: str) -> RichColor | None:
    return Color.parse(text).rich_color if text else None
