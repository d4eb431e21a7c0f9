"""Changes with rigor in proportion: assessed, approved, staged, closed; freezes, collisions, the emergency path, and
whether the rigor earns its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from opsterm.board.store import Board
from opsterm.core.calendar_dates import add_working_days, day, team_holidays
from opsterm.core.session import Outcome, Rejected, Session, filled, person_name, some
from opsterm.obligations.obligation import owe
from opsterm.operations.checklists.disputed import steps_of_run
from opsterm.operations.checklists.pause_points import open_killers
from opsterm.operations.deployments import rollback
from opsterm.operations.deployments.change_risk import (
    RiskAssessment,
    assess,
    from_texts,
    team_formula,
    to_texts,
)
from opsterm.operations.deployments.deployment import known_sort, listed
from opsterm.records import Approval, Freeze, PlannedChange, Run
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.person_name import is_among, person_key, same_person
from opsterm.records.plain import lines_of, one_line
from opsterm.records.planned_change import LEVELS, OPEN, State

#: An emergency's answers are given within so many days, and it is looked at within so many working days.
FORM_DAYS = 1
REVIEW_WORKING_DAYS = 2
#: Changes that a freeze lets pass [field notes].
PASSES_FREEZE = ("rollback", "security")
ENDS: tuple[State, ...] = ("done", "failed", "rolled back", "withdrawn")
#: Signals of too much rigor, and of a broken path [field notes; Accelerate 2018; DORA 2019].
HEAVY_SHARE = 0.15
EMERGENCY_SHARE = 0.10
REFUSED_SHARE = 0.01
REFUSED_OF = 100
#: A level's rate of failure is compared with another's once it has so many ended changes.
COMPARED_FROM = 10


class NotReady(Rejected):
    """A change may not go on. `missing` says what for."""

    def __init__(self, sentence: str, missing: Sequence[str]) -> None:
        super().__init__(sentence)
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many changes took one path, and how they ended."""

    level: str
    changes: int
    #: Share of all changes, 0 to 1.
    share: float
    ended: int
    failed: int
    #: Share of the ended ones that failed or were rolled back; nothing before the first ended.
    fail_rate: float | None


@dataclass(frozen=True, slots=True)
class Rigor:
    """Whether the paths are in proportion."""

    levels: tuple[LevelCount, ...]
    changes: int
    emergencies: int
    approvals: int
    refused: int
    signals: tuple[str, ...]


# --- one change


def open_change(
    session: Session,
    title: str,
    answers: Mapping[str, int],
    *,
    sort: str = "service",
    systems: Sequence[str] = (),
    dependents: Sequence[str] = (),
    version: str = "1",
    plan: str = "",
    owner: str = "",
    stages: Sequence[str] = (),
    window: tuple[Instant, Instant] = ("", ""),
    bake_minutes: int = 60,
    way_back: str = "",
    decide_by: Instant = "",
    emergency: str = "",
) -> Outcome:
    """Records a planned change with its answers, score and level. `emergency` says the harm that it ends now: it runs
    at once, its answers are owed within a day and a review within two working days. Raises Rejected."""
    found = assess(answers, team_formula())
    window_from, window_to = window
    if window_to and (not window_from or window_to <= window_from):
        raise Rejected("A window ends after it begins: say both.")
    fields = filled(
        title=some(one_line(title), "what is to change"),
        sort=known_sort(sort),
        systems=listed(systems),
        dependents=listed(dependents),
        version=one_line(version) or "1",
        plan=plan.strip(),
        owner=person_name(owner) or session.person,
        answers=list(to_texts(answers)),
        level=found.level,
        state="running" if emergency.strip() else "open",
        stages=lines_of(stages),
        window_from=window_from,
        window_to=window_to,
        rollback=way_back.strip(),
        decide_by=decide_by,
        emergency=emergency.strip(),
    )
    fields |= {"score": found.score, "bake_minutes": bake_minutes}
    with session.board.transaction():
        record = session.create(PlannedChange, "", fields)
        made = session.read(PlannedChange, record)
        if emergency.strip():
            _owe_review(session, made, emergency, bool(found.unanswered))
    warning = rollback.warning_of(session.board, made.sort, made.systems, session.board.now)
    return Outcome(f"{made.mark} is {made.level} ({made.score} points): {made.title}", record, warning)


def _owe_review(session: Session, change: PlannedChange, why: str, form: bool) -> None:
    on = day(session.board.now)
    if form:
        owe(
            session,
            f"Answer the questions of risk afterwards: {change.mark} {change.title}",
            (on + timedelta(days=FORM_DAYS)).isoformat(),
            reason=why,
            sort="review",
            owner=change.owner,
            origin=change.id,
            record=f"{change.id}/form",
        )
    owe(
        session,
        f"Review the emergency change {change.mark}: {change.title}",
        add_working_days(on, REVIEW_WORKING_DAYS, team_holidays()).isoformat(),
        reason=why,
        sort="review",
        owner=change.owner,
        missed="nobody learns whether it was one",
        origin=change.id,
        record=f"{change.id}/review",
    )


def edit(
    session: Session,
    change: PlannedChange,
    version: str,
    *,
    answers: Mapping[str, int] | None = None,
    **fields: Any,
) -> Outcome:
    """Plans another version: approvals of the one before hold for it no more. Raises Rejected where it is the same."""
    _still_open(change)
    named = some(one_line(version), "the new version")
    if named == change.version:
        raise Rejected(f"{change.mark} is version {named} already: an approval holds for the version approved.")
    given: dict[str, Any] = {"version": named, **fields}
    if answers is not None:
        found = assess(answers, team_formula())
        given |= {"answers": list(to_texts(answers)), "score": found.score, "level": found.level}
    session.set(change, given)
    return Outcome(f"{change.mark} is version {named}: it has to be approved anew", change.id)


def assessment(change: PlannedChange) -> RiskAssessment:
    """What its answers amount to by the formula of today."""
    by = team_formula()
    known = {factor.name: factor.most for factor in by.factors}
    answers = {name: min(points, known[name]) for name, points in from_texts(change.answers).items() if name in known}
    return assess(answers, by)


def approve(
    session: Session,
    change: PlannedChange,
    *,
    version: str = "",
    yes: bool = True,
    accountable: bool = False,
    text: str = "",
) -> Outcome:
    """One person's yes or no to the version that is planned now. `version` is the one that was looked at: where another
    is planned by now, it is refused. Nobody approves their own. Raises Rejected."""
    _still_open(change)
    who = session.person
    if version and version != change.version:
        raise Rejected(f"{change.mark} is version {change.version} by now, not {version}: look at that one.")
    if same_person(who, change.owner):
        raise Rejected(f"{who} answers for {change.mark}: another has to approve it.")
    if not yes and not text.strip():
        raise Rejected("Say what speaks against it.")
    fields = {
        "planned": change.id,
        "version": change.version,
        "name": who,
        "yes": yes,
        "accountable": accountable,
        "text": text.strip(),
    }
    record = session.create(Approval, "", fields)
    word = "approves" if yes else "refuses"
    return Outcome(f"{who} {word} {change.mark} version {change.version}", record)


def approvals_of(board: Board, change: PlannedChange) -> list[Approval]:
    """What people last said to the version that is planned now, one each."""
    found = board.all(Approval, where="planned = ? AND version = ?", args=(change.id, change.version))
    last = {person_key(item.name): item for item in found}
    return list(last.values())


def missing(board: Board, change: PlannedChange, now: Instant) -> list[str]:
    """What still stands between a change and its next stage, by its level; nothing where it may go on."""
    by = team_formula()
    rank = LEVELS.index(change.level) if change.level in LEVELS else 0
    out: list[str] = []
    said = approvals_of(board, change)
    out += [f"{item.name} refused version {change.version}: {item.text}" for item in said if not item.yes]
    yes = sum(item.yes for item in said)
    if yes < by.approvals.get(change.level, 0):
        out.append(f"{by.approvals[change.level]} approval(s) of version {change.version} by others, there are {yes}")
    if rank >= LEVELS.index("moderate"):
        out += _missing_moderate(board, change)
    if rank >= LEVELS.index("high"):
        out += _missing_high(board, change, now)
    if rank >= LEVELS.index("critical"):
        if not any(item.accountable and item.yes for item in said):
            out.append("the yes of one accountable approver")
        if not change.decide_by:
            out.append("a decision deadline")
    out += _blocked(board, change, now)
    return out


def _missing_moderate(board: Board, change: PlannedChange) -> list[str]:
    procedure = rollback.procedure_for(board, change.sort, change.systems)
    runs = _runs_of(board, change)
    killers = [step for run in runs for step in open_killers(steps_of_run(board, run))]
    return [
        *(["a written way back"] if not change.rollback and procedure is None else []),
        *(["a checklist run beside it"] if not runs else []),
        *(f"killer item open: {step.text}" for step in killers),
    ]


def _missing_high(board: Board, change: PlannedChange, now: Instant) -> list[str]:
    procedure = rollback.procedure_for(board, change.sort, change.systems)
    untested = rollback.way_back(board, procedure, now).untested if procedure else "none is written"
    return [
        *([f"a tested way back: {untested}"] if untested else []),
        *(["stages, each with its criterion and owner"] if not change.stages else []),
        *(["an announced window"] if not change.window_from else []),
    ]


def _blocked(board: Board, change: PlannedChange, now: Instant) -> list[str]:
    at = max(now, change.window_from)
    return [
        f"the freeze until {item.to_at[:16].replace('T', ' ')} UTC, {item.text}: {_who_excepts(item)}"
        for item in freezes_on(board, (*change.systems,), at)
        if change.sort not in PASSES_FREEZE and change.except_by not in item.excepts
    ]


def _who_excepts(item: Freeze) -> str:
    return f"{' or '.join(item.excepts)} may let it through" if item.excepts else "nobody may let it through"


def _runs_of(board: Board, change: PlannedChange) -> list[Run]:
    return board.all(Run, where="purpose = 'checklist' AND (deployment = ? OR id = ?)", args=(change.id, change.run))


def stage(session: Session, change: PlannedChange, why: str = "", *, emergency: str = "") -> Outcome:
    """Begins its next stage, or the only one. Raises NotReady, saying what is missing; `emergency` passes, is on the
    record, and owes a review."""
    _still_open(change)
    if change.stage >= max(len(change.stages), 1):
        raise Rejected(f"{change.mark} is in its last stage: close it.")
    with session.board.transaction():
        left = missing(session.board, change, session.board.now)
        named = emergency.strip()
        if left and not (named or change.emergency):
            raise NotReady(f"{change.mark} may not go on, it wants: {'; '.join(left)}.", left)
        name = change.stages[change.stage] if change.stages else change.title
        fields: dict[str, Any] = {"stage": change.stage + 1, "state": "running"}
        if len(left) != change.unmet:
            fields["unmet"] = len(left)
        if named and named != change.emergency:
            fields["emergency"] = named
        if named and not change.emergency:
            _owe_review(session, change, named, False)
        session.set(change, fields, why=why.strip())
    return Outcome(f"{change.mark} goes on: {name}", change.id, "; ".join(left))


def except_from_freeze(session: Session, change: PlannedChange, why: str) -> Outcome:
    """Lets a change through the freezes that the speaker may except from. Raises Rejected for anyone else."""
    who = session.person
    open_to = freezes_on(session.board, change.systems, max(session.board.now, change.window_from))
    if not any(is_among(who, item.excepts) for item in open_to):
        named = ", ".join(dict.fromkeys(name for item in open_to for name in item.excepts)) or "nobody"
        raise Rejected(f"{who} may not let {change.mark} through: {named} may.")
    session.set(change, {"except_by": who}, why=some(why, "why"))
    return Outcome(f"{who} lets {change.mark} through", change.id)


def close(session: Session, change: PlannedChange, state: str, why: str = "") -> Outcome:
    """Ends a change as one of ENDS; all but done want a reason."""
    _still_open(change)
    if state not in ENDS:
        raise Rejected(f"A change ends as one of {', '.join(ENDS)}, not {state!r}.")
    if state != "done" and not why.strip():
        raise Rejected(f"Say why: {change.mark} {state}.")
    session.set(change, {"state": state}, why=why.strip())
    return Outcome(f"{change.mark} {state}", change.id)


def _still_open(change: PlannedChange) -> None:
    if change.state not in OPEN:
        raise Rejected(f"{change.mark} is {change.state}: it is over.")


# --- changes beside each other


def span(change: PlannedChange, now: Instant) -> tuple[Instant, Instant] | None:
    """From when to when a change acts, its bake time with it; nothing where it is not known yet."""
    bake = timedelta(minutes=change.bake_minutes)
    if change.window_from:
        end = change.window_to or change.window_from
        return change.window_from, instant(moment(end) + bake)
    if change.state == "running":
        begun = change.stage_since or change.state_since
        return begun, instant(moment(max(begun, now)) + bake)
    return None


def collisions(board: Board, change: PlannedChange, now: Instant) -> list[tuple[PlannedChange, tuple[str, ...]]]:
    """Other changes whose systems or direct dependents overlap with this one's inside one bake window, each with those
    systems: do one after the other, or agree on one rule to abort and one owner for both."""
    here = span(change, now)
    touched = _touched(change)
    out = []
    for other in board.all(PlannedChange, where="state IN ('open', 'running')"):
        there = span(other, now)
        both = [name for key, name in _touched(other).items() if key in touched]
        if other.id != change.id and both and here and there and here[0] < there[1] and there[0] < here[1]:
            out.append((other, tuple(both)))
    return out


def _touched(change: PlannedChange) -> dict[str, str]:
    return {name.casefold(): name for name in (*change.systems, *change.dependents)}


def freeze(
    session: Session,
    why: str,
    from_at: Instant,
    to_at: Instant,
    *,
    systems: Sequence[str] = (),
    excepts: Sequence[str] = (),
) -> Outcome:
    """Says that nothing is changed for a time, on some systems or, without any named, on all."""
    if to_at <= from_at:
        raise Rejected("A freeze ends after it begins.")
    fields = {
        "text": some(one_line(why), "why nothing is changed"),
        "from_at": from_at,
        "to_at": to_at,
        "systems": listed(systems),
        "excepts": [person_name(name) for name in excepts if person_name(name)],
    }
    record = session.create(Freeze, "", fields)
    return Outcome(f"frozen until {to_at[:16].replace('T', ' ')} UTC: {', '.join(systems) or 'everything'}", record)


def lift(session: Session, item: Freeze, why: str) -> Outcome:
    """Ends a freeze early."""
    session.set(item, {"lifted": True}, why=some(why, "why it ends early"))
    return Outcome("the freeze is lifted", item.id)


def freezes_on(board: Board, systems: Sequence[str], at: Instant) -> list[Freeze]:
    """The freezes that hold for systems at a moment: the one at which a change is scheduled, not that of the click."""
    wanted = {system.casefold() for system in systems}
    return [
        item
        for item in board.all(Freeze, where="from_at <= ? AND to_at > ?", args=(at, at))
        if not item.lifted and (not item.systems or wanted & {system.casefold() for system in item.systems})
    ]


def freezes_ahead(board: Board, now: Instant) -> list[Freeze]:
    """The freezes that hold now or will, the first to begin first."""
    found = [item for item in board.all(Freeze, where="to_at > ?", args=(now,)) if not item.lifted]
    return sorted(found, key=lambda item: (item.from_at, item.id))


# --- whether the rigor earns its cost


def rigor(board: Board, since: Instant = "") -> Rigor:
    """What share of the changes opened since took which path, how each level failed, and what that says of the
    thresholds. Too much is a fault as well as too little."""
    changes = [item for item in board.all(PlannedChange) if item.at >= since and item.state != "withdrawn"]
    approvals = [item for item in board.all(Approval) if item.at >= since]
    counts = tuple(_count(level, changes) for level in LEVELS)
    emergencies = sum(bool(item.emergency) for item in changes)
    refused = sum(not item.yes for item in approvals)
    total = len(changes)
    signals = []
    heavy = sum(count.changes for count in counts if count.level in ("high", "critical"))
    if total and heavy / total > HEAVY_SHARE:
        signals.append(f"{heavy / total:.0%} are high or critical, past 15 %: lower the risk, or move the thresholds")
    if total and emergencies / total > EMERGENCY_SHARE:
        signals.append(f"{emergencies / total:.0%} are emergencies, past 10 %: the normal path is broken")
    if len(approvals) >= REFUSED_OF and refused / len(approvals) < REFUSED_SHARE:
        signals.append(f"{refused} of {len(approvals)} approvals were refused: they decide nothing")
    rates = [c.fail_rate for c in counts if c.ended >= COMPARED_FROM and c.fail_rate is not None]
    if len(rates) > 1 and max(rates) - min(rates) < 0.02:
        signals.append("levels fail alike: the score says nothing, fit the weights anew or drop it")
    if len(rates) > 1 and rates[0] == max(rates) and rates[0] > min(rates):
        signals.append("routine changes fail most: the thresholds let too much through")
    return Rigor(counts, total, emergencies, len(approvals), refused, tuple(signals))


def _count(level: str, changes: Sequence[PlannedChange]) -> LevelCount:
    own = [item for item in changes if item.level == level]
    ended = [item for item in own if item.state not in OPEN]
    failed = sum(item.state in ("failed", "rolled back") for item in ended)
    share = len(own) / len(changes) if changes else 0.0
    return LevelCount(level, len(own), round(share, 4), len(ended), failed, failed / len(ended) if ended else None)
