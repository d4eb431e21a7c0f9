"""Incidents that were taken off the board, by an undo or as such: listed as they were, and brought back. Nothing that
was said of them is ever gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsterm.board.change import Change, Write
from opsterm.board.fold import DELETED, Folded, fold, note_at, note_by, project
from opsterm.board.marks import lettered
from opsterm.board.notes import is_note
from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Incident
from opsterm.records.instant import Instant
from opsterm.records.timeline_entry import OF, STRUCK


@dataclass(frozen=True, slots=True)
class RemovedIncident:
    """One that is not on the board any more."""

    #: As it was.
    incident: Incident
    by: str
    at: Instant


def removed_incidents(board: Board) -> Sequence[RemovedIncident]:
    """All of them, the latest removed first."""
    return board.worked_out("removed incidents", (), (Incident,), lambda: _removed(board))


def _removed(board: Board) -> list[RemovedIncident]:
    found = []
    for record in board.told_without_record():
        changes = board.changes_of_record(record, Incident.kind)
        if changes and (folded := fold(changes)).deleted:
            found.append(_as_it_was(changes, folded))
    return sorted(found, key=lambda item: (item.at, item.incident.id), reverse=True)


def _as_it_was(changes: Sequence[Change], folded: Folded) -> RemovedIncident:
    said = fold([change for change in changes if not is_note(change) and DELETED not in change.values] or changes)
    row = project(Incident, said)
    incident = Incident(**{**row, "mark": lettered(Incident.letter, row["number"], 0, 1)})
    removal = folded.standing.get(DELETED)
    if removal is not None and removal.value is True:
        return RemovedIncident(incident, removal.by, removal.at)
    struck = folded.first.struck
    assert struck is not None, "what is removed was removed or taken back"
    return RemovedIncident(incident, note_by(struck), note_at(struck))


def find_removed(board: Board, name: str) -> RemovedIncident:
    """The removed incident of a short id, or of a beginning of its id. Raises Rejected."""
    wanted = name.strip().lower()
    known = removed_incidents(board)
    found = [item for item in known if wanted and item.incident.mark.lower() == wanted]
    found = found or [item for item in known if wanted and item.incident.id.lower().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Rejected(f"{name} could be {', '.join(item.incident.id for item in found[:6])}: say one of these ids.")
    raise Rejected(f"No incident {name} was removed from this board: opsterm list --removed shows those that were.")


def bring_back(session: Session, record: str) -> Outcome:
    """Puts a removed incident back on the board, with all that was said of it. Raises Rejected."""
    board = session.board
    if board.get(Incident, record) is not None:
        raise Rejected("It is on the board: nobody removed it, or another has brought it back.")
    folded = board.folded(record, Incident.kind)
    if folded is None:
        raise Rejected("That incident was never on this board.")
    writes = []
    if folded.first.struck is not None:
        writes.append(Write(Incident.kind, record, "", {OF: folded.first.change.digest, STRUCK: False}))
    removal = folded.standing.get(DELETED)
    if removal is not None and removal.value is True:
        writes.append(Write(Incident.kind, record, "", {DELETED: False}))
    board.record(session.person, writes, basis_version=session.basis_version)
    incident = session.read(Incident, record)
    return Outcome(f"{incident.mark} is back: {incident.title}", record)
