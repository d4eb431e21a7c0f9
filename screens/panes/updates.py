"""Updates: the last word to each audience, and when the next one is due."""

from __future__ import annotations

from functools import partial

from opsterm.command.cadence import next_words
from opsterm.command.room import Room
from opsterm.records import Update
from opsterm.records.instant import Instant
from screens.actions import UPDATES, bindings
from screens.cells import Cell, Line, fit
from screens.lines import Spot
from screens.pane import Pane, teaching
from screens.signs import SIGNS
from screens.spans import age, clock, countdown


class UpdatesPane(Pane):
    """What stakeholders were told, latest first, under what is due to them."""

    place, number, label = UPDATES, 4, "Updates"
    BINDINGS = bindings(UPDATES)

    def spots_of(self, room: Room, columns: int) -> list[Spot]:
        due = [Spot("", partial(draw_due, audience, at)) for audience, at in next_words(room)]
        if not room.updates:
            return [*due, *teaching("Nobody was told yet.", "m  write to customers or executives")]
        sent = sorted(room.updates, key=lambda update: (update.at, update.born), reverse=True)
        return [*due, *(Spot(update.id, partial(self._draw, update)) for update in sent)]

    def summary(self, room: Room) -> tuple[Cell, ...]:
        last = room.last_update()
        return (Cell(f"{last.audience} told {age(last.at, self.now)} ago", "muted"),) if last else ()

    def badge(self, room: Room) -> tuple[Cell, ...]:
        due = next_words(room)
        return (Cell(" "), _left(due[0][1], self.now)) if due else ()

    def text_of(self, key: str) -> str:
        return next((u.text for u in self.room.updates if u.id == key), "") if self.room else ""

    def _draw(self, update: Update, columns: int, now: Instant) -> Line:
        return Line(
            (
                Cell(f"{clock(update.at, self.desk.zone, today=now)} ", "muted"),
                Cell(fit(update.audience, 11), "name"),
                Cell(update.text),
            )
        )


def draw_due(audience: str, at: Instant, columns: int, now: Instant) -> Line:
    """When the next word to an audience is due."""
    left = _left(at, now)
    sign = f"{SIGNS.alarm} " if left.tone else ""
    return Line((Cell(sign, left.tone), Cell(f"Next word to {audience}")), (left,))


def _left(at: Instant, now: Instant) -> Cell:
    words = countdown(at, now)
    return Cell(words, "alarm" if words.startswith("late") else "")
