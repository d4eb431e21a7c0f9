"""The signs that stand beside words, each with an ASCII one for terminals that have no others."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple


class Signs(NamedTuple):
    """One set of signs. Every one of them always stands beside a word that says the same."""

    alarm: str
    cursor: str
    done: str
    out: str
    dot: str
    fresh: str
    cut: str
    prompt: str
    rule: str
    minus: str
    left: str
    right: str
    apart: str


UNICODE = Signs("▲", "▸", "✓", "✗", "·", "•", "…", "›", "─", "−", "←", "→", "≠")
ASCII = Signs("!", ">", "v", "x", "-", "*", "~", ">", "-", "-", "<-", "->", "!=")


def _chosen() -> Signs:
    if os.environ.get("OPSTERM_ASCII"):
        return ASCII
    encoding = (sys.__stdout__ and sys.__stdout__.encoding) or "utf-8"
    return UNICODE if encoding.lower().replace("-", "").startswith("utf") else ASCII


SIGNS = _chosen()
