"""Where a walk begins: at a run that is there, or on the page on which one is picked."""

from __future__ import annotations

from functools import partial

from textual.screen import Screen

from opsterm.records import Step
from screens.console import ConsoleContext


def open_run(screen: Screen[None], context: ConsoleContext, run: str) -> None:
    """Opens the walk through a run."""
    from screens.checklists.walkthrough import Walkthrough

    screen.app.push_screen(Walkthrough(context, run))


def open_step(screen: Screen[None], context: ConsoleContext, step: str) -> None:
    """Opens the walk through the run of a step, at this step."""
    from screens.checklists.walkthrough import Walkthrough

    found = context.board.get(Step, step)
    if found is not None:
        screen.app.push_screen(Walkthrough(context, found.run, at=step))


def pick_run(
    screen: Screen[None], context: ConsoleContext, incident: str = "", *, rollback: bool = False, deployment: str = ""
) -> None:
    """Opens the page on which a list, or with `rollback` a way back, is picked; then its walk."""
    from screens.checklists.checklist_picker import ChecklistPicker

    walk = partial(open_run, screen, context)
    screen.app.push_screen(ChecklistPicker(context, walk, incident, rollback=rollback, deployment=deployment))
