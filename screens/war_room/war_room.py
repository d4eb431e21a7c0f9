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
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.layout import Layout
from textual.screen import Screen
from textual.widget import Widget

from opsterm.board.failure import BoardError
from opsterm.board.store import Touched
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.incidents import actions
from opsterm.incidents import incident as incidents
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records import Action, Hypothesis
from opsterm.records.incident import SEVERITIES, STATUSES, Status
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import (
    ACTIONS,
    CHECKLISTS,
    HYPOTHESES,
    PANES,
    PLAYBACK,
    ROOM,
    STATUS,
    TIMELINE,
    UPDATES,
    bindings,
    of,
)
from screens.war_room.capture_line import Capturing
from screens.war_room.header import choices_of, head_lines
from screens.war_room.layout import COLUMNS_MIN, Arrangement, columns_of, is_small, is_wide, places
from screens.war_room.notice_line import Concerning
from screens.war_room.panes.actions import ActionsPane
from screens.war_room.panes.checklists import ChecklistsPane
from screens.war_room.panes.hypotheses import HypothesesPane
from screens.war_room.panes.pane import Pane
from screens.war_room.panes.status import LINES_MAX, StatusPane
from screens.war_room.panes.timeline import LINES_MAX_USUAL, LINES_MAX_WIDE, TimelinePane
from screens.war_room.panes.updates import UpdatesPane
from screens.war_room.recurrence_watch import Repeating
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line, cut
from screens.widgets.lines import Lines
from screens.widgets.prompt import Choice, Prompt, Question, keys_of
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from screens.pages.page import Page

#: How long a mark stays on what another person just did.
FRESH_S = 8.0

_STATUS_KEYS = dict(zip("tidmrcx", STATUSES, strict=True))


#: Actions that the line to type in says itself.
_HINTED = ("log", "hypothesis", "order", "decision", "message")


class Panes(Widget):
    """The place of the panes, which stand as `arrangement` says."""

    def __init__(self, *panes: Pane) -> None:
        super().__init__(*panes, id="panes")
        self._default_layout: Layout = Arrangement()  # type: ignore[assignment]

    def regions(self, size: Size) -> dict[str, Region]:
        """Where each pane stands in that size."""
        snapshot = self.screen
        assert isinstance(snapshot, WarRoom)
        return snapshot.regions(size)


class WarRoom(Screen[None]):
    """One incident."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = bindings(ROOM, PLAYBACK)

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__()
        self.context = context
        self.incident = incident
        self.snapshot = read_snapshot(context.board, incident)
        self.current = ""
        self.zoomed = False
        self.head = Bar(id="head")
        self.prompt = Prompt()
        self.status_pane = StatusPane(context)
        self.hypotheses_pane = HypothesesPane(context)
        self.actions_pane = ActionsPane(context)
        self.updates_pane = UpdatesPane(context)
        self.checklists_pane = ChecklistsPane(context)
        self.timeline_pane = TimelinePane(context)
        self.panes: dict[str, Pane] = {
            STATUS: self.status_pane,
            HYPOTHESES: self.hypotheses_pane,
            ACTIONS: self.actions_pane,
            UPDATES: self.updates_pane,
            CHECKLISTS: self.checklists_pane,
            TIMELINE: self.timeline_pane,
        }
        self.capturing = Capturing(self)
        self.concerning = Concerning(self)
        self.repeating = Repeating(self)
        self._late: frozenset[str] = frozenset()
        self._arranged = Size(0, 0)

    def compose(self) -> ComposeResult:
        yield self.head
        yield Panes(*self.panes.values())
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        size = self.app.size
        self.current = STATUS if is_small(*size) else HYPOTHESES
        self._fit(size)
        self.paint_room()
        self.set_focus(self.panes[self.current])
        self.concerning.soon()

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._arranged:
            self._fit(event.size)
            self.paint_room()

    def on_screen_resume(self) -> None:
        if self.context.board.version != self.snapshot.version:
            self.repaint()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, Pane):
            self.current = event.widget.place
            self._arrange_panes()
        self.paint_edges()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.capturing.paste(event.text)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        event.stop()
        self.action_open()

    def repaint(self, touched: Sequence[Touched] = ()) -> None:
        """Reads the incident anew; marks what others touched."""
        before = self.timeline_pane.moments
        top = before.moment(0) if before else None
        try:
            self.snapshot = read_snapshot(self.context.board, self.incident, self.snapshot)
        except Rejected as refused:
            self.prompt.flash(str(refused), tone="warn")
            return
        self.paint_room()
        self.concerning.soon()
        if touched:
            self._mark_fresh(touched, top.key if top else "")

    def tick(self, now: Instant) -> None:
        """A second has passed."""
        late = frozenset(action.id for action in self.snapshot.late_actions(now))
        if late != self._late:
            self.paint_room()
            return
        for pane in self.panes.values():
            pane.tick(now)
        self.paint_edges()
        self.concerning.tick(now)

    # --- painting

    def paint_room(self) -> None:
        """Paints the room as it was read, once it stands on the screen: a share's news may come before."""
        if not self.query(Panes):
            return
        now = self.context.board.now
        self._late = frozenset(action.id for action in self.snapshot.late_actions(now))
        self.status_pane.lines_max = LINES_MAX
        for pane in self.panes.values():
            pane.now = now
            pane.enter(self.snapshot, now)
        self._let_status_breathe(now)
        self._arrange_panes()
        self.paint_edges()

    def _let_status_breathe(self, now: Instant) -> None:
        """Gives the status pane's long texts the rows that nobody else wants."""
        rows = self.app.size.height - len(self.head.lines) - len(self.prompt.bar.lines)
        if not self._alone(self.app.size):
            rows -= sum(len(self.panes[place].rows) + 1 for place in (ACTIONS, UPDATES, CHECKLISTS))
        spare = rows - len(self.status_pane.rows) - 1
        if spare > 0:
            self.status_pane.lines_max = LINES_MAX + spare
            self.status_pane.enter(self.snapshot, now)

    def _fit(self, size: Size) -> None:
        self._arranged = size
        self.status_pane.digest = is_small(*size)
        self.hypotheses_pane.all_evidence = is_wide(*size)
        self.timeline_pane.lines_max = LINES_MAX_WIDE if is_wide(*size) else LINES_MAX_USUAL
        self._give_columns(size)

    def _give_columns(self, size: Size) -> None:
        left, middle, right = columns_of(size.width)
        alone = self._alone(size)
        for place, pane in self.panes.items():
            of_place = left if place in (STATUS, ACTIONS, UPDATES, CHECKLISTS) else middle
            if place == TIMELINE and right:
                of_place = right
            pane.given_columns = size.width if alone else of_place

    def _alone(self, size: Size) -> bool:
        return self.zoomed or is_small(*size)

    def regions(self, size: Size) -> dict[str, Region]:
        """Where each pane stands."""
        alone = self.current or STATUS
        wanted = {place: len(pane.rows) + 1 for place, pane in self.panes.items()}
        return places(size, wanted, alone if self._alone(self.app.size) else "")

    def _arrange_panes(self) -> None:
        container = self.query_one(Panes)
        found = self.regions(container.size)
        if any(
            found.get(place, Region()) != pane.region.translate(-container.region.offset)
            for place, pane in self.panes.items()
        ):
            # A child's new layout empties what its ancestors remember of theirs; the container's own would not.
            self.status_pane.refresh(layout=True)

    def paint_edges(self) -> None:
        """Paints head and foot."""
        now = self.context.board.now
        lines = head_lines(self.snapshot, self.context, now, narrow=is_small(*self.app.size))
        line = self.concerning.line(self._acting_key())
        lines += [line] if line else []
        if self._alone(self.app.size):
            lines.append(self._tabs())
        self.head.show(lines)
        self.prompt.places = (self.current, ROOM)
        self.prompt.hinted = frozenset(a.keys[0] for a in of(ROOM) if a.name in self._hinted)
        self.prompt.hint = (Cell(f"{SIGNS.prompt} ", "accent"), *self._hint())
        self.prompt.hint_right = self._playback_words()
        if self.prompt.question is None:
            # What the line to type in says, a refusal too, stands until the next key.
            self.prompt.rest()

    def _hint(self) -> tuple[Cell, ...]:
        kept = self.capturing.kept
        if kept:
            return (
                Cell(cut(kept, 50)),
                Cell("   kept; ", "muted"),
                Cell("l", "accent"),
                Cell(" goes on with it", "muted"),
            )
        return keys_of(ROOM, only=self._hinted)

    @property
    def _hinted(self) -> tuple[str, ...]:
        return ("postmortem", "log") if self.snapshot.over else _HINTED

    def _tabs(self) -> Line:
        short = {
            STATUS: "Status",
            HYPOTHESES: "Hyp",
            ACTIONS: "Act",
            UPDATES: "Upd",
            CHECKLISTS: "Chk",
            TIMELINE: "Log",
        }
        cells: list[Cell] = [Cell(" ")]
        for place, pane in self.panes.items():
            here = place == self.current
            name = Cell(f"{pane.number} {short[place]}", "accent" if here else "muted")
            start, end = ("[", "]") if here else (" ", " ")
            cells += [Cell(start, "accent"), name, *pane.badge(self.snapshot), Cell(end, "accent"), Cell(" ")]
        return Line(tuple(cells))

    def _playback_words(self) -> tuple[Cell, ...]:
        playback = self.context.playback
        if playback is None:
            return ()
        if self.app.size.width < COLUMNS_MIN:
            return (Cell(f"{playback.words.split(', ')[-1]}  ", "muted"), *keys_of(PLAYBACK, only=("pause",)))
        return (Cell(f"{playback.words}  ", "muted"), *keys_of(PLAYBACK))

    def reread(self) -> None:
        """Reads and paints the incident after a note of the console's own."""
        with suppress(Rejected):
            self.snapshot = read_snapshot(self.context.board, self.incident, self.snapshot)
            self.paint_room()

    def _mark_fresh(self, touched: Sequence[Touched], top: str) -> None:
        keys = {item.record for item in touched}
        of_evidence = {e.id: h for h, found in self.snapshot.evidence.items() for e in found}
        of_step = {s.id: run for run, steps in self.snapshot.steps.items() for s in steps}
        keys |= {of_evidence[key] for key in keys if key in of_evidence} | {
            of_step[key] for key in keys if key in of_step
        }
        newer = self.timeline_pane.moments.newer_than(top) if self.timeline_pane.moments and top else []
        for pane in self.panes.values():
            pane.mark_fresh(pane.fresh | keys | {moment.key for moment in newer})
        self.set_timer(FRESH_S, self._age_fresh)

    def _age_fresh(self) -> None:
        for pane in self.panes.values():
            pane.mark_fresh(())

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.context.session(self.snapshot.version)

    def do(self, command: Callable[[Session], Outcome]) -> None:
        """Runs a command of the field, and says what came of it."""
        try:
            told = command(self.session)
        except (Rejected, BoardError) as refused:
            self.prompt.flash(str(refused), tone="warn")
            return
        self.done(told)

    def done(self, told: Outcome) -> None:
        """Shows what a command did."""
        self.repaint()
        self.prompt.told(told)

    @property
    def pane(self) -> Pane:
        """The pane that has, or last had, the focus."""
        return self.panes[self.current or STATUS]

    def _hypothesis(self) -> Hypothesis | None:
        key = self.hypotheses_pane.selected
        return next((h for h in self.snapshot.hypotheses if h.id == key), None)

    def _order(self) -> Action | None:
        key = self.actions_pane.selected
        return next((a for a in self.snapshot.actions if a.id == key), None)

    # --- panes

    def go(self, place: str) -> None:
        """Puts the focus on a pane."""
        self.current = place
        self._arrange_panes()
        self.set_focus(self.panes[place])

    def action_go_status(self) -> None:
        self.go(STATUS)

    def action_go_hypotheses(self) -> None:
        self.go(HYPOTHESES)

    def action_go_actions(self) -> None:
        self.go(ACTIONS)

    def action_go_updates(self) -> None:
        self.go(UPDATES)

    def action_go_checklists(self) -> None:
        self.go(CHECKLISTS)

    def action_go_timeline(self) -> None:
        self.go(TIMELINE)

    def action_next_pane(self) -> None:
        self.go(PANES[(PANES.index(self.current) + 1) % len(PANES)])

    def action_previous_pane(self) -> None:
        self.go(PANES[PANES.index(self.current) - 1])

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed
        self._give_columns(self.app.size)
        self.paint_room()

    def action_filter(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.next_filter()}")

    def action_by_person(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.next_person()}")

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
        if self.pane.wanted:
            self.pane.want("")
        elif self.zoomed:
            self.action_zoom()
        else:
            self.prompt.flash("q goes home; nothing is lost")

    # --- the capture line

    def action_log(self) -> None:
        self.capturing.open()

    def action_hypothesis(self) -> None:
        self.capturing.open("? ")

    def action_order(self) -> None:
        self.capturing.open("! ")

    def action_decision(self) -> None:
        self.capturing.open("= ")

    def action_hash(self) -> None:
        self.capturing.open("#")

    def action_person(self) -> None:
        self.capturing.open("@")

    def action_said(self) -> None:
        self.capturing.open(">")

    def action_evidence_for(self) -> None:
        self._about_hypothesis("+{} ")

    def action_evidence_against(self) -> None:
        self._about_hypothesis("-{} ")

    def action_rule_out(self) -> None:
        self._about_hypothesis("{} eliminated ")

    def _about_hypothesis(self, beginning: str) -> None:
        self._with_hypothesis(lambda item: self.capturing.open(beginning.format(item.mark)))

    def _with_hypothesis(self, act: Callable[[Hypothesis], None]) -> None:
        hypothesis = self._hypothesis()
        if hypothesis is None:
            self.prompt.flash("No hypothesis is selected: h says what could explain this", tone="warn")
        else:
            act(hypothesis)

    def action_cancel(self) -> None:
        self._about_order("{} cancelled ")

    def action_report(self) -> None:
        self._about_order("{} done ")

    def action_more_time(self) -> None:
        self._about_order("{} +10m")

    def _about_order(self, beginning: str) -> None:
        order = self._order()
        if order is None:
            self.prompt.flash("No order is selected: o orders a task", tone="warn")
        else:
            self.capturing.open(beginning.format(order.mark))

    # --- one key

    def action_status(self) -> None:
        self.prompt.choose(
            "Status",
            [Choice(key, status, partial(self._set_status, status)) for key, status in _STATUS_KEYS.items()],
        )

    def _set_status(self, status: Status) -> None:
        from screens.war_room.status_change import change_status

        change_status(self, status)

    def action_severity(self) -> None:
        called = {"sev1": "sev1 worst", "sev5": "sev5 least"}
        self.prompt.choose(
            "Severity",
            [Choice(level[-1], called.get(level, level), partial(self._set_severity, level)) for level in SEVERITIES]
            + [Choice("?", "triage", self.action_triage)],
        )

    def _set_severity(self, severity: str) -> None:
        from screens.war_room.status_change import change_severity

        change_severity(self, severity)

    def action_triage(self) -> None:
        from screens.war_room.triage import Triage

        self.app.push_screen(Triage(self.context, self.incident))

    def action_roles(self) -> None:
        from screens.war_room.people import People

        self.app.push_screen(People(self.context, self.incident))

    def action_transfer(self) -> None:
        from screens.war_room.transfer import Transfer

        self.app.push_screen(Transfer(self.context, self.incident))

    def action_ending(self) -> None:
        from screens.war_room.before_resolving import Ending

        self.app.push_screen(Ending(self.context, self.incident))

    def action_rules(self) -> None:
        from screens.rules import RulesPage

        self.app.push_screen(RulesPage(self.context))

    def action_decide(self) -> None:
        from screens.war_room.decisions import Deciding

        self.app.push_screen(Deciding(self.context, self.incident))

    def action_together(self) -> None:
        from screens.incidents.related_incidents import Together

        self.app.push_screen(Together(self.context, self.incident))

    def action_correct(self) -> None:
        from screens.war_room.timeline_edits import correct_line

        correct_line(self)

    def action_strike(self) -> None:
        from screens.war_room.timeline_edits import strike_line

        strike_line(self)

    def action_other_order(self) -> None:
        self.prompt.flash(f"showing {self.timeline_pane.other_order()}")

    def action_refine(self) -> None:
        from screens.war_room.hypothesis_edits import ask_child

        self._with_hypothesis(lambda item: ask_child(self, item))

    def action_predict(self) -> None:
        from screens.war_room.hypothesis_edits import ask_predictions

        self._with_hypothesis(lambda item: ask_predictions(self, item))

    def action_say_undo(self) -> None:
        order = self._order()
        if order is None:
            self.prompt.flash("No order is selected: o orders a task", tone="warn")
        else:
            self.ask_undo(order)

    def action_lasts_until(self) -> None:
        from screens.war_room.hypothesis_edits import ask_until

        order = self._order()
        if order is None:
            self.prompt.flash("No order is selected: o orders a task", tone="warn")
        else:
            ask_until(self, order)

    def ask_undo(self, order: Action) -> None:
        """Asks how what was ordered is undone."""
        from screens.war_room.hypothesis_edits import ask_undo

        ask_undo(self, order)

    def action_search_all(self) -> None:
        from screens.incidents.search import Search

        self.app.push_screen(Search(self.context))

    def action_mute(self) -> None:
        self.prompt.flash(self.app.ringing.toggle())  # type: ignore[attr-defined]

    def action_acknowledge(self) -> None:
        order = self._order()
        if order is None:
            self.prompt.flash("No order is selected: o orders a task", tone="warn")
        elif order.state != "ordered":
            self.prompt.flash(f"{order.mark} is {order.state} already", tone="warn")
        else:
            self.do(lambda session: actions.move(session, order, "acknowledged"))

    def action_accept(self) -> None:
        self.concerning.act()

    def action_not_now(self) -> None:
        self.concerning.dismiss()

    def open_about(self, act: str, record: str) -> None:
        """Opens where a thing that was asked for is done."""
        opens: dict[str, Callable[[], None]] = {
            "transfer": self.action_transfer,
            "roles": self.action_roles,
            "team": self.action_roles,
            "next_test": self.action_next_test,
            "drop_test": self.action_next_test,
            "end_test": self.action_next_test,
            "status": self.action_status,
            "since": self.action_since,
            "severity": self.action_severity,
            "seen_before": self.action_seen_before,
            "fold": self.action_together,
            "link": self.action_together,
            "decide": self.action_decide,
        }
        if act in opens:
            opens[act]()
            return
        page = self._page_of(record)
        if page is not None:
            self.app.push_screen(page)
        else:
            self.prompt.flash("nothing to open for it: . dismisses it")

    def _acting_key(self) -> str:
        """The key that answers the line under the header: in the orders, `a` acknowledges the selected one."""
        order = self._order() if self.current == ACTIONS else None
        return "space" if self.current == UPDATES or (order and order.state == "ordered") else "a"

    def action_keep_first(self) -> None:
        self._settle(0)

    def action_keep_second(self) -> None:
        self._settle(1)

    def _settle(self, which: int) -> None:
        alarms = self.snapshot.alarms()
        values = choices_of(alarms[0]) if alarms else []
        if which >= len(values):
            self.prompt.flash("no alarm to settle")
            return
        field, value = alarms[0].field, values[which][0]
        self.do(lambda session: incidents.settle(session, self.snapshot.incident, field, value))

    def action_next_test(self) -> None:
        from screens.war_room.hypothesis_tests import HypothesisTests

        self.app.push_screen(HypothesisTests(self.context, self.incident))

    def action_undo(self) -> None:
        undone = self.context.undo.undo(self.context.person)
        self.repaint()
        left = f"; {'; '.join(undone.left)}" if undone.left else ""
        self.prompt.flash(f"{undone.sentence}{left}", tone="warn" if undone.left else "")

    def action_copy(self) -> None:
        text = self.pane.text_of(self.pane.selected) or self.status_pane.text_of("")
        self.prompt.flash(self.context.copy(text), tone="good")

    # --- pages and other screens

    def action_open(self) -> None:
        from screens.war_room.detail import moment_page, status_page

        pane = self.pane
        if pane is self.status_pane:
            self.app.push_screen(status_page(self.context, self.snapshot))
            return
        if pane.selected.startswith("due:"):
            self.action_message()
            return
        moment = self.timeline_pane.selected_moment() if pane is self.timeline_pane else None
        page = self._page_of(moment.record if moment else pane.selected)
        if page is None and moment is not None:
            page = moment_page(self.context, moment)
        if page is None:
            self.prompt.flash("nothing is selected here")
        else:
            self.app.push_screen(page)

    def _page_of(self, record: str) -> Page | None:
        from screens.war_room.detail import detail_page

        return detail_page(self.context, self.snapshot, record)

    def action_waiting(self) -> None:
        from screens.war_room.waiting import waiting_page

        self.app.push_screen(waiting_page(self.context, self.snapshot))

    def action_since(self) -> None:
        from screens.war_room.waiting import news_page

        self.app.push_screen(news_page(self.context, self.snapshot))

    def action_message(self) -> None:
        from screens.composer.composer import Composer

        self.app.push_screen(Composer(self.context, self.incident))

    def action_documents(self) -> None:
        from screens.registers.documents.documents import Documents

        self.app.push_screen(Documents(self.context, incident=self.incident))

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

    def action_changed(self) -> None:
        from screens.deployments.what_changed import changed_page

        self.app.push_screen(changed_page(self.context, self.incident))

    def action_seen_before(self) -> None:
        from screens.learn.seen_before import SeenBefore

        self.app.push_screen(SeenBefore(self.context, self.incident, self.repeating.seen))

    def action_postmortem(self) -> None:
        from screens.learn.open_postmortem import open_walk

        open_walk(self, self.context, self.incident)

    def _walk(self, run: str) -> None:
        from screens.checklists.walkthrough import Walkthrough

        self.app.push_screen(Walkthrough(self.context, run))

    def _pick(self, *, rollback: bool = False) -> None:
        from screens.checklists.checklist_picker import Picking

        self.app.push_screen(Picking(self.context, self.incident, rollback=rollback))

    def action_help(self) -> None:
        from screens.pages.help import help_page, room_places

        places_here = room_places(self.current, playback=self.context.playback is not None)
        self.app.push_screen(help_page(self.context, *places_here))

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_leave(self) -> None:
        from screens.war_room.waiting import remember_looking

        remember_looking(self.context, self.snapshot)
        self.app.go_home()  # type: ignore[attr-defined]

    # --- playback

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("pause", "slower", "faster"):
            return self.context.playback is not None
        return True

    def action_pause(self) -> None:
        if self.context.playback is not None:
            self.context.playback.toggle()
            self.paint_edges()

    def action_slower(self) -> None:
        if self.context.playback is not None:
            self.context.playback.slower()
            self.paint_edges()

    def action_faster(self) -> None:
        if self.context.playback is not None:
            self.context.playback.faster()
            self.paint_edges()
