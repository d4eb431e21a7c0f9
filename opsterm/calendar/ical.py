"""What is due as an iCalendar file that a calendar subscribes to [RFC 5545].

All-day events by default: tasks would be right, and the two most used calendars ignore them. A UID is a record's id and
which one of its series it is, for ever; a moved one counts its SEQUENCE up; one that is done or dropped is cancelled.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from opsterm.board.store import Board
from opsterm.calendar.due import owed_by_registers
from opsterm.core.calendar_dates import day
from opsterm.core.whole_file import export_whole
from opsterm.obligations.obligation import DONE_DAYS, notice_of, state_of
from opsterm.records import Obligation
from opsterm.records.instant import Instant, moment
from opsterm.records.obligation import OVER
from opsterm.records.plain import escaped, one_line, plain

if TYPE_CHECKING:
    from icalendar.cal import Component

#: Reminders are set so many days before, where the notice is not longer ahead.
ALARM_DAYS = 7


def calendar_of(board: Board, at: Instant, *, todo: bool = False) -> bytes:
    """All obligations with a date, those of the registers too, as a calendar: events of a day, or with `todo` tasks.
    What was done or dropped stays in it, cancelled, for DONE_DAYS days, so that a calendar that imports rather than
    subscribes takes it away."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//opsterm//obligations//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "opsterm: due")
    oldest = (day(at) - timedelta(days=DONE_DAYS)).isoformat()
    for item in [*board.all(Obligation), *owed_by_registers(board, day(at))]:
        over = item.state in OVER
        if item.due_at and not (over and item.state_since < oldest):
            calendar.add_component(_entry(board, item, at, todo, over))
    data: bytes = calendar.to_ical()
    return data


def _entry(board: Board, item: Obligation, at: Instant, todo: bool, over: bool) -> Component:
    from icalendar import Event, Todo

    entry = Todo() if todo else Event()
    due = day(item.due_at)
    entry.add("uid", escaped(f"{item.id}-{item.occurrence}@opsterm"))
    entry.add("dtstamp", moment(at))
    entry.add("sequence", max(len(board.changes_of_record(item.id)) - 1, 0))
    entry.add("summary", _line(f"{item.what}{f' ({item.owner})' if item.owner else ''}"))
    words = [item.reason, f"If missed: {item.missed}" if item.missed else "", f"State: {state_of(item, at)}"]
    entry.add("description", escaped(plain("\n".join(word for word in words if word))))
    entry.add("categories", [_line(item.sort)])
    if item.link:
        entry.add("url", _line(item.link))
    if todo:
        entry.add("due", due)
        entry.add("status", "CANCELLED" if item.state == "dropped" else "COMPLETED" if over else "NEEDS-ACTION")
        entry.add("priority", 1 if item.hard_at else 5)
    else:
        entry.add("dtstart", due)
        entry.add("dtend", due + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
        entry.add("status", "CANCELLED" if over else "CONFIRMED")
    if not over:
        entry.add_component(_alarm(item))
    return entry


def _line(text: str) -> str:
    return escaped(one_line(text))


def _alarm(item: Obligation) -> Component:
    from icalendar import Alarm

    ahead = day(item.due_at) - day(notice_of(item) or item.due_at)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _line(item.what))
    alarm.add("trigger", -max(ahead, timedelta(days=1)) if ahead < timedelta(days=ALARM_DAYS) else -ahead)
    return alarm


def write_calendar(board: Board, path: Path, at: Instant, *, todo: bool = False) -> int:
    """Writes the calendar beside its place and moves it there, so that no reader sees half of it. Returns its size in
    bytes. Raises Rejected where the folder can't be written."""
    data = calendar_of(board, at, todo=todo)
    export_whole(path, data)
    return len(data)
