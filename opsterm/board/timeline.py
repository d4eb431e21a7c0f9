"""The timeline: what each change tells, in a line of a kind, by when it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from opsterm.board.change import Change
from opsterm.board.fold import DELETED, said_at, said_by
from opsterm.records.plain import plain, whole
from opsterm.records.record import REF, WHY

Values = Mapping[str, Any]


class Moment(NamedTuple):
    """One line of an incident's timeline."""

    #: The same for the same line of a file imported twice, on whichever station.
    key: str
    incident: str
    at: str
    hlc: int
    station: str
    digest: str
    #: What sort of line: the exchange format's kinds of event, and `declared severity milestone impact …`.
    kind: str
    record_kind: str
    record: str
    by: str
    text: str


COLUMNS = Moment._fields
#: The same as SQL asks for them.
NAMES = ", ".join(COLUMNS)

#: Results that end or turn a line of inquiry; other states of a hypothesis are steps on the way.
_RESULTS = ("supported", "confirmed", "eliminated", "inconclusive")

_INCIDENT_FIELDS: tuple[tuple[str, str], ...] = (
    ("status", "status"),
    ("severity", "severity"),
    ("severity_refused", "severity"),
    ("triaged_at", "triage"),
    ("commander", "role_change"),
    ("offered_to", "role_change"),
    ("started_at", "milestone"),
    ("detected_at", "milestone"),
    ("declared_at", "milestone"),
    ("mitigated_at", "milestone"),
    ("resolved_at", "milestone"),
    ("impact", "impact"),
    ("impact_who", "impact"),
    ("impact_what", "impact"),
    ("impact_extent", "impact"),
    ("impact_unaffected", "impact"),
    ("workaround", "impact"),
    ("data", "impact"),
    ("objectives", "plan"),
    ("exit", "exit"),
    ("exit_met", "exit"),
    ("silences", "exit"),
    ("backlog", "exit"),
    ("review_owner", "exit"),
    ("plan_b", "plan"),
    ("watch_until", "status"),
    ("folded_into", "link"),
    ("recurrence_of", "link"),
    ("parent", "link"),
)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    return ", ".join(_text(item) for item in value) if isinstance(value, list) else str(value)


def _why(values: Values) -> str:
    return _text(values.get(WHY, ""))


def _of_incident(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        begun = values.get("declared_at") or values.get("anomaly")
        return ("declared", _text(values.get("title", ""))) if begun else None
    for field, kind in _INCIDENT_FIELDS:
        if field in values:
            value = _text(values[field])
            words = {
                "commander": f"{value} is in command" if value else "nobody is in command",
                "offered_to": f"command offered to {value}" if value else "the offer of command ended",
                "silences": f"silenced: {value}" if value not in ("", "none") else "alarms are armed again",
                "backlog": f"backlog: {value}" if value not in ("", "none") else "the backlog is worked off",
                "review_owner": f"the review is {value}'s",
                "plan_b": f"plan B: {value}",
                "objectives": f"objectives: {value}",
                "watch_until": f"watched until {value}" if value else "watched no more",
                "exit_met": "the exit criteria hold" if values[field] is True else "the exit criteria do not hold",
            }
            if kind == "milestone":
                return kind, _why(values) or field.removesuffix("_at")
            if kind in ("impact", "exit", "link"):
                said = words.get(field, value)
                return kind, f"{said}: {_why(values)}" if _why(values) else said
            return kind, _why(values) or words.get(field, value)
    return _of_other(values)


#: What is told afterwards, of the whole: it has no time of its own.
_AFTERWARDS = ("causes", "follow_ups")


def _of_other(values: Values) -> tuple[str, str] | None:
    fields = [(f, value) for f, value in values.items() if not f.startswith("_") and f not in _AFTERWARDS]
    said = ", ".join(f"{field.replace('_', ' ')}: {_text(value)}" for field, value in fields if value not in (None, ""))
    text = " ".join(part for part in (said, _why(values)) if part)
    return ("edit", text) if text else None


def _of_role(values: Values) -> tuple[str, str] | None:
    if str(values.get(REF, "")).startswith("p"):
        return None  # a file lists its people, p0, p1 …, without times
    if "leader" in values and _why(values):
        return "role_change", _why(values)
    if "name" not in values:
        return _of_other(values)
    name, role = _text(values["name"]), _text(values.get("role", ""))
    said = f"{name} is {role}" if name else f"nobody is {role}"
    return "role_change", _why(values) or said


def _of_observation(values: Values) -> tuple[str, str] | None:
    if "struck" in values:
        return ("struck" if values["struck"] is True else "unstruck"), _why(values)
    if "text" not in values:
        return _of_other(values)
    topic = "role_change" if values.get("topic") == "role_change" else "observation"
    return topic, _text(values["text"])


def _of_hypothesis(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "hypothesis", _text(values.get("text", ""))
    if "state" in values:
        state = _text(values["state"])
        return "hypothesis_result" if state in _RESULTS else "hypothesis_state", _why(values) or state
    if not any(not field.startswith("_") for field in values) and _why(values):
        return "hypothesis_result", _why(values)
    return _of_other(values)


def _of_evidence(values: Values) -> tuple[str, str] | None:
    if "text" not in values:
        return _of_other(values)
    return None if values.get("closing") is True else ("evidence", _text(values["text"]))


def _of_action(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "action_started", _text(values.get("text", ""))
    if "state" in values:
        state = _text(values["state"])
        kind = "action_done" if state in ("done", "failed", "cancelled") else "action_state"
        return kind, _why(values) or state
    if "heard_at" in values:
        return None
    return _of_other(values)


def _of_text(kind: str) -> Callable[[Values], tuple[str, str] | None]:
    return lambda values: (kind, _text(values["text"])) if "text" in values else _of_other(values)


def _of_objection(values: Values) -> tuple[str, str] | None:
    if "answer" in values and "text" not in values:
        return "objection", f"answered: {_text(values['answer'])}"
    return ("objection", _text(values["text"])) if "text" in values else _of_other(values)


def _of_run(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "checklist", f"{_text(values.get('name', ''))} began"
    told = _why(values) or _text(values.get("state", ""))
    return ("checklist", told) if told else None


def _of_step(values: Values) -> tuple[str, str] | None:
    if "state" not in values or "run" in values:
        return None
    return "step", _why(values) or _text(values["state"])


def _of_probe(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "test", _text(values.get("text", ""))
    if "state" in values:
        done = values["state"] == "done"
        return ("test_result" if done else "test"), _why(values) or _text(values["state"])
    return _of_other(values)


def _of_proposal(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "proposal", _text(values.get("text", ""))
    # One that was decided is told by its decision.
    return ("proposal", f"dropped: {_why(values)}") if values.get("state") == "dropped" else None


def _of_link(values: Values) -> tuple[str, str] | None:
    return ("link", _why(values) or _text(values.get("how", "related"))) if "other" in values else _of_other(values)


def _of_obligation(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        owner = _text(values.get("owner", "")) or "nobody yet"
        return "obligation", f"owed by {owner}: {_text(values.get('what', ''))}"
    if "state" in values:
        return "obligation", _why(values) or _text(values["state"])
    return _of_other(values)


def _of_summons(values: Values) -> tuple[str, str] | None:
    return ("call", _why(values) or _text(values["state"])) if "state" in values else None


def _of_text_approval(values: Values) -> tuple[str, str] | None:
    if "text" in values:
        return "approval", f"{_text(values.get('asked_of', '')) or 'a yes'} is asked to approve the words to " + _text(
            values.get("audience", "customers")
        )
    state = _text(values.get("state", ""))
    words = {"approved": "the words are approved", "refused": "the words are refused", "withdrawn": "no longer asked"}
    return ("approval", ": ".join(part for part in (words.get(state, state), _why(values)) if part)) if state else None


def _of_question(values: Values) -> tuple[str, str] | None:
    if "number" in values:
        return "question", f"{_text(values.get('who', '')) or 'somebody'} asks: {_text(values.get('text', ''))}"
    state = _text(values.get("state", ""))
    return ("question", ": ".join(part for part in (state, _why(values)) if part)) if state else _of_other(values)


def _of_word_plan(values: Values) -> tuple[str, str] | None:
    to = _text(values.get("audience", "")) or "stakeholders"
    if values.get("regular") is False:
        said = f"no regular words to {to}"
    elif values.get("regular") is True:
        said = f"regular words to {to} again"
    elif until := _text(values.get("snoozed_until", "")):
        said = f"the next word to {to} is put off to {until[11:16]} UTC"
    else:
        return None
    return "word_plan", ": ".join(part for part in (said, _why(values)) if part)


_TELL: Mapping[str, Callable[[Values], tuple[str, str] | None]] = {
    "incident": _of_incident,
    "role": _of_role,
    "observation": _of_observation,
    "hypothesis": _of_hypothesis,
    "evidence": _of_evidence,
    "action": _of_action,
    "decision": _of_text("decision"),
    "update": _of_text("update_posted"),
    "run": _of_run,
    "step": _of_step,
    "proof": _of_text("step"),
    "probe": _of_probe,
    "proposal": _of_proposal,
    "objection": _of_objection,
    "link": _of_link,
    "obligation": _of_obligation,
    "summons": _of_summons,
    "involvement": _of_text("vendor"),
    "text_approval": _of_text_approval,
    "question": _of_question,
    "word_plan": _of_word_plan,
}


def tell(change: Change) -> Moment | None:
    """The line that a change puts on its incident's timeline, or none."""
    incident = change.incident or (change.record if change.kind == "incident" else "")
    if not incident or change.kind not in _TELL:
        return None
    values = change.values
    if DELETED in values:
        told: tuple[str, str] | None = ("removed" if values[DELETED] is True else "restored", _why(values))
    else:
        told = _TELL[change.kind](values)
    if told is None:
        return None
    ref = values.get(REF)
    key = f"{change.record}\n{whole(ref)}" if isinstance(ref, str) else change.digest
    return Moment(
        key,
        incident,
        said_at(change, values),
        change.hlc,
        change.station,
        change.digest,
        told[0],
        change.kind,
        change.record,
        said_by(change, values),
        told[1],
    )
