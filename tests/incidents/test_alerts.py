"""Payloads as their senders write them, and as broken ones come in."""

from __future__ import annotations

import io
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsterm.cli.main import main
from opsterm.core.session import Rejected
from opsterm.incidents.alert_inbox import declare_alert, inbox, log_alert, receive
from opsterm.incidents.alerts import Payload, read_payload
from opsterm.records import Incident
from tests.support.incidents import Scene

ALERTMANAGER: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="HighErrorRate"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "web",
    "groupLabels": {"alertname": "HighErrorRate"},
    "commonLabels": {"alertname": "HighErrorRate", "severity": "critical", "service": "checkout"},
    "commonAnnotations": {"summary": "Checkout errors above 5 %"},
    "externalURL": "http://am",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "HighErrorRate", "severity": "critical", "instance": "a", "service": "checkout"},
            "annotations": {},
            "startsAt": "2026-11-24T13:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "f1",
        },
        {"status": "resolved", "labels": {"severity": "critical"}, "fingerprint": "f2"},
    ],
}
PAGERDUTY_V3: dict[str, Any] = {
    "event": {
        "id": "01",
        "event_type": "incident.triggered",
        "resource_type": "incident",
        "agent": None,
        "client": None,
        "data": {
            "id": "PGR0VU2",
            "incident_key": "d3640fbd",
            "title": "Search is down",
            "status": "triggered",
            "urgency": "high",
            "priority": None,
            "service": {"summary": "search"},
        },
    }
}
EVENTS_V2: dict[str, Any] = {
    "routing_key": "secret",
    "event_action": "trigger",
    "dedup_key": "disk/db-2",
    "payload": {"summary": "Disk full on db-2", "severity": "warning", "source": "db-2", "component": "postgres"},
}
PAGERDUTY_V2: dict[str, Any] = {
    "messages": [
        {
            "event": "incident.trigger",
            "incident": {
                "incident_key": "k1",
                "title": "Mail queue grows",
                "urgency": "low",
                "priority": {"summary": "P1"},
                "service": {"name": "mail"},
            },
        }
    ]
}


OTHERS: list[Any] = [None, 3, "x", [], {}, [None, 7], True]


def read(document: Any) -> Payload:
    return read_payload(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (ALERTMANAGER, ("Checkout errors above 5 %", "sev2", ("checkout",), '{}:{alertname="HighErrorRate"}')),
        (PAGERDUTY_V3, ("Search is down", "sev3", ("search",), "d3640fbd")),
        (EVENTS_V2, ("Disk full on db-2", "sev4", ("postgres",), "disk/db-2")),
        (PAGERDUTY_V2, ("Mail queue grows", "sev1", ("mail",), "k1")),
        (
            {"title": "Cron late", "severity": "info", "service": "reports"},
            ("Cron late", "sev5", ("reports",), "Cron late"),
        ),
        ({"summary": "Odd"}, ("Odd", "sev3", (), "Odd")),
    ],
)
def test_what_each_sender_proposes(payload: dict[str, Any], expected: tuple[Any, ...]) -> None:
    (found,) = read(payload).proposals
    assert (found.title, found.severity, found.services, found.dedupe) == expected
    assert found.because
    assert "secret" not in json.dumps(found.document())


def test_a_group_is_over_only_when_all_its_alerts_are() -> None:
    over = {
        **ALERTMANAGER,
        "status": "resolved",
        "alerts": [{**a, "status": "resolved"} for a in ALERTMANAGER["alerts"]],
    }
    assert read(ALERTMANAGER).resolved == ()
    assert read(over) == Payload((), ('{}:{alertname="HighErrorRate"}',))
    gone = {"event": {**PAGERDUTY_V3["event"], "event_type": "incident.resolved"}}
    assert read(gone).resolved == ("d3640fbd",)


def test_the_same_group_twice_is_one_and_the_worse_stands() -> None:
    milder = {**ALERTMANAGER, "commonLabels": {"severity": "warning"}, "alerts": []}
    assert [p.severity for p in read([ALERTMANAGER, milder]).proposals] == ["sev2"]


def test_several_alerts_say_how_many() -> None:
    two = {**ALERTMANAGER, "truncatedAlerts": 3, "alerts": [ALERTMANAGER["alerts"][0]] * 2}
    (found,) = read(two).proposals
    assert found.title == "Checkout errors above 5 % (5 alerts)"


@pytest.mark.parametrize("kind", ["pagey.ping", "incident.annotated", "incident.responder.added"])
def test_events_that_carry_no_incident_propose_nothing(kind: str) -> None:
    assert read({"event": {"event_type": kind, "data": {"incident": {"id": "P1"}}}}) == Payload((), ())


@pytest.mark.parametrize("payload", [ALERTMANAGER, PAGERDUTY_V3, EVENTS_V2, PAGERDUTY_V2])
def test_any_key_may_be_missing_null_or_of_another_type(payload: dict[str, Any]) -> None:
    def broken(value: Any) -> list[Any]:
        out: list[Any] = []
        if isinstance(value, dict):
            for key in value:
                out.append({k: v for k, v in value.items() if k != key})
                out += [{**value, key: other} for other in OTHERS]
                out += [{**value, key: inner} for inner in broken(value[key])]
        if isinstance(value, list):
            for place, item in enumerate(value):
                out += [[*value[:place], inner, *value[place + 1 :]] for inner in broken(item)]
        return out

    for item in broken(payload):
        for proposed in read(item).proposals:
            assert proposed.title
            assert proposed.severity in ("sev1", "sev2", "sev3", "sev4", "sev5")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["alerts", "groupKey", "event", "data", "messages", "incident", "payload", "labels", "title"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["alerts", "groupKey", "event", "messages", "event_action", "title"]), JSON) | JSON
)
def test_no_json_at_all_raises_anything_but_a_refusal(document: Any) -> None:
    with suppress(Rejected):
        found = read(document)
        assert all("\n" not in p.title and "\x1b" not in p.title for p in found.proposals)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"3", b'"text"', b"null", b"[" * 100_000], ids=range(7))
def test_malformed_is_exit_2_and_one_line(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "payload.json"
    file.write_bytes(raw)
    assert main(["triage", str(file), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_the_call_prints_proposals_and_touches_no_board(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "b.sqlite"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(EVENTS_V2).encode())))
    assert main(["triage", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["proposals"][0]["dedupe"] == "disk/db-2"
    assert not (tmp_path / "b.sqlite").exists()
    assert main(["triage", str(tmp_path / "none.json")]) == 2


def test_the_inbox_folds_by_group_and_a_person_decides(scene: Scene) -> None:
    session = scene.as_("mia")
    receive(session, read([ALERTMANAGER, EVENTS_V2]))
    assert receive(session, read(ALERTMANAGER)).sentence == "inbox: 1 again"
    first, second = inbox(scene.board)
    assert (first.title, first.times, second.times) == ("Checkout errors above 5 %", 2, 1)
    declared = scene.board.get(Incident, declare_alert(session, first).record)
    logged = scene.board.get(Incident, log_alert(session, second).record)
    assert declared is not None
    assert logged is not None
    assert (declared.severity, declared.services, logged.anomaly) == ("sev2", ("checkout",), True)
    assert inbox(scene.board) == []
    with pytest.raises(Rejected, match="waits no more: declared"):
        declare_alert(session, scene.board.all(type(first), where="dedupe = ?", args=(first.dedupe,))[0])


def test_an_alert_that_is_over_leaves_the_inbox(scene: Scene) -> None:
    receive(scene.as_("mia"), read(EVENTS_V2))
    receive(scene.as_("mia"), read({**EVENTS_V2, "event_action": "resolve"}))
    assert inbox(scene.board) == []
