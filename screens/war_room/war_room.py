"""The war room: one incident, commanded from the keyboard.

All that is known of it stands on one screen; a line to type in is always one key away. What is written for others is
composed on a screen of its own, and so is the walk through a checklist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType

from opsterm.board.failure import BoardError
from opsterm.board.news import News
from opsterm.board.timeline import Moment
from opsterm.core.conflicts import pair_of, settle
from opsterm.core.session import Outcome, Rejected
from opsterm.incidents import actions
from opsterm.incidents.actions import note_arrivals
from opsterm.incidents.notice import Notice
from opsterm.records import Action, Hypothesis, Observation
from opsterm.records.incident import SEVERITIES, STATUSES
from opsterm.records.instant import Instant
from screens.checklists.open_run import open_run, pick_run
from screens.console import ConsoleContext
from screens.deployments.what_changed import changed_page
from screens.keys.actions import (
    ACTIONS,
    COMPOSER,
    DECIDING,
    ENDING,
    HYPOTHESES,
    PEOPLE,
    PLAYBACK,
    ROOM,
    TESTS,
    TIMELINE,
    TOGETHER,
    TRANSFER,
    TRIAGE,
    UPDATES,
    bindings,
)
from screens.pages.choosing import about
from screens.pages.page import Page
from screens.war_room.capture_line import CaptureLine, Kept
from screens.war_room.going_along import go_along
from screens.war_room.notice_line import NoticeLine
from screens.war_room.painted_room import PaintedRoom
from screens.war_room.recurrence_watch import RecurrenceWatch
from screens.war_room.same_marks import tell_same_marks
from screens.war_room.timeline_edits import correct_line, strike_line
from screens.widgets.cells import Line
from screens.widgets.lines import Lines
from screens.widgets.prompt import Choice, Question

if TYPE_CHECKING:
    from opsterm.command.capture import Captured
    from opsterm.demo.playback import Playback

_STATUS_KEYS = dict(zip("tidmrcx", STATUSES, strict=True))
#: What a notice asks for → the place where it is done.
_DONE_AT = {
    "transfer": TRANSFER,
    "roles": PEOPLE,
    "team": PEOPLE,
    "next_test": TESTS,
    "drop_test": TESTS,
    "end_test": TESTS,
    "fold": TOGETHER,
    "link": TOGETHER,
    "decide": DECIDING,
    "message": COMPOSER,
}


class WarRoom(PaintedRoom):
    """What the keys of the war room do."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ROOM, PLAYBACK)

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        self.capture_line = CaptureLine(self, captured=self._captured, left=self.paint_edges)
        self.notice_line = NoticeLine(
            self,
            more=self._repeats,
            begins=self.capture_line.open,
            opens=self._open_about,
            changed=self.paint_edges,
        )
        self.recurrence = RecurrenceWatch(self, found=self.notice_line.soon)

    # --- what it reacts to

    def on_mount(self) -> None:
        self.call_next(self.capture_line.go_on)
        self.call_after_refresh(self._hear)
        self.call_after_refresh(tell_same_marks, self)
        self.notice_line.soon()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.capture_line.paste(event.text)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()
        self.action_open()

    def repaint(self, news: News | None = None) -> None:
        before = self.snapshot
        super().repaint(news)
        if go_along(self, before):
            return
        if self.snapshot is not before:
            self._hear()
            tell_same_marks(self)
            self.notice_line.soon()

    def tick(self, now: Instant) -> None:
        super().tick(now)
        tell_same_marks(self)
        self.notice_line.tick(now)

    def _hear(self) -> None:
        """An order's time to be acknowledged runs from when its owner's console has it."""
        with self.context.undo.aside(), suppress(BoardError, Rejected):
            if note_arrivals(self.session, self.snapshot):
                self.read(self.context.board.now)
                self.paint_room()

    def _repeats(self) -> list[Notice]:
        self.recurrence.look()
        return self.recurrence.notices()

    def concern(self) -> Line | None:
        return self.notice_line.line(self._acting_key())

    def _acting_key(self) -> str:
        """The key that answers the line under the header: among orders and updates, `a` is about the selected one."""
        return "space" if self.current in (ACTIONS, UPDATES) else "a"

    def half_typed(self) -> Sequence[Kept]:
        return self.capture_line.kept

    def reveal(self, moment: Moment) -> None:
        """Goes to a line of the timeline."""
        self.go(TIMELINE)
        if not self.timeline_pane.reveal(moment):
            self.prompt.flash("that line was said better since: its words now stand there")

    # --- panes

    def action_filter(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.next_filter()}")

    def action_by_person(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.next_person()}")

    def action_other_order(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.other_order()}")

    def action_search(self) -> None:
        pane = self.pane
        self.prompt.ask(
            Question(
                prompt=f"{pane.label} /",
                words=lambda text: f"only lines with {text!r}" if text else "all lines",
                done=lambda text: True,
                follow=pane.want,
                left=lambda: pane.want(""),
            ),
            pane.wanted,
        )

    def action_step_back(self) -> None:
        if self.pane.show_all():
            return
        if self.zoomed:
            self.action_zoom()
        else:
            self.prompt.flash("q goes home; nothing is lost")

    # --- what is typed

    def action_begin(self, beginning: str) -> None:
        """Opens the capture line; where its beginning has a place for a mark, about the selected record of the pane."""
        if "{}" not in beginning:
            self.capture_line.open(beginning)
            return
        chosen = self._chosen_hypothesis() if self.current == HYPOTHESES else self._chosen_order()
        if chosen is not None:
            self.capture_line.open(beginning, about=chosen)

    def _captured(self, captured: Captured, outcome: Outcome) -> None:
        """What is unmet is shown where a line resolved the incident in spite of it."""
        if captured.word == "resolved" and captured.verb == "status" and outcome.warning:
            self.call_after_refresh(self.action_open_page, ENDING)

    # --- the selected hypothesis

    def _chosen_hypothesis(self) -> Hypothesis | None:
        if self.hypotheses_pane.chosen is None:
            self.prompt.flash("No hypothesis is selected: h says what could explain this", tone="warn")
        return self.hypotheses_pane.chosen

    @about(_chosen_hypothesis)
    def action_refine(self, item: Hypothesis) -> None:
        from screens.war_room.hypothesis_edits import ask_child

        ask_child(self, item)

    @about(_chosen_hypothesis)
    def action_predict(self, item: Hypothesis) -> None:
        from screens.war_room.hypothesis_edits import ask_predictions

        ask_predictions(self, item)

    # --- the selected order

    def _chosen_order(self) -> Action | None:
        if self.actions_pane.chosen is None:
            self.prompt.flash("No order is selected: o orders a task", tone="warn")
        return self.actions_pane.chosen

    @about(_chosen_order)
    def action_say_undo(self, order: Action) -> None:
        from screens.war_room.hypothesis_edits import ask_undo

        ask_undo(self, order)

    @about(_chosen_order)
    def action_lasts_until(self, order: Action) -> None:
        from screens.war_room.hypothesis_edits import ask_until

        ask_until(self, order)

    @about(_chosen_order)
    def action_acknowledge(self, order: Action) -> None:
        if order.state != "ordered":
            self.prompt.flash(f"{order.mark} is {order.state} already", tone="warn")
        else:
            self.do(lambda session: actions.move(session, order, "acknowledged"))

    # --- the selected line of the timeline

    def action_correct(self) -> None:
        line = self.timeline_pane.selected_moment()
        if line is None:
            self.action_open()
        else:
            correct_line(self, line)

    def action_strike(self) -> None:
        line = self.timeline_pane.selected_moment()
        if line is None or line.record_kind != Observation.kind:
            self.prompt.flash("only what was observed can be struck out: select such a line", tone="warn")
        else:
            strike_line(self, line)

    # --- one key

    def action_status(self) -> None:
        from screens.war_room.status_change import change_status

        self.prompt.choose(
            "Status",
            [Choice(key, status, partial(change_status, self, status)) for key, status in _STATUS_KEYS.items()],
        )

    def action_severity(self) -> None:
        from screens.war_room.status_change import change_severity

        called = {"sev1": "sev1 worst", "sev5": "sev5 least"}
        self.prompt.choose(
            "Severity",
            [Choice(one[-1], called.get(one, one), partial(change_severity, self, one)) for one in SEVERITIES]
            + [Choice("?", "triage", partial(self.action_open_page, TRIAGE))],
        )

    def action_keep_first(self) -> None:
        self._settle(0)

    def action_keep_second(self) -> None:
        self._settle(1)

    def _settle(self, which: int) -> None:
        alarms = self.snapshot.alarms()
        sides = pair_of(alarms[0]) if alarms else []
        if which >= len(sides):
            self.prompt.flash("no alarm to settle: enter on what is disputed shows both values")
            return
        self.do(lambda session: settle(session, alarms[0], sides[which]))

    # --- the line under the header

    def action_accept(self) -> None:
        self.notice_line.act()

    def action_not_now(self) -> None:
        self.notice_line.dismiss()

    def _open_about(self, act: str, record: str) -> None:
        """Opens where a thing that was asked for is done."""
        doing = {
            "status": self.action_status,
            "severity": self.action_severity,
            "since": self.action_since,
            "seen_before": self.action_seen_before,
        }.get(act)
        if act in _DONE_AT:
            self.action_open_page(_DONE_AT[act])
        elif doing is not None:
            doing()
        else:
            self._push(self._page_of(record), "nothing to open for it: . dismisses it")

    # --- pages and other screens

    def action_open(self) -> None:
        from screens.war_room.detail import moment_page, status_page

        pane = self.pane
        if pane is self.status_pane:
            self.app.push_screen(status_page(self.context, self.snapshot))
            return
        if pane.selected.startswith("due:"):
            self.action_open_page(COMPOSER)
            return
        moment = self.timeline_pane.selected_moment() if pane is self.timeline_pane else None
        page = self._page_of(moment.record if moment else pane.selected)
        if page is None and moment is not None:
            page = moment_page(self.context, moment)
        self._push(page, "nothing is selected here")

    def _page_of(self, record: str) -> Page | None:
        from screens.war_room.detail import detail_page

        return detail_page(self.context, self.snapshot, record)

    def _push(self, page: Page | None, otherwise: str) -> None:
        """Opens a page; says why not, where there is none."""
        if page is None:
            self.prompt.flash(otherwise)
        else:
            self.app.push_screen(page)

    def action_waiting(self) -> None:
        from screens.war_room.waiting import waiting_page

        self.app.push_screen(waiting_page(self.context, self.snapshot))

    def action_since(self) -> None:
        from screens.war_room.waiting import news_page

        self.app.push_screen(news_page(self.context, self.snapshot))

    def action_vendor(self) -> None:
        from screens.war_room.vendor_involvement import ask_vendor

        ask_vendor(self)

    def action_checklist(self) -> None:
        running = [run for run in self.snapshot.runs if run.state != "closed"]
        if len(running) == 1:
            self._walk(running[0].id)
        else:
            self._pick()

    def action_walk(self) -> None:
        if self.checklists_pane.selected:
            self._walk(self.checklists_pane.selected)
        else:
            self._pick()

    def action_roll_back(self) -> None:
        self._pick(rollback=True)

    def _walk(self, run: str) -> None:
        open_run(self, self.context, run)

    def _pick(self, *, rollback: bool = False) -> None:
        pick_run(self, self.context, self.incident, rollback=rollback)

    def action_changed(self) -> None:

        self.app.push_screen(changed_page(self.context, self.incident))

    def action_seen_before(self) -> None:
        from screens.learn.seen_before import SeenBefore

        self.app.push_screen(SeenBefore(self.context, self.incident, self.recurrence.seen))

    def action_postmortem(self) -> None:
        from screens.learn.open_postmortem import open_walk

        open_walk(self, self.context, self.incident)

    @property
    def text(self) -> str:
        return self.pane.text_of(self.pane.selected) or self.status_pane.text_of("")

    def action_leave(self) -> None:
        from screens.war_room.waiting import remember_looking

        remember_looking(self.context, self.snapshot)
        self.context.console.go_home()

    # --- playback

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.context.playback is not None or action not in ("pause", "slower", "faster")

    def action_pause(self) -> None:
        self._play(lambda playback: playback.toggle())

    def action_slower(self) -> None:
        self._play(lambda playback: playback.slower())

    def action_faster(self) -> None:
        self._play(lambda playback: playback.faster())

    def _play(self, do: Callable[[Playback], None]) -> None:
        if self.context.playback is not None:
            do(self.context.playback)
            self.paint_edges()
