"""Two themes of our own, dark and light. Every tone on every background it stands on has WCAG AA contrast (4.5:1)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

#: The colours that the style sheets name beyond Textual's own.
OWN = ("muted", "rule", "alarm", "warn", "good", "cursor", "bar")

DARK = Theme(
    name="opsterm-dark",
    primary="#7cb7ff",
    secondary="#7cb7ff",
    accent="#7cb7ff",
    warning="#f0b429",
    error="#ff7a7a",
    success="#7fd49b",
    foreground="#d8dee6",
    background="#11151a",
    surface="#11151a",
    panel="#1a2027",
    dark=True,
    variables={
        "muted": "#8d99a6",
        "rule": "#35404c",
        "alarm": "#ff7a7a",
        "warn": "#f0b429",
        "good": "#7fd49b",
        "cursor": "#22303f",
        "bar": "#1a2027",
        "input-selection-background": "#2f5d8f",
    },
)

LIGHT = Theme(
    name="opsterm-light",
    primary="#0b5cad",
    secondary="#0b5cad",
    accent="#0b5cad",
    warning="#845300",
    error="#b3202c",
    success="#1c6b3a",
    foreground="#1d2329",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#efece5",
    dark=False,
    variables={
        "muted": "#5c6670",
        "rule": "#c9c5bb",
        "alarm": "#b3202c",
        "warn": "#845300",
        "good": "#1c6b3a",
        "cursor": "#e0e9f3",
        "bar": "#efece5",
        "input-selection-background": "#b5d3f3",
    },
)

THEMES = (DARK, LIGHT)


def own_colours(variables: Mapping[str, str]) -> dict[str, str]:
    """Our colour names for a theme that does not know them, from the ones that every theme has."""
    given = {
        "muted": variables.get("foreground", "#808080"),
        "rule": variables.get("panel-lighten-2", variables.get("panel", "#808080")),
        "alarm": variables.get("text-error", variables.get("error", "red")),
        "warn": variables.get("text-warning", variables.get("warning", "yellow")),
        "good": variables.get("text-success", variables.get("success", "green")),
        "cursor": variables.get("panel", "#303030"),
        "bar": variables.get("panel", "#303030"),
    }
    return {name: variables.get(name, colour) for name, colour in given.items()}
