"""Notes on a change: what is said later of one change, and what the change reads as with them.

A note is a change of the same record that sets no field and names the other by its digest. It carries what now holds:
time, by whom, words, or that it is struck out. Of each of these the last note stands; the earlier are its history. A
note can be noted on as well: so the taking back of a correction brings back what was there before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opsterm.board.change import Change
from opsterm.records.timeline_entry import AT, BY, OF, REF, STRUCK, WHY, WORDS

#: The fields that hold the words of a change, the first that it sets; its reason where it sets none of them.
WORDED = ("text", "title", "what")


class Reading(NamedTuple):
    """A change as it reads with the notes on it."""

    change: Change
    values: dict[str, Any]
    #: The note that strikes it out.
    struck: Change | None = None
    #: The notes by which it reads otherwise than it was written.
    corrected: Sequence[Change] = ()


def name_of(change: Change) -> str:
    """What a change is called on the timeline: the same for one line of a file that two stations imported."""
    ref = change.values.get(REF)
    return f"{change.record}\n{ref}" if isinstance(ref, str) else change.digest


def words_field(values: Mapping[str, Any]) -> str:
    """The field that has the words of a change."""
    return next((field for field in WORDED if isinstance(values.get(field), str)), WHY)


def is_note(change: Change) -> bool:
    """Whether a change is a note on another, and no more."""
    return OF in change.values and all(field.startswith("_") for field in change.values)


@dataclass(frozen=True, slots=True)
class _Notes:
    """The notes on each change of a record, in order."""

    on: Mapping[str, Sequence[Change]]
    #: Change → the note that strikes it out, as far as that was asked.
    _found: dict[str, Change | None] = field(default_factory=dict)

    def striking(self, name: str) -> Change | None:
        """The note that strikes a change out; nothing where it counts. Notes on notes may go as deep as they like."""
        asked = [name]
        while asked:
            one = asked[-1]
            strikes = [note for note in self.on.get(one, ()) if isinstance(note.values.get(STRUCK), bool)]
            open_yet = [note.digest for note in strikes if note.digest not in self._found]
            if open_yet:
                asked += open_yet
                continue
            counts = (note for note in reversed(strikes) if self._found[note.digest] is None)
            last = next(counts, None)
            self._found[one] = last if last is not None and last.values[STRUCK] else None
            asked.pop()
        return self._found[name]

    def read(self, change: Change) -> Reading:
        name = name_of(change)
        values = change.values
        standing = [note for note in self.on.get(name, ()) if self.striking(note.digest) is None]
        telling = [note for note in standing if not {AT, BY, WORDS}.isdisjoint(note.values)]
        if telling:
            values = dict(values)
            for note in telling:
                values |= {field: note.values[field] for field in (AT, BY) if field in note.values}
                if isinstance(note.values.get(WORDS), str):
                    values[words_field(change.values)] = note.values[WORDS]
        return Reading(change, values, self.striking(name), telling)


def read(ordered: Sequence[Change]) -> list[Reading]:
    """The changes of one record in order, as they read; notes are not among them."""
    if not any(OF in change.values for change in ordered):
        return [Reading(change, change.values) for change in ordered]
    names = {change.digest: name_of(change) for change in ordered}
    on: dict[str, list[Change]] = {}
    for change in ordered:
        of = change.values.get(OF)
        if is_note(change) and isinstance(of, str) and of in names and of != change.digest:
            on.setdefault(names[of], []).append(change)
    notes = _Notes(on)
    return [notes.read(change) for change in ordered if not is_note(change)]
