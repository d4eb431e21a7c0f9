"""What runs teach about a checklist: what its items caught, whether people only tick, what to add and what to drop.

[Degani & Wiener 1993; Urbach 2014 and gl-infra/production !139 for lists that are only ticked; field notes for numbers]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from opsterm.board.fold import said_at
from opsterm.board.store import Board
from opsterm.core.times import between
from opsterm.operations.checklists.pause_points import last_answered
from opsterm.operations.checklists.tasklist import ITEMS_MAX, crowded
from opsterm.operations.checklists.template import Template, stale_since
from opsterm.records import Deployment, Factor, Incident, PlannedChange, Run, Step
from opsterm.records.checklist import Lesson, what_it_was_taught
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.record import Unsaid

#: An item is proposed to go when it caught nothing in so many runs and so many days, whichever is later.
QUIET_RUNS = 50
QUIET_DAYS = 365
#: And when it was skipped in each of so many runs.
SKIPPED_RUNS = 10
#: Ticks quicker than this, in seconds, were not read.
READ_S = 2
#: So many runs without one failed, deferred or inapplicable item say that people only tick.
SPOTLESS_RUNS = 30
#: An incident's factors are proposed as items for so many days after it was over.
PROPOSED_DAYS = 90


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What one item of a checklist did in the runs that are closed."""

    key: str
    label: str
    text: str
    killer: bool
    runs: int
    #: Runs in which it was found failed, whether or not it was put right at once.
    caught: int
    skipped: int
    last_catch_at: Instant
    #: When it was first asked.
    since: Instant

    @property
    def catch_rate(self) -> float:
        """Share of its runs in which it caught something, 0 to 1."""
        return self.caught / self.runs if self.runs else 0.0


@dataclass(frozen=True, slots=True)
class ItemProposal:
    """Something to change about a checklist; a person decides."""

    #: add, retire or review.
    kind: str
    text: str
    why: str
    #: The item's label, for one that is there.
    label: str = ""
    #: Id of the incident that it comes from.
    incident: str = ""
    #: What taught it, and in how many runs; a review is taught by nothing that a version keeps.
    lesson: Lesson | Unsaid = ""
    runs: int = 0


def closed_runs(board: Board, template: Template) -> list[Run]:
    """The runs of a template that are over, oldest first."""
    runs = board.all(Run, where="name = ? AND state = 'closed'", args=(template.name,))
    return sorted(runs, key=lambda run: (run.state_since, run.born))


def item_statistics(board: Board, template: Template) -> list[ItemStatistics]:
    """The items of a template's present version, in order, with what they did in all versions' closed runs."""
    runs = {run.id for run in closed_runs(board, template)}
    asked: dict[str, list[Step]] = {}
    for step in board.all(Step):
        if step.run in runs:
            asked.setdefault(step.item, []).append(step)
    out = []
    for item in template.tasks.items:
        steps = asked.get(item.key, [])
        catches = [at for step in steps if (at := _caught_at(board, step))]
        out.append(
            ItemStatistics(
                item.key,
                item.label,
                item.text,
                item.killer,
                len(steps),
                len(catches),
                sum(step.state == "skipped" for step in steps),
                max(catches, default=""),
                min((step.at for step in steps), default=""),
            )
        )
    return out


def _caught_at(board: Board, step: Step) -> Instant:
    """When a step was first found failed, also where it was put right then and is done; empty where it never was."""
    if step.state == "failed":
        return step.state_since
    found = [said_at(c, c.values) for c in board.changes_of_record(step.id) if c.values.get("state") == "failed"]
    return min(found, default="")


def systems_of(board: Board, template: Template) -> set[str]:
    """The systems that a list names, else those that it was walked for: of its runs' deployments, changes and
    incidents."""
    if template.tasks.systems:
        return set(template.tasks.systems)
    found: set[str] = set()
    for run in board.all(Run, where="name = ?", args=(template.name,)):
        incident = board.get(Incident, run.incident) if run.incident else None
        found |= set(incident.services) if incident else set()
        for cls in (Deployment, PlannedChange):
            item = board.get(cls, run.deployment) if run.deployment else None
            found |= set(item.systems) if isinstance(item, Deployment | PlannedChange) else set()
    return found


def proposals(board: Board, template: Template, now: Instant) -> list[ItemProposal]:
    """What the runs, the incidents and the deployments since say about a checklist: items to add, to drop, and that it
    is to be looked through."""
    return [*_to_add(board, template, now), *_to_retire(board, template, now), *_to_review(board, template)]


def _to_add(board: Board, template: Template, now: Instant) -> Iterable[ItemProposal]:
    """One item from each contributing factor of an incident on the list's systems that no item cites yet. Where a pause
    point is full, the proposal says so: a tenth item has to name the one that goes."""
    systems = {system.casefold() for system in systems_of(board, template)}
    since = instant(moment(now) - timedelta(days=PROPOSED_DAYS))
    cited = " ".join(f"{item.reason} {item.text}" for item in template.tasks.items).casefold()
    full = any(count >= ITEMS_MAX for count in template.tasks.counts.values())
    for incident in board.all(Incident):
        over = incident.resolved_at or incident.status_since
        if incident.status not in OVER or incident.drill or over < since:
            continue
        if not systems & {service.casefold() for service in incident.services}:
            continue
        if incident.mark.casefold() in cited.replace(",", " ").split():
            continue
        factors = [factor.text for factor in board.all(Factor, incident.id) if factor.text] or list(incident.causes)
        for text in dict.fromkeys(factors):
            if text.casefold() not in cited:
                why = f"{incident.mark} {incident.title}"
                rest = "; a pause point is full: name the item that goes" if full else ""
                yield ItemProposal("add", f"Rule out: {text}", f"{why}{rest}", incident=incident.id, lesson="incident")


def _to_retire(board: Board, template: Template, now: Instant) -> Iterable[ItemProposal]:
    for item in item_statistics(board, template):
        if item.killer or not item.runs:
            continue
        if item.runs >= SKIPPED_RUNS and item.skipped == item.runs:
            yield _going(item, "skipped")
        elif item.runs >= QUIET_RUNS and not item.caught and between(item.since, now) >= QUIET_DAYS * 86400:
            yield _going(item, "quiet")


def _going(item: ItemStatistics, lesson: Lesson) -> ItemProposal:
    why = what_it_was_taught(lesson, "", item.runs, "")
    return ItemProposal("retire", item.text, why, item.label, lesson=lesson, runs=item.runs)


def _to_review(board: Board, template: Template) -> Iterable[ItemProposal]:
    since, what = stale_since(board, template)
    if since:
        yield ItemProposal("review", template.name, f"stale: {what} changed its systems on {since[:10]}")
    for section, count in crowded(template.tasks):
        why = f"{count} items: past nine people tick without reading"
        yield ItemProposal("review", section or template.name, why)


def box_ticking(run: Run, steps: Sequence[Step], *, changed_until: Instant = "") -> list[str]:
    """Signs that a run was only ticked: too quick to read, all at once, the same words in every value, or closed after
    the change that it should have guarded had ended (`changed_until`)."""
    answered = [step for step in reversed(last_answered(steps)) if not step.sensed and step.state_since]
    signs = []
    gaps = [between(a.state_since, b.state_since) for a, b in pairwise(answered)]
    if len(gaps) >= 2 and median(gaps) < READ_S:
        signs.append(f"answered in under {READ_S} s an item: too quick to read")
    if len(answered) >= 5 and between(answered[0].state_since, answered[-1].state_since) < READ_S * len(answered):
        signs.append("all answered in one burst")
    values = [step.note.casefold() for step in answered if step.state == "done" and step.note]
    if len(values) >= 3 and len(set(values)) == 1:
        signs.append(f"the same words in every value: {values[0]}")
    if changed_until and run.state == "closed" and run.state_since > changed_until:
        signs.append("closed after the change had ended")
    alone = [step for step in answered if step.killer and step.state == "done" and not step.asked_by]
    if alone:
        signs.append(f"{len(alone)} killer item(s) asked and answered by one person")
    return signs


def spotless(board: Board, template: Template) -> bool:
    """Whether the last SPOTLESS_RUNS runs had no failed, deferred or inapplicable item: a list that never finds
    anything is ticked, or not needed."""
    runs = closed_runs(board, template)[-SPOTLESS_RUNS:]
    if len(runs) < SPOTLESS_RUNS:
        return False
    wanted = {run.id for run in runs}
    return not any(
        step.state in ("failed", "deferred", "not-applicable") for step in board.all(Step) if step.run in wanted
    )
