"""What is recorded of one incident at one moment, as drafting and review need it: its records as they stood, nothing
live.

Times are ISO 8601 in UTC, `YYYY-MM-DDTHH:MM:SSZ`. Free texts are as a person wrote them, in whatever language; "" is
"not recorded".
"""

from dataclasses import dataclass
from typing import Any

from opsterm.drafting.clock_times import minutes_between
from opsterm.drafting.data_state import DataState, data_said
from opsterm.records import Action, Decision, Hypothesis, Incident, Update
from opsterm.records.spell import Stretch, hurt_seconds

#: Before anything is recorded.
_BLANK = Incident(**dict[str, Any](id=""))


@dataclass(frozen=True, slots=True)
class Sent:
    """An update as it was sent. `then` is what was recorded at that moment, without earlier updates: what has changed
    since is told from it."""

    update: Update
    then: "Facts | None" = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of one incident at one moment."""

    incident: Incident = _BLANK
    hypotheses: tuple[Hypothesis, ...] = ()
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    disputed: frozenset[str] = frozenset()
    """Ids of hypotheses that one person confirmed and another, apart, did not: no cause that is known."""
    in_command: str = ""
    """Who commands, in words: both, while two are said to."""
    estimate_check_at: str = ""
    """When somebody looks again at the time of repair that was committed to."""
    people: tuple[str, ...] = ()
    internal_words: tuple[str, ...] = ()
    """Service and host names that only the team knows."""
    allowed_words: tuple[str, ...] = ()
    """Trade words that this team's customers know."""
    updates: tuple[Sent, ...] = ()
    hurt: tuple[Stretch, ...] = ()
    """The times in which people were hurt: several where it came back."""

    def told(self, audience: str) -> tuple[Sent, ...]:
        """The updates sent to one audience, oldest first."""
        sent = (sent for sent in self.updates if sent.update.audience == audience)
        return tuple(sorted(sent, key=lambda sent: sent.update.at))

    @property
    def came_back(self) -> bool:
        """Whether people were hurt again after they were not."""
        return len(self.hurt) > 1

    def minutes_hurt(self, now: str) -> float:
        """How long people have been hurt, in all spells together; 0 where nobody knows since when."""
        if self.came_back:
            return hurt_seconds(self.hurt, now) / 60
        return minutes_between(self.effect_since, now) if self.effect_since else 0

    @property
    def effect_since(self) -> str:
        """When the effect began, as far as recorded; when it began again, where it came back."""
        return self.hurt[-1].begun if self.came_back else self.incident.started_at or self.incident.detected_at

    @property
    def data(self) -> DataState:
        """What became of people's data, as far as what was said of it is one of `data_state.DATA_STATES`."""
        return data_said(self.incident.data)[0]

    @property
    def data_detail(self) -> str:
        """Which data, of whom."""
        return self.incident.data_detail or data_said(self.incident.data)[1]

    @property
    def estimate(self) -> str:
        """A time of repair that somebody committed to."""
        return self.incident.estimate if self.incident.estimate_by else ""

    @property
    def confirmed(self) -> tuple[Hypothesis, ...]:
        """The confirmed causes."""
        return tuple(hypothesis for hypothesis in self.hypotheses if hypothesis.state == "confirmed")
