"""What is known of the sharing of one board, in a small file beside it: the console reads it, and waits for nothing.

It is kept apart from the board, so that telling every second that the share was heard costs no commit and wakes no
screen. Losing it loses nothing.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

#: What was wrong for a shorter time than this is not said: sync tools deliver in pieces.
WRONG_FOR_MS = 30_000


@dataclass(frozen=True, slots=True)
class StationSeen:
    """One station as its journals and its changes show it."""

    station: str
    #: As `mia@laptop`; empty for a station whose own journal was not seen.
    label: str = ""
    person: str = ""
    #: Its highest seq known here.
    seq: int = 0
    #: Its own clock at its last change known here, milliseconds since 1970; 0 where it made none.
    last_change_ms: int = 0
    #: How far its clock is ahead of this machine's, in seconds; nothing while nothing speaks for a difference.
    skew_s: float | None = None


@dataclass(frozen=True, slots=True)
class ShareProblem:
    """One file of the share that can't be taken, or one thing that stands against publishing."""

    file: str
    what: str
    #: Since when, by this machine's clock, milliseconds since 1970.
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """All of it, as of the last pass."""

    directory: str = ""
    #: When all that is in the share was last taken, by this machine's clock, milliseconds since 1970; 0 for never.
    heard_ms: int = 0
    #: Highest seq of this station that the share holds.
    station: str = ""
    published_seq: int = 0
    stations: tuple[StationSeen, ...] = ()
    problems: tuple[ShareProblem, ...] = ()
    #: Why the share can't be used at all just now, in one line.
    trouble: str = ""
    trouble_since_ms: int = 0
    #: What a person should know of what was done, such as a new identity; the latest last.
    said: tuple[str, ...] = ()
    #: Station → (seconds between its clock at a change and its arrival here) for its last arrivals.
    delays: dict[str, list[float]] = field(default_factory=dict)


def state_file(board: Path) -> Path:
    """The file beside a board that tells of its sharing."""
    return board.with_name(f"{board.name}-share")


def write_state(board: Path, state: State) -> None:
    """Puts the state in place, whole or not at all. A disk that refuses it is no reason to stop sharing."""
    target = state_file(board)
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        temporary.touch(0o600)
        temporary.write_text(json.dumps(asdict(state)), encoding="utf-8")
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            temporary.unlink()


def read_state(board: Path) -> State:
    """The state as last told; an empty one where there is none."""
    try:
        told = json.loads(state_file(board).read_text(encoding="utf-8"))
        return _state(told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return State()


def forget_state(board: Path) -> None:
    """Takes the state away: the board is not shared any more."""
    with suppress(OSError):
        state_file(board).unlink()


def _state(told: Any) -> State:
    known = {f.name for f in fields(State)}
    given = {name: value for name, value in told.items() if name in known}
    given["stations"] = tuple(StationSeen(**item) for item in told["stations"])
    given["problems"] = tuple(ShareProblem(**item) for item in told["problems"])
    given["said"] = tuple(told["said"])
    return State(**given)
