"""Steps that two people answered apart: a killer item that one found done and another did not is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from opsterm.board.store import Board
from opsterm.core.conflicts import sides_of
from opsterm.incidents.reading import with_disputed_open
from opsterm.records import Run, Step


def steps_of_run(board: Board, run: Run) -> list[Step]:
    """The steps of a run as they read, in order."""
    found = board.all(Step, run.incident, where="run = ?", args=(run.id,))
    return steps_as_read(board, run.incident, sorted(found, key=lambda step: step.position))


def steps_as_read(board: Board, incident: str, steps: Sequence[Step]) -> list[Step]:
    """Steps as they count: killer items whose state is in conflict are open until somebody answers them anew."""
    return with_disputed_open(steps, board.conflicts(incident))


def answers_apart(board: Board, incident: str, steps: Iterable[Step]) -> Mapping[str, str]:
    """Step → what was answered apart, and by whom, where nobody settled it."""
    known = {step.id for step in steps}
    return {
        conflict.record: ", ".join(
            f"{str(side.value).replace('-', ' ')} by {side.by or 'nobody named'}" for side in sides_of(conflict)
        )
        for conflict in board.conflicts(incident)
        if conflict.kind == Step.kind and conflict.field == "state" and conflict.record in known
    }
