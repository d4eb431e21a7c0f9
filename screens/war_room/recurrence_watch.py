"""Whether a running incident repeats an earlier one: worked out beside the console, said where it is sure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opsterm.board.store import Board
from opsterm.incidents.notice import Notice
from opsterm.records import Incident
from opsterm.records.instant import to_ms
from screens.pages.background_work import BackgroundWork
from screens.pages.incident_screen import IncidentScreen

if TYPE_CHECKING:
    from opsterm.learn.seen_before import EarlierIncident

#: How often it is asked anew while the incident goes on.
AGAIN_S = 10
#: The number of a board's first incident, which repeats none.
FIRST = 1


class RecurrenceWatch:
    """What one console knows of the incidents before this one; `found` is called where that is more than before."""

    def __init__(self, screen: IncidentScreen, found: Callable[[], None]) -> None:
        self._screen = screen
        self._found = found
        self._aside: BackgroundWork[tuple[EarlierIncident, ...]] | None = None
        self._version = -1
        self._asked_ms = 0
        #: The earlier incidents that this one may repeat, likeliest first.
        self.seen: tuple[EarlierIncident, ...] = ()

    def look(self) -> None:
        """Has it worked out where anything was recorded since; soon, and never at once."""
        board, of = self._screen.context.board, self._screen.snapshot.incident
        now_ms = to_ms(board.now)
        if self._screen.snapshot.over or board.version == self._version or now_ms - self._asked_ms < AGAIN_S * 1000:
            return
        self._version, self._asked_ms = board.version, now_ms
        if not of.drill and board.next_number(Incident, "") > FIRST + 1:
            if self._aside is None:
                self._aside = BackgroundWork(self._screen, board, self._work, self._took)
            self._aside.ask()

    def _work(self, board: Board) -> tuple[EarlierIncident, ...]:
        from opsterm.learn.seen_before import seen_before

        return seen_before(board, self._screen.incident)

    def _took(self, seen: tuple[EarlierIncident, ...]) -> None:
        if seen != self.seen:
            self.seen = seen
            self._found()

    def notices(self) -> list[Notice]:
        """The likeliest, where it is sure and nobody judged it yet."""
        found = next((item for item in self.seen if item.sure and not item.repeat.verdict), None)
        if found is None or self._screen.snapshot.over:
            return []
        return [Notice(f"repeats:{found.repeat.earlier}", found.words, "offer", (), "seen_before")]
