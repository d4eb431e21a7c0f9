"""Where the walk through a postmortem begins: from an incident that is over, or with the reason why there is none."""

from __future__ import annotations

from textual.screen import Screen

from opsterm.learn.postmortem import postmortem_of, wanted
from opsterm.records import Incident
from opsterm.records.incident import OVER
from screens.console import ConsoleContext
from screens.widgets.prompt import Prompt


def open_walk(screen: Screen[None], context: ConsoleContext, incident: str) -> None:
    """Opens the walk; says at the foot why not, where the incident runs still or wants none."""
    of = context.board.get(Incident, incident)
    why = refusal(context, of)
    if of is None or why:
        screen.query_one(Prompt).flash(why, tone="warn")
        return
    from screens.learn.postmortem_walk import PostmortemWalk

    screen.app.push_screen(PostmortemWalk(context, of.id))


def refusal(context: ConsoleContext, of: Incident | None) -> str:
    """Why there is nothing to walk through, or nothing."""
    if of is None:
        return "That incident is not on this board any more."
    if postmortem_of(context.board, of.id) is not None:
        return ""
    if of.status not in OVER:
        return f"{of.mark} runs still: its postmortem begins once it is resolved (s)"
    asked = wanted(of)
    return f"no postmortem of {of.mark}: {asked.why}" if asked.level == "none" else ""
