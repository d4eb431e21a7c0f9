"""The state of sharing, in words. What is said here comes from a small file beside the board: nothing waits."""

from __future__ import annotations

from dataclasses import dataclass

from opsterm.board.chains import last_seq
from opsterm.board.store import Board
from opsterm.core.session import Rejected
from opsterm.core.times import parse_duration, rough_age
from opsterm.records.instant import Instant, from_ms, to_ms
from opsterm.share.membership import joined_folder
from opsterm.share.skew import noticed
from opsterm.share.state import WRONG_FOR_MS, State, StationSeen, read_state

#: A share unheard for longer than this many seconds is late, unless the board was told another delay.
USUAL_DELAY_S = 60
_USUAL_DELAY = "share.usual_delay_s"


@dataclass(frozen=True, slots=True)
class ShareState:
    """What the status pane shows of the share."""

    #: The folder; empty for a board that is not shared.
    folder: str = ""
    #: Seconds since all that is in the share was last taken; nothing while that never was.
    heard_s: int | None = None
    #: Seconds after which it is late.
    usual_s: int = USUAL_DELAY_S
    #: Unheard for longer than usual: others may not see what is typed here. Shown in amber.
    late: bool = False
    #: How many of this station's changes the share does not hold yet.
    waiting: int = 0
    #: Whoever else is there, the latest to change something first.
    others: tuple[StationSeen, ...] = ()
    #: What stands against it, each in a line that says what and what to do; the share itself first.
    problems: tuple[str, ...] = ()
    #: What a person should know of what was done, such as a new identity.
    said: tuple[str, ...] = ()

    @property
    def shared(self) -> bool:
        return bool(self.folder)


def state_words(state: ShareState) -> str:
    """What the header says of the share."""
    if not state.shared:
        return "not shared"
    waiting = f" · {state.waiting} to publish" if state.waiting else ""
    if state.heard_s is None:
        return f"share not heard yet: others may not see what you type{waiting}"
    if state.late:
        return f"unheard for {rough_age(state.heard_s)}: others may not see what you type{waiting}"
    count = len(state.others) + 1
    there = f"{count} stations" if count > 1 else "nobody else there"
    return f"in step {rough_age(state.heard_s)} ago · {there}{waiting}"


def sharing_state(board: Board, now: Instant = "") -> ShareState:
    """What is known of the share; `now` is this machine's clock, unless given the board's own."""
    told = read_state(board.path)
    folder = joined_folder(board)
    named = str(folder) if folder else told.directory
    if not named:
        return ShareState(usual_s=usual_delay(board))
    if told.directory != named:
        told = State(directory=named)
    now_ms = to_ms(now) if now else board.clock.now_ms()
    heard_s = max(0, (now_ms - told.heard_ms) // 1000) if told.heard_ms else None
    own, usual_s = board.station, usual_delay(board)
    published = told.published_seq if told.station == own else 0
    selves = set(board.known_as())
    return ShareState(
        folder=named,
        heard_s=heard_s,
        usual_s=usual_s,
        late=heard_s is None or heard_s > usual_s,
        waiting=max(0, last_seq(board, own) - published),
        others=tuple(seen for seen in told.stations if seen.station not in selves),
        problems=_problems(told, now_ms),
        said=told.said,
    )


def usual_delay(board: Board) -> int:
    """Seconds after which a share that was not heard is late."""
    told = board.recall(_USUAL_DELAY)
    return int(told) if told.isascii() and told.isdigit() else USUAL_DELAY_S


def delay_of(text: str) -> int:
    """The seconds in `90s`, `5m` or `2h`. Raises Rejected for what is no such time."""
    told = parse_duration(text)
    if told is None or not told:
        raise Rejected(f"{text.strip() or 'nothing'} is no length of time: say 90s, 5m or 2h.")
    return round(told.total_seconds())


def set_usual_delay(board: Board, seconds: int) -> None:
    """Says after how many seconds an unheard share is late: a synced folder may usually take minutes. Raises
    BoardError."""
    board.remember(_USUAL_DELAY, str(seconds))


def delay_words(seconds: int) -> str:
    """When an unheard share is told of."""
    return f"warns once it was unheard for {rough_age(seconds)}"


def station_words(seen: StationSeen) -> str:
    """One station on one line: who, where, last change, and its clock where that is off."""
    who = " ".join(part for part in (seen.person, seen.label or seen.station[:8]) if part)
    last = f"last change {from_ms(seen.last_change_ms)[11:16]} UTC" if seen.last_change_ms else "no change yet"
    return " · ".join([who, last, *([skew_words(seen.skew_s)] if seen.skew_s and noticed(seen.skew_s) else [])])


def skew_words(skew_s: float) -> str:
    """How far a clock is off."""
    return f"clock {rough_age(round(abs(skew_s)))} {'ahead' if skew_s > 0 else 'behind'}"


def _problems(told: State, now_ms: int) -> tuple[str, ...]:
    trouble = [f"{told.trouble} (since {from_ms(told.trouble_since_ms)[11:16]} UTC)"] if told.trouble else []
    lasting = [p for p in told.problems if now_ms - p.since_ms >= WRONG_FOR_MS]
    return (*trouble, *(f"{p.file}: {p.what} (since {from_ms(p.since_ms)[11:16]} UTC)" for p in lasting))
