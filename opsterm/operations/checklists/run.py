"""Walking through a checklist: a run keeps the version it began with, and every step is on the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opsterm.board.store import Board
from opsterm.core.calendar_dates import add_working_days, day, team_holidays
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.obligations.obligation import owe
from opsterm.operations.checklists.disputed import steps_of_run
from opsterm.operations.checklists.pause_points import (
    UNSETTLED,
    counts,
    in_the_way,
    killers_before,
    needs_two,
    never_stopped,
    open_killers,
    outcome,
    to_repeat,
)
from opsterm.operations.checklists.tasklist import answered, read_task_list
from opsterm.operations.checklists.template import Template, find_template
from opsterm.records import Proof, Run, Step
from opsterm.records.checklist import PURPOSES, STATES, StepState
from opsterm.records.person_name import same_person

#: States that need a note: without it nobody can tell later what was seen.
NEEDS_NOTE: tuple[StepState, ...] = ("failed", "skipped", "deferred", "not-applicable", "overridden")
#: A waived item is looked at within so many working days [field notes: changes].
REVIEW_WORKING_DAYS = 2
#: A deferred item is owed within so many days after its run, where no day was named.
DEFERRED_DAYS = 7


class OpenKillers(Rejected):
    """Killer items stand in the way. `steps` are those."""

    def __init__(self, sentence: str, steps: Sequence[Step]) -> None:
        super().__init__(sentence)
        self.steps = tuple(steps)


def begin(
    session: Session,
    incident: str,
    checklist: Template | str,
    *,
    purpose: str = "checklist",
    paired: bool = False,
    deployment: str = "",
    emergency: str = "",
) -> Outcome:
    """Begins a run of a checklist, at hand or by its name, for an incident or for none (an empty id). `paired` wants
    two people at each killer item; `deployment` is the id of the deployment or planned change that it belongs to. A way
    back is one, however it is begun: nothing stops it. Raises Rejected."""
    template = find_template(session.board, checklist) if isinstance(checklist, str) else checklist
    if template.is_rollback and purpose == "checklist":
        purpose = "rollback"
    if purpose not in PURPOSES:
        raise Rejected(f"A run is for one of {', '.join(PURPOSES)}, not {purpose!r}.")
    if not template.tasks.items:
        raise Rejected(f"{template.name} has no task to walk through.")
    fields = filled(
        name=template.name,
        version=template.version,
        state="open",
        source=template.tasks.source,
        purpose=purpose,
        paired=paired,
        deployment=deployment,
    )
    with session.board.transaction():
        run = session.create(Run, incident, fields)
        for place, item in enumerate(template.tasks.items, 1):
            step = filled(
                run=run,
                position=f"{place:06d}",
                label=item.label,
                item=item.key,
                text=item.text,
                section=item.section,
                killer=item.killer,
                reason=item.reason,
                mode=item.mode,
                expected=item.expected,
                who=item.who,
                hold=item.hold,
                command=item.command,
                link=item.link,
                condition=item.condition,
                rollback=item.rollback,
                approver=item.approver,
                minutes=item.minutes,
                state="open",
            )
            session.create(Step, incident, step)
        if emergency.strip():
            waive(session, session.read(Run, run), emergency)
    return Outcome(f"{template.name} began", run)


def run_of(session: Session, step: Step) -> Run:
    """The run that a step belongs to. Raises Rejected where it is not on the board."""
    run = session.board.get(Run, step.run)
    if run is None:
        raise Rejected("That run is not on this board any more.")
    return run


def tick(
    session: Session,
    step: Step,
    state: str,
    note: str = "",
    *,
    asked_by: str = "",
    approver: str = "",
    until: str = "",
    sensed: bool = False,
) -> Outcome:
    """Settles a step, or opens it again. All states but done and open want a note.

    `asked_by` asked it, another than who answers: at a hold point, and at the killer items of a paired run, nobody
    answers alone. `approver` overrides it; where the list names one, only that person does. `until` is the pause point
    or the day that a deferred one is asked again at. `sensed` is an answer by a machine. Raises Rejected.
    """
    if state not in STATES:
        raise Rejected(f"There is no state {state!r} of a step: say one of {', '.join(STATES)}.")
    seen = note.strip()
    if state in NEEDS_NOTE and not seen:
        raise Rejected(f"Say why step {step.label} is {state}: a word is enough.")
    run = run_of(session, step)
    if run.state == "closed":
        raise Rejected(f"{run.name} is closed: begin another run.")
    who = person_name(approver) if approver and state == "overridden" else session.person
    said = NOW
    fields: dict[str, Any] = {"state": state, "note": seen}
    if state == "done":
        asked = _asker(step, run, person_name(asked_by), session.person)
        if asked != step.asked_by:
            fields["asked_by"] = asked
    elif state == "overridden":
        if step.approver and not same_person(step.approver, who):
            raise Rejected(f"Only {step.approver} may override step {step.label}.")
        if not same_person(who, session.person):
            said = Attribution(by=who)
    elif state == "open" and step.asked_by:
        fields["asked_by"] = ""
    if until and state == "deferred":
        fields["deferred_to"] = until.strip()
    if sensed != step.sensed:
        fields["sensed"] = sensed
    with session.board.transaction():
        session.set(step, fields, said=said)
        if state == "not-applicable":
            _close_branch(session, step, seen)
    return Outcome(f"step {step.label} {state}", step.id, _warning(step, state))


def check_order(run: Run, steps: Sequence[Step], step: Step) -> None:
    """Raises OpenKillers, naming them, where killer items of an earlier pause point stand before a step."""
    killers = killers_before(run, steps, step)
    if killers:
        named = ", ".join(f"{killer.label} {killer.text}" for killer in killers[:2])
        raise OpenKillers(f"an earlier pause point is not passed, it waits for {named}", killers)


def _asker(step: Step, run: Run, named: str, answerer: str) -> str:
    """Who asked a step that is answered now. Raises Rejected where the rule wants two people and there is one."""
    asked = named or step.asked_by
    alone = not asked or same_person(asked, answerer)
    if alone and needs_two(step, run):
        raise Rejected(f"Step {step.label} needs two people: another than {answerer} asks it, then {answerer} answers.")
    if named and alone:
        raise Rejected(f"{named} can't ask and answer: step {step.label} wants another person, or no asker.")
    return "" if alone else asked


def _close_branch(session: Session, step: Step, note: str) -> None:
    """What hangs on an item that does not apply does not apply either."""
    below = session.board.all(Step, step.incident, where="run = ? AND label LIKE ?", args=(step.run, f"{step.label}.%"))
    for child in below:
        if child.state in ("open", "deferred"):
            fields = {"state": "not-applicable", "note": note}
            session.set(child, fields)


def _warning(step: Step, state: StepState) -> str:
    if state == "failed" and step.rollback:
        return f"go back: {step.rollback}"
    if step.killer and state in UNSETTLED and state != "open":
        return f"step {step.label} is a killer item: it still stands in the way"
    return ""


def ask(session: Session, step: Step, said: Attribution = NOW) -> Outcome:
    """Asks a step aloud: another person answers it, on this console or another."""
    who = session.speaker(said)
    session.set(step, {"asked_by": who}, said=said)
    return Outcome(f"{who} asks step {step.label}: another answers", step.id)


def prove(session: Session, step: Step, text: str) -> Outcome:
    """Keeps what was seen at a step: a line, or a pasted output, whole."""
    shown = some(text, "what was seen")
    record = session.create(Proof, step.incident, {"run": step.run, "step": step.id, "text": shown})
    return Outcome(f"kept with step {step.label}", record)


def proofs_of(session: Session, step: Step) -> list[Proof]:
    """What was seen at a step, oldest first."""
    return session.board.all(Proof, step.incident, where="step = ?", args=(step.id,))


def open_runs(board: Board, incident: str = "", *, rollback: bool = False) -> list[Run]:
    """Runs to go on with, the latest first: of an incident or of none, of checklists or of ways back and drills."""
    purpose = "purpose <> 'checklist'" if rollback else "purpose = 'checklist'"
    return board.all(Run, incident, where=f"state <> 'closed' AND {purpose}")[::-1]


def steps_of(session: Session, run: Run) -> list[Step]:
    """The steps of a run as they read, in order."""
    return steps_of_run(session.board, run)


def as_markdown(session: Session, run: Run) -> str:
    """A run's list as it was when it began, with its answers: ticked boxes, and other states in words."""
    folded = session.board.folded(run.id)
    setting = folded.standing.get("source") if folded else None
    source = setting.value if setting and isinstance(setting.value, str) else run.source
    answers = {step.label: (step.state, step.note) for step in steps_of(session, run)}
    return answered(read_task_list(source, run.name), answers)


def pass_point(session: Session, run: Run, section: str) -> Outcome:
    """Goes past a pause point. Raises OpenKillers, naming them, while killer items up to it are open, unless the run is
    waived or is a way back: that is never stopped."""
    steps = steps_of(session, run)
    if section not in {step.section for step in steps}:
        raise Rejected(f"{run.name} has no pause point {section!r}.")
    killers = in_the_way(steps, section)
    if killers and not never_stopped(run):
        named = "; ".join(step.text for step in killers)
        raise OpenKillers(f"{section or run.name} can't be passed, killer items are open: {named}.", killers)
    if section not in run.passed:
        session.set(run, {"passed": [*run.passed, section], "killers_open": len(killers)})
    return Outcome(f"{section or run.name} passed", run.id)


def waive(session: Session, run: Run, reason: str) -> Outcome:
    """Lets a run go on past open killer items, for an emergency: it is on the record, and somebody looks at it within
    two working days."""
    why = some(reason, "what the emergency is")
    who = session.person
    with session.board.transaction():
        session.set(run, {"emergency": why})
        owe(
            session,
            f"Look at what was waived: {run.name} {run.mark}",
            add_working_days(day(session.board.now), REVIEW_WORKING_DAYS, team_holidays()).isoformat(),
            reason=why,
            sort="review",
            owner=who,
            missed="nobody learns whether it had to be waived",
            incident=run.incident,
            origin=run.id,
            record=f"{run.id}/waived",
        )
    return Outcome(f"{run.name} goes on: {why}", run.id)


def pair(session: Session, run: Run, paired: bool = True) -> Outcome:
    """Wants two people at each killer item of a run from now on, or no more."""
    if run.state == "closed":
        raise Rejected(f"{run.name} is closed: begin another run.")
    words = "killer items need two people" if paired else "one person is enough"
    session.set(run, {"paired": paired})
    return Outcome(f"{words} from now on", run.id)


def close(session: Session, run: Run, *, emergency: str = "", result: str = "", why: str = "") -> Outcome:
    """Ends a run. Raises OpenKillers, naming them, while killer items are open; `emergency` waives them, and a way back
    is never stopped. Deferred items are owed from then on. `result` says how a drill or a rollback went, and `why` what
    was seen."""
    with session.board.transaction():
        steps = steps_of(session, run)
        killers = open_killers(steps)
        if killers and emergency.strip():
            waive(session, run, emergency)
        elif killers and not never_stopped(run):
            named = "; ".join(step.text for step in killers)
            raise OpenKillers(f"{run.name} can't be closed, killer items are open: {named}.", killers)
        how = outcome(steps)
        if killers:
            how += f", {len(killers)} killer item(s) open"
        how += f", {result}" if result else ""
        ended = filled(state="closed", result=result, **counts(steps), killers_open=len(killers))
        session.set(run, ended, why=why)
        for step in steps:
            if step.state == "deferred":
                _owe_deferred(session, run, step)
    return Outcome(f"{run.name} {how}", run.id)


def _owe_deferred(session: Session, run: Run, step: Step) -> None:
    try:
        by = day(step.deferred_to).isoformat() if step.deferred_to else ""
    except Rejected:
        by = ""
    owe(
        session,
        f"{step.text} (deferred in {run.name} {run.mark})",
        by or day(session.board.now).fromordinal(day(session.board.now).toordinal() + DEFERRED_DAYS).isoformat(),
        reason=step.note,
        sort="follow-up",
        owner=step.state_by,
        incident=run.incident,
        origin=step.id,
        record=f"{step.id}/owed",
    )


def pause(session: Session, run: Run) -> Outcome:
    """Leaves a run for later, for oneself or another."""
    session.set(run, {"state": "paused"})
    return Outcome(f"{run.name} paused", run.id)


def resume(session: Session, run: Run) -> Outcome:
    """Goes on with a run that was paused or broke off: its last items are asked again, which `walk.repeats_left`
    names until they are answered."""
    if run.state == "closed":
        raise Rejected(f"{run.name} is closed: begin another run.")
    again = to_repeat(run, steps_of(session, run), session.person, session.board.now)
    answers = [step.state_since for step in again]
    fields = {"state": "open", "repeat": [step.id for step in again], "repeat_of": answers}
    session.set(run, fields)
    labels = ", ".join(step.label for step in again)
    return Outcome(f"{run.name} resumed", run.id, f"asked again: {labels}" if again else "")
