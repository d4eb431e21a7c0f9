"""Actions: one named person, one task, a time box and a check-back; heard, in time, few a person, and with a way back.
[PagerDuty response docs; crew resource management: order, read-back, confirm]"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import timedelta
from functools import cache
from importlib.resources import files

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, is_late
from opsterm.records import Action, Incident, Role
from opsterm.records.action import OPEN, STATES
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.person_name import each_once, person_key, same_person


def order(
    session: Session,
    incident: Incident,
    text: str,
    *,
    owner: str = "",
    within: timedelta | None = None,
    undo: str = "",
    said: Attribution = NOW,
) -> Outcome:
    """Orders a task. Without an owner it goes on the board as unassigned, and shows as such. What a team orders itself
    needs no saying back: it is acknowledged with the order."""
    who = person_name(owner)
    own = gives_itself(session, incident.id, who, said)
    fields = filled(
        text=some(text, "what is to be done"),
        state="acknowledged" if own else "ordered",
        owner=who,
        due_at="" if within is None else later(session.when(said), within),
        undo=undo,
    )
    record = session.create(Action, incident.id, fields, said=said)
    made = session.read(Action, record)
    if not who:
        return Outcome(f"{made.mark} is on the board, unassigned", record)
    return Outcome(f"{made.mark} ordered {made.owner}{', acknowledged' if own else ''}", record)


def gives_itself(session: Session, incident: str, owner: str, said: Attribution = NOW) -> bool:
    """Whether a team gives itself an order: its owner says or types it, or is in one sub-team with who says it."""
    if not owner:
        return False
    teams = [role for role in session.board.all(Role, incident) if role.leader]
    led = {person_key(role.name): role.leader for role in teams}

    def team(person: str) -> str:
        return led.get(person_key(person), person)

    return same_person(team(owner), team(session.speaker(said))) or same_person(owner, session.person)


def move(session: Session, action: Action, state: str, why: str = "", said: Attribution = NOW) -> Outcome:
    """Acknowledges an order, or ends it with its result."""
    if state not in STATES:
        raise Rejected(f"There is no state {state!r} of an order: say one of {', '.join(STATES)}.")
    fields: dict[str, object] = {"state": state}
    if state == "acknowledged" and not action.owner:
        fields["owner"] = session.speaker(said)
    stands = session.outlived(action, "state", state, said)
    session.set(action, fields, why=why, said=said)
    if stands:
        return Outcome(f"{action.mark} was {state} then; {stands}", action.id)
    missing = state in ("done", "failed") and not why
    return Outcome(f"{action.mark} {state}", action.id, f"say what came of {action.mark}" if missing else "")


def extend(session: Session, action: Action, by: timedelta, why: str = "", said: Attribution = NOW) -> Outcome:
    """Gives an order more time: counted from its check-back, or from now where that has passed or was never set."""
    if action.state not in OPEN:
        raise Rejected(f"{action.mark} has ended: {action.state}.")
    due = later(max(action.due_at, session.when(said)), by)
    session.set(action, {"due_at": due, "extended": action.extended + 1}, why=why, said=said)
    again = action.extended >= 1
    return Outcome(
        f"{action.mark} has until {due[11:16]} UTC",
        action.id,
        f"extended {action.extended + 1} times: what is plan B?" if again else "",
    )


def reassign(session: Session, action: Action, owner: str, why: str = "", said: Attribution = NOW) -> Outcome:
    """Gives an order to another person, who has not acknowledged it yet; who takes one has."""
    who = some(person_name(owner), "who does it")
    fields: dict[str, object] = {"owner": who}
    stands = session.outlived(action, "owner", who, said)
    if stands:
        session.set(action, fields, why=why, said=said)
        return Outcome(f"{action.mark} was {who}'s then; {stands}", action.id)
    heard = "acknowledged" if gives_itself(session, action.incident, who, said) else "ordered"
    if action.state in OPEN and not same_person(action.owner, who) and action.state != heard:
        fields["state"] = heard
    session.set(action, fields, why=why, said=said)
    return Outcome(f"{action.mark} is {session.read(Action, action.id).owner}'s", action.id)


def later(start: Instant, by: timedelta) -> Instant:
    """The instant that much later. Raises Rejected past the end of the calendar."""
    try:
        return instant(moment(start) + by)
    except OverflowError as error:
        raise Rejected("That is too far ahead: give a shorter time.") from error


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


def say_undo(session: Session, action: Action, undo: str) -> Outcome:
    """Says how an order is undone."""
    session.set(action, {"undo": some(undo, "how it is undone")})
    return Outcome(f"{action.mark} is undone by: {undo.strip()}", action.id)


def make_temporary(session: Session, action: Action, until: Instant = "") -> Outcome:
    """Says that what an order did is to be taken away again, and when."""
    session.set(action, filled(temporary=True, until=until))
    return Outcome(f"{action.mark} is temporary, {f'until {until}' if until else 'with no end named yet'}", action.id)


def heard(session: Session, action: Action) -> Outcome:
    """An acknowledgement that was heard on the call: the owner said it, another typed it."""
    if not action.owner:
        raise Rejected(f"{action.mark} is nobody's: say who does it, a3 @name.")
    if action.state != "ordered":
        raise Rejected(f"{action.mark} needs no acknowledgement: {action.state}.")
    return move(session, action, "acknowledged", said=Attribution(by=action.owner))


def note_arrivals(session: Session, snapshot: Snapshot) -> int:
    """Notes which orders to this person have arrived at their console, for the time to acknowledge them runs from then;
    how many there were."""
    me = session.person
    mine = [a for a in snapshot.actions if a.state == "ordered" and same_person(a.owner, me)]
    new = [a for a in mine if not same_person(a.by, me) and not arrived(a)]
    for action in new:
        session.set(action, {"heard_at": session.board.now, "heard_of": given_at(action)})
    return len(new)


def given_at(action: Action) -> Instant:
    """When it was given to whoever owns it now, by the clock of who gave it."""
    return action.owner_since or action.at


def arrived(action: Action) -> bool:
    """Whether the console of whoever owns it now has it. Two clocks are never compared: one that is ahead would make
    every order of its station one that has not arrived, and the console note it again and again."""
    return bool(action.heard_at) and action.heard_of == given_at(action)


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
            to = tuple(each_once((action.by, *commander)))
            found.append(Notice(f"no undo:{action.id}", warning, "offer", to, "undo_of_order", action.id))
    return found + _too_many(snapshot, limits, commander)


def _late(action: Action, now: Instant, limits: Thresholds, to: tuple[str, ...]) -> Notice:
    late = age(between(action.due_at, now))
    ask = "what is plan B?" if action.extended >= limits.plan_b_extensions else f"ask {action.owner or 'who does it'}"
    text = f"{action.mark} late {late}, {ask}: {action.text}"
    return Notice(f"late:{action.id}:{action.extended}", text, "warning", to, "ask", action.id)


def _unheard(action: Action, now: Instant, limits: Thresholds, to: tuple[str, ...]) -> list[Notice]:
    since = action.heard_at if arrived(action) else max(action.owner_since, action.state_since) or action.at
    seconds = between(since, now)
    if seconds >= limits.reassign_minutes * 60:
        text = f"{action.mark} not acknowledged by {action.owner} for {age(seconds)}: give it to another"
        return [Notice(f"unheard:{action.id}:2", text, "warning", to, "reassign", action.id, alone_matters=False)]
    if seconds >= limits.repeat_minutes * 60:
        text = f"{action.mark} not acknowledged by {action.owner} for {age(seconds)}: say it again"
        return [Notice(f"unheard:{action.id}:1", text, "warning", to, "repeat", action.id, alone_matters=False)]
    return []


def _too_many(snapshot: Snapshot, limits: Thresholds, to: tuple[str, ...]) -> list[Notice]:
    owners = [action.owner for action in snapshot.actions if action.state in OPEN and action.owner]
    load = Counter(map(person_key, owners))
    return [
        Notice(
            f"too many:{name}:{count}",
            f"{name} has {count} open orders, {limits.orders_each} is the most: which one goes to another?",
            "warning",
            to,
            "reassign",
            alone_matters=False,
        )
        for name, count in ((name, load[person_key(name)]) for name in each_once(owners))
        if count > limits.orders_each
    ]
