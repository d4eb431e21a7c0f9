"""Home: the incidents that run, each one's truth in a line, and the recent ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from opsterm.board.news import News
from opsterm.command.disk_space import disk_notice
from opsterm.core.session import Outcome, Session
from opsterm.incidents import incident as incidents
from opsterm.incidents.notice import Notice
from opsterm.incidents.reading import all_incidents
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Alert, Incident
from opsterm.records.incident import OVER, in_order
from opsterm.records.instant import Instant
from opsterm.records.person_name import written
from opsterm.records.plain import one_line
from opsterm.records.spell import hurt_seconds
from opsterm.updates.next_update import next_words
from screens.checklists.open_run import pick_run
from screens.console import ConsoleContext
from screens.keys.actions import HOME, LISTS, NOTICE, RECORD, bindings
from screens.pages.console_screen import ConsoleScreen, until_typed
from screens.pages.dispute_lines import all_disputes, under
from screens.pages.rows import row
from screens.widgets.bar import Bar
from screens.widgets.cells import BLANK, Cell, Line
from screens.widgets.durations import age, clock, countdown, span, zone_name
from screens.widgets.lines import Lines, Row
from screens.widgets.prompt import Question
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.obligations.obligation import DueItem

#: Incidents that are over are shown up to so many; `opsterm list --all` shows the others.
RECENT_MAX = 200
#: So much of what is due is shown; `opsterm due` shows all.
DUE_SHOWN = 5
#: With fewer incidents nothing can have happened three times.
KIND_MIN = 3
#: When that is looked for: keys that are pressed at once go first.
PROBLEMS_AFTER_S = 1.0


class IncidentLines(Lines):
    """The list of incidents."""

    def title(self) -> Line:
        return Line((Cell(f"{SIGNS.rule} Incidents ", "accent"),), fill=Cell(SIGNS.rule, "accent"))


class Home(ConsoleScreen):
    """Where one lands with no incident, or with several."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(HOME)
    place = HOME
    left_by = "{key} quits opsterm"

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__(context)
        self.head = Bar(id="head")
        self.lines = IncidentLines(id="incidents")
        self.wanted = ""
        self._rooms: dict[str, Snapshot] = {}
        #: The two that may be one, where there are such, and what is due, worked out after the first paint.
        self._offer: Notice | None = None
        self._due: Sequence[DueItem] = ()
        self._alerts: Sequence[Alert] = ()
        #: Incidents that are in each other's way: two that change one service.
        self._clashes: Sequence[Notice] = ()
        self._seen: object = None
        #: What there is to learn from, worked out then too.
        self._learned: Sequence[Row] = ()
        #: What this person is asked by name.
        self._asked: Sequence[Row] = ()
        #: Incidents that were taken off the board lately.
        self._removed: Sequence[Row] = ()

    @property
    def places(self) -> tuple[str, ...]:
        return (HOME,)

    @property
    def help_places(self) -> tuple[str, ...]:
        return (HOME, LISTS)

    def under_keys(self) -> Mapping[str, object]:
        if not self.lines.rows:
            return {}
        offer = {NOTICE: self._offer.key if self._offer else ""} if self._seen is not None else {}
        return {RECORD: self.lines.selected, **offer}

    def by_hand(self, what: str) -> bool:
        return what == RECORD and not self.lines.lost

    def pin(self) -> None:
        self.lines.pin()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.lines
        yield self.prompt

    # --- what it reacts to

    def on_mount(self) -> None:
        self.repaint()
        self.set_focus(self.lines)
        self.call_after_refresh(self._after_paint)

    def _after_paint(self) -> None:
        self._look_around()
        self.set_timer(PROBLEMS_AFTER_S, self._look_for_problems)
        if not self.context.board.recall("person") and self.context.board.count_changes() == 0:
            self._ask_first()

    def _look_around(self) -> None:
        """Looks for what is due, for alerts that wait, for incidents that may be one or are in each other's way."""
        from opsterm.calendar.due import due
        from opsterm.command.related_incidents import collisions, fold_offers
        from opsterm.incidents.alert_inbox import inbox
        from screens.home.asked_lines import asked
        from screens.home.learning_lines import learned, texts
        from screens.home.removed_lines import removed

        board = self.context.board
        offers = fold_offers(board) if len(self._rooms) > 1 else []
        offer, owed = (
            next(iter(offers), None),
            [item for item in due(board, board.now, done_days=0) if item.state in ("overdue", "notice")],
        )
        # What can no longer be mended by being late stands first: a notice that was missed.
        owed.sort(key=lambda line: not (line.late and line.obligation.hard_at))
        lessons = learned(self.context)
        alerts, rooms = inbox(board), [*self._rooms.values()]
        mine = asked(self.context, rooms)
        gone = removed(self.context)
        clashes = collisions(rooms) if len(rooms) > 1 else []
        seen = ([alert.id for alert in alerts], [alert.times for alert in alerts])
        now = (offer, owed, texts(lessons), texts(mine), seen, clashes, texts(gone))
        if now != self._seen:
            self._seen = now
            self._offer, self._due, self._learned = offer, owed, lessons
            self._alerts, self._clashes, self._asked, self._removed = alerts, clashes, mine, gone
            if mine:
                # What is asked stands first; enter still opens what it would have opened.
                self.lines.cursor_key = self.lines.selected
            self.repaint()

    def _look_for_problems(self) -> None:
        """Looks for what happened three times, once and beside the console."""
        from screens.home.learning_lines import look_for_problems
        from screens.pages.background_work import BackgroundWork

        board = self.context.board
        if board.next_number(Incident, "") > KIND_MIN:
            BackgroundWork(self, board, look_for_problems, lambda found: self._look_around()).ask()

    def on_screen_resume(self) -> None:
        self.repaint()
        self.call_after_refresh(self._look_around)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._ask_title(one_line(event.text))

    def on_lines_opened(self) -> None:
        self.action_open()

    def repaint(self, news: News | None = None) -> None:
        """Reads the incidents anew."""
        board, now = self.context.board, self.context.board.now
        known = all_incidents(board)
        running = [i for i in known if i.status not in OVER and not i.folded_into]
        recent = [i for i in reversed(known) if i.status in OVER or i.folded_into][:RECENT_MAX]
        running = in_order(running)
        self._rooms = {i.id: read_snapshot(board, i.id) for i in running}
        self.lines.show(under(self._rows(running, recent), all_disputes(self.context)), now)
        self._paint_edges(running)
        if news is not None:
            self.call_after_refresh(self._look_around)
            self.lines.mark_fresh({item.incident or item.record for item in news.touched})

    def tick(self, now: Instant) -> None:
        self.lines.tick(now)
        self._paint_edges([snapshot.incident for snapshot in self._rooms.values()])

    # --- painting

    def _rows(self, running: Sequence[Incident], recent: Sequence[Incident]) -> list[Row]:
        wanted = self.wanted.casefold()

        def shown(incident: Incident) -> bool:
            return not wanted or wanted in f"{incident.mark} {incident.title} {incident.commander}".casefold()

        running, recent = [i for i in running if shown(i)], [i for i in recent if shown(i)]
        if not running and not recent and (wanted or not (self._due or self._alerts or self._asked or self._removed)):
            return _teaching(bool(wanted))
        rows: list[Row] = [*self._asked, row("")] if self._asked else []
        for incident in running:
            rows += [
                Row(incident.id, partial(self._first, incident)),
                Row(incident.id, partial(self._second, incident)),
            ]
            rows.append(row(""))
        if not running:
            rows += [row("", Cell("Nothing runs.  n  declare an incident", "muted")), row("")]
        if self._alerts:
            rows.append(
                row("", Cell("Alerts", "strong"), Cell("  i", "accent"), Cell(" declare, or log and close", "muted"))
            )
            rows += [row("", *_alert_cells(item)) for item in self._alerts[:DUE_SHOWN]]
            more = len(self._alerts) - DUE_SHOWN
            rows += [row("", Cell(f"and {more} more: i shows all", "muted"))] if more > 0 else []
            rows.append(row(""))
        if self._due:
            rows.append(row("", Cell("Due", "strong")))
            rows += [row("", *_due_cells(item)) for item in self._due[:DUE_SHOWN]]
            more = len(self._due) - DUE_SHOWN
            rows += [row("", Cell(f"and {more} more: o shows all", "muted"))] if more > 0 else []
            rows.append(row(""))
        if self._learned:
            rows += [*self._learned, row("")]
        if self._removed:
            rows += [*self._removed, row("")]
        if recent:
            rows.append(row("", Cell("Recent", "strong")))
            rows += [Row(incident.id, partial(self._recent, incident)) for incident in recent]
        return rows

    def _first(self, incident: Incident, columns: int, now: Instant) -> Line:
        severity = incident.severity.upper() or "no severity"
        whole = self._rooms[incident.parent].incident if incident.parent in self._rooms else None
        return Line(
            (
                Cell(f"{incident.mark:<8}", "accent"),
                *((Cell("DRILL ", "warn"),) if incident.drill else ()),
                *((Cell(f"part of {whole.mark}  ", "muted"),) if whole else ()),
                Cell(incident.title, "strong"),
            ),
            (
                Cell(f"  {severity}", "strong" if incident.severity else "warn"),
                Cell(f"  {incident.status}"),
                Cell(f"  {span(int(hurt_seconds(self._rooms[incident.id].hurt, now))):>7}"),
            ),
        )

    def _second(self, incident: Incident, columns: int, now: Instant) -> Line:
        snapshot = self._rooms[incident.id]
        cells = [Cell("        ")]
        if snapshot.in_command:
            tone = "warn" if snapshot.in_command != incident.commander else ""
            cells += [Cell("commander ", "muted"), Cell(snapshot.in_command, tone)]
        else:
            since = age(incident.commander_since or incident.at, now)
            cells.append(Cell(f"{SIGNS.alarm} no commander for {since}", "alarm"))
        late, unheard = len(snapshot.late_actions(now)), len(snapshot.unheard_actions())
        if late:
            cells.append(Cell(f"   {SIGNS.alarm} {late} late", "alarm"))
        if unheard:
            cells.append(Cell(f"   {unheard} not acknowledged", "warn"))
        for audience, at in next_words(snapshot)[:1]:
            words = countdown(at, now)
            cells += [
                Cell(f"   next word to {audience} ", "muted"),
                Cell(words, "alarm" if words.startswith("late") else ""),
            ]
        return Line(tuple(cells))

    def _recent(self, incident: Incident, columns: int, now: Instant) -> Line:
        ended = age(incident.resolved_at or incident.status_since, now)
        return Line(
            (Cell(f"{incident.mark:<8}", "muted"), Cell(incident.title)),
            (Cell(f"  {incident.severity.upper()}", "muted"), Cell(f"  {incident.status} {ended} ago", "muted")),
        )

    def _paint_edges(self, running: Sequence[Incident]) -> None:
        now, zone = self.context.board.now, self.context.zone
        runs = f"{len(running)} running" if running else "nothing runs"
        disk = disk_notice(self.context.board)
        full = (Cell(f"  {SIGNS.alarm} {disk.text}", "warn"),) if disk is not None else ()
        self.head.show(
            [
                Line(
                    (Cell(" opsterm", "accent"), Cell(f"  {runs}", "muted"), *full),
                    (Cell(f"you: {self.context.person}   {clock(now, zone)} {zone_name(now, zone)} ", "muted"),),
                ),
                self._offered(),
            ]
        )
        self.prompt.hint = (
            Cell(f"{SIGNS.prompt} ", "accent"),
            Cell("n  what fails, for whom?  A title and enter declare an incident", "muted"),
        )
        self.prompt.rest()

    def _offered(self) -> Line:
        """What is offered, in a row that stays where nothing is."""
        if self._clashes:
            return Line(
                (Cell(f" {SIGNS.alarm} ", "alarm"), Cell(self._clashes[0].text, "strong")),
                (Cell("  I", "accent"), Cell(" incidents ", "muted")),
            )
        if self._offer is None:
            return BLANK
        keys = (Cell("  "), Cell("f", "accent"), Cell(" fold into one  ", "muted"))
        apart = (Cell(".", "accent"), Cell(" they are two ", "muted"))
        return Line((Cell(f" {SIGNS.right} ", "accent"), Cell(self._offer.text, "strong")), (*keys, *apart))

    # --- what it does

    def action_fold(self) -> None:
        from opsterm.command.related_incidents import fold_into

        self._about_offer(fold_into)

    def answered(self, outcome: Outcome) -> None:
        super().answered(outcome)
        self._look_around()

    def action_keep_apart(self) -> None:
        from opsterm.command.related_incidents import link

        self._about_offer(link)

    def _about_offer(self, command: Callable[[Session, Incident, Incident], Outcome]) -> None:
        board = self.context.board
        pair = [board.get(Incident, key) for key in self._offer.key.split(":")[1:]] if self._offer else []
        found = [item for item in pair if item is not None]
        if len(found) < 2:
            self.prompt.flash("no two incidents seem to be one")
            return
        of, other = found

        def answer(session: Session) -> Outcome:
            outcome = command(session, of, other)
            self._offer = None
            return outcome

        if self.do(answer) is not None:
            self._look_around()

    def action_open(self) -> None:
        from screens.home import asked_lines, learning_lines, removed_lines

        if any(lines.opens(self, self.lines.selected) for lines in (asked_lines, learning_lines, removed_lines)):
            return
        if self.lines.selected:
            self.context.console.open_incident(self.lines.selected)
        else:
            self.prompt.flash("no incident here: n declares one")

    def action_declare(self) -> None:
        self._ask_title()

    def _ask_title(self, pasted: str = "") -> None:
        me = self.context.person
        words = until_typed(
            "what fails, for whom? effect first;  drill: … for an exercise",
            lambda title: f"declares {'a drill' if _drill(title)[0] else 'it'}; {me} is in command",
        )
        self.prompt.ask(Question("title", words, self._declare, key="declare"), pasted=pasted)

    def _declare(self, title: str) -> bool:
        if title.strip():
            drill, named = _drill(title)
            told = incidents.declare(self.session, named, drill=drill)
            self.context.console.open_incident(told.record)
        return True

    def action_name(self) -> None:
        self._ask_name(self._call_me)

    def _ask_name(self, done: Callable[[str], bool], left: Callable[[], None] = lambda: None) -> None:
        def words(name: str) -> str:
            return f"others will see {one_line(name) or self.context.person}"

        self.prompt.ask(Question("your name", words, done, left=left), self.context.person)

    def _ask_first(self) -> None:
        """A first run asks who and where, both to be skipped, and never again."""
        self.context.board.remember("person", self.context.person)

        def then_folder() -> None:
            from screens.share import ask_folder

            if self.context.sharing.allowed and not self.context.sharing.named:
                ask_folder(self, once=True)

        def called(name: str) -> bool:
            self._call_me(name)
            then_folder()
            return True

        self._ask_name(called, then_folder)

    def _call_me(self, name: str) -> bool:
        self.context.person = written(name) or self.context.person
        self.context.board.remember("person", self.context.person)
        self.repaint()
        return True

    def action_checklists(self) -> None:
        pick_run(self, self.context)

    def action_together(self) -> None:
        if not self.lines.selected:
            self.prompt.flash("no incident here: n declares one")
            return
        from screens.incidents.related_incidents import RelatedIncidents

        self.app.push_screen(RelatedIncidents(self.context, self.lines.selected))

    def action_anomaly(self) -> None:
        from opsterm.incidents.triage import log_anomaly

        teaching = "what you saw; nobody is paged for it"
        words = until_typed(teaching, lambda text: "logs it and closes it: nobody is paged")
        self.ask("anomaly", words, log_anomaly, key="anomaly")

    def action_step_back(self) -> None:
        self.prompt.flash("q quits; nothing is lost")

    def action_leave(self) -> None:
        self.app.exit()


def _drill(title: str) -> tuple[bool, str]:
    """(whether it is an exercise, its title) of what was typed: `drill: region lost`."""
    word, colon, rest = title.partition(":")
    is_drill = bool(colon) and word.strip().lower() == "drill" and bool(rest.strip())
    return is_drill, rest.strip() if is_drill else title


def _due_cells(item: DueItem) -> tuple[Cell, ...]:
    """One thing that is due: by when, whose, what."""
    day = item.due_at[:10]
    state = Cell(f"{SIGNS.alarm} late since {day}  " if item.late else f"by {day}  ", "alarm" if item.late else "muted")
    return (state, Cell(f"{item.obligation.owner or 'nobody'}  ", "name"), Cell(item.obligation.what))


def _alert_cells(item: Alert) -> tuple[Cell, ...]:
    """One group of alerts: what it proposes, what it says, how often it came."""
    again = f"  {item.times} times" if item.times > 1 else ""
    return (Cell(f"{item.severity or '-':<6}", "warn"), Cell(item.title), Cell(again, "muted"))


def _teaching(searching: bool) -> list[Row]:
    if searching:
        return [row("", Cell("No incident with these words.  esc  show all", "muted"))]
    return [
        row(""),
        row("", Cell("No incident yet, and that is good.", "strong")),
        row(""),
        row("", Cell("n", "accent"), Cell("  declare one: say what fails, for whom, and press enter", "muted")),
        row("", Cell("q", "accent"), Cell("  quit; opsterm demo plays a real one back", "muted")),
    ]
