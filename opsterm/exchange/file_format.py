"""The exchange format, read: one JSON object an incident, checked whole before anything of it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from opsterm.core.given_file import bytes_given
from opsterm.core.session import Rejected
from opsterm.records.incident import SEVERITIES, STATUSES
from opsterm.records.instant import Instant, normal
from opsterm.records.plain import one_line, plain

#: An incident is text: a file larger than this is something else.
FILE_BYTES_MAX = 16 << 20
ID_LENGTH_MAX = 120
REF_LENGTH_MAX = 40

EVENT_KINDS = (
    "observation",
    "status",
    "hypothesis",
    "hypothesis_result",
    "action_started",
    "action_done",
    "update_posted",
    "decision",
    "role_change",
)
HYPOTHESIS_OUTCOMES = ("supported", "confirmed", "eliminated", "inconclusive")
ACTION_OUTCOMES = ("done", "failed", "cancelled")
#: What an export says of each spell of hurt, in a key of its own.
SPELL_FIELDS = ("begun_at", "mitigated_at", "resolved_at")
MILESTONE_FIELDS = ("started_at", "detected_at", "declared_at", "mitigated_at", "resolved_at")


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a file."""

    #: Its place in the file, from 0.
    place: int
    at: Instant
    kind: str
    text: str
    by: str
    ref: str
    confidence: float | None
    outcome: str
    status: str
    audience: str
    stage: str


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """An incident as a file tells it."""

    id: str
    title: str
    severity: str
    severity_why: str
    milestones: Mapping[str, Instant]
    services: tuple[str, ...]
    texts: Mapping[str, str]
    customer_visible: bool | None
    people: tuple[tuple[str, str], ...]
    #: By time, those of the same moment as they stand in the file.
    events: tuple[Event, ...]
    causes: tuple[str, ...]
    follow_ups: tuple[str, ...]
    #: Field of SPELL_FIELDS → when, of each spell of hurt, oldest first; none where there was one alone.
    spells: tuple[Mapping[str, Instant], ...]
    #: The file as it was parsed, for what only an export of opsterm carries.
    raw: Mapping[str, Any]


def load(path: Path) -> IncidentFile:
    """Reads and checks one file. Raises Rejected with the place and the reason."""
    content = bytes_given(path, FILE_BYTES_MAX)
    if len(content) > FILE_BYTES_MAX:
        most = FILE_BYTES_MAX >> 20
        raise Rejected(f"{path} is too large for an incident (over {most} MB): split it, or check what it is.")
    try:
        return parse(content)
    except Rejected as error:
        raise Rejected(f"{path}: {error}") from error


def parse(content: bytes) -> IncidentFile:
    """Checks the bytes of a file. Raises Rejected with the place and the reason."""
    if not content.strip():
        raise Rejected("the file is empty: it should hold one incident as a JSON object.")
    if len(content) > FILE_BYTES_MAX:
        raise Rejected("too large for an incident.")
    try:
        parsed = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise Rejected(f"not UTF-8 text (byte {error.start}): export the incident as JSON in UTF-8.") from error
    except RecursionError as error:
        raise Rejected("nested too deeply to be an incident.") from error
    except json.JSONDecodeError as error:
        raise Rejected(f"not JSON (line {error.lineno}, column {error.colno}: {error.msg}).") from error
    except ValueError as error:
        raise Rejected(f"not JSON that can be read ({error}).") from error
    return _incident(parsed)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _no_number(text)


def _incident(raw: Any) -> IncidentFile:
    if not isinstance(raw, dict):
        raise Rejected(f"should be one JSON object, an incident, and is {_called(raw)}.")
    for needed in ("id", "title", "started_at", "events"):
        if needed not in raw:
            raise Rejected(f"{needed} is missing.")
    name = one_line(_text(raw, "id", "id"))
    if not name or len(name) > ID_LENGTH_MAX:
        raise Rejected(f"id: should have 1 to {ID_LENGTH_MAX} characters.")
    severity = _text(raw, "severity", "severity")
    if severity and severity not in SEVERITIES:
        raise Rejected(f"severity: {severity!r} is none of {', '.join(SEVERITIES)}.")
    title = one_line(_text(raw, "title", "title"))
    if not title:
        raise Rejected("title: should not be empty.")
    milestones = {field: _time(raw, field, field) for field in MILESTONE_FIELDS}
    if not milestones["started_at"]:
        raise Rejected("started_at: should be a time.")
    texts = {
        field: _text(raw, field, field) for field in ("org", "source", "impact", "triggering_change", "recurrence_of")
    }
    visible = raw.get("customer_visible")
    if visible is not None and not isinstance(visible, bool):
        raise Rejected(f"customer_visible: should be true or false, and is {_called(visible)}.")
    return IncidentFile(
        id=name,
        title=title,
        severity=severity,
        severity_why=_text(raw, "severity_reason", "severity_reason"),
        milestones=milestones,
        services=tuple(one_line(s) for s in _texts(raw, "services")),
        texts=texts,
        customer_visible=visible,
        people=tuple(_people(raw)),
        events=tuple(_events(raw)),
        causes=tuple(_texts(raw, "contributing_causes")),
        follow_ups=tuple(_follow_ups(raw)),
        spells=tuple(_spells(raw)),
        raw=raw,
    )


#: Kind of event that gives a result → kind that opens its ref.
OPENERS = {"hypothesis_result": "hypothesis", "action_done": "action_started"}


def _events(raw: Mapping[str, Any]) -> list[Event]:
    """The events by time, those of the same moment as they stand in the file; a result never before its opening."""
    events = [_event(item, place) for place, item in enumerate(_list(raw, "events"))]
    events.sort(key=lambda event: (event.at, event.place))
    opened = {(event.kind, event.ref): event for event in reversed(events) if event.kind in OPENERS.values()}
    ordered: list[Event] = []
    waiting: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        needs = (OPENERS.get(event.kind, ""), event.ref)
        first = opened.get(needs)
        if needs[0] and first is None:
            raise Rejected(f"events[{event.place}].ref: {event.ref!r} was opened by no {needs[0]} event.")
        if first is not None and (event.at, event.place) < (first.at, first.place):
            if event.place < first.place:
                raise Rejected(f"events[{event.place}].ref: {event.ref!r} has its result before it is opened.")
            waiting.setdefault(needs, []).append(event)
            continue
        ordered += [event, *waiting.pop((event.kind, event.ref), [])]
    return ordered


def _event(item: Any, place: int) -> Event:
    where = f"events[{place}]"
    if not isinstance(item, dict):
        raise Rejected(f"{where}: should be an object, and is {_called(item)}.")
    kind = _text(item, "kind", f"{where}.kind")
    if kind not in EVENT_KINDS:
        raise Rejected(f"{where}.kind: {kind!r} is none of {', '.join(EVENT_KINDS)}.")
    at = _time(item, "at", f"{where}.at")
    if not at:
        raise Rejected(f"{where}.at: a time is missing.")
    ref = _text(item, "ref", f"{where}.ref")
    if kind in ("hypothesis", "hypothesis_result", "action_started", "action_done") and not ref:
        raise Rejected(f"{where}.ref: is missing, a {kind} event needs one.")
    if len(ref) > REF_LENGTH_MAX:
        raise Rejected(f"{where}.ref: should have at most {REF_LENGTH_MAX} characters.")
    status = _text(item, "status", f"{where}.status")
    if kind == "status" and status not in STATUSES:
        raise Rejected(f"{where}.status: {status!r} is none of {', '.join(STATUSES)}.")
    outcome = _text(item, "outcome", f"{where}.outcome")
    allowed = {"hypothesis_result": HYPOTHESIS_OUTCOMES, "action_done": ACTION_OUTCOMES}.get(kind, ())
    if outcome and allowed and outcome not in allowed:
        raise Rejected(f"{where}.outcome: {outcome!r} is none of {', '.join(allowed)}.")
    return Event(
        place=place,
        at=at,
        kind=kind,
        text=_text(item, "text", f"{where}.text"),
        by=one_line(_text(item, "by", f"{where}.by")),
        ref=ref,
        confidence=_confidence(item, where),
        outcome=outcome,
        status=status,
        audience=_text(item, "audience", f"{where}.audience"),
        stage=_text(item, "stage", f"{where}.stage"),
    )


#: Words that a file may use for a confidence, and what they stand for.
_CONFIDENCE_WORDS = {"low": 0.25, "medium": 0.5, "high": 0.8}


def _confidence(item: Mapping[str, Any], where: str) -> float | None:
    value = item.get("confidence")
    if value is None:
        return None
    if isinstance(value, str) and value.lower() in _CONFIDENCE_WORDS:
        return _CONFIDENCE_WORDS[value.lower()]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Rejected(f"{where}.confidence: should be a number from 0 to 1, and is {_called(value)}.")
    return float(value)


def _people(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    out = []
    for place, item in enumerate(_list(raw, "people")):
        where = f"people[{place}]"
        if not isinstance(item, dict):
            raise Rejected(f"{where}: should be an object, and is {_called(item)}.")
        name = one_line(_text(item, "name", f"{where}.name"))
        if not name:
            raise Rejected(f"{where}.name: is missing.")
        out.append((name, one_line(_text(item, "role", f"{where}.role"))))
    return out


def _follow_ups(raw: Mapping[str, Any]) -> list[str]:
    out = []
    for place, item in enumerate(_list(raw, "follow_ups")):
        where = f"follow_ups[{place}]"
        if not isinstance(item, dict):
            raise Rejected(f"{where}: should be an object, and is {_called(item)}.")
        kind, text = _text(item, "type", f"{where}.type"), _text(item, "text", f"{where}.text")
        out.append(f"{kind}: {text}" if kind else text)
    return out


def _spells(raw: Mapping[str, Any]) -> list[Mapping[str, Instant]]:
    out: list[Mapping[str, Instant]] = []
    for place, item in enumerate(_list(raw, "spells")):
        where = f"spells[{place}]"
        if not isinstance(item, dict):
            raise Rejected(f"{where}: should be an object, and is {_called(item)}.")
        spell = {field: _time(item, field, f"{where}.{field}") for field in SPELL_FIELDS}
        if not spell["begun_at"]:
            raise Rejected(f"{where}.begun_at: a time is missing.")
        if out and spell["begun_at"] <= out[-1]["begun_at"]:
            raise Rejected(f"{where}.begun_at: should lie after that of the spell before.")
        out.append(spell)
    return out


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    value = raw.get(key)
    if value is None and key != "events":
        return []
    if not isinstance(value, list):
        raise Rejected(f"{key}: should be a list, and is {_called(value)}.")
    return value


def _texts(raw: Mapping[str, Any], key: str) -> list[str]:
    values = _list(raw, key)
    for place, value in enumerate(values):
        if not isinstance(value, str):
            raise Rejected(f"{key}[{place}]: should be text, and is {_called(value)}.")
    return [plain(value) for value in values]


def _text(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected(f"{where}: should be text, and is {_called(value)}.")
    return plain(value)


def _time(raw: Mapping[str, Any], key: str, where: str) -> Instant:
    text = _text(raw, key, where)
    if not text:
        return ""
    try:
        if len(text) < len("2017-01-31T21:00"):
            raise ValueError(text)
        return normal(text)
    except ValueError as error:
        raise Rejected(f"{where}: {text!r} is no time such as 2017-01-31T21:00:00Z.") from error


def _called(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
