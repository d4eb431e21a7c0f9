"""Setting status and severity with one key. The ends of an incident go by their own rules, and reopening asks why."""

from __future__ import annotations

from opsterm.command import closing
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.thresholds import load_settings
from opsterm.records.incident import Status
from screens.keys.actions import ENDING
from screens.pages.console_screen import until_typed
from screens.pages.incident_screen import IncidentScreen


def change_status(screen: IncidentScreen, status: Status) -> None:
    """Does what the status asks for: resolving shows what is unmet first, where anything is."""
    of, limits = screen.snapshot.incident, load_settings().thresholds
    asked = closing.asked_first(screen.snapshot, status, screen.context.board.now, limits)
    if asked == "why":
        _reopen(screen, status)
    elif asked == "unmet":
        screen.action_open_page(ENDING)
    else:
        screen.do(lambda session: closing.change_status(session, of, status, limits=limits))


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
        screen.ask(f"{severity}, why", words, override, key=f"override:{severity}:{of.id}", may_be_empty=True)
    else:
        screen.done(outcome)


def _reopen(screen: IncidentScreen, status: Status) -> None:
    of = screen.snapshot.incident

    def reopen(session: Session, why: str) -> Outcome:
        return closing.reopen(session, of, why, status=status)

    words = until_typed("why it is opened again", lambda typed: f"opens it again as {status}")
    screen.ask(f"{of.mark} is {of.status}; why again", words, reopen, key=f"reopen:{of.id}", may_be_empty=True)
