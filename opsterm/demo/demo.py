"""The demo: a throw-away board on which a real incident plays back. Nothing of the user's own is touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from opsterm.board.store import Board
from opsterm.core.session import Rejected, Session
from opsterm.demo.playback import Playback, PlaybackClock
from opsterm.exchange.file_format import IncidentFile, parse
from opsterm.records.instant import to_ms

#: The incident that plays unless another is named: 27 minutes of a worldwide outage, well told.
DEFAULT = "cloudflare-2019-07-02"
#: So many events have come in when the screen opens: there is something to see and to do at once.
HEAD_START = 14


def incidents() -> list[str]:
    """The names of the incidents that can be played back."""
    folder = files("opsterm") / "data" / "incidents"
    return sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))


def incident_file(name: str) -> IncidentFile:
    """One of them, by its name or the beginning of it. Raises Rejected."""
    matching = [known for known in incidents() if known.startswith(name)] if name else [DEFAULT]
    if len(matching) != 1:
        raise Rejected(f"There is no incident {name!r} to play: say one of {', '.join(incidents())}.")
    return parse((files("opsterm") / "data" / "incidents" / f"{matching[0]}.json").read_bytes())


def stage(folder: Path, name: str = "", *, ticking: Callable[[], float] = time.monotonic) -> tuple[Board, Playback]:
    """A new board in `folder` on which the incident has begun."""
    file = incident_file(name)
    head = min(HEAD_START, len(file.events))
    clock = PlaybackClock(to_ms(file.events[head - 1].at) + 1000, ticking)
    board = Board.open(folder / "demo.sqlite", clock=clock, any_disk=True)
    playback = Playback(Session(board, "playback"), file, clock)
    playback.begin(head_start=head)
    return board, playback
