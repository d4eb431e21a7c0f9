"""A postmortem's account as one JSON object, for other tools."""

from __future__ import annotations

from typing import Any

from opsterm.learn.account import Account
from opsterm.records.incident import MILESTONES
from opsterm.records.record import as_fields


def as_json(account: Account) -> dict[str, Any]:
    """The account; times are ISO 8601 in UTC, durations seconds, lateness minutes. What is not recorded is null."""
    of = account.incident
    return {
        "incident": {
            "id": of.id,
            "mark": of.mark,
            "title": of.title,
            "org": of.org or None,
            "severity": of.severity or None,
            "severity_reason": of.severity_why or None,
            "status": of.status,
            "services": list(of.services),
            "impact": of.impact or None,
            "customer_visible": of.customer_visible,
            "drill": of.drill,
            "source": of.source.split(),
            **{f"{name}_at": getattr(of, f"{name}_at") or None for name in MILESTONES},
        },
        "postmortem": as_fields(account.postmortem) if account.postmortem else None,
        "summary": account.summary,
        "numbers": list(account.numbers),
        "durations": [
            {"name": span.name, "from": span.begins, "to": span.ends, "seconds": span.seconds} for span in account.spans
        ],
        "contributing_factors": [
            {
                "mark": cause.mark or None,
                "text": cause.text,
                "kind": cause.kind or None,
                "chosen": cause.chosen,
                "evidence": cause.evidence or None,
                "behind": cause.behind or None,
            }
            for cause in account.causes
        ],
        "triggering_change": of.changed or None,
        "hypotheses": [
            {
                "mark": i.mark,
                "text": i.text,
                "state": i.state,
                "why": i.why or None,
                "owner": i.owner or None,
                "raised_at": i.raised_at or None,
                "settled_at": i.settled_at or None,
                "seconds": i.seconds,
                "evidence": [{"text": e.text, "supports": e.supports} for e in i.evidence],
                "tests": list(i.tests),
                "test_minutes": i.test_minutes,
            }
            for i in account.inquiries
        ],
        "actions": [
            {
                "mark": a.mark,
                "text": a.text,
                "owner": a.owner or None,
                "at": a.at,
                "state": a.state,
                "result": a.state_why or None,
            }
            for a in account.actions
        ],
        "decisions": [
            {"mark": d.mark, "at": d.at, "by": d.by or None, "text": d.text, "why": d.text_why or None}
            for d in account.decisions
        ],
        "updates": [
            {
                "audience": heard.audience,
                "first_after_minutes": heard.first_after,
                "missing": list(heard.missing),
                "told": [
                    {
                        "at": judged.word.at,
                        "stage": judged.word.stage or None,
                        "text": judged.word.text,
                        "by": judged.word.by or None,
                        "due_at": judged.due_at or None,
                        "late_minutes": judged.late,
                    }
                    for judged in heard.told
                ],
            }
            for heard in account.words
        ],
        "checklists": [
            {
                "name": run.name,
                "state": run.state,
                "settled": run.settled,
                "steps": [
                    {"text": step.text, "state": step.state, "why": step.state_why or None, "killer": step.killer}
                    for step in run.steps
                ],
            }
            for run in account.walked
        ],
        "improvements": [
            {
                "mark": i.mark or None,
                "text": i.text,
                "type": i.sort or None,
                "owner": i.owner or None,
                "due_at": i.due_at or None,
                "state": i.state,
                "done_when": i.done_when or None,
                "evidence": i.evidence or None,
                "chosen": i.chosen,
            }
            for i in account.improvements
        ],
        "answers": [{"question": a.question, "text": a.text, "by": a.by, "at": a.at} for a in account.answers],
        "people": [{"role": role, "name": name} for role, name in account.people],
        "conflicts": [
            {
                "kind": c.kind,
                "field": c.field,
                "values": [{"value": h["value"], "by": h["by"], "at": h["at"]} for h in c.heads],
            }
            for c in account.conflicts
        ],
        "timeline": [{"at": m.at, "kind": m.kind, "text": m.text, "by": m.by or None} for m in account.timeline],
    }
