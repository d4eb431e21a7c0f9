"""The spells of an incident as they are begun, ended and corrected: by the time that is said, not by when it is said.

An incident that was never opened again tells of its one spell itself. Once it is opened again each spell is a record,
and the incident's own milestones are those of the spell that stands now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from opsterm.board.change import Change
from opsterm.board.fold import said_at
from opsterm.board.store import Board
from opsterm.core.session import NOW, Attribution, Session, filled
from opsterm.core.times import age
from opsterm.records import Incident, Spell
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant
from opsterm.records.spell import Stretch, first_spell, hurting, spells_of
from opsterm.records.timeline_entry import REF

#: Statuses in which people may be hurt. The others are watching, or the end.
HURTING = ("triage", "investigating", "identified")
#: Milestones that begin or end a spell.
SPELL_MILESTONES = ("started", "mitigated", "resolved")
#: How much of the name of a change an id takes over.
_NAME_LENGTH = 32


class _Status(NamedTuple):
    """A status as it was said."""

    at: Instant
    status: str
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a status, or a milestone, that is said for a time does to the spells."""

    #: The incident as it was before, and the spell that it is about.
    of: Incident
    spell: Stretch
    #: What changes with the incident's own fields.
    fields: Mapping[str, Instant]
    #: When another spell begins; empty where none does.
    begins: Instant = ""
    #: When it had been over before that, by its status.
    over_at: Instant = ""
    #: The change that begins it, where that was said before.
    begun_by: Change | None = None
    #: What changes with the record of a spell that is past.
    past: Mapping[str, Instant] | None = None

    @property
    def words(self) -> str:
        """What it does beyond what was said, to follow that; nothing where it does no more."""
        if self.begins:
            return f"; hurt again since {self.begins[11:16]} UTC"
        return f", in the spell that began at {self.spell.begun[11:16]} UTC" if self.past else ""


def by_incident(board: Board) -> Mapping[str, Sequence[Spell]]:
    """Id of each incident that was opened again → the records of its spells."""
    found: dict[str, list[Spell]] = {}
    for item in board.all(Spell):
        found.setdefault(item.incident, []).append(item)
    return found


# --- what is said of them


def turn_by_status(board: Board, incident: Incident, status: str, at: Instant) -> Turn:
    """What a status that holds from `at` on does: to be hurt again after it was watched or over begins a spell, and so
    does a status that is told late and shows that what stands since was a return."""
    of, told = _as_known(board, incident)
    spell = _at(told, at)
    before, after = _neighbours(board, of, at)
    if status in HURTING:
        quiet = _quiet_since(before, spell, first=spell is told[0])
        if quiet and quiet <= at:
            again = _again(of, spell, at, over_at=before.at if before.status in OVER else "")
            if spell.current and after is not None and after.status == "resolved" and of.resolved_at <= at:
                # Its end was told before it, and moved since by one that was told late.
                return replace(again, fields={**again.fields, "resolved_at": after.at})
            return again
        return Turn(of, spell, {})
    over = status in OVER
    if after is not None and after.status in HURTING:
        quiet = at if over else spell.ended
        if quiet and quiet <= after.at:
            return _again(of, spell, after.at, over_at=at if over else "", begun_by=after.change)
        return Turn(of, spell, {})
    if status == "resolved" and (after is None or after.status in OVER):
        return _end(of, spell, "resolved", at)
    return Turn(of, spell, _watched_again(of) if not over and after is None else {})


def turn_by_milestone(board: Board, incident: Incident, milestone: str, at: Instant) -> Turn:
    """What a milestone does: said again it corrects the spell in whose time it lies; a start after all that ended
    begins another."""
    of, told = _as_known(board, incident)
    if milestone != "started":
        return _end(of, _at(told, at), milestone, at)
    spell = next((one for one in told if not one.ended or at < one.ended), None)
    if spell is None:
        return _again(of, told[-1], at, by_start=True)
    if spell is told[0]:
        return Turn(of, spell, {"started_at": at})
    return Turn(of, spell, {}, past={"begun": at})


def _as_known(board: Board, incident: Incident) -> tuple[Incident, Sequence[Stretch]]:
    """The incident as the board knows it, whatever was painted, and each of its spells as it was said."""
    of = board.get(Incident, incident.id) or incident
    return of, spells_of(of, board.all(Spell, of.id))


def _at(told: Sequence[Stretch], at: Instant) -> Stretch:
    """The spell to which what happened then belongs: the last that had begun."""
    return next((one for one in reversed(told[1:]) if one.begun <= at), told[0])


def _quiet_since(before: _Status, spell: Stretch, *, first: bool) -> Instant:
    """Since when people were not hurt any more, by the status before and the spell's end; empty if they were."""
    if before.status in OVER and (first or before.at >= spell.begun):
        return min(spell.ended or before.at, before.at)
    return spell.ended if before.status in (*OVER, "monitoring") else ""


def _end(of: Incident, spell: Stretch, milestone: str, at: Instant) -> Turn:
    if spell.current:
        return Turn(of, spell, {f"{milestone}_at": at})
    return Turn(of, spell, {}, past={milestone: at})


def _watched_again(of: Incident) -> Mapping[str, Instant]:
    """What was resolved and is only watched again hurts nobody: it counts as mitigated since."""
    if of.status not in OVER or not of.resolved_at:
        return {}
    return {"resolved_at": "", **({} if of.mitigated_at else {"mitigated_at": of.resolved_at})}


def _again(
    of: Incident,
    spell: Stretch,
    at: Instant,
    *,
    over_at: Instant = "",
    begun_by: Change | None = None,
    by_start: bool = False,
) -> Turn:
    """Another spell begins: the ends that were said up to then stay with the one before."""
    ended = {f"{name}_at": "" for name, end in _ends(of).items() if spell.current and end and end <= at}
    return Turn(of, spell, filled(started_again_at=at if by_start else "") | ended, at, over_at, begun_by)


def _ends(of: Incident) -> Mapping[str, Instant]:
    return {"mitigated": of.mitigated_at, "resolved": of.resolved_at}


def take(session: Session, turn: Turn, *, why: str = "", said: Attribution = NOW) -> None:
    """Records what a turn does to the records of spells, once the incident's own change is recorded."""
    board, of, spell = session.board, turn.of, turn.spell
    if turn.past is not None:
        session.write(Spell.kind, spell.record, of.id, turn.past, why=why, said=said)
    if not turn.begins:
        return
    ends = _ends(of) if spell.current else {"mitigated": spell.mitigated, "resolved": spell.resolved}
    kept = {name: at for name, at in ends.items() if at and at <= turn.begins}
    # What ended it later than that ended the one that begins: the incident's own milestones do so by themselves.
    moved = {} if spell.current else {name: at for name, at in ends.items() if at > turn.begins}
    if turn.over_at:
        kept.setdefault("resolved", turn.over_at)
    line = _end_line(board, of, kept) if spell.current else ""
    past = {"past": True, **dict.fromkeys(moved, ""), **kept, **filled(end_line=line)}
    session.write(Spell.kind, spell.record or first_spell(of.id), of.id, past, said=said)
    begun_by = _name(turn.begun_by or board.changes_of_record(of.id, of.kind)[-1])
    begun = {"begun": turn.begins, "line": begun_by, **moved, **filled(past=not spell.current)}
    session.create(Spell, of.id, begun, record=f"{first_spell(of.id)} {begun_by[:_NAME_LENGTH]}", said=said)


def _end_line(board: Board, of: Incident, ends: Mapping[str, Instant]) -> str:
    """The name of the incident's change that said how a spell ended; empty where none did."""
    told = [change for change in reversed(board.changes_of_record(of.id, of.kind)) if "number" not in change.values]
    for name, at in sorted(ends.items()):
        for change in told:
            values = change.values
            over = name == "resolved" and values.get("status") in OVER and said_at(change, values) == at
            if over or values.get(f"{name}_at") == at:
                return _name(change)
    return ""


def _name(change: Change) -> str:
    """What a change is called on every board, also where it came from a file."""
    return str(change.values.get(REF) or change.digest)


def _neighbours(board: Board, of: Incident, at: Instant) -> tuple[_Status, _Status | None]:
    """The status before a moment and the one after it, by when they held. What the incident was made with holds before
    all that was said of it."""
    folded = board.folded(of.id, of.kind)
    told = [
        _Status(
            "" if "number" in one.values else said_at(one.change, one.values), str(one.values["status"]), one.change
        )
        for one in (folded.readings if folded else ())
        if "status" in one.values and one.struck is None
    ]
    told.sort(key=lambda one: one.at)
    before = [_Status("", HURTING[0]), *(one for one in told if one.at <= at)]
    stands = _Status(of.status_since, of.status)
    return (stands if stands.at <= at else before[-1]), next((one for one in told if one.at > at), None)


# --- in words


def hurt_words(told: Sequence[Stretch], now: Instant) -> str:
    """How long people were hurt: `1h20m in two spells (1h00m, then 20m)`; nothing where nobody was."""
    return sum_in_words([one.seconds(now) for one in told], so_far=hurting(told))


def sum_in_words(seconds: Sequence[float], *, so_far: bool) -> str:
    """The same of the length of each spell; `so_far` while the last one lasts."""
    if not seconds:
        return ""
    parts = f" {in_spells(seconds)}" if len(seconds) > 1 else ""
    return f"{age(sum(seconds))}{parts}{' so far' if so_far else ''}"


def in_spells(seconds: Sequence[float]) -> str:
    """In how many spells that was, and how long each: `in two spells (1h00m, then 20m)`."""
    return f"in {spells_counted(len(seconds))} ({', then '.join(map(age, seconds))})"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spells_counted(number: int) -> str:
    """`two spells`."""
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} spell{'' if number == 1 else 's'}"
