"""Whoever sits in the room of an incident that is folded into another goes along to that one, with what was half
typed."""

from __future__ import annotations

from typing import Any, Protocol, cast

from textual.app import App

from opsterm.core.folds import fold_in_words, where_it_runs
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot
from screens.console import ConsoleContext
from screens.war_room.capture_line import CaptureLine
from screens.war_room.notice_line import NoticeLine
from screens.widgets.prompt import Prompt


class Room(Protocol):
    """As much of a war room as somebody takes along, or is received by."""

    snapshot: Snapshot
    context: ConsoleContext
    capture_line: CaptureLine
    notice_line: NoticeLine
    prompt: Prompt

    @property
    def app(self) -> App[Any]: ...

    @property
    def is_current(self) -> bool: ...


def go_along(room: Room, before: Snapshot) -> bool:
    """Takes whoever is in a room to the incident that it was folded into meanwhile, and says so; whether it did. Who
    opens the room of an incident that was folded before stays: its timeline is kept."""
    of, board = room.snapshot.incident, room.context.board
    if not of.folded_into or before.incident.folded_into or not room.is_current:
        return False
    into = where_it_runs(board, of)
    if into.id == of.id:
        return False
    words = fold_in_words(board, of, into)
    typed = room.capture_line.taken_along()
    room.context.console.open_incident(into.id)
    there = cast(Room, room.app.screen)
    there.capture_line.carried = typed
    there.notice_line.moved = Notice(f"moved:{of.id}", words, "warning")
    there.prompt.call_after_refresh(there.prompt.flash, words, tone="warn")
    return True
