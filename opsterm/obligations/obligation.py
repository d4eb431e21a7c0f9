"""What is owed by a date: windows, states, what comes again, reminders, putting off.

A day counts to its end. `as_of` is the moment that is asked about; a day stands for its beginning, so that what is due
that day is not late yet.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days, cadence, day
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.records import Obligation
from opsterm.records.instant import Instant, moment, normal
from opsterm.records.obligation import COUNTED, OVER
from opsterm.records.person_name import each_once, is_among
from opsterm.records.plain import one_line

#: How an obligation stands on a day.
Standing = Literal["ahead", "notice", "overdue", "snoozed", "done"]
#: Working days from notice to due where nobody said: twice the effort and the waits at least [field notes].
LEAD_DAYS = {"drill": 10, "vendor": 10}
LEAD_DAYS_ELSE = 5
#: How often one thing may be put off; then it is dropped, delegated or done.
SNOOZES_MAX = 3
#: For how long what is done stays on the list, in days.
DONE_DAYS = 30


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line of what is due."""

    obligation: Obligation
    state: Standing
    notice_at: Instant
    due_at: Instant

    @property
    def late(self) -> bool:
        return self.state == "overdue"


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of the ladder: on which day, to whom, and what is asked."""

    day: date
    to: tuple[str, ...]
    asks: str


# --- dates


def end_of(given: date) -> Instant:
    """The last second of a day: what is due that day is late after it."""
    return f"{given.isoformat()}T23:59:59Z"


def start_of(given: date) -> Instant:
    return f"{given.isoformat()}T00:00:00Z"


def as_due(text: str) -> Instant:
    """A day, which counts to its end, or a moment. Raises Rejected."""
    said = text.strip()
    if len(said) <= 10:
        return end_of(day(said))
    try:
        return normal(said)
    except ValueError:
        raise Rejected(f"{text!r} is no time: say YYYY-MM-DD, or a time in ISO 8601.") from None


def as_of(text: str, now: Instant) -> Instant:
    """The moment that is asked about: the beginning of a day, or now where none is named."""
    return start_of(day(text)) if text else now


def notice_of(item: Obligation, holidays: Container[date] = NO_HOLIDAYS) -> Instant:
    """From when it is shown as coming up: as said, else its family's lead before it is due."""
    if item.notice_at or not item.due_at:
        return item.notice_at
    lead = max(LEAD_DAYS.get(item.sort, LEAD_DAYS_ELSE), 2 * item.effort_days)
    begin = start_of(add_working_days(day(item.due_at), -lead, holidays))
    return min(begin, item.due_at)


def state_of(item: Obligation, at: Instant, holidays: Container[date] = NO_HOLIDAYS) -> Standing:
    """How it stands. What was dropped is done with."""
    if item.state in OVER:
        return "done"
    if item.state == "snoozed" and item.snoozed_until > at:
        return "snoozed"
    if item.due_at and item.due_at < at:
        return "overdue"
    notice = notice_of(item, holidays)
    return "notice" if notice and notice <= at else "ahead"


def open_obligations(board: Board) -> list[Obligation]:
    """What is owed still, soonest first; without a date last."""
    items = board.all(Obligation, where="state IN ('open', 'snoozed')")
    return sorted(items, key=lambda item: (item.due_at or "~", item.born))


# --- commands


def owe(
    session: Session,
    what: str,
    due_at: str,
    *,
    reason: str = "",
    sort: str = "follow-up",
    owner: str = "",
    backup: str = "",
    lead: str = "",
    notice_at: str = "",
    hard_at: str = "",
    effort_days: int = 0,
    every: str = "",
    counted: str = "after-done",
    missed: str = "",
    link: str = "",
    origin: str = "",
    incident: str = "",
    record: str = "",
    said: Attribution = NOW,
) -> Outcome:
    """Records that something is owed. `due_at` is a day, a moment, or empty while nobody knows; `every` is a cadence,
    `counted` one of COUNTED.

    With `record` the obligation has that id, so that two stations that owe the same thing owe it once. Raises Rejected.
    """
    named = some(one_line(what), "what is owed")
    if record and (there := session.board.get(Obligation, record)):
        return Outcome(f"{there.mark} is owed already", record)
    if counted not in COUNTED:
        raise Rejected(f"A cadence is counted {' or '.join(COUNTED)}, not {counted!r}.")
    if every:
        cadence(every)
    by = as_due(due_at) if due_at else ""
    notice = start_of(day(notice_at)) if notice_at and len(notice_at.strip()) <= 10 else notice_at and as_due(notice_at)
    if every and not by:
        raise Rejected("What comes again needs the day of its first time.")
    if notice and by and notice > by:
        raise Rejected("Notice can't be after the day it is due.")
    fields = filled(
        what=named,
        due_at=by,
        sort=one_line(sort) or "follow-up",
        reason=reason.strip(),
        owner=person_name(owner),
        backup=person_name(backup),
        lead=person_name(lead),
        notice_at=notice,
        hard_at=as_due(hard_at) if hard_at else "",
        effort_days=effort_days,
        cadence=every.strip(),
        counted=counted if every else "",
        anchor=day(by).isoformat() if every and counted == "fixed" else "",
        missed=missed.strip(),
        link=link.strip(),
        origin=origin,
    )
    made = session.create(Obligation, incident, fields, record=record, said=said)
    kept = session.board.get(Obligation, made)
    when = f" by {by[:10]}" if by else ""
    return Outcome(f"{kept.mark if kept else 'it'} is owed by {person_name(owner) or 'nobody yet'}{when}", made)


def complete(session: Session, item: Obligation, evidence: str) -> Outcome:
    """Notes that it was done, and what shows it. One of a series comes again: counted from the calendar, so that
    lateness moves nothing, or from the day on which it was done. Raises Rejected without evidence."""
    shown = some(evidence, "what shows that it was done")
    if item.state in OVER:
        raise Rejected(f"{item.mark} is {item.state} already.")
    fields: dict[str, Any] = {"evidence": shown, "state": "done"}
    after = ""
    if item.cadence:
        on = day(session.board.now)
        place, following = next_due(item, on)
        fields |= {"state": "open", "due_at": end_of(following), "occurrence": place, "snoozes": 0}
        if item.notice_at:
            lead = moment(item.due_at) - moment(item.notice_at)
            fields["notice_at"] = start_of((moment(end_of(following)) - lead).date())
        if item.snoozed_until:
            fields["snoozed_until"] = ""
        after = f"; again by {following.isoformat()}"
    session.set(item, fields)
    return Outcome(f"{item.mark} done{after}", item.id)


def next_due(item: Obligation, done_on: date) -> tuple[int, date]:
    """Which one of the series comes next, and when, once this one was done on a day."""
    every = cadence(item.cadence)
    if item.counted == "fixed":
        anchor = day(item.anchor or item.due_at)
        base = item.occurrence if item.anchor else 0
        return every.following(anchor, base, max(done_on, every.occurrence(anchor, base)))
    if every.rule:
        _, found = every.following(done_on, -1, done_on)
        return item.occurrence + 1, found
    return item.occurrence + 1, every.occurrence(done_on, 1)


def snooze(session: Session, item: Obligation, until: str, why: str) -> Outcome:
    """Puts it off to a day, with a reason: at most SNOOZES_MAX times, and never past the day on which it has to be
    begun to meet a hard date. Raises Rejected."""
    reason = some(why, "why it is put off")
    if item.state in OVER:
        raise Rejected(f"{item.mark} is {item.state}: there is nothing to put off.")
    if item.snoozes >= SNOOZES_MAX:
        raise Rejected(f"{item.mark} was put off {item.snoozes} times: drop it, give it to another, or do it.")
    to = start_of(day(until)) if len(until.strip()) <= 10 else as_due(until)
    if to <= session.board.now:
        raise Rejected("Put it off to a day that lies ahead.")
    if item.hard_at:
        last = add_working_days(day(item.hard_at), -item.effort_days)
        if day(to) > last:
            raise Rejected(f"{item.mark} has to be begun by {last.isoformat()} to meet {item.hard_at[:10]}.")
    shown = to[:10] if to.endswith("T00:00:00Z") else to
    fields = {"state": "snoozed", "snoozed_until": to, "snoozes": item.snoozes + 1}
    session.set(item, fields, why=reason)
    left = SNOOZES_MAX - item.snoozes - 1
    return Outcome(f"{item.mark} put off until {shown}", item.id, "" if left else "that was the last time")


def redate(session: Session, item: Obligation, due_at: str, why: str) -> Outcome:
    """Gives it a new date, with a reason; a series goes on from its own dates. Raises Rejected past a hard date."""
    return _redated(session, item, due_at, some(why, "why it has a new date"))


def date_by_rule(session: Session, item: Obligation, due_at: str) -> Outcome:
    """The same where what it came from gives the date: what was done there says why."""
    return _redated(session, item, due_at, "")


def _redated(session: Session, item: Obligation, due_at: str, reason: str) -> Outcome:
    by = as_due(due_at)
    if item.hard_at and by > item.hard_at:
        raise Rejected(f"{item.mark} can't be later than {item.hard_at[:10]}.")
    fields: dict[str, Any] = {"due_at": by, "state": "open"}
    if item.notice_at and item.notice_at > by:
        fields["notice_at"] = start_of(day(by))
    session.set(item, fields, why=reason)
    return Outcome(f"{item.mark} is due by {by[:10]}", item.id)


def give(session: Session, item: Obligation, owner: str) -> Outcome:
    """Gives it to another."""
    who = some(person_name(owner), "who owes it")
    session.set(item, {"owner": who})
    return Outcome(f"{item.mark} is {who}'s", item.id)


def drop(session: Session, item: Obligation, why: str) -> Outcome:
    """Ends it undone, with a reason: one of a series ends the series."""
    session.set(item, {"state": "dropped"}, why=some(why, "why it is dropped"))
    return Outcome(f"{item.mark} is dropped", item.id)


# --- reminders


def ladder(item: Obligation, holidays: Container[date] = NO_HOLIDAYS, away: Iterable[str] = ()) -> list[Rung]:
    """Who is reminded when: the owner at notice and half way, the backup too 3 working days before, the lead too on
    the day, the weekly review 3 working days after, and 10 after it gets a new date with a reason or is dropped. Who
    is away is stood in for by the backup."""
    if not item.due_at:
        return []
    last, first = day(item.due_at), day(notice_of(item, holidays))
    absent = list(away)
    owner = item.backup if is_among(item.owner, absent) and item.backup else item.owner
    half = first + (last - first) / 2

    def to(*names: str) -> tuple[str, ...]:
        return tuple(name for name in each_once(names) if not is_among(name, absent))

    rungs = [
        Rung(first, to(owner), "it is coming up"),
        Rung(half, to(owner), "half of the time has gone"),
        Rung(add_working_days(last, -3, holidays), to(owner, item.backup), "three working days are left"),
        Rung(last, to(owner, item.backup, item.lead), "it is due today"),
        Rung(add_working_days(last, 3, holidays), to(owner, item.backup, item.lead), "it goes to the weekly review"),
        Rung(
            add_working_days(last, 10, holidays), to(owner, item.backup, item.lead), "a new date with a reason, or drop"
        ),
    ]
    return sorted(rungs, key=lambda rung: rung.day)


def rung_on(item: Obligation, at: Instant, holidays: Container[date] = NO_HOLIDAYS) -> Rung | None:
    """The rung that stands: the last one that has begun; none before notice, while it is quiet, or once it is done."""
    if state_of(item, at, holidays) in ("done", "snoozed", "ahead"):
        return None
    begun = [rung for rung in ladder(item, holidays) if rung.day <= day(at)]
    return begun[-1] if begun else None


def history(board: Board, item: Obligation) -> Sequence[tuple[Instant, str, str]]:
    """(when, who, what) of all that was said of it, oldest first."""
    return [(line.at, line.by, line.text) for line in board.lines_of_record(item.id) if not line.struck]
