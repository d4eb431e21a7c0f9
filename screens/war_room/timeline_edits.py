"""What can be said of a line of the timeline afterwards: better words, another time, that it does not count."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opsterm.core.session import Attribution, Outcome, Session
from opsterm.core.times import leading_time
from opsterm.incidents import timeline
from opsterm.records import Observation
from screens.widgets.prompt import Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom


def correct_line(screen: WarRoom) -> None:
    """Asks for better words of the selected observation; other lines open in full."""
    line = _observation(screen)
    if line is None:
        screen.action_open()
        return

    def command(session: Session, typed: str) -> Outcome:
        at, text = leading_time(typed.strip(), screen.context.board.now, screen.context.zone)
        return timeline.correct(session, line, text, Attribution(at=at))

    _ask(
        screen,
        "better",
        lambda typed: "corrects it; the words before are kept. A time first moves it: 10:42 or -7m",
        command,
        line.text if "\n" not in line.text else "",
        key=f"correct:{line.id}",
    )


def strike_line(screen: WarRoom) -> None:
    """Strikes the selected observation out, with a reason; or lets it count again."""
    line = _observation(screen)
    if line is None:
        screen.prompt.flash("only what was observed can be struck out: select such a line", tone="warn")
    elif line.struck:
        screen.do(lambda session: timeline.unstrike(session, line))
    else:
        _ask(
            screen,
            "strike out, why",
            lambda typed: "it stays readable, with your name and why",
            lambda session, typed: timeline.strike(session, line, typed),
            key=f"strike:{line.id}",
        )


def _observation(screen: WarRoom) -> Observation | None:
    moment = screen.timeline_pane.selected_moment()
    return screen.context.board.get(Observation, moment.record) if moment is not None else None


def _ask(
    screen: WarRoom,
    prompt: str,
    words: Callable[[str], str],
    command: Callable[[Session, str], Outcome],
    text: str = "",
    *,
    key: str,
) -> None:
    board = screen.context.board

    def done(typed: str) -> bool:
        if typed.strip():
            screen.done(command(screen.session, typed))
        return True

    screen.prompt.ask(
        Question(prompt=prompt, words=words, done=done, keep=lambda typed: board.keep_draft(key, typed)),
        board.draft(key) or text,
    )
