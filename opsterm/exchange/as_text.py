"""An incident told in words, from what `show` gives: for the terminal's scrollback and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from opsterm.core.times import between
from opsterm.incidents.reading import in_command_words
from opsterm.incidents.spells import sum_in_words
from opsterm.records.plain import escaped
from opsterm.records.timeline_entry import kind_of_line

Document = Mapping[str, Any]


def as_text(document: Document) -> Iterator[str]:
    """The lines of `opsterm show`."""
    document = _as_read(document)
    of = document["incident"]
    yield f"{of['mark']}  {of['title']}"
    yield f"{of['severity'] or 'no severity yet'} · {of['status']} · commander {of['commander'] or 'nobody'}"
    yield from (f"{name:<11} {text}" for name, text in _facts(of))
    for title, lines in _sections(document):
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def as_markdown(document: Document) -> str:
    """The incident as a Markdown page."""
    document = _as_read(document)
    of = document["incident"]
    out = [f"# {_escaped(of['title'])}", ""]
    out.append(f"{of['mark']} · {of['severity'] or 'no severity'} · {of['status']}")
    out.append("")
    out += [f"- **{name}**: {_escaped(text)}" for name, text in _facts(of)]
    for title, lines in _sections(document):
        out += ["", f"## {title}", "", *(f"- {_escaped(line)}" for line in lines)]
    return escaped("\n".join(out) + "\n")


def _as_read(document: Document) -> Document:
    """The same as people go by it: both commanders while two are said to command, and a disputed cause as such. What
    programs read names the value that stands."""
    apart = {
        conflict["record"]
        for conflict in document["conflicts"]
        if (conflict["kind"], conflict["field"]) == ("hypothesis", "state")
        and any(value["value"] == "confirmed" for value in conflict["values"])
    }
    hypotheses = [{**h, "state": "disputed"} if h["record"] in apart else h for h in document["hypotheses"]]
    document = {**document, "hypotheses": hypotheses}
    of = document["incident"]
    about = (of["id"], "incident", "commander")
    said = [c["values"] for c in document["conflicts"] if (c["record"], c["kind"], c["field"]) == about]
    if not said:
        return document
    command = in_command_words(of["commander"], list(dict.fromkeys(value["value"] or "" for value in said[0])))
    roles = [{**role, "name": command} if role["role"] == "commander" else role for role in document["roles"]]
    return {**document, "incident": {**of, "commander": command}, "roles": roles}


def _facts(of: Document) -> Iterator[tuple[str, str]]:
    named = (
        ("Impact", "impact"),
        ("Workaround", "workaround"),
        ("Exit", "exit"),
        ("Changed", "triggering_change"),
        ("Commander", "commander"),
        ("Started", "started_at"),
        ("Detected", "detected_at"),
        ("Declared", "declared_at"),
        ("Mitigated", "mitigated_at"),
        ("Resolved", "resolved_at"),
        ("Source", "source"),
    )
    yield from ((name, str(of[key])) for name, key in named if of[key])
    if hurt := _hurt(of):
        yield "Hurt", hurt


def _hurt(of: Document) -> str:
    """How long people were hurt, and in which spells."""
    spells = of["spells"]
    seconds = [between(spell["begun_at"], spell["ended_at"]) for spell in spells if spell["ended_at"]]
    so_far = len(seconds) < len(spells)
    return sum_in_words([*seconds, of["hurt_seconds"] - sum(seconds)] if so_far else seconds, so_far=so_far)


def _sections(document: Document) -> Iterator[tuple[str, list[str]]]:
    if document["conflicts"]:
        yield "Disputed", [item["told"] for item in document["conflicts"]]
    if document["roles"]:
        yield "Roles", [f"{role['name']}: {role['role']}" for role in document["roles"]]
    if document["hypotheses"]:
        yield "Hypotheses", [line for item in document["hypotheses"] for line in _hypothesis(item)]
    if document["actions"]:
        yield "Actions", [_action(item) for item in document["actions"]]
    if document["decisions"]:
        yield "Decisions", [f"{item['at']} {item['id']} {item['text']}" for item in document["decisions"]]
    if document["updates"]:
        yield "Updates", [_update(item) for item in document["updates"]]
    if document["checklists"]:
        yield "Checklists", [_run(item) for item in document["checklists"]]
    if document["incident"]["contributing_causes"]:
        yield "Contributing causes", list(document["incident"]["contributing_causes"])
    if document["incident"]["follow_ups"]:
        yield "Follow-ups", [f"{f['type']}: {f['text']}" for f in document["incident"]["follow_ups"]]
    yield "Timeline", [_line(item) for item in document["timeline"]]


def _hypothesis(item: Document) -> Iterator[str]:
    share = "" if item["confidence"] is None else f" {item['confidence']:.0%}"
    yield f"{item['id']} {item['state']}{share}: {item['text']}"
    for finding in item["evidence"]:
        yield f"   {'+' if finding['supports'] else '−'} {finding['text']}"


def _action(item: Document) -> str:
    due = f", due {item['due_at']}" if item["due_at"] and item["state"] in ("ordered", "acknowledged") else ""
    by = f"by {item['result_by']}" if item["result_by"] else ""
    told = f"{item['result']} ({by})" if item["result"] and by else item["result"] or by
    result = f" → {told}" if told else ""
    return f"{item['id']} {item['state']}, {item['owner'] or 'unassigned'}{due}: {item['text']}{result}"


def _update(item: Document) -> str:
    why = f": {item['refused_why']}" if item["refused_why"] else ""
    refused = f", refused by {item['refused_by']}{why}, sent anyway" if item["refused_by"] else ""
    return f"{item['at']} to {item['audience']}{refused}: {item['text']}"


def _run(item: Document) -> str:
    settled = sum(step["state"] not in ("open", "deferred") for step in item["steps"])
    return f"{item['run']} {item['name']}: {settled} of {len(item['steps'])}, {item['state']}"


def _line(item: Document) -> str:
    kind = kind_of_line(item["kind"]).in_exports
    who = f" ({item['by']})" if item["by"] else ""
    struck = f" ({item['struck']})" if "struck" in item else ""
    between = " " if kind_of_line(item["kind"]).runs_on else ": "
    kind += f" {item['mark']}" if "mark" in item else ""
    return f"{item['at']} {kind}{between}{' '.join(item['text'].split())}{struck}{who}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    folded = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in folded)
