"""What is owed of dependencies between teams, and of decisions that cross them, by their dates."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, day
from opsterm.core.valid_dates import is_day
from opsterm.obligations.owed_by_date import owed_by_date
from opsterm.obligations.settle import last_done
from opsterm.records import BoundaryDecision, Dependency, Obligation
from opsterm.registers.teams.dependency import CHECK_DAYS, blocker_step, next_check, slack, sound_dependency


def obligations_of_dependencies(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Obligation]:
    """A word each week on each dependency, at once where it is red; a blocker goes up; decisions that cross teams."""
    out = []
    items = [sound_dependency(item) for item in board.all(Dependency, where="state = 'open'")]
    done = last_done(board) if items else {}
    for item in items:
        found = slack(item, today, holidays)
        step = blocker_step(item, today, holidays)
        by = min(next_check(item, holidays), day(item.needed_by) if item.needed_by else date.max)
        if asked := done.get((item.id, "check")):
            by = max(by, asked + timedelta(days=CHECK_DAYS))
        what = f"Ask {item.giver} for a line on {item.what} ({found.colour})"
        out.append(_of_dependency(item, "check", what, by, found.why, holidays))
        if step and item.blocked_since:
            what = f"{item.what} is blocked by {item.giver}: {step}"
            begun = day(item.blocked_since)
            out.append(_of_dependency(item, "blocked", what, begun + timedelta(days=1), found.why, holidays))
        elif found.colour == "red":
            what = f"{item.what} from {item.giver} will be late for {item.needed_by}: {_way_out(item)}"
            out.append(_of_dependency(item, "late", what, day(item.needed_by), found.why, holidays, notice=today))
    for decision in board.all(BoundaryDecision, where="outcome = '' AND due_on <> ''"):
        if not is_day(decision.due_on):
            continue
        who = decision.decider[0] if decision.decider else decision.recommends
        part, what = f"due/{decision.due_on}", f"Decide: {decision.question}"
        by = day(decision.due_on)
        out.append(owed_by_date(decision.id, part, what, by, sort="decision", owner=who, holidays=holidays))
    return out


def _way_out(item: Dependency) -> str:
    return f"fall back on {item.fallback}" if item.fallback else "move the day, or say what is done without it"


def _of_dependency(
    item: Dependency,
    part: str,
    what: str,
    by: date,
    why: tuple[str, ...],
    holidays: Container[date],
    notice: date | None = None,
) -> Obligation:
    return owed_by_date(
        item.id,
        f"{part}/{by}",
        what,
        by,
        sort="dependency",
        owner=item.owner,
        reason="; ".join(why),
        missed=item.risk or f"{item.taker} waits",
        notice=notice,
        holidays=holidays,
    )
