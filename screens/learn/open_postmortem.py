"""Where the walk through a postmortem begins: from an incident that is over, or with the reason why there is none."""

from __future__ import annotations

from textual.screen import Screen

from opsterm.learn.postmortem import postmortem_of, wanted
from opsterm.records import Incident
from opsterm.records.incident import OVER
from screens.console import Desk
from screens.widgets.prompt import Foot


def open_walk(screen: Screen[None], desk: Desk, incident: str) -> None:
    """Opens the walk; says at the foot why not, where the incident runs still or wants none."""
    of = desk.board.get(Incident, incident)
    why = refusal(desk, of)
    if of is None or why:
        screen.query_one(Foot).flash(why, tone="warn")
        return
    from screens.learn.postmortem_walk import PostmortemWalk

    screen.app.push_screen(PostmortemWalk(desk, of.id))


def refusal(desk: Desk, of: Incident | None) -> str:
    """Why there is nothing to walk through, or nothing."""
    if of is None:
        return "That incident is not on this board any more."
    if postmortem_of(desk.board, of.id) is not None:
        return ""
    if of.status not in OVER:
        return f"{of.mark} runs still: its postmortem begins once it is resolved (s)"
    asked = wanted(of)
    return f"no postmortem of {of.mark}: {asked.why}" if asked.level == "none" else ""
