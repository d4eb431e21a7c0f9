"""Marks that changed under people are said in the foot, once."""

from __future__ import annotations

from contextlib import suppress

from opsterm.board.failure import BoardError
from opsterm.incidents.same_mark import told_once
from screens.pages.incident_screen import IncidentScreen


def tell_same_marks(screen: IncidentScreen) -> None:
    """Says which marks came to be several, once the foot is free: who types one meanwhile is told there."""
    prompt = screen.prompt
    if not (screen.is_current and prompt.free) or screen.snapshot.over:
        return
    with suppress(BoardError):
        told = told_once(screen.context.board, screen.snapshot.incident, screen.snapshot.said_aloud())
        if told:
            prompt.flash("; ".join(told), tone="warn")
