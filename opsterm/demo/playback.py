"""Playing a real incident back: its events come as they came then, at a speed one can change; one can take part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opsterm.core.session import Session
from opsterm.exchange.file_format import IncidentFile
from opsterm.exchange.importing import Importer
from opsterm.records.instant import to_ms

#: Times as fast as it was, slowest first.
SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 200.0)
_USUAL = 20.0


class PlaybackClock:
    """A clock that runs at a chosen speed from a chosen moment. `ticking` is a monotonic clock, in seconds."""

    def __init__(self, start_ms: int, ticking: Callable[[], float]) -> None:
        self._ticking = ticking
        self._base_ms = float(start_ms)
        self._since = ticking()
        self._speed = 1.0

    def now_ms(self) -> int:
        return int(self._base_ms + (self._ticking() - self._since) * 1000 * self._speed)

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, times: float) -> None:
        """Changes the speed from now on; 0 stops the clock."""
        self._base_ms, self._since = float(self.now_ms()), self._ticking()
        self._speed = times


@dataclass(slots=True)
class Playback:
    """One incident coming in on a board whose clock is a PlaybackClock."""

    session: Session
    file: IncidentFile
    clock: PlaybackClock
    #: How many events have come in.
    played: int = 0
    speed: float = _USUAL
    paused: bool = False
    _importer: Importer | None = None
    _ended: bool = False

    def begin(self, *, head_start: int = 0) -> None:
        """Puts the incident on the board, with its first `head_start` events at once."""
        self._importer = Importer(self.session, self.file)
        with self.session.board.transaction():
            self._importer.begin()
            for event in self.file.events[:head_start]:
                self._importer.event(event)
        self.played = head_start
        self.clock.speed = self.speed

    @property
    def words(self) -> str:
        """How far it is, in words."""
        state = "over" if self._ended else "paused" if self.paused else f"{self.speed:g}× speed"
        return f"playback {self.played}/{len(self.file.events)}, {state}"

    def advance(self) -> bool:
        """Lets in the events that are due by now. Says whether anything came."""
        if self._importer is None or self._ended:
            return False
        now = self.clock.now_ms()
        due = [event for event in self.file.events[self.played :] if to_ms(event.at) <= now]
        if due:
            with self.session.board.transaction():
                for event in due:
                    self._importer.event(event)
            self.played += len(due)
        if self.played == len(self.file.events):
            self._importer.finish()
            self._ended = True
            self.clock.speed = 1.0
        return bool(due) or self._ended

    def toggle(self) -> None:
        """Pauses, or goes on."""
        self.paused = not self.paused
        self.clock.speed = 0.0 if self.paused else self.speed

    def faster(self) -> None:
        self._step(1)

    def slower(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        place = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.speed = SPEEDS[min(max(place + by, 0), len(SPEEDS) - 1)]
        if not self.paused and not self._ended:
            self.clock.speed = self.speed
