"""Setting status and severity with one key. The ends of an incident go by their own rules, and reopening asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsterm.command import closing
from opsterm.core.session import Rejected, some
from opsterm.core.thresholds import load_settings
from opsterm.incidents import incident as incidents
from opsterm.records.incident import OVER, Status
from screens.widgets.prompt import Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom


def change_status(screen: WarRoom, status: Status) -> None:
    """Does what the status asks for: resolving shows what is unmet first, where anything is."""
    of = screen.snapshot.incident
    if of.status in OVER and status not in OVER:
        _ask_why(screen, status)
    elif status == "cancelled":
        screen.do(lambda session: closing.cancel(session, of))
    elif status == "resolved":
        limits = load_settings().thresholds
        if closing.before_resolve(screen.snapshot, screen.context.board.now, limits):
            screen.action_ending()
        else:
            screen.do(lambda session: closing.resolve(session, screen.snapshot, limits=limits))
    else:
        screen.do(lambda session: incidents.set_status(session, of, status))


def change_severity(screen: WarRoom, severity: str) -> None:
    """Sets a severity; against what the rules give, with a reason."""
    from opsterm.incidents.triage import override_severity

    of = screen.snapshot.incident
    try:
        told = override_severity(screen.session, of, severity, "")
    except Rejected as refused:
        why = str(refused)
        key = f"override:{of.id}"

        def done(typed: str) -> bool:
            screen.done(override_severity(screen.session, of, severity, some(typed, f"why it is {severity}")))
            return True

        question = Question(
            prompt=f"{severity}, why",
            words=lambda typed: (
                f"{of.mark} is {severity} by your word, until the facts change" if typed.strip() else why
            ),
            done=done,
            keep=lambda typed: screen.context.board.keep_draft(key, typed),
        )
        screen.prompt.ask(question, screen.context.board.draft(key))
    else:
        screen.done(told)


def _ask_why(screen: WarRoom, status: Status) -> None:
    of = screen.snapshot.incident
    key = f"reopen:{of.id}"

    def done(why: str) -> bool:
        screen.done(incidents.set_status(screen.session, of, status, some(why, f"why {of.mark} is opened again")))
        return True

    question = Question(
        prompt=f"{of.mark} is {of.status}; why again",
        words=lambda why: f"opens it again as {status}" if why.strip() else "why it is opened again",
        done=done,
        keep=lambda why: screen.context.board.keep_draft(key, why),
    )
    screen.prompt.ask(question, screen.context.board.draft(key))
