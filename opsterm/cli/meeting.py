"""Meetings: what they cost, what came of them, and agendas that fill from the board."""

from __future__ import annotations

from typing import Any

from opsterm.cli.call import Add, Call
from opsterm.cli.nested import nested
from opsterm.cli.registers import asks_line, asks_today, bring_up, holidays, say, today_of
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected, filled
from opsterm.records.ritual import AGENDAS, EVERY, SORTS


def assess(call: Call) -> None:
    from opsterm.registers.teams.meeting import ASYNCHRONOUS, money_a_year
    from opsterm.registers.teams.meeting import assess as judge

    args = call.args
    found = judge(args.minutes, args.people, args.every, to_minutes=args.to_minutes, sort=args.sort or "")
    document: dict[str, Any] = {
        **json_of(found, "hours_a_year saved_hours_a_year hours_with_resuming proposals"),
        "asynchronous": dict(ASYNCHRONOUS),
    }
    lines = [
        f"{found.hours_a_year:,.0f} hours a year; {found.hours_with_resuming:,.0f} with getting back to work",
        *([f"saves {found.saved_hours_a_year:,.0f} hours a year"] if args.to_minutes is not None else []),
        *found.proposals,
    ]
    if args.rate:
        document["money_a_year"] = round(money_a_year(found.hours_a_year, args.rate), 2)
        lines.insert(1, f"{document['money_a_year']:,.0f} a year at {args.rate:g} an hour")
    call.say(document, *lines)


def list_all(call: Call) -> None:
    from opsterm.registers.teams.meeting import drifts, hours_a_year

    with call.session() as session:
        found = drifts(session.board, today_of(call, session))
    rituals: list[dict[str, Any]] = [
        {
            **json_of(d.ritual, "id name owner? every minutes people state"),
            "hours_a_year": hours_a_year(d.ritual.minutes, max(1, len(d.ritual.people)), d.ritual.every),
            "signals": list(d.signals),
            "proposals": [{"what": p.what, "text": p.text, "hours": round(p.hours, 2)} for p in d.proposals],
        }
        for d in found
    ]
    lines = [f"{r['hours_a_year']:>6,.0f} h  {r['name']}  {'; '.join(r['signals'])}" for r in rituals]
    call.say({"meetings": rituals}, *(lines or ["No meeting yet: opsterm meeting add NAME."]))


def add_one(call: Call) -> None:
    from opsterm.registers.teams.meeting import add_ritual

    args = call.args
    given: dict[str, Any] = {"minutes": args.minutes, "every": args.every, "people": args.people or []}
    given |= filled(**call.given("purpose", "sort", "anchor", "ends_on", "agenda"), outputs=args.output)
    with call.session() as session:
        given["owner"] = args.owner or session.person
        say(call, add_ritual(session, " ".join(args.name), given))


def set_words(call: Call) -> None:
    from opsterm.registers.entry_line import RITUAL
    from opsterm.registers.teams.meeting import find_ritual

    bring_up(call, find_ritual, RITUAL, lambda item: item.name)


def note(call: Call) -> None:
    from opsterm.core.calendar_dates import day
    from opsterm.registers.teams.meeting import find_ritual
    from opsterm.registers.teams.meeting import note as keep

    args = call.args
    given: dict[str, Any] = {"held": not args.left_out, "moved": args.moved, "owner_there": not args.owner_away}
    given |= filled(outputs=args.output, decisions=args.decision, carried=args.carried)
    given |= filled(**call.given("minutes", "people", "silent", "agenda_hours"))
    with call.session() as session:
        on = day(args.on) if args.on else today_of(call, session)
        say(call, keep(session, find_ritual(session.board, args.name), on, given))


def end(call: Call) -> None:
    from opsterm.registers.teams.meeting import end as stop
    from opsterm.registers.teams.meeting import find_ritual

    with call.session() as session:
        say(call, stop(session, find_ritual(session.board, call.args.name), " ".join(call.args.why)))


def try_out(call: Call) -> None:
    from opsterm.registers.teams.meeting import change, find_ritual

    args = call.args
    fields = call.given("minutes", "every", "sort")
    if not fields:
        raise Rejected("Say what is tried: --minutes, --every or --sort.")
    with call.session() as session:
        say(call, change(session, find_ritual(session.board, args.name), fields, " ".join(args.why)))


def agenda(call: Call) -> None:
    from opsterm.calendar.agenda import agenda as fill
    from opsterm.calendar.agenda import as_markdown

    with call.session() as session:
        found = fill(session.board, call.args.which, today_of(call, session), holidays())
    text = as_markdown(found)
    call.say({"agenda": found.title, "minutes": found.minutes, "markdown": text}, text.rstrip("\n"))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("meeting", list_all, "meetings: what they cost, and which have drifted")
    asks_today(made)
    nested(made, _fill)


def _fill(calls: Add) -> None:
    from opsterm.registers.entry_line import RITUAL

    asks_line(calls("set", set_words, "change what is known of a meeting, by a line of words"), RITUAL)
    made = calls("assess", assess, "what a meeting costs in a year, and how to have it smaller")
    made.add_argument("--minutes", type=int, required=True, metavar="N")
    made.add_argument("--people", type=int, required=True, metavar="N")
    made.add_argument("--every", required=True, choices=EVERY)
    made.add_argument("--to-minutes", type=int, metavar="N", help="what a shorter one saves")
    made.add_argument("--sort", choices=SORTS, help="what most of it is")
    made.add_argument("--rate", type=float, metavar="N", help="what an hour costs")
    asks_today(calls("list", list_all, "all meetings, and which have drifted"))
    made = calls("add", add_one, "record a meeting")
    made.add_argument("name", nargs="+", metavar="NAME")
    made.add_argument("--minutes", type=int, required=True, metavar="N")
    made.add_argument("--every", required=True, choices=EVERY)
    made.add_argument("--with", dest="people", action="append", metavar="NAME", help="who has to be there")
    made.add_argument("--output", action="append", metavar="TEXT", help="what is wanted of it")
    made.add_argument("--owner", metavar="NAME")
    made.add_argument("--purpose", metavar="TEXT")
    made.add_argument("--sort", choices=SORTS)
    made.add_argument("--anchor", metavar="DATE", help="the day of its first time")
    made.add_argument("--ends-on", metavar="DATE")
    made.add_argument("--agenda", choices=AGENDAS, help="an agenda that fills from the board")
    made = calls("note", note, "note what came of one time")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--on", metavar="DATE")
    for option in ("output", "decision", "carried"):
        made.add_argument(f"--{option}", action="append", metavar="TEXT")
    for option in ("minutes", "people", "silent", "agenda-hours"):
        made.add_argument(f"--{option}", type=int, metavar="N")
    made.add_argument("--moved", action="store_true")
    made.add_argument("--left-out", action="store_true")
    made.add_argument("--owner-away", action="store_true")
    made = calls("try", try_out, "try another form four times; say what would bring the old one back")
    made.add_argument("name", metavar="NAME")
    made.add_argument("why", nargs="+", metavar="WHY")
    made.add_argument("--minutes", type=int, metavar="N")
    made.add_argument("--every", choices=EVERY)
    made.add_argument("--sort", choices=SORTS)
    made = calls("end", end, "end a meeting, and say why")
    made.add_argument("name", metavar="NAME")
    made.add_argument("why", nargs="+", metavar="WHY")
    made = calls("agenda", agenda, "an agenda as a checklist, filled from the board")
    made.add_argument("which", choices=AGENDAS)
    asks_today(made)
