"""A postmortem's account as one JSON object, for other tools."""

from __future__ import annotations

from typing import Any

from opsterm.core.as_document import json_of
from opsterm.incidents.incident import milestones
from opsterm.incidents.snapshot import given_by
from opsterm.learn.account import Account
from opsterm.records.record import Record, as_fields, words_unread


def as_json(account: Account) -> dict[str, Any]:
    """The account; times are ISO 8601 in UTC, durations seconds, lateness minutes. What is not recorded is null."""
    of = account.incident
    about = "id mark title org? severity? severity_reason=severity_why? status services impact? customer_visible drill"
    return {
        "incident": {
            **json_of(of, about),
            "source": of.source.split(),
            **{f"{name}_at": at or None for name, at in milestones(of, account.spells).items()},
        },
        "postmortem": _whole(account.postmortem) if account.postmortem else None,
        **json_of(account, "summary numbers"),
        "spells": [json_of(one, "begun_at=begun ended_at=ended?") for one in account.hurt],
        "durations": [json_of(span, "name from=begins to=ends seconds") for span in account.spans],
        "contributing_factors": [
            json_of(cause, "mark? text kind? chosen evidence? behind?") for cause in account.causes
        ],
        **json_of(of, "triggering_change=changed?"),
        "hypotheses": [
            {
                **json_of(inquiry, "mark text state disputed? why? owner? raised_at? settled_at? seconds"),
                "evidence": [json_of(finding, "text supports") for finding in inquiry.evidence],
                **json_of(inquiry, "tests test_minutes"),
            }
            for inquiry in account.inquiries
        ],
        "actions": [
            {**json_of(action, "mark text owner? at state result=state_why?"), "result_by": given_by(action) or None}
            for action in account.actions
        ],
        "decisions": [json_of(decision, "mark at by? text why=text_why?") for decision in account.decisions],
        "updates": [
            {
                **json_of(heard, "audience first_after_minutes=first_after missing"),
                "told": [
                    {
                        **json_of(judged.word, "at stage? text by? sent_anyway?"),
                        **json_of(judged, "due_at? late_minutes=late"),
                    }
                    for judged in heard.told
                ],
            }
            for heard in account.words
        ],
        "checklists": [
            {
                **json_of(run, "name state settled"),
                "steps": [json_of(step, "text state why=note? killer") for step in run.steps],
            }
            for run in account.walked
        ],
        "improvements": [
            json_of(item, "mark? text type=sort? owner? due_at? state done_when? evidence? chosen")
            for item in account.improvements
        ],
        "answers": [json_of(answer, "question text by at") for answer in account.answers],
        "people": [{"role": role, "name": name} for role, name in account.people],
        "conflicts": [
            {
                **json_of(conflict, "kind field"),
                "values": [{name: head[name] for name in ("value", "by", "at")} for head in conflict.heads],
            }
            for conflict in account.conflicts
        ],
        "timeline": [json_of(moment, "at kind text by?") for moment in account.timeline],
    }


def _whole(item: Record) -> dict[str, Any]:
    fields = as_fields(item)
    unread = words_unread(fields.pop("unread"))
    return fields | unread
