"""Setting status and severity with one key. The ends of an incident go by their own rules, and reopening asks why."""

from __future__ import annotations

from opsterm.command import closing
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.thresholds import load_settings
from opsterm.incidents import incident as incidents
from opsterm.records.incident import OVER
from screens.keys.actions import ENDING
from screens.pages.console_screen import until_typed
from screens.pages.incident_screen import IncidentScreen


def change_status(screen: IncidentScreen, status: str) -> None:
    """Does what the status asks for: resolving shows what is unmet first, where anything is."""
    of = screen.snapshot.incident
    if of.status in OVER and status not in OVER:
        _reopen(screen, status)
    elif status == "cancelled":
        screen.do(lambda session: closing.cancel(session, of))
    elif status == "resolved":
        limits = load_settings().thresholds
        if closing.before_resolve(screen.snapshot, screen.context.board.now, limits):
            screen.action_open_page(ENDING)
        else:
            screen.do(lambda session: closing.resolve(session, screen.snapshot, limits=limits))
    else:
        screen.do(lambda session: incidents.set_status(session, of, status))


def change_severity(screen: IncidentScreen, severity: str) -> None:
    """Sets a severity; against what the rules give, with a reason."""
    from opsterm.incidents.triage import override_severity

    of = screen.snapshot.incident

    def override(session: Session, why: str) -> Outcome:
        return override_severity(session, of, severity, some(why, f"why it is {severity}"))

    try:
        outcome = override_severity(screen.session, of, severity, "")
    except Rejected as refused:
        words = until_typed(str(refused), lambda typed: f"{of.mark} is {severity} by your word, until the facts change")
        screen.ask(f"{severity}, why", words, override, key=f"override:{of.id}", may_be_empty=True)
    else:
        screen.done(outcome)


def _reopen(screen: IncidentScreen, status: str) -> None:
    of = screen.snapshot.incident

    def reopen(session: Session, why: str) -> Outcome:
        return incidents.set_status(session, of, status, some(why, f"why {of.mark} is opened again"))

    words = until_typed("why it is opened again", lambda typed: f"opens it again as {status}")
    screen.ask(f"{of.mark} is {of.status}; why again", words, reopen, key=f"reopen:{of.id}", may_be_empty=True)
