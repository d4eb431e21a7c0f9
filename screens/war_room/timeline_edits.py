"""What can be said of a line of the timeline afterwards: better words, another time, that it does not count."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opsterm.core.session import Said, Session, Told
from opsterm.core.times import leading_time
from opsterm.incidents import log, timeline
from opsterm.records import Observation
from screens.widgets.prompt import Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom


def correct_line(room: WarRoom) -> None:
    """Asks for better words of the selected observation; other lines open in full."""
    line = _observation(room)
    if line is None:
        room.action_open()
        return

    def command(session: Session, typed: str) -> Told:
        at, text = leading_time(typed.strip(), room.desk.board.now, room.desk.zone)
        return log.correct(session, line, text, Said(at=at))

    _ask(
        room,
        "better",
        lambda typed: "corrects it; the words before are kept. A time first moves it: 10:42 or -7m",
        command,
        line.text if "\n" not in line.text else "",
        key=f"correct:{line.id}",
    )


def strike_line(room: WarRoom) -> None:
    """Strikes the selected observation out, with a reason; or lets it count again."""
    line = _observation(room)
    if line is None:
        room.foot.flash("only what was observed can be struck out: select such a line", tone="warn")
    elif line.struck:
        room.do(lambda session: timeline.unstrike(session, line))
    else:
        _ask(
            room,
            "strike out, why",
            lambda typed: "it stays readable, with your name and why",
            lambda session, typed: timeline.strike(session, line, typed),
            key=f"strike:{line.id}",
        )


def _observation(room: WarRoom) -> Observation | None:
    moment = room.timeline_pane.selected_moment()
    return room.desk.board.get(Observation, moment.record) if moment is not None else None


def _ask(
    room: WarRoom,
    prompt: str,
    words: Callable[[str], str],
    command: Callable[[Session, str], Told],
    text: str = "",
    *,
    key: str,
) -> None:
    board = room.desk.board

    def done(typed: str) -> bool:
        if typed.strip():
            room.done(command(room.session, typed))
        return True

    room.foot.ask(
        Question(prompt=prompt, words=words, done=done, keep=lambda typed: board.keep_draft(key, typed)),
        board.draft(key) or text,
    )
