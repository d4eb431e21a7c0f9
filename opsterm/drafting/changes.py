"""What changed in the record between two moments, as an update tells it: a few kinds, each with its phrase."""

from dataclasses import dataclass
from typing import TypeVar

from opsterm.drafting import calibrated_wording
from opsterm.drafting.facts import Facts
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.record import OTHER

Marked = TypeVar("Marked", Hypothesis, Action)
_STATUS_ORDER = ("triage", "investigating", "identified", "monitoring", "resolved", "closed")


@dataclass(frozen=True, slots=True)
class TextChange:
    """One change; `name` is that of its phrase under `change.`, `n` how often it happened, `mark` whose it is."""

    name: str
    n: int = 1
    before: str = ""
    after: str = ""
    mark: str = ""


def _by_mark(records: tuple[Marked, ...]) -> dict[str, Marked]:
    return {record.mark: record for record in records}


def _status(before: str, after: str) -> list[TextChange]:
    if before == after or (before, after) == ("resolved", "closed") or after == OTHER:
        return []
    name = "to_resolved" if after == "closed" else f"to_{after}"
    if before in _STATUS_ORDER and after in _STATUS_ORDER:
        was, now = _STATUS_ORDER.index(before), _STATUS_ORDER.index(after)
        if now < was and was >= _STATUS_ORDER.index("monitoring"):
            name = "reopened"
    return [TextChange(name, before=before, after=after)]


def _severity(before: str, after: str) -> list[TextChange]:
    if not before or not after or before == after:
        return []
    return [TextChange("severity_worse" if after < before else "severity_better", before=before, after=after)]


def _impact(before: Incident, after: Incident) -> list[TextChange]:
    def effect(of: Incident) -> tuple[str, ...]:
        return of.impact, of.impact_who, of.impact_what, of.impact_unaffected

    changed = {"impact": effect(before) != effect(after), "extent": before.impact_extent != after.impact_extent}
    return [TextChange(name) for name, is_other in changed.items() if is_other]


def _hypotheses(before: Facts, after: Facts) -> list[TextChange]:
    found: dict[str, int] = {}
    old = _by_mark(before.hypotheses)
    for hypothesis in after.hypotheses:
        earlier = old.get(hypothesis.mark)
        was = calibrated_wording.step(earlier) if earlier else None
        now = calibrated_wording.step(hypothesis)
        if earlier is None and hypothesis.state not in ("eliminated", "confirmed"):
            name = "new_idea"
        elif earlier is not None and earlier.state == hypothesis.state and was == now:
            continue
        elif now == "eliminated":
            name = "ruled_out"
        elif now == "confirmed":
            name = "confirmed"
        elif hypothesis.state in ("parked", "inconclusive"):
            name = "set_aside"
        elif (was and calibrated_wording.STEPS.index(now) < calibrated_wording.STEPS.index(was)) or was in (
            "confirmed",
            "eliminated",
        ):
            name = "less_likely"
        else:
            name = "likelier"
        found[name] = found.get(name, 0) + 1
    return [
        TextChange(name, found[name])
        for name in ("confirmed", "likelier", "less_likely", "ruled_out", "set_aside", "new_idea")
        if name in found
    ]


def _actions(before: Facts, after: Facts) -> list[TextChange]:
    found: dict[str, int] = {}
    old = _by_mark(before.actions)
    for action in after.actions:
        earlier = old.get(action.mark)
        if earlier is not None and earlier.state == action.state:
            continue
        name = {"done": "done", "failed": "failed", "cancelled": "dropped"}.get(
            action.state, "started" if earlier is None else "under_way"
        )
        if earlier is None and name == "dropped":
            continue
        found[name] = found.get(name, 0) + 1
    return [
        TextChange(name, found[name]) for name in ("done", "failed", "started", "under_way", "dropped") if name in found
    ]


def changes(before: Facts, after: Facts) -> list[TextChange]:
    """What changed, what matters most to a reader first. Empty if nothing did."""
    was, now = before.incident, after.incident
    found = [*_status(was.status, now.status), *_severity(was.severity, now.severity), *_impact(was, now)]
    if before.effect_since != after.effect_since and len(before.hurt) == len(after.hurt):
        found.append(TextChange("since"))
    if was.workaround != now.workaround:
        found.append(TextChange("workaround" if now.workaround else "workaround_gone"))
    if (was.data, was.data_detail) != (now.data, now.data_detail):
        found.append(TextChange("data"))
    if set(was.services) != set(now.services):
        found.append(TextChange("services_more" if set(now.services) - set(was.services) else "services_less"))
    found += _hypotheses(before, after)
    found += _actions(before, after)
    if was.exit != now.exit and now.exit:
        found.append(TextChange("exit"))
    if len(after.decisions) > len(before.decisions):
        found.append(TextChange("decided", len(after.decisions) - len(before.decisions)))
    return found
