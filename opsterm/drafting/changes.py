"""What changed in the record between two moments, as an update tells it: a few kinds, each with its phrase."""

from dataclasses import dataclass
from typing import TypeVar

from opsterm.drafting import calibrated_wording
from opsterm.drafting.facts import Action, Facts, Hypothesis

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


def _status(before: Facts, after: Facts) -> list[TextChange]:
    if before.status == after.status:
        return []
    if before.status in _STATUS_ORDER and after.status in _STATUS_ORDER:
        went_back = _STATUS_ORDER.index(after.status) < _STATUS_ORDER.index(before.status)
        if went_back and _STATUS_ORDER.index(before.status) >= _STATUS_ORDER.index("monitoring"):
            return [TextChange("reopened", before=before.status, after=after.status)]
    name = "to_resolved" if after.status == "closed" else f"to_{after.status}"
    if before.status == "resolved" and after.status == "closed":
        return []
    return [TextChange(name, before=before.status, after=after.status)]


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
    found = _status(before, after)
    if before.severity and after.severity and before.severity != after.severity:
        found.append(
            TextChange(
                "severity_worse" if after.severity < before.severity else "severity_better",
                before=before.severity,
                after=after.severity,
            )
        )
    old, new = before.impact, after.impact
    if (old.text, old.who, old.what, old.unaffected) != (new.text, new.who, new.what, new.unaffected):
        found.append(TextChange("impact"))
    if old.extent != new.extent:
        found.append(TextChange("extent"))
    if before.effect_since != after.effect_since:
        found.append(TextChange("since"))
    if before.workaround != after.workaround:
        found.append(TextChange("workaround" if after.workaround else "workaround_gone"))
    if (before.data, before.data_detail) != (after.data, after.data_detail):
        found.append(TextChange("data"))
    if set(before.services) != set(after.services):
        found.append(TextChange("services_more" if set(after.services) - set(before.services) else "services_less"))
    found += _hypotheses(before, after)
    found += _actions(before, after)
    if before.exit_criteria != after.exit_criteria and after.exit_criteria:
        found.append(TextChange("exit"))
    if len(after.decisions) > len(before.decisions):
        found.append(TextChange("decided", len(after.decisions) - len(before.decisions)))
    return found
