"""What can be said of a line of the timeline afterwards: better words, another time, who said it, that it does not
count."""

from __future__ import annotations

from opsterm.board.timeline import Moment
from opsterm.core.session import Attribution, Outcome, Session
from opsterm.core.times import leading_time
from opsterm.incidents import timeline
from screens.pages.incident_screen import IncidentScreen


def correct_line(screen: IncidentScreen, line: Moment) -> None:
    """Asks for better words of a line, when it was, or who said it."""
    words = timeline.words_of(screen.session, line)

    def command(session: Session, typed: str) -> Outcome:
        from opsterm.command.capture import who_said

        at, rest = leading_time(typed, screen.context.board.now, screen.context.zone)
        text, by = who_said(f" {rest}")
        return timeline.correct(session, line, text, Attribution(at=at, by=by))

    screen.ask(
        "better",
        lambda typed: "corrects it; what stood there is kept. 10:42 or -7m before it moves it, ~name after it says who",
        command,
        words if "\n" not in words else "",
        key=f"correct:{line.digest}",
    )


def strike_line(screen: IncidentScreen, line: Moment) -> None:
    """Strikes an observation out, with a reason; or lets it count again."""
    if line.struck:
        screen.do(lambda session: timeline.unstrike(session, line))
    else:
        screen.ask(
            "strike out, why",
            lambda typed: "it stays readable, with your name and why",
            lambda session, typed: timeline.strike(session, line, typed),
            key=f"strike:{line.digest}",
        )
