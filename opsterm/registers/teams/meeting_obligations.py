"""What is owed of meetings that come again by their dates, and where they drift."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days, day
from opsterm.core.valid_dates import is_day, sound
from opsterm.obligations.owed_by_date import owed_by_date
from opsterm.obligations.settle import last_done
from opsterm.records import HeldMeeting, Obligation, Ritual
from opsterm.registers.teams.meeting import drift, next_on

#: Working days to settle what was found: an incident to review, drift to decide on.
SETTLE_WORKING_DAYS = 10


#: For so many days after somebody settled it, drift is not brought up again. (opsterm)
DRIFT_QUIET_DAYS = 90


def obligations_of_rituals(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Obligation]:
    """Rituals whose agenda fills are held by their cadence; those that drift are decided on; an end is an end."""
    rituals = [sound(item, "anchor", "ends_on") for item in board.all(Ritual) if item.state != "ended"]
    times: dict[str, list[HeldMeeting]] = {}
    for occurrence in board.all(HeldMeeting) if rituals else ():
        if is_day(occurrence.on):
            times.setdefault(occurrence.ritual, []).append(occurrence)
    done = last_done(board) if rituals else {}
    out = []
    for ritual in rituals:
        known = sorted(times.get(ritual.id, []), key=lambda item: item.on)
        if ritual.agenda and ritual.anchor:
            last = day(known[-1].on) if known else day(ritual.anchor) - timedelta(days=1)
            following = next_on(ritual, max(last, done.get((ritual.id, "held"), last)))
            if following:
                what = f"Hold {ritual.name}, and note what came of it"
                out.append(_of_ritual(ritual, "held", what, following, holidays))
        if ritual.ends_on:
            what = f"{ritual.name} ends: let it, or say what it is for and until when"
            out.append(_of_ritual(ritual, "ends", what, day(ritual.ends_on), holidays))
        found = drift(ritual, known, today)
        settled = done.get((ritual.id, "drift"))
        quiet = settled is not None and (today - settled).days < DRIFT_QUIET_DAYS
        if found.proposals and ritual.state == "running" and not quiet:
            what = f"{ritual.name} drifts ({'; '.join(found.signals)}): {found.proposals[0].text}, or say why not"
            seen = day(known[-1].on) if known else today
            by = add_working_days(seen, SETTLE_WORKING_DAYS, holidays)
            out.append(_of_ritual(ritual, "drift", what, by, holidays))
    return out


def _of_ritual(ritual: Ritual, part: str, what: str, by: date, holidays: Container[date]) -> Obligation:
    missed = "people come, and nothing comes of it"
    return owed_by_date(
        ritual.id, f"{part}/{by}", what, by, sort="ritual", owner=ritual.owner, missed=missed, holidays=holidays
    )
