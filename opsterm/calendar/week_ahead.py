"""The time ahead by owner: everything that will hurt if nobody acts, no more than each can act on, and nothing else.

A list is no longer than ITEMS_MAX or HOURS_MAX a person; hard dates come first, then miss cost × P(miss) / effort. What
does not fit is named in one line, with its hours, so that somebody says what goes. [field notes: obligations]
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.calendar.due import KINDS, due
from opsterm.core.calendar_dates import NO_HOLIDAYS, day
from opsterm.core.session import Rejected
from opsterm.obligations.obligation import DueItem, start_of
from opsterm.records import Obligation
from opsterm.records.person_name import person_key
from opsterm.records.plain import disarmed, one_line
from opsterm.registers.teams.dependency import working_days_between

DAYS = 7
DAYS_MAX = 366
ITEMS_MAX, HOURS_MAX = 5, 4.0
#: Hours of a working day that go to such work.
HOURS_A_DAY = 6
#: How many of those that do not fit are named in the text.
NAMED_MAX = 10
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one thing of a family takes, and what missing it costs."""

    hours: float
    weight: float


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One thing to act on."""

    due: DueItem
    hours: float
    #: Orders the list: the higher the sooner.
    urgency: float

    @property
    def what(self) -> str:
        return one_line(self.due.obligation.what)


@dataclass(frozen=True, slots=True)
class OwnersWeek:
    """One owner's part: what to act on, and what does not fit."""

    owner: str
    act: tuple[WeekLine, ...]
    over: tuple[WeekLine, ...]

    @property
    def hours(self) -> float:
        return sum(line.hours for line in self.act)

    @property
    def hours_over(self) -> float:
        return sum(line.hours for line in self.over)


@dataclass(frozen=True, slots=True)
class Brief:
    """The time ahead: from a day, for so many."""

    today: date
    days: int
    shares: tuple[OwnersWeek, ...]

    @property
    def last(self) -> date:
        return self.today + timedelta(days=self.days - 1)


@cache
def weights() -> Mapping[str, Weight]:
    """What is known of each family."""
    source = (files("opsterm") / "data" / "brief.toml").read_text(encoding="utf-8")
    return {name: Weight(float(e["hours"]), float(e["weight"])) for name, e in tomllib.loads(source).items()}


def hours_of(item: Obligation) -> float:
    """How many hours it takes: as it says itself, else as its family does."""
    return float(item.effort_days * HOURS_A_DAY) if item.effort_days else _weight(item).hours


def _weight(item: Obligation) -> Weight:
    return weights().get(item.sort, weights()["other"])


def urgency_of(item: Obligation, today: date, holidays: Container[date] = NO_HOLIDAYS) -> float:
    """Miss cost × P(miss) / effort: P(miss) is 1 once it is late, and falls with each working day that is left."""
    left = working_days_between(today, day(item.due_at), holidays) if item.due_at else 10
    likely = 1.0 if left < 0 else 1 / (1 + left)
    return _weight(item).weight * likely / max(hours_of(item), 0.25)


def week_ahead(board: Board, today: date, days: int = DAYS, holidays: Container[date] = NO_HOLIDAYS) -> Brief:
    """What has to be acted on from a day on, for so many days: what is late, what falls due within them, and hard dates
    whose window is open. What was put off beyond them is quiet. Raises Rejected."""

    def work() -> Brief:
        return share_out(due(board, start_of(today), done_days=0, holidays=holidays), today, days, holidays)

    return as_of(board, "the time ahead", today, holidays, KINDS, work, str(days))


def share_out(
    lines: Sequence[DueItem], today: date, days: int = DAYS, holidays: Container[date] = NO_HOLIDAYS
) -> Brief:
    """The same for what is due at hand. Raises Rejected."""
    if not 1 <= days <= DAYS_MAX:
        raise Rejected(f"A brief is of 1 to {DAYS_MAX} days, not {days}.")
    last = today + timedelta(days=days - 1)
    found: dict[str, list[WeekLine]] = defaultdict(list)
    names: dict[str, str] = {}
    for line in lines:
        if _hurts(line, last):
            item = line.obligation
            names.setdefault(person_key(item.owner), item.owner)
            found[person_key(item.owner)].append(WeekLine(line, hours_of(item), urgency_of(item, today, holidays)))
    shares = [_share(names[owner], lines, today, last) for owner, lines in found.items()]
    return Brief(today, days, tuple(sorted(shares, key=lambda s: (s.owner == NOBODY, s.owner.casefold(), s.owner))))


def _hurts(line: DueItem, last: date) -> bool:
    item = line.obligation
    if line.state == "snoozed":
        return bool(item.snoozed_until) and day(item.snoozed_until) <= last and _by(line) <= last
    hard_open = bool(item.hard_at) and bool(line.notice_at) and day(line.notice_at) <= last
    return line.state == "overdue" or _by(line) <= last or hard_open


def _by(line: DueItem) -> date:
    return day(line.due_at) if line.due_at else date.max


def _share(owner: str, lines: Sequence[WeekLine], today: date, last: date) -> OwnersWeek:
    """The first that fit, in order; the first one always does, however long it takes."""

    soon = min(last, today + timedelta(days=DAYS - 1))

    def order(line: WeekLine) -> tuple[bool, float, str, str]:
        item = line.due.obligation
        hard = bool(item.hard_at) and _by(line.due) <= soon
        return not hard, -line.urgency, item.due_at, item.id

    act: list[WeekLine] = []
    over: list[WeekLine] = []
    spent = 0.0
    for line in sorted(lines, key=order):
        if not act or (len(act) < ITEMS_MAX and spent + line.hours <= HOURS_MAX):
            act.append(line)
            spent += line.hours
        else:
            over.append(line)
    return OwnersWeek(owner, tuple(act), tuple(over))


def as_markdown(brief: Brief) -> str:
    """The brief as a person reads it, and as a task list."""
    return "\n".join(_lines(brief)) + "\n"


def _lines(brief: Brief) -> Iterator[str]:
    yield f"# {brief.today} to {brief.last}"
    yield ""
    if not brief.shares:
        yield "Nothing will hurt if nobody acts."
    for share in brief.shares:
        yield f"## {disarmed(share.owner) or 'Nobody owns'}"
        yield ""
        for line in share.act:
            item = line.due.obligation
            missed = f"; else {disarmed(item.missed)}" if item.missed else ""
            yield f"- [ ] {_when(line, brief.today)}: {disarmed(line.what)} (about {line.hours:g} h{missed})"
        if share.over:
            named = " / ".join(f"{disarmed(line.what)} ({line.due.due_at[:10]})" for line in share.over[:NAMED_MAX])
            more = f" / and {len(share.over) - NAMED_MAX} more in opsterm due" if len(share.over) > NAMED_MAX else ""
            yield ""
            yield f"{share.hours_over:g} h over, {len(share.over)} left out. What goes? {named}{more}"
        yield ""


def _when(line: WeekLine, today: date) -> str:
    by = line.due.due_at[:10]
    if line.due.state == "overdue":
        return f"**{(today - day(by)).days} days late**, was due {by}"
    return "**today**" if by == today.isoformat() else f"by {by}"
