"""Setting status and severity with one key. The ends of an incident go by their own rules, and reopening asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsterm.command import closing
from opsterm.core.session import Refused, some
from opsterm.core.thresholds import load_settings
from opsterm.incidents import incident as incidents
from opsterm.records.incident import OVER
from screens.widgets.prompt import Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom


def change_status(room: WarRoom, status: str) -> None:
    """Does what the status asks for: resolving shows what is unmet first, where anything is."""
    of = room.room.incident
    if of.status in OVER and status not in OVER:
        _ask_why(room, status)
    elif status == "cancelled":
        room.do(lambda session: closing.cancel(session, of))
    elif status == "resolved":
        limits = load_settings().thresholds
        if closing.before_resolve(room.room, room.desk.board.now, limits):
            room.action_ending()
        else:
            room.do(lambda session: closing.resolve(session, room.room, limits=limits))
    else:
        room.do(lambda session: incidents.set_status(session, of, status))


def change_severity(room: WarRoom, severity: str) -> None:
    """Sets a severity; against what the rules give, with a reason."""
    from opsterm.incidents.triage import override_severity

    of = room.room.incident
    try:
        told = override_severity(room.session, of, severity, "")
    except Refused as refused:
        why = str(refused)
        key = f"override:{of.id}"

        def done(typed: str) -> bool:
            room.done(override_severity(room.session, of, severity, some(typed, f"why it is {severity}")))
            return True

        question = Question(
            prompt=f"{severity}, why",
            words=lambda typed: (
                f"{of.mark} is {severity} by your word, until the facts change" if typed.strip() else why
            ),
            done=done,
            keep=lambda typed: room.desk.board.keep_draft(key, typed),
        )
        room.foot.ask(question, room.desk.board.draft(key))
    else:
        room.done(told)


def _ask_why(room: WarRoom, status: str) -> None:
    of = room.room.incident
    key = f"reopen:{of.id}"

    def done(why: str) -> bool:
        room.done(incidents.set_status(room.session, of, status, some(why, f"why {of.mark} is opened again")))
        return True

    question = Question(
        prompt=f"{of.mark} is {of.status}; why again",
        words=lambda why: f"opens it again as {status}" if why.strip() else "why it is opened again",
        done=done,
        keep=lambda why: room.desk.board.keep_draft(key, why),
    )
    room.foot.ask(question, room.desk.board.draft(key))
