"""Which incidents are folded into which, where folds may cross: one folded into another here, that one into the first
there, apart.

Every board that knows the same folds says the same: of those that are folded in a circle, the oldest runs on, and the
circle is a conflict until a person says which one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from opsterm.board.store import Board, Conflict
from opsterm.records import Incident

#: What a conflict of crossing folds is about: no field of any record, but which of the incidents runs on.
RUNS_ON = "runs on"


def circle_of(board: Board, incident: Incident) -> Sequence[Incident]:
    """The incidents that are folded one into the next and the last into the first, from the oldest on; none where this
    one is in no such circle."""
    found = [incident]
    known = {incident.id}
    while found[-1].folded_into:
        if found[-1].folded_into == incident.id:
            oldest = min(range(len(found)), key=lambda place: (found[place].born, found[place].id))
            return [*found[oldest:], *found[:oldest]]
        following = board.get(Incident, found[-1].folded_into)
        if following is None or following.id in known:
            return ()
        found.append(following)
        known.add(following.id)
    return ()


def is_folded(board: Board, incident: Incident) -> bool:
    """Whether it runs no more on its own. One into which another board folds nothing but itself, in a circle, runs on
    where it is the oldest of them."""
    if not incident.folded_into:
        return False
    circle = circle_of(board, incident)
    return not circle or circle[0].id != incident.id


def where_it_runs(board: Board, incident: Incident) -> Incident:
    """The incident that this one went on in; itself where it is not folded."""
    known: set[str] = set()
    while is_folded(board, incident) and incident.id not in known:
        known.add(incident.id)
        following = board.get(Incident, incident.folded_into)
        if following is None:
            break
        incident = following
    return incident


def running_in_circles(board: Board) -> frozenset[str]:
    """Ids of those that run on although they are folded: the oldest of each circle."""
    return frozenset(item.id for item in board.all(Incident, where="folded_into <> ''") if not is_folded(board, item))


def crossing(board: Board, incidents: Iterable[Incident]) -> list[Conflict]:
    """The circles that these are in, each a conflict of every incident in it: which one runs on. The oldest does, and
    stands last."""
    found: list[Conflict] = []
    for incident in incidents:
        circle = circle_of(board, incident)
        if circle:
            heads = tuple(_runs_on(board, circle, place) for place in reversed(range(len(circle))))
            found.append(Conflict(incident.id, RUNS_ON, incident.kind, incident.id, heads))
    return found


def _runs_on(board: Board, circle: Sequence[Incident], place: int) -> dict[str, Any]:
    """That one of a circle runs on: said by whoever folded the one before it into it. The change that has to be named
    to let it is its own fold."""
    runs, folded_in = circle[place], circle[place - 1]
    said, own = (board.folded(of.id, of.kind) for of in (folded_in, runs))
    setting = said.standing["folded_into"] if said else None
    fold = own.standing["folded_into"].change.digest if own else ""
    return {
        "value": runs.id,
        "by": setting.by if setting else "",
        "at": setting.at if setting else "",
        "station": setting.change.station if setting else "",
        "digest": fold,
    }


def fold_in_words(board: Board, incident: Incident, into: Incident) -> str:
    """What somebody is told who was with an incident that was folded into another."""
    folded = board.folded(incident.id, incident.kind)
    by = folded.standing["folded_into"].by if folded and "folded_into" in folded.standing else ""
    return f"{incident.mark} was folded into {into.mark}{f' by {by}' if by else ''}: you are in {into.mark} now"
