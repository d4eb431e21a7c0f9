"""The time ahead, by owner: what will hurt if nobody acts, and no more than each can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opsterm.cli.call import Add, Call
from opsterm.cli.registers import asks_today, holidays, today_of
from opsterm.core.as_document import json_of

if TYPE_CHECKING:
    from opsterm.calendar.week_ahead import WeekLine


def brief(call: Call) -> None:
    from opsterm.calendar.week_ahead import as_markdown, week_ahead

    with call.session() as session:
        found = week_ahead(session.board, today_of(call, session), call.args.days, holidays())
    text = as_markdown(found)
    owners = [
        {
            **json_of(share, "owner?"),
            "hours": round(share.hours, 2),
            "items": [_line(line) for line in share.act],
            "hours_over": round(share.hours_over, 2),
            "over": [_line(line) for line in share.over],
        }
        for share in found.shares
    ]
    document = {"from": found.today.isoformat(), "to": found.last.isoformat(), "owners": owners, "markdown": text}
    call.say(document, text.rstrip("\n"))


def _line(line: WeekLine) -> dict[str, Any]:
    item = line.due.obligation
    about = json_of(item, "id what kind=sort due_at?")
    return {**about, "state": line.due.state, "hours": line.hours, **json_of(item, "missed?")}


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("brief", brief, "the time ahead as Markdown, by owner")
    made.add_argument("--days", type=int, default=7, metavar="N", help="so many days, this one the first")
    asks_today(made)
