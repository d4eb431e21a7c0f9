"""An incident out of the board: in the exchange format, whole as `show` tells it, or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.core.as_document import json_of
from opsterm.core.conflicts import told
from opsterm.core.field_words import called
from opsterm.exchange.change_log import KEY, to_carry
from opsterm.exchange.file_format import EVENT_KINDS, OPENERS
from opsterm.incidents.incident import follow_up, milestones
from opsterm.incidents.snapshot import Snapshot, given_by, read_snapshot
from opsterm.incidents.timeline import marks_of
from opsterm.records import Action, Hypothesis, HypothesisTest, Incident, Role, Run, Step, Update
from opsterm.records.person_name import same_person
from opsterm.records.spell import hurt_seconds
from opsterm.updates.told_twice import told_once

#: Kinds of event that say the value apart from the words.
_TOLD_BY_REASON = ("status", "hypothesis_result", "action_done")
_ABSENT: Mapping[str, None] = {"ref": None, "confidence": None, "outcome": None, "status": None}


def export_json(board: Board, incident: str) -> dict[str, Any]:
    """The incident in the exchange format. What its events alone do not carry goes in further keys."""
    snapshot = read_snapshot(board, incident)
    of = snapshot.incident
    document: dict[str, Any] = {
        **json_of(of, "id org? title source?"),
        **_times(snapshot),
        **json_of(of, "severity? severity_reason=severity_why? services impact? customer_visible"),
        "people": [{"name": name, "role": role} for role, name in _roles(board, of)],
        "events": _events(board, snapshot),
        **json_of(of, "contributing_causes=causes"),
        "follow_ups": [_follow_up(text) for text in of.follow_ups],
        **json_of(of, "triggering_change=changed? recurrence_of?"),
    }
    document["started_at"] = of.started_at or of.at
    if len(snapshot.hurt) > 1:
        told = "begun_at=begun mitigated_at=mitigated? resolved_at=resolved?"
        document["spells"] = [json_of(one, told) for one in snapshot.hurt]
    return {**document, KEY: to_carry(board.changes_of_incident(incident), document)}


def _times(snapshot: Snapshot) -> dict[str, str | None]:
    """When each milestone was."""
    return {f"{name}_at": at or None for name, at in milestones(snapshot.incident, snapshot.spells).items()}


def _follow_up(line: str) -> dict[str, str]:
    kind, text = follow_up(line)
    return {"text": text, "type": kind}


def _events(board: Board, snapshot: Snapshot) -> list[dict[str, Any]]:
    refs = _Refs(snapshot)
    out = []
    for line in board.moments(snapshot.incident.id):
        if line.kind not in EVENT_KINDS or not line.counts:
            continue
        event = {**json_of(line, "at kind text by?"), **_ABSENT}
        if line.kind in _TOLD_BY_REASON:
            event["text"] = line.why or line.now
        event |= _extras(board, line, refs)
        if line.kind == "status" and event["status"] is None:
            event["kind"] = "observation"  # what was said of how long it stands: the status itself was not said
        if line.kind in ("hypothesis_result", "action_done") and event["ref"] is None:
            continue
        out.append(event)
    return _opened_first(out)


def _opened_first(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events, each result behind what opened its ref: the format asks for it even where it happened before."""
    opened = {(event["kind"], event["ref"]) for event in events if event["kind"] in OPENERS.values()}
    early: dict[tuple[str, str], list[dict[str, Any]]] = {needs: [] for needs in opened}
    out: list[dict[str, Any]] = []
    for event in events:
        needs = (OPENERS.get(event["kind"], ""), event["ref"])
        if needs in early:
            early[needs].append(event)
        else:
            out += [event, *early.pop((event["kind"], event["ref"]), [])]
    return out


class _Refs:
    """Refs of hypotheses and actions: H1 and A1 by their numbers, with the letter where two have the same."""

    def __init__(self, snapshot: Snapshot) -> None:
        items = [*snapshot.hypotheses, *snapshot.actions]
        self.by_record = {item.id: item.mark.upper() for item in items}
        self.updates = {update.id: update for update in snapshot.updates}


def _extras(board: Board, line: Moment, refs: _Refs) -> dict[str, Any]:
    if line.record_kind in (Hypothesis.kind, Action.kind):
        state = line.now or None
        change = board.change(line.digest)
        values = change.values if change else {}
        result = line.kind in ("hypothesis_result", "action_done")
        return {
            "ref": refs.by_record.get(line.record),
            "confidence": values.get("confidence"),
            **({"outcome": state} if result else {}),
        }
    if line.kind == "status":
        return {"status": line.now or None}
    if line.record_kind == Update.kind and line.record in refs.updates:
        sent = refs.updates[line.record]
        return json_of(sent, "audience stage?")
    return {}


def show(board: Board, incident: str) -> dict[str, Any]:
    """One incident whole, as `show --json` gives it."""
    snapshot = read_snapshot(board, incident)
    of = snapshot.incident
    sent, marks = told_once(snapshot.updates), marks_of(snapshot)
    again = {update.id for update in snapshot.updates} - {update.id for update in sent}
    return {
        "incident": {
            **json_of(of, "id mark title severity? severity_reason=severity_why? status"),
            **_times(snapshot),
            "hurt_seconds": int(hurt_seconds(snapshot.hurt, board.now)),
            "spells": [json_of(one, "begun_at=begun ended_at=ended?") for one in snapshot.hurt],
            **json_of(of, "commander? offered_to? services impact?"),
            "impact_parts": json_of(
                of, "who=impact_who? what=impact_what? extent=impact_extent? unaffected=impact_unaffected?"
            ),
            **json_of(of, "workaround? exit? org? source? customer_visible"),
            **json_of(of, "triggering_change=changed? contributing_causes=causes"),
            "follow_ups": [_follow_up(text) for text in of.follow_ups],
            **json_of(of, "recurrence_of? drill"),
        },
        "roles": [{"role": role, "name": name} for role, name in _roles(board, of)],
        "hypotheses": [_hypothesis(item, snapshot) for item in snapshot.hypotheses],
        "actions": [_action(item) for item in snapshot.actions],
        "decisions": [json_of(item, "id=mark at text by?") for item in snapshot.decisions],
        "proposals": [json_of(item, "id=mark at text by? state") for item in snapshot.proposals],
        "tests": [_test(item, snapshot) for item in snapshot.probes],
        "obligations": [json_of(item, "id=mark what owner? due_at? state") for item in snapshot.obligations],
        "updates": [
            json_of(update, "at audience stage? lang text by? next_update_at=next_at? refused_by? refused_why?")
            for update in sent
        ],
        "timeline": [_line(line, marks) for line in board.moments(incident) if line.record not in again],
        "checklists": [_run(run, snapshot.steps.get(run.id, ())) for run in snapshot.runs],
        "conflicts": [
            {
                **json_of(conflict, "record kind field"),
                "told": f"{called(board, conflict.kind, conflict.record)}: {told(board, conflict)}",
                "values": [{name: head[name] for name in ("value", "by", "at")} for head in conflict.heads],
            }
            for conflict in snapshot.conflicts
        ],
    }


def _line(line: Moment, marks: Mapping[str, str]) -> dict[str, Any]:
    changed = {"was": line.was or None, "is": line.now or None} if line.was or line.now else {}
    mark = "" if line.mark else marks.get(line.record, "")
    more = {name: value for name, value in (("why", line.why), ("struck", line.struck), ("mark", mark)) if value}
    return {**json_of(line, "at kind text=told by? record"), **changed, **more}


def _test(item: HypothesisTest, snapshot: Snapshot) -> dict[str, Any]:
    marks = {h.id: h.mark for h in snapshot.hypotheses}
    tested = [marks[name] for name in item.hypotheses if name in marks]
    return {
        **json_of(item, "id=mark text"),
        "hypotheses": tested,
        **json_of(item, "state owner? outcome?"),
        "outcome_by": given_by(item) or None,
    }


def _roles(board: Board, of: Incident) -> list[tuple[str, str]]:
    """(role, name) of everybody: each as listed in the file that the incident came from, the commander first where that
    does not list them. Whoever it lists as commander and is not any more commanded earlier."""
    held = [role for role in board.all(Role, of.id) if role.name]
    listed = any(role.role == "commander" and same_person(role.name, of.commander) for role in held)
    commander = [("commander", of.commander)] if of.commander and not listed else []
    return [*commander, *((_now(role, of), role.name) for role in held)]


def _now(role: Role, of: Incident) -> str:
    earlier = role.role == "commander" and of.commander and not same_person(role.name, of.commander)
    return "earlier commander" if earlier else role.role


def _hypothesis(item: Hypothesis, snapshot: Snapshot) -> dict[str, Any]:
    found = snapshot.evidence.get(item.id, ())
    return {
        **json_of(item, "id=mark record=id text state confidence owner?"),
        "evidence": [json_of(finding, "text supports at by? source?") for finding in found],
        **json_of(item, "scope? if_true? if_false? why=state_why?"),
    }


def _action(item: Action) -> dict[str, Any]:
    said = json_of(item, "id=mark record=id text state owner? due_at? result=state_why? undo?")
    return {**said, "result_by": given_by(item) or None}


def _run(run: Run, steps: Sequence[Step]) -> dict[str, Any]:
    return {
        **json_of(run, "run=mark record=id name version state"),
        "steps": [json_of(step, "mark=label text state killer by=state_by? at=state_since?") for step in steps],
    }
