"""Where in the war room a conflict is shown: under the row of what it is about; in the status pane where that has none.

Who commands, how bad it is, where it stands and which of two runs on are alarms in the head of the room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opsterm.board.store import Conflict
from opsterm.core.field_words import called
from opsterm.incidents.snapshot import Snapshot
from screens.console import Viewpoint
from screens.pages.dispute_lines import told_all

#: Begins the key of a row that stands there for nothing but a conflict.
DISPUTED_ROW = "disputed "
#: Field of the incident → the row of the status pane that says it.
STATUS_ROWS: Mapping[str, str] = {
    "impact": "impact",
    "impact_who": "impact",
    "impact_what": "impact",
    "impact_extent": "impact",
    "impact_unaffected": "not hurt",
    "data": "data",
    "workaround": "workaround",
    "services": "services",
    "changed": "changed",
    "objectives": "first",
    "plan_b": "plan b",
    "exit": "exit",
    "exit_met": "exit",
    "started_at": "times",
    "detected_at": "times",
    "mitigated_at": "times",
    "resolved_at": "times",
}


def of_status(snapshot: Snapshot) -> list[Conflict]:
    """The conflicts that the status pane shows: of the incident itself, and of records that have no row in the room."""
    alarms, rows = snapshot.alarms(), _rows(snapshot)
    return [c for c in snapshot.conflicts if c not in alarms and c.record not in rows]


def of_row(snapshot: Snapshot, key: str) -> list[Conflict]:
    """The conflicts of the record of a row, and of what belongs to it."""
    rows = _rows(snapshot)
    return [conflict for conflict in snapshot.conflicts if rows.get(conflict.record) == key]


def told_by_row(view: Viewpoint, snapshot: Snapshot) -> Mapping[str, str]:
    """Row → what was said apart there."""
    if not snapshot.conflicts:
        return {}
    rows = _rows(snapshot)
    found: dict[str, list[Conflict]] = {}
    for conflict in snapshot.conflicts:
        if conflict.record in rows:
            found.setdefault(rows[conflict.record], []).append(conflict)
    return {key: told_all(view, conflicts) for key, conflicts in found.items()}


def told_in_status(view: Viewpoint, snapshot: Snapshot) -> tuple[Mapping[str, str], Sequence[str]]:
    """(row of the status pane → what was said apart there, what has no row there)."""
    placed: dict[str, list[Conflict]] = {}
    others: list[str] = []
    for conflict in of_status(snapshot):
        own = conflict.kind == snapshot.incident.kind
        if own and conflict.field in STATUS_ROWS:
            placed.setdefault(STATUS_ROWS[conflict.field], []).append(conflict)
        else:
            others.append(told_all(view, [conflict]) if own else _named(view, conflict))
    return {key: told_all(view, conflicts) for key, conflicts in placed.items()}, others


def _named(view: Viewpoint, conflict: Conflict) -> str:
    """A conflict with what its record is called."""
    return f"{called(view.board, conflict.kind, conflict.record)}: {told_all(view, [conflict])}"


def _rows(snapshot: Snapshot) -> Mapping[str, str]:
    """Record → the row of a pane, other than the status pane, that shows it."""
    shown = (
        *snapshot.hypotheses,
        *snapshot.actions,
        *snapshot.runs,
        *snapshot.updates,
        *(item for item in snapshot.questions if item.state == "open"),
        *(item for item in snapshot.text_approvals if item.state == "asked"),
    )
    found = {item.id: item.id for item in shown}
    for hypothesis, evidence in snapshot.evidence.items():
        found |= {item.id: hypothesis for item in evidence}
    for run, steps in snapshot.steps.items():
        found |= {step.id: run for step in steps}
    return found
