"""Orders as a commander keeps them: heard, in time, few a person, and with a way back. [PagerDuty; crew resource
management: order, read-back, confirm]"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.actions import move
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, is_late
from opsterm.records import Action
from opsterm.records.action import OPEN
from opsterm.records.instant import Instant


@dataclass(frozen=True, slots=True)
class Counts:
    """What the header says of orders."""

    open: int
    late: int
    unheard: int
    unassigned: int

    @property
    def words(self) -> str:
        """`2 late, 1 unheard`, worst first; empty where nothing wants anyone."""
        parts = ((self.late, "late"), (self.unheard, "unheard"), (self.unassigned, "unassigned"))
        return ", ".join(f"{count} {word}" for count, word in parts if count)


def counts(snapshot: Snapshot, now: Instant, *, alone: bool = False) -> Counts:
    """How many orders are open, late, unheard and unassigned. Alone, own orders count as heard."""
    running = [action for action in snapshot.actions if action.state in OPEN]
    return Counts(
        len(running),
        sum(is_late(action, now) for action in running),
        0 if alone else sum(action.state == "ordered" and bool(action.owner) for action in running),
        sum(not action.owner for action in running),
    )


@cache
def _risky() -> tuple[re.Pattern[str], re.Pattern[str]]:
    document = tomllib.loads((files("opsterm") / "data" / "risky.toml").read_text(encoding="utf-8"))
    words = "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(document["words"], key=len, reverse=True)
    )
    looks = "|".join(re.escape(word) for word in sorted(document["looks"], key=len, reverse=True))
    return re.compile(rf"\b(?:{words})(?:s|es|ed|d|ing)?\b", re.I), re.compile(rf"(?:please\s+)?(?:{looks})\b", re.I)


def risky(text: str) -> bool:
    """Whether an order changes the system, by its words, so that it should say how it is undone."""
    changes, looks = _risky()
    return bool(changes.search(text)) and not looks.match(text.strip())


def undo_warning(action: Action) -> str:
    """What to say where a risky order does not say how it is undone; empty where all is well."""
    if action.undo or not risky(action.text):
        return ""
    return f"{action.mark} changes the system: how is it undone?"


def say_undo(session: Session, action: Action, undo: str, said: Attribution = NOW) -> Outcome:
    """Says how an order is undone."""
    session.set(action, {"undo": some(undo, "how it is undone")}, said=said)
    return Outcome(f"{action.mark} is undone by: {undo.strip()}", action.id)


def make_temporary(session: Session, action: Action, until: Instant = "", said: Attribution = NOW) -> Outcome:
    """Says that what an order did is to be taken away again, and when."""
    session.set(action, {"temporary": True, **({"until": until} if until else {})}, said=said)
    return Outcome(f"{action.mark} is temporary, {f'until {until}' if until else 'with no end named yet'}", action.id)


def heard(session: Session, action: Action) -> Outcome:
    """An acknowledgement that was heard on the call: the owner said it, another typed it."""
    if not action.owner:
        raise Rejected(f"{action.mark} is nobody's: say who does it, a3 @name.")
    if action.state != "ordered":
        raise Rejected(f"{action.mark} needs no acknowledgement: {action.state}.")
    why = f"acknowledged by {action.owner}, as {session.person} heard" if session.person != action.owner else ""
    return move(session, action, "acknowledged", why, Attribution(by=action.owner))


def has_arrived(session: Session, action: Action) -> Outcome:
    """Notes that its owner's console has the order: its time to be acknowledged runs from then."""
    session.set(action, {"heard_at": session.board.now})
    return Outcome(f"{action.mark} has arrived", action.id)


def arrived(action: Action) -> bool:
    """Whether the console of whoever owns it now has it."""
    return bool(action.heard_at) and action.heard_at >= (action.owner_since or action.at)


def order_notices(
    snapshot: Snapshot, now: Instant, limits: Thresholds = DEFAULTS, *, alone: bool = False
) -> list[Notice]:
    """What orders want of the commander: late ones, unheard ones, too many for one person, risky ones without a way
    back; each to whom it concerns."""
    if snapshot.over:
        return []
    commander = (snapshot.incident.commander,) if snapshot.incident.commander else ()
    found: list[Notice] = []
    for action in snapshot.actions:
        if action.state not in OPEN:
            continue
        if is_late(action, now):
            found.append(_late(action, now, limits, commander))
        elif action.state == "ordered" and action.owner and not alone:
            found += _unheard(action, now, limits, commander)
        elif not action.owner:
            seconds = between(action.at, now)
            if seconds >= limits.repeat_minutes * 60:
                text = f"{action.mark} is nobody's for {age(seconds)}: who does it? {action.text}"
                found.append(Notice(f"unassigned:{action.id}", text, "warning", commander, "assign", action.id))
        if warning := undo_warning(action):
            to = tuple(dict.fromkeys(name for name in (action.by, *commander) if name))
            found.append(Notice(f"no undo:{action.id}", warning, "offer", to, "undo_of_order", action.id))
    return found + _too_many(snapshot, limits, commander)


def _late(action: Action, now: Instant, limits: Thresholds, to: tuple[str, ...]) -> Notice:
    late = age(between(action.due_at, now))
    ask = "what is plan B?" if action.extended >= limits.plan_b_extensions else f"ask {action.owner or 'who does it'}"
    text = f"{action.mark} late {late}, {ask}: {action.text}"
    return Notice(f"late:{action.id}:{action.extended}", text, "warning", to, "ask", action.id)


def _unheard(action: Action, now: Instant, limits: Thresholds, to: tuple[str, ...]) -> list[Notice]:
    since = max(action.owner_since, action.state_since, action.heard_at) or action.at
    seconds = between(since, now)
    if seconds >= limits.reassign_minutes * 60:
        text = f"{action.mark} not acknowledged by {action.owner} for {age(seconds)}: give it to another"
        return [Notice(f"unheard:{action.id}:2", text, "warning", to, "reassign", action.id)]
    if seconds >= limits.repeat_minutes * 60:
        text = f"{action.mark} not acknowledged by {action.owner} for {age(seconds)}: say it again"
        return [Notice(f"unheard:{action.id}:1", text, "warning", to, "repeat", action.id)]
    return []


def _too_many(snapshot: Snapshot, limits: Thresholds, to: tuple[str, ...]) -> list[Notice]:
    load = Counter(action.owner for action in snapshot.actions if action.state in OPEN and action.owner)
    return [
        Notice(
            f"too many:{name}:{count}",
            f"{name} has {count} open orders, {limits.orders_each} is the most: which one goes to another?",
            "warning",
            to,
            "reassign",
        )
        for name, count in load.items()
        if count > limits.orders_each
    ]
