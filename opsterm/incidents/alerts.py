"""Alert payloads read as proposals: a person decides, nothing is declared here.

Reads Prometheus Alertmanager's webhook (version 4), PagerDuty's v3 webhooks, Events API v2 and old v2 webhooks, and
plain JSON. What such a payload says is untrusted and often incomplete: a key that is missing, null or of another type
never raises. [Prometheus documentation, alerting configuration; PagerDuty developer documentation]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected
from opsterm.records.plain import one_line

#: A payload larger than this is none.
BYTES_MAX = 16 << 20
#: Texts on one line, no longer than a line can be read.
TITLE_MAX = 200

#: What senders call a weight → what it proposes: critical, error or high, warning, info. (opsterm)
WEIGHTS: Mapping[str, Sequence[str]] = {
    "sev2": ("critical", "crit", "page", "emergency", "emerg", "fatal", "disaster", "alert"),
    "sev3": ("error", "err", "high", "major", "average"),
    "sev4": ("warning", "warn", "low", "medium", "minor"),
    "sev5": ("info", "information", "informational", "notice", "none", "debug", "ok"),
}
_LEVELS = {word: level for level, words in WEIGHTS.items() for word in words}
_PRIORITY = re.compile(r"(?:sev|severity|p|priority|s)[\s_-]?([1-5])", re.IGNORECASE)
#: What a payload without a weight proposes: in doubt the worse of the two everyday levels.
UNKNOWN = "sev3"

#: PagerDuty's event types that carry an incident; the others only name one.
_CARRIES = "triggered acknowledged unacknowledged resolved reopened reassigned delegated escalated priority_updated"
_CARRYING = frozenset(f"incident.{word}" for word in _CARRIES.split())

#: Labels that name what is hurt, the team's own name first.
_SERVICE_LABELS = ("service", "service_name", "app", "application", "component", "job")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one group of alerts proposes."""

    title: str
    severity: str
    because: str
    services: tuple[str, ...]
    dedupe: str

    def document(self) -> dict[str, Any]:
        """The shape that `opsterm triage --json` prints."""
        return json_of(self, "title severity because services dedupe")


@dataclass(frozen=True, slots=True)
class Payload:
    """What a payload says: what burns, and the groups that have come to an end."""

    proposals: tuple[Proposed, ...]
    resolved: tuple[str, ...]


def read_payload(raw: bytes) -> Payload:
    """Reads one payload, or a list of them. The same group twice is one. Raises Rejected for what is no payload."""
    if len(raw) > BYTES_MAX:
        raise Rejected(f"That is no alert: more than {BYTES_MAX >> 20} MiB.")
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Rejected(f"That is no JSON ({' '.join(str(error).split())[:120]}): give an alert's payload.") from error
    if not isinstance(document, dict | list):
        raise Rejected("That is JSON, but no alert: give an object or a list of objects.")
    proposals: dict[str, Proposed] = {}
    resolved: dict[str, None] = {}
    for item in _objects(document):
        for proposed, over in _read(item):
            if over:
                resolved[proposed.dedupe] = None
                proposals.pop(proposed.dedupe, None)
            else:
                proposals[proposed.dedupe] = _worse(proposals.get(proposed.dedupe), proposed)
                resolved.pop(proposed.dedupe, None)
    return Payload(tuple(proposals.values()), tuple(resolved))


def _worse(before: Proposed | None, now: Proposed) -> Proposed:
    return before if before is not None and before.severity < now.severity else now


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    items = document if isinstance(document, list) else [document]
    return (item for item in items if isinstance(item, dict))


def _read(item: Mapping[str, Any]) -> Iterator[tuple[Proposed, bool]]:
    if "alerts" in item or "groupKey" in item:
        yield from _alertmanager(item)
    elif isinstance(item.get("messages"), list):
        yield from _pagerduty_v2(item["messages"])
    elif isinstance(item.get("event"), dict) and ("data" in item["event"] or "event_type" in item["event"]):
        yield from _pagerduty_v3(item["event"])
    elif "event_action" in item or "routing_key" in item:
        yield from _events_v2(item)
    else:
        yield from _plain(item)


# --- Prometheus Alertmanager


def _alertmanager(item: Mapping[str, Any]) -> Iterator[tuple[Proposed, bool]]:
    alerts = [alert for alert in _list(item, "alerts") if isinstance(alert, dict)]
    firing = [alert for alert in alerts if _text(alert, "status").lower() != "resolved"]
    over = not firing if alerts else _text(item, "status").lower() == "resolved"
    group, common = _map(item, "groupLabels"), _map(item, "commonLabels")
    notes = _map(item, "commonAnnotations")
    considered = firing or alerts
    labels = [_map(alert, "labels") for alert in considered] or [common]
    name = (
        _text(group, "alertname") or _text(common, "alertname") or _first(_text(each, "alertname") for each in labels)
    )
    summary = _text(notes, "summary") or _text(notes, "description")
    if not summary and len(considered) == 1:
        own = _map(considered[0], "annotations")
        summary = _text(own, "summary") or _text(own, "description")
    count = len(firing) + _count(item, "truncatedAlerts")
    several = f" ({count} alerts)" if count > 1 else ""
    title = _title((summary or name) + several if summary or name else "")
    dedupe = _text(item, "groupKey") or _first(_text(alert, "fingerprint") for alert in considered) or name or title
    words = [_text(each, "severity") for each in labels] + [_text(common, "severity")]
    severity, because = _weigh(words, "severity")
    if count > 1:
        because = f"{because}; {count} alerts fire"
    services = _services([common, group, *labels])
    if title or dedupe:
        yield Proposed(title or "An alert without a name", severity, because, services, dedupe), over


# --- PagerDuty


def _pagerduty_v3(event: Mapping[str, Any]) -> Iterator[tuple[Proposed, bool]]:
    kind, data = _text(event, "event_type"), _map(event, "data")
    if kind and kind not in _CARRYING:
        return
    priority = _text(_map(data, "priority"), "summary")
    service = _text(_map(data, "service"), "summary")
    yield from _pagerduty(data, priority, service, kind == "incident.resolved")


def _pagerduty_v2(messages: Sequence[Any]) -> Iterator[tuple[Proposed, bool]]:
    for message in messages:
        if not isinstance(message, dict):
            continue
        incident = _map(message, "incident")
        priority = _text(_map(incident, "priority"), "summary") or _text(_map(incident, "priority"), "name")
        service = _text(_map(incident, "service"), "name") or _text(_map(incident, "service"), "summary")
        yield from _pagerduty(incident, priority, service, _text(message, "event") == "incident.resolve")


def _pagerduty(data: Mapping[str, Any], priority: str, service: str, over: bool) -> Iterator[tuple[Proposed, bool]]:
    title = _title(_text(data, "title") or _text(data, "summary"))
    dedupe = _text(data, "incident_key") or _text(data, "id") or _text(data, "number") or title
    severity, because = _weigh([priority], "priority")
    urgency = _text(data, "urgency")
    if severity == UNKNOWN and not _level(priority) and urgency:
        severity, because = _weigh([urgency], "urgency")
    if title or dedupe:
        services = (service,) if service else ()
        ended = over or _text(data, "status").lower() == "resolved"
        yield Proposed(title or "A PagerDuty incident without a title", severity, because, services, dedupe), ended


def _events_v2(item: Mapping[str, Any]) -> Iterator[tuple[Proposed, bool]]:
    payload = _map(item, "payload")
    title = _title(_text(payload, "summary") or _text(item, "description"))
    source = _text(payload, "source")
    dedupe = _text(item, "dedup_key") or title or source
    severity, because = _weigh([_text(payload, "severity")], "severity")
    found = _text(payload, "component") or _text(payload, "group") or source
    if title or dedupe:
        over = _text(item, "event_action").lower() == "resolve"
        services = (found,) if found else ()
        yield Proposed(title or "A PagerDuty event without a summary", severity, because, services, dedupe), over


# --- plain JSON


def _plain(item: Mapping[str, Any]) -> Iterator[tuple[Proposed, bool]]:
    labels, notes = _map(item, "labels"), _map(item, "annotations")
    keys = ("title", "summary", "name", "alertname", "message", "text", "description", "subject")
    title = _title(_any(item, *keys) or _any(notes, "summary", "description") or _any(labels, "alertname"))
    if not title:
        return
    dedupe = _any(item, "dedupe", "dedup_key", "dedupe_key", "incident_key", "fingerprint", "key", "id") or title
    words = [_any(item, name) or _any(labels, name) for name in ("severity", "priority", "level", "urgency")]
    severity, because = _weigh([word for word in words if word][:1], "severity")
    listed = [one_line(name)[:TITLE_MAX] for name in _list(item, "services") if isinstance(name, str)]
    services = tuple(dict.fromkeys([name for name in listed if name])) or _services([item, labels])
    over = _any(item, "status", "state").lower() in ("resolved", "ok", "closed", "recovered")
    yield Proposed(title, severity, because, services, dedupe), over


# --- reading what may not be there


def _map(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def _list(item: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return one_line(value if isinstance(value, str) else f"{value:d}" if abs(value) < 1 << 63 else "")


def _any(item: Mapping[str, Any], *keys: str) -> str:
    return _first(_text(item, key) for key in keys)


def _first(texts: Iterator[str]) -> str:
    return next((text for text in texts if text), "")


def _count(item: Mapping[str, Any], key: str) -> int:
    value = item.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31 else 0


def _title(text: str) -> str:
    kept = one_line(text)
    return kept if len(kept) <= TITLE_MAX else f"{kept[: TITLE_MAX - 1]}…"


def _services(sources: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    for label in _SERVICE_LABELS:
        found = tuple(dict.fromkeys(text for source in sources if (text := _text(source, label)[:TITLE_MAX])))
        if found:
            return found
    return ()


def _level(word: str) -> str:
    numbered = _PRIORITY.fullmatch(word.strip())
    return f"sev{numbered[1]}" if numbered else _LEVELS.get(word.strip().lower(), "")


def _weigh(words: Sequence[str], what: str) -> tuple[str, str]:
    """(the worst level that the words propose, why)."""
    known = sorted((level, word) for word in words if (level := _level(word)))
    if known:
        return known[0][0], f"{what} {known[0][1][:40]}"
    said = next((word for word in words if word), "")
    if said:
        return UNKNOWN, f"{what} {said[:40]} is not known here, so the worse of two guesses"
    return UNKNOWN, f"it says no {what}, so the worse of two guesses"
