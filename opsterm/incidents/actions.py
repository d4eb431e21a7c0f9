"""Orders: one named person, one task, a time box and a check-back [PagerDuty response docs]."""

from __future__ import annotations

from datetime import timedelta

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, person_name, some
from opsterm.records import Action, Incident
from opsterm.records.action import OPEN, STATES
from opsterm.records.instant import Instant, instant, moment


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
    """Orders a task. Without an owner it goes on the board as unassigned, and shows as such."""
    fields: dict[str, object] = {"text": some(text, "what is to be done"), "state": "ordered"}
    who = person_name(owner)
    if who:
        fields["owner"] = who
    if within is not None:
        fields["due_at"] = later(session.when(said), within)
    if undo:
        fields["undo"] = undo
    record = session.create(Action, incident.id, fields, said=said)
    made = session.board.get(Action, record)
    mark = made.mark if made else "order"
    return Outcome(f"{mark} ordered {who}" if who else f"{mark} is on the board, unassigned", record)


def move(session: Session, action: Action, state: str, why: str = "", said: Attribution = NOW) -> Outcome:
    """Acknowledges an order, or ends it with its result."""
    if state not in STATES:
        raise Rejected(f"There is no state {state!r} of an order: say one of {', '.join(STATES)}.")
    fields: dict[str, object] = {"state": state}
    if state == "acknowledged" and not action.owner:
        fields["owner"] = session.speaker(said)
    session.set(action, fields, why=why, said=said)
    missing = state in ("done", "failed") and not why
    return Outcome(f"{action.mark} {state}", action.id, f"say what came of {action.mark}" if missing else "")


def extend(session: Session, action: Action, by: timedelta, why: str = "", said: Attribution = NOW) -> Outcome:
    """Gives an order more time: counted from its check-back, or from now where that has passed or was never set."""
    if action.state not in OPEN:
        raise Rejected(f"{action.mark} has ended: {action.state}.")
    start = max(action.due_at or "", session.when(said))
    fields = {"due_at": later(start, by), "extended": action.extended + 1}
    session.set(action, fields, why=why, said=said)
    again = action.extended >= 1
    return Outcome(
        f"{action.mark} has until {fields['due_at'][11:16]} UTC",  # type: ignore[index]
        action.id,
        f"extended {action.extended + 1} times: what is plan B?" if again else "",
    )


def reassign(session: Session, action: Action, owner: str, why: str = "", said: Attribution = NOW) -> Outcome:
    """Gives an order to another person, who has not acknowledged it yet."""
    who = some(person_name(owner), "who does it")
    fields: dict[str, object] = {"owner": who}
    if action.state == "acknowledged" and action.owner != who:
        fields["state"] = "ordered"
    session.set(action, fields, why=why, said=said)
    return Outcome(f"{action.mark} is {who}'s", action.id)


def later(start: Instant, by: timedelta) -> Instant:
    """The instant that much later. Raises Rejected past the end of the calendar."""
    try:
        return instant(moment(start) + by)
    except OverflowError as error:
        raise Rejected("That is too far ahead: give a shorter time.") from error
