"""Walking through a checklist: a run keeps the version it began with, and every step is on the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from opsterm.command.session import NOW, Refused, Said, Session, Told
from opsterm.command.tasklist import TaskList, read_task_list
from opsterm.records import Run, Step
from opsterm.records.checklist import STATES

#: States that need a note: without it nobody can tell later what was seen.
NEEDS_NOTE = ("failed", "skipped", "deferred", "not-applicable", "overridden")
#: States in which a killer item still stands in the way.
UNSETTLED = ("open", "deferred", "failed")


@cache
def templates() -> Sequence[TaskList]:
    """The checklists that come with opsterm, by name."""
    folder = files("opsterm") / "data" / "checklists"
    found = (read_task_list(f.read_text(encoding="utf-8"), f.name) for f in folder.iterdir() if f.name.endswith(".md"))
    return tuple(sorted(found, key=lambda template: template.name))


def template(name: str) -> TaskList:
    """A checklist by its name or the beginning of it. Raises Refused."""
    wanted = name.strip().lower()
    matching = [t for t in templates() if t.name.lower() == wanted] or [
        t for t in templates() if wanted and t.name.lower().startswith(wanted)
    ]
    if len(matching) != 1:
        raise Refused(f"There is no checklist {name!r}: say one of {', '.join(t.name for t in templates())}.")
    return matching[0]


def begin(session: Session, incident: str, name: str, said: Said = NOW) -> Told:
    """Begins a run of a checklist, for an incident or for none (an empty id)."""
    chosen = template(name)
    with session.board.transaction():
        fields = {"name": chosen.name, "state": "open", "source": chosen.source}
        run = session.create(Run, incident, fields, said=said)
        for place, item in enumerate(chosen.items, 1):
            step = {
                "run": run,
                "position": f"{place:06d}",
                "label": item.label,
                "text": item.text,
                "section": item.section,
                "killer": item.killer,
                "reason": item.reason,
                "state": "open",
            }
            session.create(Step, incident, {k: v for k, v in step.items() if v not in ("", False)}, said=said)
    return Told(f"{chosen.name} began", run)


def tick(session: Session, step: Step, state: str, note: str = "", said: Said = NOW) -> Told:
    """Settles a step, or opens it again. All states but done and open want a note."""
    if state not in STATES:
        raise Refused(f"There is no state {state!r} of a step: say one of {', '.join(STATES)}.")
    if state in NEEDS_NOTE and not note.strip():
        raise Refused(f"Say why step {step.label} is {state}: a word is enough.")
    words = f"{step.text}: {state}{f', {note}' if note else ''}"
    session.set(step, {"state": state}, why=words, said=said)
    return Told(f"step {step.label} {state}", step.id)


def steps_of(session: Session, run: Run) -> list[Step]:
    """The steps of a run, in order."""
    steps = session.board.all(Step, run.incident, where="run = ?", args=(run.id,))
    return sorted(steps, key=lambda step: step.position)


def close(session: Session, run: Run, said: Said = NOW) -> Told:
    """Ends a run. Raises Refused, naming them, while killer items are open."""
    steps = steps_of(session, run)
    killers = [step for step in steps if step.killer and step.state in UNSETTLED]
    if killers:
        raise Refused(f"{run.name} can't be closed, killer items are open: {'; '.join(s.text for s in killers)}.")
    deferred = sum(step.state in ("deferred", "open") for step in steps)
    how = f"complete except {deferred}" if deferred else "complete"
    session.set(run, {"state": "closed"}, why=f"{run.name} {how}", said=said)
    return Told(f"{run.name} {how}", run.id)


def pause(session: Session, run: Run, said: Said = NOW) -> Told:
    """Leaves a run for later, for oneself or another."""
    session.set(run, {"state": "paused"}, why=f"{run.name} paused", said=said)
    return Told(f"{run.name} paused", run.id)


def resume(session: Session, run: Run, said: Said = NOW) -> Told:
    """Goes on with a run that was paused."""
    session.set(run, {"state": "open"}, why=f"{run.name} resumed", said=said)
    return Told(f"{run.name} resumed", run.id)
