"""Steps of checklists that somebody read aloud and waits for the answer to: whom they reach, in whatever room they are.
[Degani & Wiener 1993: a challenge has its response]"""

from __future__ import annotations

from opsterm.board.store import Board
from opsterm.incidents.incident import known_role
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Incident, Run, Step
from opsterm.records.person_name import each_once, is_among, same_person

#: So many of an incident's last lines say who is in it.
_LINES = 400


def asked_aloud(board: Board, person: str) -> list[Notice]:
    """The open steps that another asked and that wait for this person, in all incidents and outside of them, the one
    that waits longest first."""
    waiting = board.all(Step, where="state = 'open' AND asked_by <> ''")
    rooms: dict[str, Snapshot] = {}
    found = []
    for step in sorted(waiting, key=lambda step: step.asked_since):
        run = board.get(Run, step.run)
        if run is None or run.state == "closed" or same_person(step.asked_by, person):
            continue
        if step.incident and step.incident not in rooms:
            if board.get(Incident, step.incident) is None:
                continue
            rooms[step.incident] = read_snapshot(board, step.incident)
        room = rooms.get(step.incident)
        if room is not None and room.over:
            continue
        asked = asked_of(board, step, run, room)
        if not asked or is_among(person, (*asked, step.who)):
            where = f"{run.name}{f' ({room.incident.mark})' if room is not None else ''}"
            text = f"{step.asked_by} asks you step {step.label} of {where}: {step.text}"
            key = f"asked aloud:{step.id}:{step.asked_since}"
            found.append(Notice(key, text, "warning", (person,), "answer_step", step.id))
    return found


def asked_of(board: Board, step: Step, run: Run, room: Snapshot | None) -> list[str]:
    """Who is asked: whoever holds the role that the step is for, or whom it names; else everybody else in the incident
    or on this walk. None where that is nobody: then it is everybody who sees the board."""
    inside = _inside(board, step, run, room)
    role = known_role(step.who)
    if role and room is not None:
        held = [(room.incident.commander, "commander"), *((item.name, item.role) for item in room.roles)]
        inside = [name for name, what in held if name and what == role] or inside
    named = [name for name in inside if same_person(name, step.who)]
    return [name for name in named or inside if not same_person(name, step.asked_by)]


def _inside(board: Board, step: Step, run: Run, room: Snapshot | None) -> list[str]:
    """Who is in the incident, or without one on the walk: who has a part in it, or wrote."""
    if room is None:
        steps = board.all(Step, where="run = ?", args=(run.id,))
        return each_once([run.by, run.state_by, *(item.state_by for item in steps if item.state != "open")])
    parts = [room.incident.commander, *(role.name for role in room.roles), *(item.owner for item in room.actions)]
    wrote = [line.by for line in board.moments(room.incident.id, last=_LINES)]
    return each_once([*parts, *(test.owner for test in room.probes), *wrote])
