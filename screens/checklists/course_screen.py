"""What a walk shows: the stop that one is at as a card, the rest of its pause point, and what others do there."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult

from opsterm.board.news import News, touched_since
from opsterm.core.session import Outcome
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import interrupted
from opsterm.operations.checklists.walkthrough import Course, Stop
from opsterm.operations.deployments.deployment import deployment_or_change
from opsterm.records import Deployment, Incident, Run, Step
from opsterm.records.instant import Instant
from screens.checklists.step_cards import View, answered_words, head_lines, hint_cells
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, WALK
from screens.pages.console_screen import ConsoleScreen
from screens.widgets.bar import Bar
from screens.widgets.cells import BLANK, Cell, Line
from screens.widgets.lines import Lines


class CourseScreen(ConsoleScreen):
    """One run, painted around the stop that one is at. Subclasses answer the keys."""

    place = WALK

    def __init__(self, context: ConsoleContext, run: str, at: str = "") -> None:
        super().__init__(context)
        self.course = Course(context.board, run)
        self._read_version = context.board.version
        #: Key of the stop that is shown large.
        self.at = ""
        self._begins_at = at
        self.about = _about(context, self.course.run)
        self.head = Bar(id="head")
        self.lines = StopLines(self)

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.lines
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        self.set_focus(self.lines)
        self._resume()
        first = self.course.following()
        self.at = self._begins_at or (first.key if first else "")
        self.paint()

    def _resume(self) -> None:
        """Whoever goes on with a walk that broke off is asked its last items again."""
        run = self.run
        if run is not None and run.state != "closed" and interrupted(run, self.course.steps, self.context.board.now):
            self.do(lambda session: checklist.resume(session, run))

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.read_anew()

    def repaint(self, news: News | None = None) -> None:
        """Reads what others touched: somebody may walk along, or be the one who answers. Whatever they did, the walk
        stays at its stop, which the next key is about."""
        if news is None:
            self.read_anew()
            return
        before = self.course.stop(self.at)
        self.catch_up(news)
        if before is not None and before.step is not None and self.course.stop(self.at) is None:
            # It was asked again here, and another answered it: it stands where it was asked first.
            self.at = before.step.id
        self.paint()
        self._say_heard(before, self.course.stop(self.at))
        self.lines.mark_fresh(item.record for item in news.touched)

    def _say_heard(self, before: Stop | None, now: Stop | None) -> None:
        """Says what another asked or answered at the stop that was shown."""
        if before is None or now is None or before.step is None or now.step is None:
            return
        was, step = before.step, now.step
        if step.state != was.state and step.state != "open":
            note = f"; {step.note}" if step.note else ""
            tone = "good" if step.state == "done" else "warn"
            self.prompt.flash(f"{answered_words(step)}{note}", tone=tone)
        elif step.asked_by and step.asked_by != was.asked_by and step.state == "open":
            words = f"{step.asked_by} asks step {step.label}: answer with space"
            self.prompt.flash(words, tone="warn", holds=lambda: self._is_asked(step))

    def _is_asked(self, asked: Step) -> bool:
        """Whether a step that was asked aloud is shown, and waits for its answer."""
        now = self.step
        return now is not None and (now.id, now.asked_by, now.state) == (asked.id, asked.asked_by, "open")

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)
        self.paint_head()

    # --- where one is

    @property
    def version(self) -> int:
        return self._read_version

    @property
    def run(self) -> Run | None:
        return self.course.run

    @property
    def stop(self) -> Stop | None:
        """The stop that is shown large."""
        return self.course.stop(self.at)

    @property
    def step(self) -> Step | None:
        """The step that is shown large; none at a pause point."""
        stop = self.stop
        return stop.step if stop else None

    def go_on(self) -> None:
        """Goes to the stop that comes next."""
        following = self.course.following(self.at)
        if following is not None:
            self.at = following.key
        self.paint()

    def move(self, by: int) -> None:
        """Goes up or down by so many stops, without answering."""
        place = min(max(self.course.place(self.at) + by, 0), len(self.course.stops) - 1)
        if place >= 0:
            self.at = self.course.stops[place].key
            self.paint()

    def under_keys(self) -> Mapping[str, object]:
        stop, step = self.stop, self.step
        if stop is None:
            return {}
        return {ASKED: (self.at, step.state, step.asked_by) if step else (self.at, self.course.waits(stop))}

    # --- reading and painting

    def catch_up(self, news: News | None = None) -> None:
        """Reads what of the run was touched since it was read last."""
        board = self.context.board
        self.course.refresh(item.record for item in touched_since(board, self.version, news))
        self._read_version = board.version

    def read_anew(self) -> None:
        """Reads and paints all of the run."""
        self.course.read()
        self._read_version = self.context.board.version
        self.paint()

    def paint(self) -> None:
        """Paints the window around the stop that one is at."""
        if self.run is None:
            self.head.show([Line((Cell(" This run is not on the board any more: esc goes back", "warn"),)), BLANK])
            return
        if self.stop is None and self.course.stops:
            self.at = self.course.stops[0].key
        size = self.lines.size if self.lines.size.width else self.app.size
        view = View(self.course, self.context.person, self.context.zone, max(size.width - 3, 20), max(size.height, 10))
        step, now = self.step, self.context.board.now
        proofs = checklist.proofs_of(self.session, step) if step is not None else []
        self.lines.cursor_key = self.at
        self.lines.show(view.rows(self.at, proofs, now), now)
        self.lines.scroll_to(y=0, animate=False, immediate=True)
        self.paint_head()
        self.prompt.hint = hint_cells(self.course, self.stop)
        self.prompt.rest()

    def paint_head(self) -> None:
        """Which run, how far, and at which pause point."""
        if self.run is not None:
            lines = head_lines(self.course, self.run, self.stop, self.about, self.context.board.now)
            self.head.show(lines)

    # --- doing

    def done(self, outcome: Outcome) -> None:
        """Shows what a command did."""
        self.catch_up()
        self.paint()
        self.prompt.told(outcome)


class StopLines(Lines):
    """The window of stops: moving in it moves the walk."""

    def __init__(self, walk: CourseScreen) -> None:
        super().__init__(id="steps")
        self._walk = walk

    @property
    def title_height(self) -> int:
        return 0

    def action_down(self, by: int = 1) -> None:
        self._walk.move(by)

    def action_up(self, by: int = 1) -> None:
        self._walk.move(-by)

    def action_page_down(self) -> None:
        self._walk.move(9)

    def action_page_up(self) -> None:
        self._walk.move(-9)

    def action_first(self) -> None:
        self._walk.move(-len(self._walk.course.stops))

    def action_last(self) -> None:
        self._walk.move(len(self._walk.course.stops))

    def on_click(self, event: events.Click) -> None:
        """The card is where one is; other lines are reached by keys."""


def _about(context: ConsoleContext, run: Run | None) -> str:
    """What a run is walked for: its deployment or planned change, else its incident."""
    if run is None:
        return ""
    item = deployment_or_change(context.board, run.deployment)
    if item is not None:
        version = f" {item.version}" if isinstance(item, Deployment) and item.version else ""
        return f"{item.mark} {item.title}{version}"
    incident = context.board.get(Incident, run.incident) if run.incident else None
    return incident.mark if incident else ""
