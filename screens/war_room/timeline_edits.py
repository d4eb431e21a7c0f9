"""What can be said of a line of the timeline afterwards: better words, another time, that it does not count."""

from __future__ import annotations

from opsterm.core.session import Attribution, Outcome, Session
from opsterm.core.times import leading_time
from opsterm.incidents import timeline
from opsterm.records import Observation
from screens.pages.incident_screen import IncidentScreen


def correct_line(screen: IncidentScreen, line: Observation) -> None:
    """Asks for better words of an observation."""

    def command(session: Session, typed: str) -> Outcome:
        at, text = leading_time(typed, screen.context.board.now, screen.context.zone)
        return timeline.correct(session, line, text, Attribution(at=at))

    screen.ask(
        "better",
        lambda typed: "corrects it; the words before are kept. A time first moves it: 10:42 or -7m",
        command,
        line.text if "\n" not in line.text else "",
        key=f"correct:{line.id}",
    )


def strike_line(screen: IncidentScreen, line: Observation) -> None:
    """Strikes an observation out, with a reason; or lets it count again."""
    if line.struck:
        screen.do(lambda session: timeline.unstrike(session, line))
    else:
        screen.ask(
            "strike out, why",
            lambda typed: "it stays readable, with your name and why",
            lambda session, typed: timeline.strike(session, line, typed),
            key=f"strike:{line.id}",
        )
