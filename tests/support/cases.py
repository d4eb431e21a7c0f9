"""Small inputs on which opsterm once failed, as files: what went in, and in words what has to come of it."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "cases" / "incident"


def case(name: str) -> str:
    """What a case's file holds."""
    return (FOLDER / name).read_text(encoding="utf-8")
