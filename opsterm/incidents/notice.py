"""One line that asks for a person: an alarm, a warning or an offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from opsterm.records.person_name import is_among

#: How much a line wants, most first. A bell is for nothing but an alarm.
Level = Literal["alarm", "warning", "offer"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the screen shows on its one line, and what the key beside it does."""

    #: Names the line over time: dismissals and counts go by it; the part before `:` is its family.
    key: str
    text: str
    level: Level = "warning"
    #: Whom it concerns; empty: everybody in the room.
    to: tuple[str, ...] = ()
    #: The name of the action that one key does, such as `accept`; empty where there is none but dismissing.
    act: str = ""
    #: The record that the action is about.
    record: str = ""
    #: Whether it says anything to somebody who is alone.
    alone_matters: bool = True
    #: Whether it asks about what was done a moment ago: then it goes before all but alarms.
    just_done: bool = False

    @property
    def family(self) -> str:
        return self.key.partition(":")[0]

    @property
    def rank(self) -> int:
        return 1 if self.just_done else 2 * LEVELS.index(self.level)

    def concerns(self, person: str) -> bool:
        return not self.to or is_among(person, self.to)
