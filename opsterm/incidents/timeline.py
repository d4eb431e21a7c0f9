"""The timeline as people read it and write on it: what was seen and decided; one kind, one person, by when it happened
or when it was written down; corrected and struck lines stay in its history."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.window import Scan, window
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, some
from opsterm.core.times import lies_ahead
from opsterm.records import Decision, Incident, Observation
from opsterm.records.instant import to_ms
from opsterm.records.timeline_entry import LINE_KINDS, Group

#: What `f` goes through: a name in words → the kinds of line it shows.
GROUPS: Mapping[str, frozenset[str]] = {
    group: frozenset(kind.name for kind in LINE_KINDS.values() if kind.group == group) for group in get_args(Group)
}
#: A line recorded so much later than it happened says so: `+12m`.
LATE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a timeline is shown. Empty parts let all through."""

    #: A name in GROUPS.
    group: str = ""
    person: str = ""
    words: str = ""
    #: By when it was recorded, instead of when it happened.
    by_recorded: bool = False

    @property
    def said(self) -> str:
        """In words, for the pane's title."""
        parts = [self.group, f"by {self.person}" if self.person else "", f"with “{self.words}”" if self.words else ""]
        shown = ", ".join(part for part in parts if part) or "all"
        return f"{shown}, as recorded" if self.by_recorded else shown


def next_group(group: str) -> str:
    """The group after this one; all again after the last."""
    names = ["", *GROUPS]
    return names[(names.index(group) + 1) % len(names)] if group in names else ""


def people_of(moments: Iterable[Moment]) -> list[str]:
    """Everybody who wrote, in the order of their first line: for the filter by person."""
    return list(dict.fromkeys(line.by for line in moments if line.by))


def shown(moments: Sequence[Moment], filtered: Filter) -> list[Moment]:
    """The lines that pass, in the order asked for; of a corrected observation only its last words."""
    kinds = GROUPS.get(filtered.group)
    words = filtered.words.lower().split()
    lines = [
        line
        for line in standing(moments)
        if (kinds is None or line.kind in kinds)
        and (not filtered.person or line.by == filtered.person)
        and (not words or _has(line, words))
    ]
    return sorted(lines, key=lambda line: (line.hlc, line.station)) if filtered.by_recorded else lines


def page(board: Board, incident: str, filtered: Filter, *, last: int = 200, skip: int = 0) -> list[Moment]:
    """The last lines that pass, oldest first, `skip` lines before the end, read from the board without the others.
    Lines that were said better later are left out of the page, not of its count."""
    kinds = GROUPS.get(filtered.group, frozenset())
    lines = window(
        board,
        incident,
        kinds=kinds,
        person=filtered.person,
        words=filtered.words,
        by_recorded=filtered.by_recorded,
        last=last,
        skip=skip,
    )
    return standing(lines)


def scan(board: Board, incident: str, filtered: Filter) -> Scan:
    """The lines that pass, to be looked for a stretch at a time."""
    return Scan(
        board,
        incident,
        kinds=GROUPS.get(filtered.group, frozenset()),
        person=filtered.person,
        words=filtered.words,
        by_recorded=filtered.by_recorded,
    )


def _has(line: Moment, words: Sequence[str]) -> bool:
    text = f"{line.text} {line.by}".lower()
    return all(word in text for word in words)


def standing(moments: Sequence[Moment]) -> list[Moment]:
    """The lines without those that were said better later."""
    last: dict[str, int] = {}
    for line in moments:
        if line.record_kind == Observation.kind and line.kind in ("observation", "role_change"):
            last[line.record] = max(last.get(line.record, 0), line.hlc)
    return [
        line
        for line in moments
        if line.record_kind != Observation.kind
        or line.kind not in ("observation", "role_change")
        or line.hlc == last[line.record]
    ]


def struck_records(board: Board, incident: str, among: Collection[str] | None = None) -> dict[str, str]:
    """Id of each observation that was struck out → who struck it and why, in words; only `among` these, where given:
    then no others are looked at."""
    if among is None:
        struck = board.all(Observation, incident, where="struck = 1")
    else:
        chosen = "id IN (SELECT value FROM json_each(?)) AND +incident = ? AND struck = 1"
        struck = board.all(Observation, where=chosen, args=(json.dumps(sorted(among)), incident))
    return {o.id: f"struck by {o.struck_by}{f': {o.struck_why}' if o.struck_why else ''}" for o in struck}


def strike(session: Session, observation: Observation, why: str) -> Outcome:
    """Strikes a line out, with author and reason; it stays readable and is never deleted [ranger-ims-server #249]."""
    if observation.struck:
        raise Rejected("That line is struck out already.")
    session.set(observation, {"struck": True}, why=some(why, "why it is struck out"))
    return Outcome("struck out; it stays readable", observation.id)


def unstrike(session: Session, observation: Observation) -> Outcome:
    """Takes the strike back."""
    session.set(observation, {"struck": False}, why="counts again")
    return Outcome("counts again", observation.id)


def recorded_late(line: Moment) -> int:
    """Seconds from when it happened to when it was recorded, where that is a minute or more; else 0."""
    if not line.at:
        return 0
    seconds = (line.wall - to_ms(line.at)) // 1000
    return seconds if seconds >= LATE_SECONDS else 0


def observe(session: Session, incident: Incident, text: str, said: Attribution = NOW) -> Outcome:
    """Puts something seen on the timeline."""
    record = session.create(Observation, incident.id, {"text": some(text, "what you see")}, said=said)
    return Outcome("on the timeline", record)


def correct(session: Session, observation: Observation, text: str, said: Attribution = NOW) -> Outcome:
    """Says an observation better; what was said before stays in its history. A time that lies ahead is refused."""
    if lies_ahead(said.at, session.board.now):
        raise Rejected(f"{said.at} lies ahead: give a time up to now.")
    kept = Attribution(at=said.at or observation.text_at, by=said.by)
    session.set(observation, {"text": some(text, "what you see")}, said=kept)
    return Outcome("corrected; the earlier words are kept", observation.id)


def decide(
    session: Session, incident: Incident, text: str, *, why: str = "", instead_of: str = "", said: Attribution = NOW
) -> Outcome:
    """Puts a decision on the record; `instead_of` is what was decided against."""
    fields = filled(text=some(text, "what was decided"), instead_of=instead_of)
    record = session.create(Decision, incident.id, fields, why=why, said=said)
    return Outcome(f"{session.read(Decision, record).mark} decided", record)
