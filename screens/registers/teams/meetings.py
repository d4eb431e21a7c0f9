"""Meetings and rituals: what each costs, which drift from what they are for, what came of them; agendas to walk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from opsterm.calendar import agenda
from opsterm.core.calendar_dates import day, team_holidays
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import HeldMeeting, Ritual
from opsterm.records.instant import Instant
from opsterm.records.ritual import AGENDAS
from opsterm.registers.entry_line import NEW_RITUAL, OCCURRENCE, RITUAL, TRIED, amend
from opsterm.registers.teams import meeting
from opsterm.registers.teams.meeting import ASYNCHRONOUS, Drift, hours_a_year, money_a_year
from screens.checklists.open_run import open_run
from screens.keys.actions import MEETINGS, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.register_page import Lesson, RegisterPage, days_until
from screens.pages.rows import facts, folded, listing
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

#: So many of the last times are shown.
_TIMES_MAX = 4


class Meetings(Choosing[Ritual], RegisterPage):
    """Those that drift first, then by what they cost; those that ended last."""

    BINDINGS = bindings(MEETINGS)
    place = MEETINGS
    none_chosen = "no meeting here: n records one"
    words = NEW_RITUAL
    lesson = Lesson(
        "No meeting yet.",
        (
            ("n", "record one: Weekly review; minutes 45; every week; with mia, noor, li; to decide; agenda weekly"),
            ("a", "walk an agenda that fills from the board: weekly review, monthly retrospective, quarterly planning"),
            ("", "what came of each time is noted in a line, and what drifts is proposed smaller"),
        ),
        works=("new", "agenda", "written"),
    )

    # --- what it shows

    def read(self, now: Instant) -> None:
        self.drifts: Sequence[Drift] = sorted(meeting.drifts(self.context.board, self.today), key=_order)
        self.rate = meeting.hour_rate() if self.drifts else 0.0

    def heading(self, now: Instant) -> str:
        running = [d.ritual for d in self.drifts if d.ritual.state != "ended"]
        if not running:
            return "Meetings"
        hours = sum(map(_hours, running))
        money = f", {money_a_year(hours, self.rate):,.0f}" if self.rate else ""
        drifting = sum(bool(d.proposals) for d in self.drifts if d.ritual.state != "ended")
        told = f"Meetings {SIGNS.dot} {len(running)} take {hours:,.0f} hours{money} a year"
        return f"{told} {SIGNS.dot} {drifting} drift" if drifting else told

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.drifts:
            return self.rows_of_nothing(columns)
        groups = (
            ("Drifting", [d for d in self.drifts if d.ritual.state != "ended" and d.proposals]),
            ("Running", [d for d in self.drifts if d.ritual.state != "ended" and not d.proposals]),
            ("Ended", [d for d in self.drifts if d.ritual.state == "ended"]),
        )
        return listing(groups, self.lines.selected, columns, lambda d: d.ritual.id, self._first, self._rest)

    def _first(self, drift: Drift, columns: int, now: Instant) -> Line:
        item = drift.ritual
        hours = _hours(item)
        money = f"  {money_a_year(hours, self.rate):,.0f}" if self.rate else ""
        signals = len(drift.signals)
        told = (Cell(f"  {signals} signal{'' if signals == 1 else 's'}", "warn"),) if signals else ()
        over = item.state == "ended"
        return Line(
            (
                Cell(f"{SIGNS.alarm if drift.proposals and not over else ' '} ", "warn"),
                Cell(item.name, "muted" if over else "strong"),
                Cell(f"  {item.minutes} minutes every {item.every}", "muted"),
                *((Cell(f"  {item.state}", "accent"),) if item.state == "on trial" else ()),
            ),
            (
                *(() if over else told),
                Cell(f"  {item.owner or 'nobody'}", "" if item.owner else "warn"),
                Cell(f"  {hours:>6,.0f} h a year{money}", "muted" if over else ""),
            ),
        )

    def _rest(self, drift: Drift, columns: int) -> list[Row]:
        item, today = drift.ritual, self.today
        following = meeting.next_on(item, today) if item.state != "ended" else None
        told: list[tuple[str, str | Sequence[str]]] = [
            ("for", item.purpose),
            ("wanted", " | ".join(item.outputs)),
            ("with", ", ".join(item.people)),
            ("next", f"{following}, {days_until(following, today)}" if following else ""),
            ("ends", item.ends_on),
            ("agenda", f"{agenda.NAMES[item.agenda]}: a walks it" if item.agenda in agenda.NAMES else ""),
            ("tried", item.trial if item.state == "on trial" else ""),
            ("ended", item.state_why if item.state == "ended" else ""),
            ("drifts", drift.signals),
            ("proposed", [f"{way.text}: frees {way.hours:,.0f} hours a year" for way in drift.proposals]),
        ]
        rows = facts(told, columns, key=item.id)
        past = meeting.occurrences(self.context.board, item)[-_TIMES_MAX:]
        for place, one in enumerate(reversed(past)):
            label = "last times" if place == 0 else ""
            rows += folded(item.id, Cell(f"    {label:<13}{one.on}  ", "muted"), _came(one), columns)
        return rows

    # --- what it does

    def listed(self) -> dict[str, Ritual]:
        return {drift.ritual.id: drift.ritual for drift in self.drifts}

    @on_chosen
    def action_note(self, item: Ritual) -> None:
        empty = "the freeze is agreed; decided ship on Friday; people 5; minutes 40; carried x"
        self.ask_words("what came of it", empty, OCCURRENCE, partial(self._note, item), named=True)

    def _note(self, item: Ritual, session: Session, output: str, fields: dict[str, Any]) -> Outcome:
        on = day(fields.pop("on", "") or self.today.isoformat())
        outputs = [part.strip() for part in output.split("|") if part.strip(" -–")]
        told = meeting.note(session, item, on, {**({"outputs": outputs} if outputs else {}), **fields})
        return Outcome(told.sentence, item.id)

    def action_agenda(self) -> None:
        item = self.here
        if item is not None and item.agenda in AGENDAS:
            self._walk(item.agenda)
        else:
            self.prompt.choose("agenda", [Choice(which[0], which, partial(self._walk, which)) for which in AGENDAS])

    def _walk(self, which: str) -> None:
        told = self.do(lambda session: agenda.begin(session, which, self.today, team_holidays()))
        if told is not None:
            open_run(self, self.context, told.record)

    def action_new(self) -> None:
        empty = "Weekly review; minutes 45; every week; with mia, noor; to decide; agenda weekly"
        self.ask_words("new meeting", empty, NEW_RITUAL, _add, named=True)

    @on_chosen
    def action_edit(self, item: Ritual) -> None:
        empty = "with mia, noor; wants a list of risks; until 2027-06-30; @noor; t tries another length"
        self.ask_words("edit", empty, RITUAL, partial(_amend, item))

    @on_chosen
    def action_try_out(self, item: Ritual) -> None:
        empty = "what would bring the old form back; minutes 25; or every month"
        self.ask_words("try", empty, TRIED, partial(_try, item), named=True)

    def action_written(self) -> None:
        self.prompt.choose(
            "copy what stands in for",
            [Choice(kind[0], kind, partial(self._copy_written, kind)) for kind in ASYNCHRONOUS],
        )

    def _copy_written(self, kind: str) -> None:
        self.prompt.flash(self.context.copy(ASYNCHRONOUS[kind]), tone="good")

    @on_chosen
    def action_end(self, item: Ritual) -> None:
        self.ask("end, why?", "why it ends", lambda s, why: meeting.end(s, item, why))


def _hours(item: Ritual) -> float:
    return hours_a_year(item.minutes, max(1, len(item.people)), item.every)


def _order(drift: Drift) -> tuple[bool, bool, float, str]:
    item = drift.ritual
    return item.state == "ended", not drift.proposals, -_hours(item), item.name.casefold()


def _came(one: HeldMeeting) -> str:
    if not one.held:
        return "left out"
    return "; ".join((*one.outputs, *(f"decided {text}" for text in one.decisions))) or "no output"


def _add(session: Session, name: str, fields: dict[str, Any]) -> Outcome:
    if "minutes" not in fields:
        raise Rejected("Say how long it takes and how often it is: minutes 45; every week.")
    return meeting.add_ritual(session, name, {"owner": session.person, **fields})


def _amend(item: Ritual, session: Session, name: str, fields: dict[str, Any]) -> Outcome:
    return amend(session, item, fields, item.name)


def _try(item: Ritual, session: Session, why: str, fields: dict[str, Any]) -> Outcome:
    if not fields:
        raise Rejected("Say what is tried: minutes 25, every month, or to inform.")
    return meeting.change(session, item, fields, why)
