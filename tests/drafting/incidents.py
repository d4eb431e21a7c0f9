"""The shared incidents as facts at any of their moments, and a hand-made one with its effect in parts."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from opsterm.drafting.facts import Facts, Sent
from opsterm.records import Action, Decision, Hypothesis, Incident, Record, Update
from opsterm.records.record import as_fields

R = TypeVar("R", bound=Record)

SHARED = Path(__file__).parents[2].parent / "shared"
"""Material beside the checkout: real incidents and labelled texts, never copied into it."""

LANGS = ("en", "zh")
AUDIENCES = ("customers", "support", "executives", "engineers")
ALL_STAGES = ("first", "scoping", "identified", "monitoring", "resolved", "long-running", "correction", "stand-down")


def incident(**said: Any) -> Incident:
    return Incident(**{"id": "i1", "status": "triage"} | said)


def hypothesis(
    mark: str, text: str, state: Any = "proposed", confidence: float | None = None, **said: Any
) -> Hypothesis:
    return Hypothesis(id=mark, mark=mark, text=text, state=state, confidence=confidence, **said)


def action(mark: str, text: str, state: Any = "ordered", owner: str = "", **said: Any) -> Action:
    return Action(id=mark, mark=mark, text=text, state=state, owner=owner, **said)


def decision(at: str, text: str, **said: Any) -> Decision:
    return Decision(id=f"d{at}", at=at, text=text, **said)


def update(at: str, text: str = "…", audience: Any = "customers", stage: str = "scoping", **said: Any) -> Update:
    return Update(id=f"u{at}", at=at, audience=audience, stage=stage, text=text, **said)


def effect(text: str = "", **parts: str) -> dict[str, str]:
    """All fields of an effect, from its free form or its parts; those not named are empty."""
    names = ("who", "what", "extent", "unaffected")
    return {"impact": text} | {f"impact_{name}": parts.get(name, "") for name in names}


def altered(record: R, **said: Any) -> R:
    """The same record with other values in some fields."""
    return type(record)(**as_fields(record) | said)


def changed(facts: Facts, **said: Any) -> Facts:
    """The same facts with other values in some fields, of the incident or of what stands beside it."""
    own = {name: said.pop(name) for name in [field.name for field in fields(Facts)] if name in said}
    return replace(facts, incident=altered(facts.incident, **said), **own)


def shared_incidents() -> list[dict[str, Any]]:
    """The incidents in exchange format, if the shared material is there."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SHARED / "incidents").glob("*.json"))]


def facts_from_exchange(document: dict[str, Any], at: str) -> Facts:
    """What was recorded of an incident up to `at`: milestones and events so far, the effect as the record has it."""
    past = [event for event in document["events"] if event["at"] <= at]
    hypotheses: dict[str, Hypothesis] = {}
    actions: dict[str, Action] = {}
    decisions: list[Decision] = []
    status = "triage"
    for event in past:
        kind, ref = event["kind"], event["ref"]
        if kind == "status":
            status = event["status"]
        elif kind == "hypothesis":
            hypotheses[ref] = hypothesis(ref.lower(), event["text"], "proposed", event["confidence"])
        elif kind == "hypothesis_result":
            held = hypotheses[ref]
            hypotheses[ref] = hypothesis(
                held.mark, held.text, event["outcome"] or held.state, event["confidence"], state_why=event["text"]
            )
        elif kind == "action_started":
            actions[ref] = action(ref.lower(), event["text"], "acknowledged", event["by"] or "")
        elif kind == "action_done":
            ordered = actions[ref]
            actions[ref] = altered(ordered, state=event["outcome"] or "done", state_why=event["text"])
        elif kind == "decision":
            decisions.append(decision(event["at"], event["text"]))

    def reached(milestone: str) -> str:
        moment: str = document[milestone] or ""
        return moment if moment <= at else ""

    return Facts(
        incident(
            title=document["title"],
            severity=document["severity"],
            severity_why=document["severity_reason"] or "",
            status=status,
            started_at=document["started_at"] or "",
            detected_at=reached("detected_at"),
            mitigated_at=reached("mitigated_at"),
            resolved_at=reached("resolved_at"),
            services=tuple(document["services"]),
            impact=document["impact"] or "",
        ),
        hypotheses=tuple(hypotheses.values()),
        actions=tuple(actions.values()),
        decisions=tuple(decisions),
        people=tuple(person["name"] for person in document["people"]),
    )


def told_before(facts: Facts, then: Facts, at: str, audience: str, lang: str, text: str = "…") -> Facts:
    """The same facts with one update to `audience` sent at `at`, when `then` was recorded."""
    return replace(facts, updates=(Sent(update(at, text, audience, lang=lang), replace(then, updates=())),))


CHECKOUT = Facts(
    incident(
        title="Checkout fails for some card payments",
        severity="sev1",
        status="investigating",
        started_at="2026-03-12T13:05:00Z",
        detected_at="2026-03-12T13:09:00Z",
        services=("checkout", "payments"),
        impact_who="customers in the EU",
        impact_what="pay by card",
        impact_extent="about 3 in 10 card payments",
        impact_unaffected="the mobile app",
        workaround="Pay by PayPal.",
    ),
    hypotheses=(
        hypothesis(
            "h1",
            "Connection pool of db-1 exhausted by the report job",
            "testing",
            0.6,
            plain="a nightly report overloads our database",
        ),
        hypothesis(
            "h2",
            "The last release of web broke the retry loop",
            "eliminated",
            0.0,
            plain="our last update",
            state_why="failures began before the release",
        ),
    ),
    actions=(action("a1", "Roll back web to 412", "acknowledged", "mia", plain="we are undoing our latest change"),),
    people=("mia", "noor"),
    internal_words=("db-1", "web"),
)
"""A made-up incident with its effect in parts; nobody in it is real."""
