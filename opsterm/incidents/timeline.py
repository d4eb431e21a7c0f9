"""The timeline as people read it and write on it: what was seen and decided; one kind, one person, by when it happened
or when it was written down; corrected and struck lines stay in its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from opsterm.board.notes import words_field
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.window import Scan, window
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, some
from opsterm.core.times import lies_ahead
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Decision, Incident, Observation
from opsterm.records.instant import to_ms
from opsterm.records.person_name import each_once, same_person
from opsterm.records.timeline_entry import LINE_KINDS, UNDONE, Group
from opsterm.records.timeline_entry import said as said_text

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


def marks_of(snapshot: Snapshot) -> dict[str, str]:
    """Id of a record → the mark that its lines are told with where their texts don't begin with it: `h2`, and `+h2` for
    what speaks for it."""
    marks = {item.id: item.mark for item in (*snapshot.hypotheses, *snapshot.actions, *snapshot.decisions)}
    for of, found in snapshot.evidence.items():
        marks |= {item.id: f"{'+' if item.supports else '−'}{marks.get(of, '')}" for item in found}
    return marks


def people_of(moments: Iterable[Moment]) -> list[str]:
    """Everybody who wrote, in the order of their first line: for the filter by person."""
    return each_once(line.by for line in moments)


def shown(moments: Sequence[Moment], filtered: Filter) -> list[Moment]:
    """The lines that pass, in the order asked for."""
    kinds = GROUPS.get(filtered.group)
    words = filtered.words.lower().split()
    lines = [
        line
        for line in moments
        if (kinds is None or line.kind in kinds)
        and (not filtered.person or same_person(line.by, filtered.person))
        and (not words or _has(line, words))
    ]
    return sorted(lines, key=lambda line: (line.hlc, line.station, line.seq)) if filtered.by_recorded else lines


def page(board: Board, incident: str, filtered: Filter, *, last: int = 200, skip: int = 0) -> list[Moment]:
    """The last lines that pass, oldest first, `skip` lines before the end, read from the board without the others."""
    kinds = GROUPS.get(filtered.group, frozenset())
    return window(
        board,
        incident,
        kinds=kinds,
        person=filtered.person,
        words=filtered.words,
        by_recorded=filtered.by_recorded,
        last=last,
        skip=skip,
    )


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


#: Kinds of record whose lines can't be said better: what was sent has been read.
_SENT = frozenset({"update"})


def strike(session: Session, line: Moment, why: str) -> Outcome:
    """Strikes a line out, with author and reason; it stays readable and is never deleted [ranger-ims-server #249].
    Only what was observed: anything else is taken back by undo, or said anew."""
    if line.record_kind != Observation.kind:
        raise Rejected("Only what was observed can be struck out: select such a line.")
    if line.struck:
        raise Rejected("That line is struck out already.")
    session.note(line, struck=True, why=some(why, "why it is struck out"))
    return Outcome("struck out; it stays readable", line.record)


def unstrike(session: Session, line: Moment) -> Outcome:
    """Takes the strike back."""
    session.note(line, struck=False)
    return Outcome("counts again", line.record)


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


def correct(session: Session, line: Moment, text: str, said: Attribution = NOW) -> Outcome:
    """Says a line better: its words, when it was, by whom. What was said before stays in its history. A time that lies
    ahead is refused."""
    if line.record_kind in _SENT:
        raise Rejected("What was sent stays as it was sent: send a correction.")
    if line.kind == UNDONE.name:
        raise Rejected("Say the line itself better, not that it was taken back.")
    if lies_ahead(said.at, session.board.now):
        raise Rejected(f"{said.at} lies ahead: give a time up to now.")
    words = text.strip()
    old = words_of(session, line)
    if not (words or said.at or said.by) or (words == old and not (said.at or said.by)):
        raise Rejected("Nothing to correct: say the words, the time or who said it.")
    session.note(line, said=said, words="" if words == old else words)
    return Outcome("corrected; the earlier words are kept", line.record)


def words_of(session: Session, line: Moment) -> str:
    """The words of a line that a person gave: its text, or the reason of what was done."""
    folded = session.board.folded(line.record, line.record_kind)
    readings = folded.readings if folded is not None else ()
    values = next((r.values for r in readings if r.change.digest == line.digest), {})
    return said_text(values.get(words_field(values), ""))


def decide(
    session: Session,
    incident: Incident,
    text: str,
    *,
    why: str = "",
    instead_of: str = "",
    objections: int | None = None,
    said: Attribution = NOW,
) -> Outcome:
    """Puts a decision on the record; `instead_of` is what was decided against, `objections` how many were heard where
    it was put to the room."""
    fields = filled(text=some(text, "what was decided"), instead_of=instead_of)
    if objections is not None:
        fields["objections"] = objections
    record = session.create(Decision, incident.id, fields, why=why, said=said)
    return Outcome(f"{session.read(Decision, record).mark} decided", record)
