"""The shared incidents as facts at any of their moments, and a hand-made one with its effect in parts."""

import json
from pathlib import Path
from typing import Any

from opsterm.drafting.facts import Action, Decision, Facts, Hypothesis, Impact, Sent

SHARED = Path(__file__).parents[2].parent / "shared"
"""Material beside the checkout: real incidents and labelled texts, never copied into it."""

LANGS = ("en", "zh")
AUDIENCES = ("customers", "support", "executives", "engineers")
ALL_STAGES = ("first", "scoping", "identified", "monitoring", "resolved", "long-running", "correction", "stand-down")


def shared_incidents() -> list[dict[str, Any]]:
    """The incidents in exchange format, if the shared material is there."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((SHARED / "incidents").glob("*.json"))]


def facts_from_exchange(incident: dict[str, Any], at: str) -> Facts:
    """What was recorded of an incident up to `at`: milestones and events so far, the effect as the record has it."""
    past = [event for event in incident["events"] if event["at"] <= at]
    hypotheses: dict[str, Hypothesis] = {}
    actions: dict[str, Action] = {}
    decisions: list[Decision] = []
    status = "triage"
    for event in past:
        kind, ref = event["kind"], event["ref"]
        if kind == "status":
            status = event["status"]
        elif kind == "hypothesis":
            hypotheses[ref] = Hypothesis(ref.lower(), event["text"], "proposed", event["confidence"])
        elif kind == "hypothesis_result":
            held = hypotheses[ref]
            hypotheses[ref] = Hypothesis(
                held.mark, held.text, event["outcome"] or held.state, event["confidence"], why=event["text"]
            )
        elif kind == "action_started":
            actions[ref] = Action(ref.lower(), event["text"], "acknowledged", event["by"] or "")
        elif kind == "action_done":
            ordered = actions[ref]
            actions[ref] = Action(
                ordered.mark, ordered.text, event["outcome"] or "done", ordered.owner, result=event["text"]
            )
        elif kind == "decision":
            decisions.append(Decision(event["at"], event["text"]))

    def reached(milestone: str) -> str | None:
        moment = incident[milestone]
        return moment if moment and moment <= at else None

    return Facts(
        title=incident["title"],
        severity=incident["severity"],
        severity_reason=incident["severity_reason"] or "",
        status=status,
        started_at=incident["started_at"],
        detected_at=reached("detected_at"),
        mitigated_at=reached("mitigated_at"),
        resolved_at=reached("resolved_at"),
        services=tuple(incident["services"]),
        impact=Impact(text=incident["impact"] or ""),
        hypotheses=tuple(hypotheses.values()),
        actions=tuple(actions.values()),
        decisions=tuple(decisions),
        people=tuple(person["name"] for person in incident["people"]),
    )


def told_before(facts: Facts, then: Facts, at: str, audience: str, lang: str, text: str = "…") -> Facts:
    """The same facts with one update to `audience` sent at `at`, when `then` was recorded."""
    from dataclasses import replace

    return replace(facts, updates=(Sent(at, audience, "scoping", lang, text, None, then.bare()),))


CHECKOUT = Facts(
    title="Checkout fails for some card payments",
    severity="sev1",
    status="investigating",
    started_at="2026-03-12T13:05:00Z",
    detected_at="2026-03-12T13:09:00Z",
    services=("checkout", "payments"),
    impact=Impact(
        who="customers in the EU", what="pay by card", extent="about 3 in 10 card payments", unaffected="the mobile app"
    ),
    workaround="Pay by PayPal.",
    hypotheses=(
        Hypothesis(
            "h1",
            "Connection pool of db-1 exhausted by the report job",
            "testing",
            0.6,
            plain="a nightly report overloads our database",
        ),
        Hypothesis(
            "h2",
            "The last release of web broke the retry loop",
            "eliminated",
            0.0,
            plain="our last update",
            why="failures began before the release",
        ),
    ),
    actions=(Action("a1", "Roll back web to 412", "acknowledged", "mia", plain="we are undoing our latest change"),),
    people=("mia", "noor"),
    internal_words=("db-1", "web"),
)
"""A made-up incident with its effect in parts; nobody in it is real."""
