"""The tutorial's two lines, above whatever screen is open: what to do next, and whether it was done."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.screen import Screen

from opsterm.demo.tutorial import STEPS, Tutorial
from screens.console import ConsoleContext
from screens.pages.console_screen import ConsoleScreen
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line
from screens.widgets.symbols import SIGNS

#: How often it looks whether the step was done.
LOOK_S = 0.2


class Guide:
    """Leads through the steps; the person does them."""

    def __init__(self, app: App[Any], context: ConsoleContext) -> None:
        self._app = app
        self._course = Tutorial(context.board, context.person)
        self._praise = ""
        app.set_interval(LOOK_S, self.look)

    def look(self) -> None:
        """Notices what was done, and says what comes next on the screen that is open."""
        screen = self._app.screen
        name = self._course.step.name
        if self._course.look(screen.where if isinstance(screen, ConsoleScreen) else ""):
            self._praise = f"{SIGNS.done} {name}   "
        self._show(screen)

    def move(self, by: int) -> None:
        """Leaves a step out, or goes back to one."""
        self._praise = ""
        self._course.move(by)
        self._show(self._app.screen)

    def _show(self, screen: Screen[Any]) -> None:
        if not isinstance(screen, ConsoleScreen):
            return
        found = list(screen.query("#guide").results(Bar))
        if found:
            found[0].show(self._lines())
        else:
            screen.mount(Bar(id="guide", lines=self._lines()), before=0)

    def _lines(self) -> list[Line]:
        course = self._course
        keys = (Cell("F2", "accent"), Cell(" next  ", "muted"), Cell("F3", "accent"), Cell(" back ", "muted"))
        if course.over:
            told = "That was the tutorial. What you did stands on the timeline (6).  q, q leaves"
            return [
                Line((Cell(f" Tutorial {SIGNS.dot} done ", "accent"), Cell(self._praise, "good")), keys),
                Line((Cell(f" {told}", "strong"),)),
            ]
        step = course.step
        count = f" Tutorial {course.place + 1} of {len(STEPS)}  "
        return [
            Line((Cell(count, "accent"), Cell(self._praise, "good"), Cell(step.why, "muted")), keys),
            Line((Cell(f" {SIGNS.right} ", "accent"), Cell(step.do, "strong"))),
        ]
