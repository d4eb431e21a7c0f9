"""Several incidents: what links this one with others, and linking, folding, splitting it, or giving a part of it its
own commander."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from opsterm.command import related_incidents
from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.incidents.reading import all_incidents, read_incident
from opsterm.incidents.roles import role_clashes
from opsterm.incidents.snapshot import read_snapshot
from opsterm.records import Hypothesis, Incident
from opsterm.records.incident import LINKS, OVER
from opsterm.records.instant import Instant
from screens.keys.actions import TOGETHER, bindings
from screens.pages.choosing import about
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, heading, row
from screens.widgets.cells import Cell, fit
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

#: Incidents that are over are offered up to so many.
RECENT_MAX = 30
_MARKS = re.compile(r"^((?:h\d{1,6}[a-z]{0,3}[,\s]+)+)(?=\S)", re.I)
_OWNER = re.compile(r"\s@(\S+)\s*$")
_HOW_KEYS = dict(zip("rcso", LINKS, strict=True))


class RelatedIncidents(IncidentPage):
    """One incident among the others."""

    BINDINGS = bindings(TOGETHER)
    place = TOGETHER

    # --- what it shows

    def heading(self, now: Instant) -> str:
        return f"{self.snapshot.incident.mark} and other incidents"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        board, of = self.context.board, self.snapshot.incident
        running = [item for item in related_incidents.running(board) if item.id != of.id]
        rooms = [self.snapshot, *(read_snapshot(board, item.id) for item in running)]
        notices = [*related_incidents.collisions(rooms), *role_clashes(rooms)]
        rows: list[Row] = [fixed(()), *folded("", Cell(f"{of.mark} ", "accent"), of.title, columns, tone="strong")]
        for notice in notices:
            tone = "alarm" if notice.level == "alarm" else "warn"
            rows += folded("", Cell(f"{SIGNS.alarm} ", tone), notice.text, columns)
        linked = related_incidents.links_of(board, of)
        rows += heading("Linked") if linked else []
        rows += [self._line(item, now, how) for how, item in linked]
        known = {item.id for _, item in linked} | {of.id}
        beside = [item for item in running if item.id not in known]
        rows += heading("Running beside it") if beside else []
        rows += [self._line(item, now) for item in beside]
        over = [i for i in reversed(all_incidents(board)) if i.status in OVER and i.id not in known and not i.anomaly]
        rows += heading("Over") if over else []
        rows += [self._line(item, now) for item in over[:RECENT_MAX]]
        if len(known) == 1 and not (beside or over):
            told = "No other incident.  s  split this one    p  give a part of it to another commander"
            rows += [fixed(()), *folded("", Cell(""), told, columns, tone="muted")]
        return rows

    def _line(self, item: Incident, now: Instant, how: str = "") -> Row:
        drill = (Cell("DRILL ", "warn"),) if item.drill else ()
        begun = item.started_at or item.at
        right = (Cell(f"  {item.severity.upper() or 'no severity'}"), Cell(f"  {item.status}  {age(begun, now)}"))
        told = (Cell(f"{how}  ", "accent"),) if how else ()
        return row(item.id, Cell(f"  {fit(item.mark, 8)}", "accent"), *told, *drill, Cell(item.title), right=right)

    def hint(self) -> tuple[Cell, ...]:
        other = self._other()
        if other is None:
            return (Cell("s", "accent"), Cell(" splits it;  esc back", "muted"))
        return (Cell("enter", "accent"), Cell(f" opens {other.mark};  esc back", "muted"))

    # --- what it does

    def _other(self) -> Incident | None:
        return read_incident(self.context.board, self.lines.selected) if self.lines.selected else None

    def _wanted(self) -> Incident | None:
        other = self._other()
        if other is None:
            self.prompt.flash("choose another incident first", tone="warn")
        return other

    @about(_wanted)
    def action_open(self, other: Incident) -> None:
        self.leave_for(other.id)

    @about(_wanted)
    def action_link(self, other: Incident) -> None:
        of = self.snapshot.incident
        self.prompt.choose(
            f"{of.mark} and {other.mark}:",
            [Choice(key, how, partial(self._link, other, how)) for key, how in _HOW_KEYS.items()],
        )

    def _link(self, other: Incident, how: str) -> None:
        self.do(lambda session: related_incidents.link(session, self.snapshot.incident, other, how))

    @about(_wanted)
    def action_fold(self, other: Incident) -> None:
        of = self.snapshot.incident
        self._ask_why(
            f"fold {of.mark} into {other.mark}",
            f"{of.mark} runs no more on its own; both timelines are kept",
            lambda session, why: related_incidents.fold_into(session, of, other, why),
        )

    def action_unfold(self) -> None:
        of = self.snapshot.incident
        if not of.folded_into:
            self.prompt.flash(f"{of.mark} is not folded into another", tone="warn")
            return
        self._ask_why(
            f"{of.mark} is one of its own again",
            "why, or just enter",
            lambda session, why: related_incidents.unfold(session, of, why),
        )

    def _ask_why(self, prompt: str, words: str, command: Callable[[Session, str], Outcome]) -> None:
        """Asks for a reason that may be left out."""
        self.ask(f"{prompt}; why", lambda typed: words, command, key="", may_be_empty=True)

    def action_split(self) -> None:
        self.ask("title of the other one", self._split_words, self._split)

    def _read_split(self, typed: str) -> tuple[str, list[Hypothesis], str]:
        """(title, hypotheses that go along, commander) of a line."""
        found = _MARKS.match(typed.strip())
        along = []
        for mark in re.split(r"[,\s]+", found[1].strip()) if found else []:
            item = self.snapshot.marked(mark)
            if not isinstance(item, Hypothesis):
                raise Rejected(f"There is no hypothesis {mark} here.")
            along.append(item)
        title, who = _with_commander(typed.strip()[found.end() :] if found else typed)
        return title, along, who

    def _split_words(self, typed: str) -> str:
        title, along, who = self._read_split(typed)
        if not title:
            return "h2 h3 what fails, for whom @commander: hypotheses named first go along"
        marks = f", with {', '.join(item.mark for item in along)}" if along else ""
        return f"a second incident{marks}; {who or self.context.person} is in command: {title}"

    def _split(self, session: Session, typed: str) -> Outcome:
        title, along, who = self._read_split(typed)
        return related_incidents.split(session, self.snapshot.incident, title, hypotheses=along, commander=who)

    def action_part(self) -> None:
        self.ask("title of the part", self._part_words, self._part)

    def _part_words(self, typed: str) -> str:
        title, who = _with_commander(typed)
        if not title:
            return "what this part is about @commander"
        return f"a part of {self.snapshot.incident.mark}; {who or self.context.person} is in command of it: {title}"

    def _part(self, session: Session, typed: str) -> Outcome:
        title, who = _with_commander(typed)
        return related_incidents.open_part(session, self.snapshot.incident, title, who)


def _with_commander(typed: str) -> tuple[str, str]:
    """(title, commander) of a line that may end in `@name`."""
    named = _OWNER.search(typed)
    return (typed[: named.start()].strip(), person_name(named[1])) if named else (typed.strip(), "")
