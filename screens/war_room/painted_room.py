"""The picture of the war room: the panes of one incident, its head and its foot, for any size of terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.layout import Layout
from textual.widget import Widget

from opsterm.board.news import News
from opsterm.board.store import Touched
from opsterm.core.session import Outcome, Rejected
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import (
    ACTIONS,
    ALARM,
    CAPTURE,
    CHECKLISTS,
    HYPOTHESES,
    LISTS,
    NOTICE,
    PANES,
    PLAYBACK,
    RECORD,
    ROOM,
    STATUS,
    TIMELINE,
    UPDATES,
    of,
)
from screens.pages.incident_screen import IncidentScreen
from screens.war_room.capture_line import Kept
from screens.war_room.header import head_lines
from screens.war_room.layout import COLUMNS_MIN, Arrangement, columns_of, is_small, is_wide
from screens.war_room.layout import places as regions_of
from screens.war_room.notice_line import NoticeLine
from screens.war_room.panes.actions import ActionsPane
from screens.war_room.panes.checklists import ChecklistsPane
from screens.war_room.panes.hypotheses import HypothesesPane
from screens.war_room.panes.pane import Pane
from screens.war_room.panes.status import LINES_MAX, StatusPane
from screens.war_room.panes.timeline import LINES_MAX_USUAL, LINES_MAX_WIDE, TimelinePane
from screens.war_room.panes.updates import UpdatesPane
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line, cut
from screens.widgets.prompt import keys_of
from screens.widgets.symbols import SIGNS

#: How long a mark stays on what another person just did.
FRESH_S = 8.0
#: Actions that the line to type in says itself.
_HINTED = ("log", "hypothesis", "order", "decision", "message")
#: What the tabs call the panes.
_SHORT = {
    STATUS: "Status",
    HYPOTHESES: "Hyp",
    ACTIONS: "Act",
    UPDATES: "Upd",
    CHECKLISTS: "Chk",
    TIMELINE: "Log",
}


class Panes(Widget):
    """The place of the panes, which stand as the arrangement says."""

    def __init__(self, arrangement: Arrangement, *panes: Pane) -> None:
        super().__init__(*panes, id="panes")
        self._arrangement = arrangement

    @property
    def layout(self) -> Layout:
        return self._arrangement


class PaintedRoom(IncidentScreen):
    """One incident, as it is seen. Subclasses say what concerns this person, what is half typed, and what keys do."""

    place = ROOM
    #: What concerns this person now.
    notice_line: NoticeLine
    #: The pane that has, or last had, the focus.
    current = ""
    zoomed = False

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        self.head = Bar(id="head")
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
        self._late: frozenset[str] = frozenset()
        self._arranged = Size(0, 0)

    def compose(self) -> ComposeResult:
        yield self.head
        yield Panes(Arrangement(self.regions), *self.panes.values())
        yield self.prompt

    # --- what subclasses say

    def concern(self) -> Line | None:
        """The line under the header: what concerns this person now."""
        return None

    def half_typed(self) -> Sequence[Kept]:
        """What was typed and not entered, and waits for its line to be opened again, the latest last."""
        return ()

    # --- where one is

    @property
    def places(self) -> tuple[str, ...]:
        return (self.current, ROOM)

    @property
    def help_places(self) -> tuple[str, ...]:
        return (self.current, ROOM, LISTS, *self._playback_places, CAPTURE)

    @property
    def palette_places(self) -> tuple[str, ...]:
        return (self.current, ROOM, *self._playback_places)

    @property
    def _playback_places(self) -> tuple[str, ...]:
        return (PLAYBACK,) if self.context.playback is not None else ()

    @property
    def where(self) -> str:
        return self.current

    @property
    def pane(self) -> Pane:
        """The pane that has, or last had, the focus."""
        return self.panes[self.current or STATUS]

    def under_keys(self) -> Mapping[str, object]:
        if not self.current:
            return {}
        under = self.pane.under_keys
        alarms = [(of.field, [head["digest"] for head in of.heads]) for of in self.snapshot.alarms()[:1]]
        return {RECORD: (self.current, under) if under else "", ALARM: alarms, **self.notice_line.under_keys()}

    def by_hand(self, what: str) -> bool:
        return {RECORD: not self.pane.lost, NOTICE: self.notice_line.by_hand}.get(what, False)

    def pin(self) -> None:
        self.pane.pin()

    def done(self, outcome: Outcome) -> None:
        """Shows what a command did; the cursor stays on its record, but on the latest line of the timeline."""
        self.notice_line.own_doing = True
        if self.current == TIMELINE:
            self.repaint()
            self.prompt.told(outcome)
        else:
            super().done(outcome)

    def go(self, place: str) -> None:
        """Puts the focus on a pane."""
        self.current = place
        self._arrange_panes()
        self.set_focus(self.panes[place])

    def action_go(self, place: str) -> None:
        self.go(place)

    def action_next_pane(self) -> None:
        self.go(PANES[(PANES.index(self.current) + 1) % len(PANES)])

    def action_previous_pane(self) -> None:
        self.go(PANES[PANES.index(self.current) - 1])

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed
        self._give_columns(self.app.size)
        self.paint_room()

    # --- what it reacts to

    def on_mount(self) -> None:
        size = self.app.size
        self.current = STATUS if is_small(*size) else HYPOTHESES
        self._fit(size)
        self.paint_room()
        self.set_focus(self.panes[self.current])

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._arranged:
            self._fit(event.size)
            self.paint_room()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, Pane):
            self.current = event.widget.place
            self._arrange_panes()
        self.paint_edges()

    def repaint(self, news: News | None = None) -> None:
        self.notice_line.own_doing = self.notice_line.own_doing and news is None
        before = self.timeline_pane.moments
        top = before.moment(0) if before else None
        try:
            self.read(self.context.board.now, news)
        except Rejected as refused:
            self.refuse(refused)
            return
        self.paint_room()
        if news is not None:
            self._mark_fresh(news.touched, top.key if top else "")

    def tick(self, now: Instant) -> None:
        late = frozenset(action.id for action in self.snapshot.late_actions(now))
        if late != self._late:
            self.paint_room()
            return
        for pane in self.panes.values():
            pane.tick(now)
        self.paint_edges()

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
        spare = rows - self.status_pane.rows_wanted - self.status_pane.rows_kept_free - 1
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
        wanted = {place: pane.rows_wanted + 1 for place, pane in self.panes.items()}
        free = size.height - sum(wanted[place] for place in (STATUS, ACTIONS, UPDATES, CHECKLISTS))
        wanted[STATUS] += min(max(free, 0), self.status_pane.rows_kept_free)
        return regions_of(size, wanted, alone if self._alone(self.app.size) else "")

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
        lines = head_lines(self.snapshot, self.context, now, self.concern(), narrow=is_small(*self.app.size))
        if self._alone(self.app.size):
            lines.append(self._tabs())
        self.head.show(lines)
        self.prompt.places = self.places
        self.prompt.hinted = frozenset(a.keys[0] for a in of(ROOM) if a.name in self._hinted)
        self.prompt.hint = (Cell(f"{SIGNS.prompt} ", "accent"), *self._hint())
        self.prompt.hint_right = self._playback_words()
        if self.prompt.question is None:
            # What the line to type in says, a refusal too, stands until the next key.
            self.prompt.rest()

    def _hint(self) -> tuple[Cell, ...]:
        kept = self.half_typed()
        if kept:
            more = f", and {len(kept) - 1} more" if len(kept) > 1 else ""
            return (
                Cell(cut(kept[-1].text, 50)),
                Cell(f"   kept{more}; ", "muted"),
                Cell(kept[-1].goes_on, "accent"),
                Cell(" goes on with it", "muted"),
            )
        return keys_of(ROOM, only=self._hinted)

    @property
    def _hinted(self) -> tuple[str, ...]:
        return ("postmortem", "log") if self.snapshot.over else _HINTED

    def _tabs(self) -> Line:
        cells: list[Cell] = [Cell(" ")]
        for place, pane in self.panes.items():
            here = place == self.current
            name = Cell(f"{pane.number} {_SHORT[place]}", "accent" if here else "muted")
            start, end = ("[", "]") if here else (" ", " ")
            apart = (Cell(f" {SIGNS.apart}", "warn"),) if pane.disputed else ()
            cells += [Cell(start, "accent"), name, *pane.badge(self.snapshot), *apart, Cell(end, "accent"), Cell(" ")]
        return Line(tuple(cells))

    def _playback_words(self) -> tuple[Cell, ...]:
        playback = self.context.playback
        if playback is None:
            return ()
        if self.app.size.width < COLUMNS_MIN:
            return (Cell(f"{playback.words.split(', ')[-1]}  ", "muted"), *keys_of(PLAYBACK, only=("pause",)))
        return (Cell(f"{playback.words}  ", "muted"), *keys_of(PLAYBACK))

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
