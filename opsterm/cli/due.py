"""Everything that is due, soonest first, and what people say of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Session
from opsterm.records import Obligation

if TYPE_CHECKING:
    from opsterm.obligations.obligation import DueItem


def list_due(call: Call) -> None:
    from opsterm.calendar.due import due
    from opsterm.core.calendar_dates import team_holidays
    from opsterm.obligations import obligation

    args = call.args
    with call.session() as session:
        board = session.board
        at = obligation.as_of(args.today or "", board.now)
        found = due(board, at, holidays=team_holidays())
        if args.ics:
            from opsterm.calendar.ical import write_calendar

            write_calendar(board, Path(args.ics), at, todo=args.todo)
        shown = [line for line in found if args.all or line.state != "done"]
        lines = [_line(line) for line in shown] or ["Nothing is due."]
        document: dict[str, Any] = {"obligations": [as_document(line) for line in found]}
        if args.ics:
            document["ics"] = args.ics
            lines = [f"{args.ics} written"]
    call.say(document, *lines)


def _line(line: DueItem) -> str:
    item = line.obligation
    return (
        f"{item.mark:<5} {line.due_at[:10] or 'no date':<10} {line.state:<8} {item.owner or 'nobody':<12} {item.what}"
    )


def as_document(line: DueItem) -> dict[str, Any]:
    """One line as `due --json` gives it."""
    return {
        **json_of(line.obligation, "id mark what kind=sort owner?"),
        **json_of(line, "notice_at? due_at? state"),
        **json_of(line.obligation, "why=reason? backup? cadence? missed?"),
        **json_of(line.obligation, "snoozes snoozed_until? incident? evidence?"),
    }


def add_one(call: Call) -> None:
    from opsterm.obligations.obligation import owe

    args = call.args
    with call.session() as session:
        told = owe(
            session,
            " ".join(args.what),
            args.by,
            reason=args.why or "",
            sort=args.kind,
            owner=args.owner or session.person,
            backup=args.backup or "",
            lead=args.lead or "",
            notice_at=args.notice or "",
            hard_at=args.hard or "",
            effort_days=args.effort,
            every=args.every or "",
            counted="fixed" if args.fixed else "after-done",
            missed=args.missed or "",
            link=args.link or "",
        )
        _answer(call, session, told)


def done(call: Call) -> None:
    from opsterm.obligations.obligation import complete

    with call.session() as session:
        _answer(call, session, complete(session, _find(session, call), " ".join(call.args.evidence)))


def snooze(call: Call) -> None:
    from opsterm.obligations.obligation import snooze as put_off

    with call.session() as session:
        _answer(call, session, put_off(session, _find(session, call), call.args.until, " ".join(call.args.why)))


def redate(call: Call) -> None:
    from opsterm.obligations.obligation import redate as move

    with call.session() as session:
        _answer(call, session, move(session, _find(session, call), call.args.by, " ".join(call.args.why)))


def give(call: Call) -> None:
    from opsterm.obligations.obligation import give as hand_on

    with call.session() as session:
        _answer(call, session, hand_on(session, _find(session, call), call.args.owner))


def drop(call: Call) -> None:
    from opsterm.obligations.obligation import drop as end

    with call.session() as session:
        _answer(call, session, end(session, _find(session, call), " ".join(call.args.why)))


def show(call: Call) -> None:
    from opsterm.core.calendar_dates import team_holidays
    from opsterm.obligations import obligation

    with call.session() as session:
        item = _find(session, call)
        now = session.board.now
        holidays = team_holidays()
        state, notice = obligation.state_of(item, now, holidays), obligation.notice_of(item, holidays)
        line = obligation.DueItem(item, state, notice, item.due_at)
        told = obligation.history(session.board, item)
        ladder = obligation.ladder(item, holidays)
    document = {
        **as_document(line),
        "history": [{"at": at, "by": by, "text": text} for at, by, text in told],
        "ladder": [{"on": rung.day.isoformat(), "to": list(rung.to), "asks": rung.asks} for rung in ladder],
    }
    reminders = [f"  {rung.day}  {', '.join(rung.to) or 'nobody'}: {rung.asks}" for rung in ladder]
    call.say(document, _line(line), *(f"  {at}  {by}: {text}" for at, by, text in told), *reminders)


def _find(session: Session, call: Call) -> Obligation:
    from opsterm.calendar.due import find_obligation
    from opsterm.cli.registers import holidays, today_of

    return find_obligation(session, call.args.obligation, today_of(call, session), holidays())


def _answer(call: Call, session: Session, told: Outcome) -> None:
    from opsterm.obligations import obligation

    item = session.read(Obligation, told.record)
    warn(told.warning)
    state = obligation.state_of(item, session.board.now)
    call.say(as_document(obligation.DueItem(item, state, obligation.notice_of(item), item.due_at)), told.sentence)


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("due", list_due, "everything that is due, soonest first")
    made.add_argument("--today", metavar="DATE", help="answers as of that day")
    made.add_argument("--ics", metavar="FILE", help="writes an iCalendar file that a calendar can subscribe to")
    made.add_argument("--todo", action="store_true", help="with --ics: tasks in place of all-day events")
    made.add_argument("--all", action="store_true", help="what was done in the last 30 days too")
    nested(made, _fill)


def _fill(calls: Add) -> None:
    made = calls("add", add_one, "record that something is owed")
    made.add_argument("what", nargs="+", metavar="WHAT")
    made.add_argument("--by", required=True, metavar="DATE", help="the day it is due")
    made.add_argument("--why", metavar="TEXT")
    made.add_argument("--kind", default="follow-up", metavar="KIND")
    made.add_argument("--owner", metavar="NAME")
    made.add_argument("--backup", metavar="NAME")
    made.add_argument("--lead", metavar="NAME", help="who hears of it on the day")
    made.add_argument("--notice", metavar="DATE", help="from when it is shown as coming up")
    made.add_argument("--hard", metavar="DATE", help="after when it is too late")
    made.add_argument("--effort", type=int, default=0, metavar="DAYS", help="working days that it takes")
    made.add_argument("--every", metavar="CADENCE", help="90d, 3 months, quarterly, FREQ=…")
    made.add_argument("--fixed", action="store_true", help="counted from the calendar, not from the day it was done")
    made.add_argument("--missed", metavar="TEXT", help="what happens when it is missed")
    made.add_argument("--link", metavar="URL")
    for name, handler, help_text, words in (
        ("done", done, "note that it was done, and what shows it", "evidence"),
        ("drop", drop, "end it undone, and say why", "why"),
    ):
        made = calls(name, handler, help_text)
        made.add_argument("obligation", metavar="ID")
        made.add_argument(words, nargs="+", metavar=words.upper())
    made = calls("snooze", snooze, "put it off to a day, with a reason, three times at most")
    made.add_argument("obligation", metavar="ID")
    made.add_argument("until", metavar="DATE")
    made.add_argument("why", nargs="+", metavar="WHY")
    made = calls("redate", redate, "give it a new date, with a reason")
    made.add_argument("obligation", metavar="ID")
    made.add_argument("by", metavar="DATE")
    made.add_argument("why", nargs="+", metavar="WHY")
    made = calls("give", give, "give it to another")
    made.add_argument("obligation", metavar="ID")
    made.add_argument("owner", metavar="NAME")
    calls("show", show, "one of them, its history and who is reminded when").add_argument("obligation", metavar="ID")
