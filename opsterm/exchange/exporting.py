"""An incident out of the board: in the exchange format, whole as `show` tells it, or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.exchange.change_log import KEY, to_carry
from opsterm.exchange.file_format import EVENT_KINDS
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Action, Hypothesis, HypothesisTest, Incident, Update
from opsterm.records.incident import MILESTONES

_ABSENT: Mapping[str, None] = {"ref": None, "confidence": None, "outcome": None, "status": None}


def export_json(board: Board, incident: str) -> dict[str, Any]:
    """The incident in the exchange format. What its events alone do not carry goes in further keys."""
    snapshot = read_snapshot(board, incident)
    of = snapshot.incident
    document: dict[str, Any] = {
        "id": of.id,
        "org": of.org or None,
        "title": of.title,
        "source": of.source or None,
        **{f"{name}_at": getattr(of, f"{name}_at") or None for name in MILESTONES},
        "severity": of.severity or None,
        "severity_reason": of.severity_why or None,
        "services": list(of.services),
        "impact": of.impact or None,
        "customer_visible": of.customer_visible,
        "people": [{"name": role.name, "role": role.role} for role in snapshot.roles],
        "events": _events(board, snapshot),
        "contributing_causes": list(of.causes),
        "follow_ups": [_follow_up(text) for text in of.follow_ups],
        "triggering_change": of.changed or None,
        "recurrence_of": of.recurrence_of or None,
    }
    document["started_at"] = of.started_at or of.at
    return {**document, KEY: to_carry(board.changes_of_incident(incident), document)}


def _follow_up(text: str) -> dict[str, str]:
    kind, colon, rest = text.partition(": ")
    return {"text": rest, "type": kind} if colon and " " not in kind else {"text": text, "type": ""}


def _events(board: Board, snapshot: Snapshot) -> list[dict[str, Any]]:
    refs = _Refs(snapshot)
    out = []
    for line in board.moments(snapshot.incident.id):
        if line.kind not in EVENT_KINDS:
            continue
        event = {"at": line.at, "kind": line.kind, "text": line.text, "by": line.by or None, **_ABSENT}
        event |= _extras(board, line, refs)
        if line.kind in ("hypothesis_result", "action_done") and event["ref"] is None:
            continue
        out.append(event)
    return out


class _Refs:
    """Refs of hypotheses and actions: H1 and A1 by their numbers, with the letter where two have the same."""

    def __init__(self, snapshot: Snapshot) -> None:
        items = [*snapshot.hypotheses, *snapshot.actions]
        self.by_record = {item.id: item.mark.upper() for item in items}
        self.updates = {update.id: update for update in snapshot.updates}


def _extras(board: Board, line: Moment, refs: _Refs) -> dict[str, Any]:
    if line.record_kind in (Hypothesis.kind, Action.kind):
        change = board.change(line.digest)
        values = change.values if change else {}
        state = values.get("state")
        result = line.kind in ("hypothesis_result", "action_done")
        return {
            "ref": refs.by_record.get(line.record),
            "confidence": values.get("confidence"),
            **({"outcome": state} if result else {}),
        }
    if line.kind == "status":
        change = board.change(line.digest)
        return {"status": change.values.get("status") if change else None}
    if line.record_kind == Update.kind and line.record in refs.updates:
        sent = refs.updates[line.record]
        return {"audience": sent.audience, "stage": sent.stage or None}
    return {}


def show(board: Board, incident: str) -> dict[str, Any]:
    """One incident whole, as `show --json` gives it."""
    snapshot = read_snapshot(board, incident)
    of = snapshot.incident
    return {
        "incident": {
            "id": of.id,
            "mark": of.mark,
            "title": of.title,
            "severity": of.severity or None,
            "severity_reason": of.severity_why or None,
            "status": of.status,
            **{f"{name}_at": getattr(of, f"{name}_at") or None for name in MILESTONES},
            "commander": of.commander or None,
            "offered_to": of.offered_to or None,
            "services": list(of.services),
            "impact": of.impact or None,
            "impact_parts": {
                name: getattr(of, f"impact_{name}") or None for name in ("who", "what", "extent", "unaffected")
            },
            "workaround": of.workaround or None,
            "exit": of.exit or None,
            "org": of.org or None,
            "source": of.source or None,
            "customer_visible": of.customer_visible,
            "triggering_change": of.changed or None,
            "contributing_causes": list(of.causes),
            "follow_ups": [_follow_up(text) for text in of.follow_ups],
            "recurrence_of": of.recurrence_of or None,
            "drill": of.drill,
        },
        "roles": _roles(of, snapshot),
        "hypotheses": [_hypothesis(item, snapshot) for item in snapshot.hypotheses],
        "actions": [_action(item) for item in snapshot.actions],
        "decisions": [{"id": d.mark, "at": d.at, "text": d.text, "by": d.by} for d in snapshot.decisions],
        "proposals": [
            {"id": p.mark, "at": p.at, "text": p.text, "by": p.by, "state": p.state} for p in snapshot.proposals
        ],
        "tests": [_test(item, snapshot) for item in snapshot.probes],
        "obligations": [
            {"id": o.mark, "what": o.what, "owner": o.owner or None, "due_at": o.due_at or None, "state": o.state}
            for o in snapshot.obligations
        ],
        "updates": [
            {
                "at": u.at,
                "audience": u.audience,
                "stage": u.stage or None,
                "lang": u.lang,
                "text": u.text,
                "by": u.by,
                "next_update_at": u.next_at or None,
            }
            for u in sorted(snapshot.updates, key=lambda u: (u.at, u.born))
        ],
        "timeline": [_line(board, line) for line in board.moments(incident)],
        "checklists": [_run(snapshot, run.id) for run in snapshot.runs],
        "conflicts": [
            {
                "record": c.record,
                "kind": c.kind,
                "field": c.field,
                "values": [{"value": head["value"], "by": head["by"], "at": head["at"]} for head in c.heads],
            }
            for c in snapshot.conflicts
        ],
    }


def _test(item: HypothesisTest, snapshot: Snapshot) -> dict[str, Any]:
    marks = {h.id: h.mark for h in snapshot.hypotheses}
    return {
        "id": item.mark,
        "text": item.text,
        "hypotheses": [marks[name] for name in item.hypotheses if name in marks],
        "state": item.state,
        "owner": item.owner or None,
        "outcome": item.outcome or None,
    }


def _roles(of: Incident, snapshot: Snapshot) -> list[dict[str, Any]]:
    commander = [{"role": "commander", "name": of.commander}] if of.commander else []
    return commander + [{"role": role.role, "name": role.name} for role in snapshot.roles]


def _hypothesis(item: Hypothesis, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": item.mark,
        "record": item.id,
        "text": item.text,
        "state": item.state,
        "confidence": item.confidence,
        "owner": item.owner or None,
        "evidence": [
            {"text": e.text, "supports": e.supports, "at": e.at, "by": e.by, "source": e.source or None}
            for e in snapshot.evidence.get(item.id, ())
        ],
        "scope": item.scope or None,
        "if_true": item.if_true or None,
        "if_false": item.if_false or None,
        "why": item.state_why or None,
    }


def _action(item: Action) -> dict[str, Any]:
    return {
        "id": item.mark,
        "record": item.id,
        "text": item.text,
        "state": item.state,
        "owner": item.owner or None,
        "due_at": item.due_at or None,
        "result": item.state_why or None,
        "undo": item.undo or None,
    }


def _line(board: Board, line: Moment) -> dict[str, Any]:
    return {"at": line.at, "kind": line.kind, "text": line.text, "by": line.by or None, "record": line.record}


def _run(snapshot: Snapshot, run_id: str) -> dict[str, Any]:
    run = next(run for run in snapshot.runs if run.id == run_id)
    steps = snapshot.steps.get(run.id, ())
    return {
        "run": run.mark,
        "record": run.id,
        "name": run.name,
        "version": run.version,
        "state": run.state,
        "steps": [
            {
                "mark": step.label,
                "text": step.text,
                "state": step.state,
                "killer": step.killer,
                "by": step.state_by or None,
                "at": step.state_since or None,
            }
            for step in steps
        ],
    }
