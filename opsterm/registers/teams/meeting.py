"""What a meeting costs, what could be had without it, and when it has drifted from what it is for.

[field notes: meetings and rituals]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.core.calendar_dates import Cadence, day
from opsterm.core.lookup import find, folded, named_id, only
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.valid_dates import sound
from opsterm.obligations.settle import settle
from opsterm.records import HeldMeeting, Ritual
from opsterm.records.plain import one_line
from opsterm.records.ritual import AGENDAS, EVERY, SORTS
from opsterm.settings import team_table

#: How often a year: 30 minutes weekly are 26 hours a person.
TIMES_A_YEAR = {"day": 260, "week": 52, "fortnight": 26, "month": 12, "quarter": 4}
_CADENCES = {
    "day": Cadence(days=1),
    "week": Cadence(days=7),
    "fortnight": Cadence(days=14),
    "month": Cadence(months=1),
    "quarter": Cadence(months=3),
}
_RARER = {"day": "week", "week": "fortnight", "fortnight": "month", "month": "quarter"}
#: Minutes to get back into work that it cut [Mark 2005].
RESUME_MINUTES = 25
#: Each person past these in a decision costs about a tenth of its worth [Blenko 2010].
DECIDERS_MAX = 7
#: Lengths to come down to: they leave time between two of them.
LENGTHS = (25, 50)
DAILY_MINUTES = 15
#: How many of the last times are judged, and how many signals make a proposal.
LAST, SIGNALS = 6, 2
#: How often a new form is tried, with a reason that would bring the old one back.
TRIES = 4
MINUTES_MAX, PEOPLE_MAX = 1440, 10_000

#: What stands in for a meeting that tells: copy and fill.
ASYNCHRONOUS: Mapping[str, str] = {
    "status": "state | what changed | next, by which date | what is needed, of whom",
    "decision": "context; options; recommendation; who decides; silent consent after 2 working days (not for what "
    "cannot be undone)",
    "demo": "a recording of 5 minutes, and 3 questions",
}


@dataclass(frozen=True, slots=True)
class MeetingCost:
    """What a meeting costs in a year."""

    hours_a_year: float
    saved_hours_a_year: float
    #: With the time to get back to work.
    hours_with_resuming: float
    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingProposal:
    """One way to have it smaller: what, and the hours a year that it frees."""

    what: str
    text: str
    hours: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What a ritual's last times say of it."""

    ritual: Ritual
    signals: tuple[str, ...]
    proposals: tuple[MeetingProposal, ...]


def hours_a_year(minutes: float, people: int, every: str) -> float:
    """minutes/60 × people × times a year."""
    return minutes / 60 * people * TIMES_A_YEAR.get(every, 0)


def money_a_year(hours: float, rate: float) -> float:
    """What those hours cost, at a rate an hour."""
    return hours * rate


def assess(minutes: int, people: int, every: str, *, to_minutes: int | None = None, sort: str = "") -> MeetingCost:
    """What a meeting costs, and what a shorter one saves. Raises Rejected."""
    _check(minutes, people, every)
    if to_minutes is not None and not 0 <= to_minutes <= minutes:
        raise Rejected(f"A shorter one takes 0 to {minutes} minutes, not {to_minutes}.")
    hours = hours_a_year(minutes, people, every)
    saved = hours_a_year(minutes - to_minutes, people, every) if to_minutes is not None else 0.0
    resuming = hours_a_year(minutes + RESUME_MINUTES, people, every)
    proposals = tuple(f"{p.text}: frees {p.hours:,.0f} hours a year" for p in smaller(minutes, people, every, sort))
    return MeetingCost(round(hours, 2), round(saved, 2), round(resuming, 2), proposals)


def _check(minutes: int, people: int, every: str) -> None:
    if every not in EVERY:
        raise Rejected(f"Say how often: {', '.join(EVERY)}, not {every!r}.")
    if not 0 < minutes <= MINUTES_MAX or not 0 < people <= PEOPLE_MAX:
        raise Rejected(f"A meeting takes 1 to {MINUTES_MAX} minutes and 1 to {PEOPLE_MAX} people.")


def smaller(minutes: int, people: int, every: str, sort: str = "", inform_minutes: int = 0) -> list[MeetingProposal]:
    """Ways to have it smaller, the most hours first."""
    hours = hours_a_year(minutes, people, every)
    out = []
    aim = DAILY_MINUTES if every == "day" else max((n for n in LENGTHS if n < minutes), default=0)
    if aim and aim < minutes:
        out.append(MeetingProposal("shorter", f"shorten to {aim} minutes", hours - hours_a_year(aim, people, every)))
    if every in _RARER:
        rarer = _RARER[every]
        out.append(MeetingProposal("rarer", f"hold it every {rarer}", hours - hours_a_year(minutes, people, rarer)))
    if people > DECIDERS_MAX and sort != "inform":
        thinner = hours - hours_a_year(minutes, DECIDERS_MAX, every)
        out.append(MeetingProposal("thinner", f"ask {DECIDERS_MAX} people, tell the others what came of it", thinner))
    told = minutes if sort == "inform" else inform_minutes
    if told:
        text = f"write the information down ({ASYNCHRONOUS['status']})"
        out.append(MeetingProposal("asynchronous", text, hours_a_year(told, people, every)))
    return sorted(out, key=lambda proposal: -proposal.hours)


def hour_rate() -> float:
    """What an hour of a person costs, as the team's settings say: `[meetings]`, `hour = 85`; 0 where they do not."""
    try:
        rate = float(team_table("meetings").get("hour", 0))
    except (ValueError, TypeError):
        return 0.0
    return rate if 0 < rate < 1e6 else 0.0


# --- rituals


def add_ritual(session: Session, name: str, given: Mapping[str, Any]) -> Outcome:
    """Records a ritual. `given` holds fields of it; one that decides says its outputs. Raises Rejected."""
    called = some(one_line(name), "what it is called")
    minutes, every = int(given.get("minutes", 0)), str(given.get("every", "week"))
    _check(minutes, max(1, len(given.get("people", ()))), every)
    if given.get("sort", "discuss") not in SORTS:
        raise Rejected(f"Most of it is to {', '.join(SORTS)}, not {given['sort']!r}.")
    if given.get("agenda", "") not in ("", *AGENDAS):
        raise Rejected(f"An agenda that fills is {', '.join(AGENDAS)}.")
    for key in ("anchor", "ends_on"):
        if given.get(key):
            day(str(given[key]))
    anchor = {} if given.get("anchor") else {"anchor": session.board.now[:10]}
    record = session.create(Ritual, "", {"name": called, **anchor, **given}, record=named_id(Ritual, called))
    end = "" if given.get("ends_on") else "it has no end date: say when it is looked at again"
    return Outcome(
        f"{called} costs {hours_a_year(minutes, max(1, len(given.get('people', ()))), every):,.0f} hours a year",
        record,
        end,
    )


def find_ritual(board: Board, name: str) -> Ritual:
    """The ritual of a name, of an id, or of an unambiguous beginning of its name. Raises Rejected."""
    wanted, rituals = folded(name), board.all(Ritual)
    found = only(
        [r for r in rituals if r.name.casefold() == wanted],
        [r for r in rituals if wanted and r.name.casefold().startswith(wanted)],
    )
    return found or find(board, Ritual, name, "ritual", rituals)


def note(session: Session, ritual: Ritual, on: date, given: Mapping[str, Any]) -> Outcome:
    """Notes what came of one time. `given` holds fields of Occurrence."""
    came = [*given.get("outputs", ()), *given.get("decisions", ())]
    fields = {"ritual": ritual.id, "on": on.isoformat(), **given}
    with session.board.transaction():
        record = session.create(HeldMeeting, "", fields, record=f"{ritual.id}/{on.isoformat()}")
        settle(session, ritual.id, ("held",), "; ".join(came) or f"held on {on}")
    return Outcome(f"{ritual.name} on {on}: {'; '.join(came) or 'no output'}", record)


def change(session: Session, ritual: Ritual, fields: Mapping[str, Any], why: str) -> Outcome:
    """Tries another form for TRIES times: the reason says what would bring the old one back. Raises Rejected."""
    reason = some(why, "what would bring the old form back")
    _check(int(fields.get("minutes", ritual.minutes)), 1, str(fields.get("every", ritual.every)))
    said_fields = {"state": "on trial", "trial": reason, **fields}
    with session.board.transaction():
        session.set(ritual, said_fields)
        settle(session, ritual.id, ("drift",), reason)
    return Outcome(f"{ritual.name} is tried so {TRIES} times", ritual.id)


def end(session: Session, ritual: Ritual, why: str) -> Outcome:
    """Ends a ritual, with a reason."""
    session.set(ritual, {"state": "ended"}, why=some(why, "why it ends"))
    return Outcome(f"{ritual.name} is over", ritual.id)


def occurrences(board: Board, ritual: Ritual) -> list[HeldMeeting]:
    """The times of a ritual that are on record, oldest first."""
    found = board.all(HeldMeeting, where="ritual = ?", args=(ritual.id,))
    return sorted(found, key=lambda item: item.on)


def next_on(ritual: Ritual, after: date) -> date | None:
    """The first day after a day on which it is held; nothing once it has ended. A daily one rests at weekends."""
    ritual = sound(ritual, "anchor", "ends_on")
    if ritual.state == "ended" or not ritual.anchor or ritual.every not in _CADENCES:
        return None
    cadence, anchor = _CADENCES[ritual.every], day(ritual.anchor)
    found = anchor if anchor > after else cadence.following(anchor, -1, after)[1]
    while ritual.every == "day" and found.weekday() >= 5:
        found += timedelta(days=1)
    return found if not ritual.ends_on or found <= day(ritual.ends_on) else None


def drift(ritual: Ritual, times: Sequence[HeldMeeting], today: date) -> Drift:
    """What the last LAST times say. Two signals make proposals."""
    ritual = sound(ritual, "anchor", "ends_on")
    signals = tuple(_signals(ritual, times, today))
    if len(signals) < SIGNALS or ritual.every not in TIMES_A_YEAR:
        return Drift(ritual, signals, ())
    people = max(1, len(ritual.people))
    ways = smaller(ritual.minutes, people, ritual.every, ritual.sort, ritual.inform_minutes)
    whole = MeetingProposal("end", "end it", hours_a_year(ritual.minutes, people, ritual.every))
    return Drift(ritual, signals, (*ways, whole))


def drifts(board: Board, today: date) -> list[Drift]:
    """How every ritual stands on a day, those that ended too."""
    work = partial(_drifts, board, today)
    return list(as_of(board, "drift of rituals", today, frozenset(), (Ritual, HeldMeeting), work))


def _drifts(board: Board, today: date) -> list[Drift]:
    rituals = board.all(Ritual)
    times: dict[str, list[HeldMeeting]] = defaultdict(list)
    for one in board.all(HeldMeeting) if rituals else ():
        times[one.ritual].append(one)
    return [drift(ritual, sorted(times[ritual.id], key=lambda one: one.on), today) for ritual in rituals]


def _signals(ritual: Ritual, times: Sequence[HeldMeeting], today: date) -> Iterator[str]:
    last = list(times)[-LAST:]
    held = [item for item in last if item.held]
    if (count := sum(not item.outputs and not item.decisions for item in held)) >= 3:
        yield f"no output in {count} of the last {len(held)}"
    if ritual.sort == "decide" and len(held) >= 3 and not any(item.decisions for item in held):
        yield f"it is there to decide, and decided nothing in the last {len(held)}"
    wanted = len(ritual.people)
    counted = [item.people / wanted for item in held if item.people and wanted]
    if counted and sum(counted) / len(counted) < 0.7:
        yield f"{sum(counted) / len(counted):.0%} of those who have to be there were"
    if (count := sum(item.minutes > 1.1 * ritual.minutes for item in held if ritual.minutes)) >= 3:
        yield f"ran over by more than a tenth {count} times"
    put_off = [item for time in held for item in dict.fromkeys(one_line(text).casefold() for text in time.carried)]
    for text in dict.fromkeys(put_off):
        if (count := put_off.count(text)) >= 3:
            yield f"'{text}' was put off {count} times"
    silent = [item.silent / item.people for item in held if item.people]
    if silent and sum(silent) / len(silent) > 1 / 3:
        yield "more than a third said nothing"
    if (count := sum(not item.owner_there for item in held)) >= 2:
        yield f"its owner was away {count} times"
    if (count := sum(item.moved or not item.held for item in last)) >= 3:
        yield f"moved or left out {count} times"
    if (count := sum(0 < item.agenda_hours < 24 for item in held)) >= 3:
        yield f"its agenda came less than a day ahead {count} times"
    if ritual.ends_on and day(ritual.ends_on) < today:
        yield f"it was to end on {ritual.ends_on}"
