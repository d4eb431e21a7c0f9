"""Textual CSS, a file a screen."""

from __future__ import annotations

from pathlib import Path

#: All style sheets: they are small, and reading them at once is quicker than one by one.
SHEETS = ("app", "war_room", "lines_screen", "home", "composer", "walkthrough", "postmortem_walk")


def sheet(name: str) -> Path:
    """The style sheet of a screen, wherever the package is installed."""
    return Path(__file__).parent / f"{name}.tcss"
