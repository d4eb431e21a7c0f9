"""Decisions that cross teams: who decides, who is asked, who is told, by when, and what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opsterm.board.store import Board
from opsterm.core.calendar_dates import day
from opsterm.core.lookup import folded
from opsterm.core.session import Outcome, Rejected, Session, person_name, some
from opsterm.obligations.settle import settle
from opsterm.records import BoundaryDecision
from opsterm.records.plain import one_line
from opsterm.registers.teams.dependency import lint_decision

_PEOPLE = ("decider", "agrees", "asked", "told")


def put(session: Session, question: str, given: Mapping[str, Any]) -> Outcome:
    """Puts a question; `given` holds fields of BoundaryDecision. What is wrong with how it is set up is said and does
    not stand in the way, but nobody or several deciding does. Raises Rejected."""
    asked = some(one_line(question), "what is to be decided")
    people = {name: [person_name(who) for who in given.get(name, ())] for name in _PEOPLE}
    if len(people["decider"]) != 1:
        raise Rejected(f"{len(people['decider'])} people decide: name exactly one.")
    due_on = day(str(given["due_on"])).isoformat() if given.get("due_on") else ""
    fields = {"question": asked, **given, **people, "due_on": due_on}
    made = session.read(BoundaryDecision, session.create(BoundaryDecision, "", fields))
    by = f" by {due_on}" if due_on else ""
    return Outcome(f"{people['decider'][0]} decides{by}: {asked}", made.id, "; ".join(lint_decision(made)))


def take(session: Session, item: BoundaryDecision, outcome: str, why: str) -> Outcome:
    """Notes what was decided, and why; whom to tell is in the sentence."""
    decided = some(one_line(outcome), "what was decided")
    with session.board.transaction():
        session.set(item, {"outcome": decided}, why=some(why, "why"))
        settle(session, item.id, ("due",), decided)
    tell = f"; tell {', '.join(item.told)}" if item.told else ""
    return Outcome(f"decided: {decided}{tell}", item.id)


def reopen(session: Session, item: BoundaryDecision, why: str) -> Outcome:
    """Opens it again, with a reason: the third time says that it was not set up well."""
    fields = {"outcome": "", "reopened": item.reopened + 1}
    session.set(item, fields, why=some(why, "why it is opened again"))
    return Outcome(f"open again: {item.question}", item.id)


def open_decisions(board: Board) -> Sequence[BoundaryDecision]:
    """What waits for a decision, the soonest first."""
    return sorted(board.all(BoundaryDecision, where="outcome = ''"), key=lambda d: (d.due_on or "9999", d.born))


def taken_decisions(board: Board) -> Sequence[BoundaryDecision]:
    """What was decided, the last first."""
    return sorted(board.all(BoundaryDecision, where="outcome <> ''"), key=lambda d: d.outcome_since, reverse=True)


def find_question(board: Board, name: str) -> BoundaryDecision:
    """The question of an id, or of an unambiguous beginning of its words. Raises Rejected."""
    wanted = folded(name)
    found = [d for d in board.all(BoundaryDecision) if d.id == name or d.question.casefold().startswith(wanted)]
    if len(found) != 1:
        raise Rejected(f"{name!r} names {len(found)} questions: say more of it.")
    return found[0]
