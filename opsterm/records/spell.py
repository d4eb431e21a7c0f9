"""The spells in which people were hurt: one where an incident was never opened again, else a record for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from opsterm.records.incident import OVER, Incident, milestone_entry
from opsterm.records.instant import Instant, to_ms
from opsterm.records.record import Record, record, stated
from opsterm.records.timeline_entry import Entry, Said, edit_entry

#: What is said of a spell after another has begun: field → the milestone.
_CORRECTED = {"begun": "started", "mitigated": "mitigated", "resolved": "resolved"}


def _entry(told: Said) -> Entry | None:
    if "line" in told or "past" in told:
        return None  # it is told by the line that began another
    field = next((field for field in _CORRECTED if field in told), "")
    return milestone_entry(told, field, _CORRECTED[field]) if field else edit_entry(told)


@record("spell", entry=_entry)
class Spell(Record):
    """One spell of hurt of an incident that was opened again. The id of the first is made of the incident's, that of
    another of the incident's and the change that began it."""

    begun: Instant = stated("", "When people were hurt again; empty for the first, which began with the incident.")
    line: str = stated("", "Name of the change that began it, its ref or digest; empty for the first.", called="")
    past: bool = stated(False, "Whether another began since: till then its end is the incident's own milestones.")
    mitigated: Instant = stated("", "When people were no longer hurt, once it is past.")
    resolved: Instant = stated("", "When it was over, once it is past.")
    end_line: str = stated("", "Name of the change that said its end, once it is past.", called="")


def first_spell(incident: str) -> str:
    """The id of an incident's first spell, the same on every board."""
    return f"{incident}/spell"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which people were hurt."""

    begun: Instant
    mitigated: Instant = ""
    resolved: Instant = ""
    #: When it ended: mitigated, else resolved, else closed; empty while people are hurt.
    ended: Instant = ""
    #: Id of its record; empty where the incident alone tells of it.
    record: str = ""
    #: Whether its end is said by the incident's own milestones.
    current: bool = True

    def seconds(self, now: Instant) -> float:
        """How long people were hurt in it; up to now, while they are."""
        return max(0.0, (to_ms(self.ended or now) - to_ms(self.begun)) / 1000)


def spells_of(of: Incident, records: Sequence[Spell]) -> tuple[Stretch, ...]:
    """Each spell as it was said, by when it began. An incident without records has one, from when it started to when
    it was mitigated, else resolved."""
    started = of.started_at or of.declared_at or of.at
    if not records:
        return (_current(of, started, first=True),)
    first = first_spell(of.id)
    told = sorted(records, key=lambda item: (item.id != first, item.begun, item.born, item.id))
    return tuple(_told(of, started if item.id == first else item.begun, item) for item in told)


def _told(of: Incident, begun: Instant, item: Spell) -> Stretch:
    if not item.past:
        return _current(of, begun, item.id, first=item.id == first_spell(of.id))
    return _stretch(begun, item.mitigated, item.resolved, item.mitigated or item.resolved, item.id, current=False)


def _current(of: Incident, begun: Instant, record: str = "", *, first: bool) -> Stretch:
    """The spell that the incident's own milestones end; those from before it began are of another one."""
    mitigated, resolved = (at if first or at >= begun else "" for at in (of.mitigated_at, of.resolved_at))
    ended = mitigated or resolved
    if not ended and of.status in OVER and (first or of.status_since >= begun):
        ended = of.status_since
    return _stretch(begun, mitigated, resolved, ended, record, current=True)


def _stretch(
    begun: Instant, mitigated: Instant, resolved: Instant, ended: Instant, record: str, *, current: bool
) -> Stretch:
    """What is said to have ended before it began had no length."""
    return Stretch(min(begun, ended) if ended else begun, mitigated, resolved, ended, record, current)


def hurt(of: Incident, records: Sequence[Spell]) -> tuple[Stretch, ...]:
    """The times in which people were hurt, none of which overlap: what two began apart is one. Nobody was hurt by what
    was a false alarm."""
    if of.status == "cancelled":
        return ()
    told = sorted(spells_of(of, records), key=lambda one: one.begun)
    ends = sorted(one.ended for one in told if one.ended)
    last = max(one.begun for one in told)
    out: list[Stretch] = []
    for one in told:
        if one.begun < last and (one.current or not one.ended):
            # Whoever said that it was over said it of all that had begun by then.
            after = [end for end in ends if end > one.begun]
            one = replace(one, ended=min([*after, one.ended] if one.ended else after, default=last))
        if out and (not out[-1].ended or one.begun < out[-1].ended):
            out[-1] = _both(out[-1], one)
        else:
            out.append(one)
    lasting = [one for one in out if one.ended != one.begun]
    return tuple(lasting or out[-1:])


def _both(one: Stretch, other: Stretch) -> Stretch:
    """Two that overlap, as one: it ended when the later of them did."""
    later = max(one, other, key=lambda each: each.ended or "~")
    return replace(later, begun=min(one.begun, other.begun))


def hurt_seconds(stretches: Sequence[Stretch], now: Instant) -> float:
    """How long people were hurt in all, up to now where they are."""
    return sum(one.seconds(now) for one in stretches)


def hurt_seconds_within(stretches: Sequence[Stretch], since: Instant, now: Instant) -> float:
    """How much of that lies between two moments."""
    return sum(
        replace(one, begun=max(one.begun, since), ended=min(one.ended or now, now)).seconds(now) for one in stretches
    )


def hurting(stretches: Sequence[Stretch]) -> bool:
    """Whether people are hurt now."""
    return bool(stretches) and not stretches[-1].ended
